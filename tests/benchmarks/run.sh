#!/usr/bin/env bash
# Measures Tenon on this machine, beside its peers if asked.
#
# usage: bash tests/benchmarks/run.sh [--peers] [--quick | --self-test] [--only REGEX] [--out DIR]
#                                     [--rounds N] [--burst MS]
#
# --peers installs PyTorch, JAX and ONNX Runtime into build/peers and OpenBLAS as a Debian package. A whole
# run with peers writes tests/benchmarks/RESULTS.md, results.json and results.svg; any other writes them to
# build/benchmarks.
set -eu
cd "$(dirname "$0")/../.."
command="bash tests/benchmarks/run.sh $*"
peers=no whole=yes out=
arguments=()
while [ $# -gt 0 ]; do
  case $1 in
    --peers) peers=yes ;;
    --out) out=$2; shift ;;
    --quick | --self-test) whole=no; arguments+=("$1") ;;
    *) whole=no; arguments+=("$1" "${2?"$1 needs a value"}"); shift ;;
  esac
  shift
done

if [ ! -f build/build.ninja ]; then
  bash .ci/install-packages
  cmake -G Ninja -S . -B build
fi
ninja -C build tenonc tenon tenon-bench-worker tenon-bench-limits > /dev/null

if [ "$peers" = yes ]; then
  folder=build/peers
  if ! "$folder/bin/python" -c 'import torch, jax, onnx, onnxruntime' 2> /dev/null; then
    python3 -m venv "$folder"
    "$folder/bin/pip" install -q torch jax onnx onnxruntime numpy
  fi
  if [ ! -e /usr/include/x86_64-linux-gnu/cblas.h ]; then
    if [ "$(id -u)" = 0 ]; then apt-get install -qy libopenblas-dev; else sudo apt-get install -qy libopenblas-dev; fi
  fi
  c++ -O2 -std=c++17 tests/benchmarks/workers/openblas.cpp -o "$folder/openblas" -lopenblas -lpthread
  c++ -O2 -std=c++17 tests/benchmarks/workers/onnxruntime.cpp -o "$folder/onnxruntime" -ldl
  arguments+=(--peers "$folder")
  [ "$whole" = no ] || : "${out:=tests/benchmarks}"
fi
exec python3 tests/benchmarks/harness/main.py --build build --out "${out:-build/benchmarks}" \
  --command "$command" "${arguments[@]}"
