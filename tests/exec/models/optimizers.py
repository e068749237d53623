"""Usage: optimizers.py MODEL.tnm GOLDEN

Trains every block of golden/optimizers.json and compares losses and final weights as parity.py does:
d(ours) must be at most 2 d(PyTorch f32) + 1e-6, where d(PyTorch f32) is the largest of several orders of
the rows in a batch: one order may round by luck.
"""
import json
import pathlib
import subprocess
import sys

from parity import distance, read_losses, read_weights


def main(model, golden_path):
    golden = pathlib.Path(golden_path)
    blocks = json.loads((golden / "optimizers.json").read_text())["blocks"]
    wrong = 0
    for name, expected in blocks.items():
        run = pathlib.Path(model).parent / name
        subprocess.run(["tenon", "train", model, name, "--out", run, "--threads", "2", "--quiet",
                        "--data", f"rows={golden / 'mlp-parity.csv'}",
                        "--weights", golden / "mlp-parity.safetensors"], check=True)
        ours = distance({"losses": read_losses(run), "weights": read_weights(run)}, expected["f64"])
        limit = 2 * expected["distance_of_f32"] + 1e-6
        print(f"{name}: d(ours) = {ours:.3g}, d(PyTorch f32) = {expected['distance_of_f32']:.3g}")
        if ours > limit:
            print(f"  wrong: the limit is {limit:.3g}")
            wrong += 1
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
