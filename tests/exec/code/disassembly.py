"""Usage: disassembly.py SCRATCH FILE...

Compiles each file to an object at -O3 and at -O0 and disassembles all of it: no reciprocal or
reciprocal square root estimates, and no symbol that the object does not define.
"""
import pathlib
import re
import subprocess
import sys

ESTIMATE = re.compile(r"\tv?r(cp|sqrt)(14|28)?[ps][sdh]\b")


def run(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def complaints(path, level, scratch):
    objectFile = f"{scratch}.o"
    run("tenonc", "--emit=obj", level, "-o", objectFile, path)
    code = run("llvm-objdump", "-d", "--no-show-raw-insn", objectFile)
    if "\tret" not in code and run("llvm-nm", "--defined-only", objectFile).strip():
        yield "has kernels but no code"
    for line in code.splitlines():
        if ESTIMATE.search(line):
            yield f"uses an estimate: {line.strip()}"
    for line in run("llvm-nm", "--undefined-only", objectFile).splitlines():
        yield f"needs a symbol: {line.strip()}"


def main(scratch, *files):
    failed = False
    for path in files:
        for level in ("-O0", "-O3"):
            for complaint in complaints(path, level, scratch):
                print(f"{pathlib.Path(path).name} {level} {complaint}")
                failed = True
    print(f"{len(files)} files")
    return 1 if failed or not files else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
