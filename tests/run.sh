#!/usr/bin/env bash
# Installs what is missing, builds everything and runs every test.
# usage: bash tests/run.sh [LIT OPTION...]
# The last line is `N passed, N failed`; exit 1 if anything failed or nothing passed.
set -eu
cd "$(dirname "$0")/.."
build=$PWD/build

bash .ci/install-packages
cmake -G Ninja -S . -B "$build" -DTENON_TESTS=ON
ninja -C "$build"

rm -f "$build/tests.xml"
/usr/lib/llvm-22/bin/lit --timeout 300 --xunit-xml-output "$build/tests.xml" "$@" "$build/tests" || true
python3 tests/summary.py "$build/tests.xml"
