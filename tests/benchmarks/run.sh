#!/usr/bin/env bash
# Measures the spine on this machine. usage: bash tests/benchmarks/run.sh [--peers]
# --peers installs PyTorch into build/peers (a virtual environment) and interleaves it.
set -eu
cd "$(dirname "$0")/../.."
ninja -C build tenonc spine tenon_rt >/dev/null
build/bin/tenonc examples/mlp/mlp.tenon -o build/mlp.tnm

echo "== tenonc examples/mlp/mlp.tenon, milliseconds by phase (third of three runs) and in all"
for run in 1 2; do build/bin/tenonc examples/mlp/mlp.tenon -o build/mlp.tnm; done
start=$(date +%s%N)
build/bin/tenonc examples/mlp/mlp.tenon -o build/mlp.tnm --time-phases
echo "in all     $(( ($(date +%s%N) - start) / 1000000 )) ms"

echo "== libtenon_rt.so, stripped"
strip -o build/libtenon_rt.stripped.so build/lib/libtenon_rt.so
stat -c '%s bytes' build/libtenon_rt.stripped.so

if [ "${1:-}" = --peers ] && [ ! -x build/peers/bin/python ]; then
  python3 -m venv build/peers
  build/peers/bin/pip install -q torch numpy
fi
for round in 1 2 3; do
  echo "== round $round: Tenon, one thread"
  build/bin/spine build/mlp.tnm
  if [ "${1:-}" = --peers ]; then
    echo "== round $round: PyTorch eager, one thread"
    build/peers/bin/python tests/benchmarks/spine_torch.py
  fi
done
