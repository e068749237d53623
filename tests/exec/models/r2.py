"""Usage: r2.py EVAL.json GOLDEN.json

The R2 that `tenon eval --json` reports must be within 0.06 of PyTorch's mean over eight seeds.
"""
import json
import pathlib
import sys


def find_r2(value):
    """The first member called r2, in any case, anywhere in a JSON value."""
    if isinstance(value, dict):
        for key, member in value.items():
            if key.lower() == "r2" and isinstance(member, (int, float)):
                return member
    members = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for member in members:
        found = find_r2(member)
        if found is not None:
            return found
    return None


def main(evaluation_path, golden_path):
    ours = find_r2(json.loads(pathlib.Path(evaluation_path).read_text()))
    theirs = json.loads(pathlib.Path(golden_path).read_text())["r2"]
    print(f"R2 {ours}, PyTorch {theirs}")
    return 0 if ours is not None and abs(ours - theirs) <= 0.06 else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
