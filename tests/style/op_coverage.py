#!/usr/bin/env python3
# RUN: %python %s %source
"""Every op of the graph dialect is documented, differentiated, given a meaning and tested.

Reads the ops from the tablegen files, so that a new op cannot be forgotten:
 - a summary, and a description with an example;
 - by its kind, the interfaces that autodiff, fusion and code generation ask, and a line of the
   description on its gradient (that the methods exist is checked by the linker);
 - tests/dialects/graph/ops/OP.mlir, which names every numbered constraint of the description;
 - tests/exec/ops/OP.mlir, unless the op is program structure.
A test of an op that does not exist is an error too.
"""
import json
import pathlib
import re
import subprocess
import sys

TBLGEN = "/usr/lib/llvm-22/bin/llvm-tblgen"
INTERFACES_OF_KIND = {
    "Source": ["GradientInterface"],
    "Elementwise": ["GradientInterface", "ScalarBodyInterface"],
    "IndexMap": ["GradientInterface", "IndexMapInterface"],
    "Move": ["GradientInterface", "MoveInterface"],
    "Scatter": ["GradientInterface", "ScatterInterface"],
    "View": ["GradientInterface"],
    "Reduction": ["GradientInterface", "ReductionInterface"],
    "Contraction": ["GradientInterface"],
    "Program": [],
}


def read_records(root):
    command = [TBLGEN, "--dump-json", f"-I{root}", "-I/usr/lib/llvm-22/include",
               root / "dialects/graph/GraphOps.td"]
    return json.loads(subprocess.run(command, check=True, capture_output=True).stdout)


def interfaces(op, records):
    return {records[trait["def"]].get("cppInterfaceName") for trait in op["traits"]}


def documentation_complaints(op):
    description = op["description"] or ""
    if not (op["summary"] or "").strip():
        yield "has no summary"
    if "Example:" not in description and op["opName"] not in ("data", "train"):
        yield "has no example in its description"
    if op["fusionKind"] != "Program" and "Gradient:" not in description:
        yield "does not say its gradient in its description"


def interface_complaints(op, records):
    for interface in INTERFACES_OF_KIND[op["fusionKind"]]:
        if interface not in interfaces(op, records):
            yield f"of kind {op['fusionKind']} lacks {interface}"


def test_complaints(op, root):
    name = f"{op['opName']}.mlir"
    text_test = root / "tests/dialects/graph/ops" / name
    if not text_test.exists():
        yield f"has no {text_test.relative_to(root)}"
    else:
        text = text_test.read_text()
        for constraint in sorted(set(re.findall(r"\((C\d+)\)", op["description"] or ""))):
            if constraint not in text:
                yield f"has no invalid case for {constraint} in {text_test.relative_to(root)}"
    value_test = root / "tests/exec/ops" / name
    if op["fusionKind"] != "Program" and not value_test.exists():
        yield f"has no {value_test.relative_to(root)}"


def complaints(root):
    records = read_records(root)
    ops = [records[name] for name in records["!instanceof"]["Graph_Op"]]
    for op in ops:
        for complaint in (*documentation_complaints(op), *interface_complaints(op, records),
                          *test_complaints(op, root)):
            yield f"graph.{op['opName']} {complaint}"
    names = {op["opName"] for op in ops}
    for folder in ("tests/dialects/graph/ops", "tests/exec/ops"):
        for test in sorted((root / folder).glob("*.mlir")):
            if test.stem not in names:
                yield f"{test.relative_to(root)} tests no op"


def main():
    found = list(complaints(pathlib.Path(sys.argv[1])))
    print("\n".join(found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
