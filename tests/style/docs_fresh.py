#!/usr/bin/env python3
# RUN: %python %s %source
"""The generated reference pages are what the tablegen files say.

usage: docs_fresh.py SOURCE [--write]
Every dialect has a page OPS.md, every folder of compiler/ with a Passes.td a page PASSES.md. With
--write the pages are written; without, a page that differs is an error.
"""
import pathlib
import subprocess
import sys

TBLGEN = "/usr/lib/llvm-22/bin/mlir-tblgen"


def pages(root):
    """Yields (page, the text it must have)."""
    for definitions in sorted(root.glob("dialects/*/*Ops.td")):
        dialect = definitions.parent.name
        yield definitions.with_name("OPS.md"), generate(
            root, definitions, "-gen-dialect-doc", f"-dialect={dialect}")
    for definitions in sorted(root.glob("compiler/**/Passes.td")):
        yield definitions.with_name("PASSES.md"), generate(root, definitions, "-gen-pass-doc")


def generate(root, definitions, *generator):
    command = [TBLGEN, *generator, f"-I{root}", "-I/usr/lib/llvm-22/include", definitions]
    text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return text.rstrip("\n") + "\n"


def main():
    root = pathlib.Path(sys.argv[1]).resolve()
    stale = []
    for page, text in pages(root):
        if page.exists() and page.read_text() == text:
            continue
        stale.append(page.relative_to(root))
        if "--write" in sys.argv[2:]:
            page.write_text(text)
            print(f"wrote {page.relative_to(root)}")
        else:
            print(f"{page.relative_to(root)} is out of date: "
                  f"run `python3 tests/style/docs_fresh.py . --write`")
    return 1 if stale and "--write" not in sys.argv[2:] else 0


if __name__ == "__main__":
    sys.exit(main())
