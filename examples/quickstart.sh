#!/usr/bin/env bash
# From a fresh Debian 12 to a trained, evaluated model: installs packages, builds, trains on real
# data on the CPU, evaluates on rows the model has not seen, predicts. Run it again: it takes seconds.
set -eu
cd "$(dirname "$0")/.."

bash .ci/install-packages
cmake -G Ninja -S . -B build >build-quickstart.log 2>&1 || { tail -20 build-quickstart.log; exit 1; }
mv build-quickstart.log build/quickstart.log
ninja -C build tenonc tenon

run=runs/quickstart
echo
echo "== Training examples/mlp/mlp.tenon"
build/bin/tenon train examples/mlp/mlp.tenon --out "$run" --overwrite
echo
echo "== Evaluating on the rows that were kept for testing"
build/bin/tenon eval "$run"
echo
echo "== Predicting three new patients"
build/bin/tenon run "$run" --input examples/mlp/new-patients.csv --output "$run/predictions.csv"
cat "$run/predictions.csv"
cat <<END

What to try next:
  build/bin/tenonc examples/mlp/mlp.tenon --emit=graph       see what the model means
  build/bin/tenon train examples/mlp/mlp.tenon -D mlp.optimizer.lr=3e-3 --out runs/faster
  build/bin/tenon inspect $run                   what was built: shapes, sizes, kernels
  examples/embed/                                train and run the model inside a C program
  edit examples/mlp/mlp.tenon and run this script again
END
