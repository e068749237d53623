#!/usr/bin/env python3
# RUN: %python %s %source
"""The shape of the tree: what stands at the top, how long a file may be, what may not stand in one.
"""
import re
import sys

sys.path.insert(0, __file__.rsplit("/", 1)[0] + "/Inputs")
from repository import files, read, report

TOP_LEVEL = {"compiler", "dialects", "examples", "frontends", "runtime", "tests",
             "CMakeLists.txt", "LICENSE", "README.md"}
MAX_LINES = 600
MAX_LINES_OF_ROOT = 120
GENERATED = {"OPS.md", "PASSES.md"}
CODE = (".c", ".cpp", ".h", ".def", ".td", ".fbs", ".py", ".sh", ".cmake", ".txt", ".in", ".tenon",
        ".mlir", ".test", ".md")
# Names that attract everything.
VAGUE = re.compile(r"(?i)(utils?|common|misc|helpers?)$")
# Written apart, so that this file does not find itself.
MARKERS = re.compile(r"\b(" + "|".join(("TO" "DO", "FIX" "ME", "XX" "X", "HA" "CK")) + r")\b")
SWITCHED_OFF = re.compile(r"^\s*#\s*if\s+0\b", re.MULTILINE)
# A comment that is a statement: `// call(x);`, `// int y = 1;`, `// } else {`.
COMMENTED_OUT = re.compile(r"^\s*//(?!/)\s*(?:[A-Za-z_][\w:.>-]*\(.*\);|[\w:<>*& ]+ = .*;|\}.*\{)\s*$",
                           re.MULTILINE)
# An absolute path that exists on one machine only.
FOREIGN_PATH = re.compile(r"(?<![\w./])/(?:root|work)/\w")


def line_of(text, match):
    return text.count("\n", 0, match.start()) + 1


def top_level():
    for entry in sorted({name.parts[0] for name in files()}):
        if entry not in TOP_LEVEL and not entry.startswith("."):
            yield f"{entry} does not belong at the top of the tree"


def of_one_file(name):
    text = read(name)
    lines = text.count("\n")
    if lines > MAX_LINES and name.name not in GENERATED:
        yield f"{name} has {lines} lines, more than {MAX_LINES}"
    if str(name) == "CMakeLists.txt" and lines > MAX_LINES_OF_ROOT:
        yield f"{name} has {lines} lines, more than {MAX_LINES_OF_ROOT}"
    if VAGUE.search(name.stem):
        yield f"{name} does not say what it is about"
    for pattern, what in [(MARKERS, "a note of unfinished work"), (FOREIGN_PATH, "a path of one machine"),
                          (SWITCHED_OFF, "code that is switched off")]:
        for match in pattern.finditer(text):
            yield f"{name}:{line_of(text, match)}: {what}"
    if name.suffix in (".c", ".cpp", ".h"):
        for match in COMMENTED_OUT.finditer(text):
            yield f"{name}:{line_of(text, match)}: code in a comment"
    if text and not text.endswith("\n"):
        yield f"{name} does not end with a newline"


def include_guards():
    guards = {}
    for name in files(".h", ".td"):
        first = re.search(r"^#(\w+) ?(\w*)\n#define (\w+)$", read(name), re.MULTILINE)
        if not first or first[1] != "ifndef" or first[2] != first[3]:
            yield f"{name} has no include guard"
        elif first[2] in guards:
            yield f"{name} has the include guard of {guards[first[2]]}"
        else:
            guards[first[2]] = name


def complaints():
    yield from top_level()
    for name in files(*CODE):
        yield from of_one_file(name)
    yield from include_guards()


report(complaints())
