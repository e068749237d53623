"""The digits example on five ways to split its rows: the median accuracy on test rows.

usage: five_splits.py TENON DIGITS_FOLDER SCRATCH      (exit 1 if the median is below 97 %)
"""
import json
import pathlib
import statistics
import subprocess
import sys

AT_LEAST = 0.97


def accuracy(tenon, folder, scratch, seed):
    text = (folder / "digits.tenon").read_text()
    split = "  split  = random(train: 80%, test: 20%)\n"
    assert text.count(split) == 1, "the example splits its rows in another way now"
    source = scratch / "digits.tenon"
    source.write_text(text.replace(split, f"{split}  split_seed = {seed}\n"))
    (scratch / "digits.csv").write_bytes((folder / "digits.csv").read_bytes())
    run = scratch / f"run-{seed}"
    subprocess.run([tenon, "train", source, "--out", run, "--overwrite", "--quiet"], check=True)
    words = subprocess.run([tenon, "eval", run, "--json"], check=True, capture_output=True, text=True)
    return json.loads(words.stdout)["accuracy"]


def main(tenon, folder, scratch):
    scratch.mkdir(parents=True, exist_ok=True)
    found = [accuracy(tenon, folder, scratch, seed) for seed in (1, 2, 3, 4, 5)]
    median = statistics.median(found)
    print("accuracy by split:", ", ".join(f"{value:.4f}" for value in found), f"median {median:.4f}")
    return 0 if median >= AT_LEAST else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])))
