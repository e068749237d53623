#!/usr/bin/env python3
"""Reads lit's xunit report: names the tests that were skipped, then prints `N passed, N failed`.

Exits 1 if there is no report, nothing passed, or a test failed.
"""
import sys
import xml.etree.ElementTree as ElementTree


def main(path):
    try:
        cases = list(ElementTree.parse(path).iter("testcase"))
    except (OSError, ElementTree.ParseError) as error:
        print(f"no report: {error}")
        print("0 passed, 0 failed")
        return 1
    passed = failed = 0
    for case in cases:
        name = f"{case.get('classname')}/{case.get('name')}"
        skipped = case.find("skipped")
        if skipped is not None:
            print(f"skipped: {name}: {skipped.get('message') or 'no reason given'}")
        elif case.find("failure") is not None or case.find("error") is not None:
            print(f"failed: {name}")
            failed += 1
        else:
            passed += 1
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
