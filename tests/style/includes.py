#!/usr/bin/env python3
# RUN: %python %s %source
"""The one-way rule between the folders, read from what files include.

    frontends -> dialects <- compiler -> runtime/schema <- runtime

Of several patterns for a file the first in RULES that fits its path counts.
"""
import fnmatch
import re
import sys

sys.path.insert(0, __file__.rsplit("/", 1)[0] + "/Inputs")
from repository import ROOT, files, read, report

# Path of a file, and what it may include besides the C++ library and its own folder. Names of other
# libraries begin with `<`.
RULES = [
    ("dialects/*", ["dialects/graph/Size.h", "mlir/*", "llvm/*"]),
    ("frontends/*", ["frontends/*", "dialects/*", "mlir/*", "llvm/*"]),
    ("compiler/tools/*", ["compiler/*", "frontends/*", "dialects/*", "mlir/*", "llvm/*", "<CLI/*"]),
    ("compiler/*", ["compiler/*", "dialects/*", "runtime/schema/*", "mlir/*", "llvm/*"]),
    ("runtime/schema/*", []),
    ("runtime/include/*", []),
    ("runtime/*", ["runtime/*", "tenon/tenon.h", "<CLI/*", "<nlohmann/*", "<flatbuffers/*",
                   "<csv.h"]),
    ("examples/*", ["tenon/tenon.h"]),
]
# Even where `mlir/*` may be included: what programs mean does not depend on how they are lowered.
FORBIDDEN = [("dialects/*", "mlir/Dialect/*"), ("frontends/*", "mlir/Dialect/*"),
             ("runtime/*", "*llvm*"), ("runtime/*", "*mlir*")]

INCLUDE = re.compile(r'^\s*#?include\s*(?:"([^"]+)"|(<[^>]+)>)', re.MULTILINE)
RAW_STRING = re.compile(r'R"(\w*)\(.*?\)\1"', re.DOTALL)
STANDARD = re.compile(r"<(?:[a-z_0-9]+|(?:sys|linux)/[a-z_0-9]+)(?:\.h)?$")


def folder_of(name):
    """The folder whose files may include each other freely: dialects/graph, runtime/schema, ..."""
    return "/".join(name.parts[:2])


def is_of_example(name, included):
    """A file beside one of an example, or the header that tenonc makes from a model beside it."""
    beside = ROOT / name.parent / included
    return name.parts[0] == "examples" and (beside.is_file() or beside.with_suffix(".tenon").is_file())


def complaints():
    for name in files(".h", ".cpp", ".c", ".td", ".def"):
        path = str(name)
        allowed = next((allowed for pattern, allowed in RULES if fnmatch.fnmatch(path, pattern)), None)
        if allowed is None:
            continue
        for quoted, angled in INCLUDE.findall(RAW_STRING.sub("", read(name))):
            included = quoted or angled
            plain = included.lstrip("<")
            permitted = (
                plain.startswith(folder_of(name) + "/")
                or STANDARD.match(included) and included not in ("<csv.h",)
                or any(fnmatch.fnmatch(included, pattern) for pattern in allowed)
                or is_of_example(name, plain))
            for pattern, never in FORBIDDEN:
                if fnmatch.fnmatch(path, pattern) and fnmatch.fnmatch(plain, never):
                    permitted = False
            if not permitted:
                yield f"{path} may not include {plain}"


report(complaints())
