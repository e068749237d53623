"""Usage: micro-batches.py FOLDER with micro.tenon and rows.csv

Trains with several `accumulate` and compares losses, norms and weights with those of whole batches; and
goes on from the middle, which must give the same bytes.
"""
import json
import pathlib
import shutil
import subprocess
import sys

from parity import read_weights

TOLERANCE = 1e-6  # relative to the largest value of a tensor


def train(folder, parts, *options):
    run = folder / f"run-{parts}"
    subprocess.run(["tenon", "train", folder / "micro.tenon", "--out", run, "--threads", "2", "--quiet",
                    "-D", f"masked.accumulate={parts}", *options], check=True, stdout=subprocess.DEVNULL)
    return run


def read_log(run):
    lines = [json.loads(line) for line in (run / "metrics.jsonl").read_text().splitlines()]
    return {key: [line[key] for line in lines if key in line] for key in ("loss", "lr", "grad_norm")}


def distance(ours, theirs):
    return max(abs(a - b) for a, b in zip(ours, theirs, strict=True)) / max(abs(b) for b in theirs)


def compare(whole, parts):
    values = [(key, read_log(parts)[key], theirs) for key, theirs in read_log(whole).items()]
    values += [(path, read_weights(parts)[path], theirs) for path, theirs in read_weights(whole).items()]
    return max((distance(ours, theirs), key) for key, ours, theirs in values)


def resume_gives_the_same(run, step):
    """Takes a run back to the checkpoint after `step` and lets it go on."""
    again = run.with_name(run.name + "-again")
    shutil.copytree(run, again, symlinks=True)
    for checkpoint in (again / "checkpoints").glob("step-*"):
        if int(checkpoint.name[5:]) > step:
            shutil.rmtree(checkpoint)
    (again / "weights.safetensors").unlink()
    subprocess.run(["tenon", "train", again, "--resume", "--threads", "1", "--quiet"], check=True,
                   stdout=subprocess.DEVNULL)
    names = ["weights.safetensors", "checkpoints/latest/weights.safetensors",
             "checkpoints/latest/optimizer.safetensors", "checkpoints/latest/state.json"]
    return all((run / name).read_bytes() == (again / name).read_bytes() for name in names)


def main(folder):
    whole = train(folder, 1)
    assert read_log(whole)["grad_norm"], "no norm in the log"
    wrong = 0
    for parts in (2, 4, 8, 13):
        run = train(folder, parts)
        apart, key = compare(whole, run)
        print(f"accumulate = {parts}: {key} is {apart:.2g} apart")
        wrong += apart > TOLERANCE
        if not resume_gives_the_same(run, step=7):
            print(f"accumulate = {parts}: another result after --resume")
            wrong += 1
    # The averages are deployed, the weights that are trained are in checkpoints.
    deployed = (whole / "weights.safetensors").read_bytes()
    wrong += deployed == (whole / "checkpoints/latest/weights.safetensors").read_bytes()
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1])))
