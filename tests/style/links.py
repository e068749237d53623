#!/usr/bin/env python3
# RUN: %python %s %source
"""Links between the pages of the repository lead somewhere, and so do the paths they name."""
import re
import sys

sys.path.insert(0, __file__.rsplit("/", 1)[0] + "/Inputs")
from repository import ROOT, files, read, report

LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
# `compiler/fusion/Legality.cpp`, `runtime/schema/`: a path from the root.
NAMED = re.compile(r"`((?:compiler|dialects|frontends|runtime|tests|examples)/[\w./-]+)`")
# `tests/exec/ops/OP.mlir`: capitals stand for any name.
PLACEHOLDER = re.compile(r"/[A-Z]+\.(?!md$)")
EXTENSIONS = ("", ".h", ".cpp", ".td", ".py")


def exists(path):
    return any((ROOT / (path.rstrip("/") + extension)).exists() for extension in EXTENSIONS)


def complaints():
    for page in files(".md"):
        text = read(page)
        for target in LINK.findall(text):
            if "://" not in target and not (ROOT / page.parent / target).exists():
                yield f"{page} links to {target}, which does not exist"
        for path in NAMED.findall(text):
            if not PLACEHOLDER.search(path) and not exists(path):
                yield f"{page} names {path}, which does not exist"


report(complaints())
