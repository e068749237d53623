#!/usr/bin/env bash
# Installs what is missing, builds everything and runs every test.
# usage: bash tests/run.sh [LIT OPTION...]
# The last line is `N passed, N failed`; exit 1 if anything failed or nothing passed.
set -eu
cd "$(dirname "$0")/.."
build=$PWD/build

missing=()
for package in $(sed 's/#.*//' .ci/packages); do
  dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
done
if [ ${#missing[@]} -gt 0 ]; then
  sudo=
  [ "$(id -u)" = 0 ] || sudo=sudo
  $sudo apt-get update -q
  DEBIAN_FRONTEND=noninteractive $sudo apt-get install -q -y --no-install-recommends "${missing[@]}"
fi

cmake -G Ninja -S . -B "$build" -DTENON_TESTS=ON
ninja -C "$build"

rm -f "$build/tests.xml"
/usr/lib/llvm-22/bin/lit --timeout 300 --xunit-xml-output "$build/tests.xml" "$@" "$build/tests" || true
python3 tests/summary.py "$build/tests.xml"
