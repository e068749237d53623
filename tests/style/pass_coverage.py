#!/usr/bin/env python3
# RUN: %python %s %source
"""Every pass of the compiler is described, and has the test of its name.

`tenon-form-kernels` of compiler/fusion is run by tests/compiler/fusion/form-kernels.mlir.
"""
import json
import subprocess
import sys

sys.path.insert(0, __file__.rsplit("/", 1)[0] + "/Inputs")
from repository import ROOT, files, read, report

RUN_LINE = "RU" "N:"  # in two halves: lit would take this line for one
TBLGEN = "/usr/lib/llvm-22/bin/llvm-tblgen"


def passes_of(definitions):
    command = [TBLGEN, "--dump-json", f"-I{ROOT}", "-I/usr/lib/llvm-22/include", ROOT / definitions]
    records = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    return [records[name] for name in records["!instanceof"]["PassBase"]]


def complaints():
    for definitions in files(".td"):
        if definitions.name != "Passes.td":
            continue
        for a_pass in passes_of(definitions):
            argument = a_pass["argument"]
            if not a_pass["summary"] or not (a_pass["description"] or "").strip():
                yield f"{argument} has no summary or no description"
            test = "tests" / definitions.with_name(argument.removeprefix("tenon-") + ".mlir")
            if not (ROOT / test).exists():
                yield f"{argument} has no {test}"
            elif not any(RUN_LINE in line and argument in line for line in read(test).splitlines()):
                yield f"{test} does not run {argument}"


report(complaints())
