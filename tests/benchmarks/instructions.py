"""What a call costs, in instructions: a figure that nothing else on the machine changes.

usage: instructions.py BUILD      (valgrind in PATH; some ten seconds)

A worker runs a workload 100 and then 300 times under callgrind; the difference is 200 times. Told apart:
kernels (code without a file), the runtime around them, and the caller, who loops and checks the status.
Ends with 1 if the runtime takes more than MOST_PER_CALL and MOST_PER_LAUNCH.
"""
import pathlib
import re
import subprocess
import sys
import tempfile

FEW, MANY = 100, 300
MOST_PER_CALL, MOST_PER_LAUNCH = 500, 30
WORKLOADS = [(model, request) for model in ("mlp10", "mlp64") for request in ("entry {} forward batch=1", "step {} batch=32")]


def collect(worker, request, count, scratch):
    """Instructions by object file; {} stands for the artifact in a request."""
    out = scratch / "callgrind.out"
    done = subprocess.run(["valgrind", "--tool=callgrind", f"--callgrind-out-file={out}", worker, "1"],
                          input=f"open a {request}\nrun a {count}\n", text=True, capture_output=True, check=True)
    assert done.stdout.splitlines()[0] == "ok" and done.stdout.splitlines()[1].startswith("seconds"), done.stdout
    names, counts, current, isCall = {}, {}, None, False
    for line in out.read_text().splitlines():
        match = re.match(r"(c?ob)=\((\d+)\)(?: (.*))?", line)
        if match:
            names.setdefault(match[2], match[3])
            if match[1] == "ob":
                current = names[match[2]]
        elif line.startswith("calls="):
            isCall = True  # the next line is the cost of what is called
        elif re.match(r"[+\-*\d]", line):
            if not isCall:
                counts[current] = counts.get(current, 0) + int(line.split()[-1])
            isCall = False
    return counts


def group(name):
    if name is None or name == "???":
        return "kernels"
    if "libtenon_rt" in name:
        return "runtime"
    return "caller"


def launches(build, source, kind):
    """Of how many launches the entry is."""
    text = subprocess.run([build / "bin/tenonc", source, "--compile-to=exec", "-o", "-"], check=True, text=True,
                          capture_output=True).stdout
    wanted = {"entry": "exec.entry function @forward ", "step": "exec.entry step @"}[kind]
    entry = text[text.index(wanted):].split("exec.entry ")[1]
    return entry.count("exec.launch @")


def measure(build, model, request, scratch):
    source, artifact = pathlib.Path(__file__).parent / f"models/{model}.tenon", scratch / f"{model}.tnm"
    subprocess.run([build / "bin/tenonc", source, "-o", artifact], check=True)
    few, many = (collect(build / "bin/tenon-bench-worker", request.format(artifact), count, scratch)
                 for count in (FEW, MANY))
    found = {"kernels": 0, "runtime": 0, "caller": 0}
    for name in many:
        found[group(name)] += (many[name] - few.get(name, 0)) / (MANY - FEW)
    return launches(build, source, request.split()[0]), found


def main(build):
    print(f"{'':28} launches   kernels   runtime    caller")
    isGood = True
    with tempfile.TemporaryDirectory() as folder:
        for model, request in WORKLOADS:
            count, found = measure(build, model, request, pathlib.Path(folder))
            values = "".join(f"{found[part]:10.0f}" for part in ("kernels", "runtime", "caller"))
            print(f"{model + ' ' + request.replace(' {}', ''):28} {count:8}{values}")
            isGood &= found["runtime"] <= MOST_PER_CALL + MOST_PER_LAUNCH * count
    return 0 if isGood else 1


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1]).resolve()))
