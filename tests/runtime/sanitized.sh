#!/usr/bin/env bash
# Trains, evaluates and predicts with compiled models by the `tenon` of a sanitized build, which comes first
# in PATH. The kernels are not instrumented; what calls them, splits them and waits for them is.
# usage: sanitized.sh SOURCE SCRATCH
set -eu
source=$1 scratch=$2
rm -rf "$scratch"
mkdir -p "$scratch"
tenonc "$source/examples/mlp/mlp.tenon" -D "mlp.run=3 epochs" -o "$scratch/mlp.tnm"
tenonc "$source/examples/digits/digits.tenon" -D "digits.run=2 epochs" -o "$scratch/digits.tnm"
for threads in 1 2 3 4; do
  for model in mlp digits; do
    data=patients=$source/examples/mlp/diabetes.csv
    [ $model = mlp ] || data=images=$source/examples/digits/digits.csv
    run=$scratch/$model-$threads
    tenon train "$scratch/$model.tnm" --data "$data" --out "$run" --threads $threads --quiet
    tenon eval "$run" --threads $threads > "$run.eval"
    cmp "$run/weights.safetensors" "$scratch/$model-1/weights.safetensors"
  done
done
echo "sessions of compiled models: passed"
