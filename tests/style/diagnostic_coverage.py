#!/usr/bin/env python3
# RUN: %python %s %source
"""Every diagnostic of the language is reported somewhere and shown by a test; no test expects one
that does not exist."""
import re
import sys

sys.path.insert(0, __file__.rsplit("/", 1)[0] + "/Inputs")
from repository import files, read, report

DEFINITIONS = "frontends/dsl/Diagnostics.def"
# What only a bug of the compiler can cause.
UNREACHABLE = {"E999"}


def complaints():
    declared = re.findall(r'^DIAG\((\w+), "([EW]\d+)"', read(DEFINITIONS), re.MULTILINE)
    codes = {code for _, code in declared} - UNREACHABLE
    reported = set()
    for name in files(".cpp"):
        if name.parts[0] == "frontends" or name.parts[:2] == ("compiler", "tools"):
            reported.update(re.findall(r"\bdiag::(\w+)", read(name)))
    for identifier, code in declared:
        if identifier not in reported:
            yield f"{identifier} ({code}) is reported by nothing"

    tested = {}
    for name in files(".tenon", ".test", ".cpp"):
        if name.parts[:2] == ("tests", "frontends") or name.parts[:3] == ("tests", "compiler", "tools"):
            for code in re.findall(r"\b([EW]\d{3})\b", read(name)):
                tested.setdefault(code, name)
    for code in sorted(codes - tested.keys()):
        yield f"{code} has no test"
    for code in sorted(tested.keys() - codes - UNREACHABLE):
        yield f"{tested[code]} expects {code}, which {DEFINITIONS} does not declare"


report(complaints())
