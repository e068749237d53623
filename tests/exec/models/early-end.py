"""Usage: early-end.py FOLDER with rows.csv"""
import json
import pathlib
import shutil
import subprocess
import sys

MODEL = """
model line {
  fc = nn.Linear(10, 1)
  fn forward(x: f32[batch, 10]) -> f32[batch, 1] = fc(x)
}
data rows {
  source = csv("rows.csv")
  split  = random(train: 75%, val: 25%)
  x: f32[10] = columns(0..10)
  y: f32[1]  = column("y")
}
train line on rows {
  loss       = mse(forward(x), y)
  optimizer  = sgd(lr: step(peak: 0.1, every: 2 epochs, factor: 1e-30))
  batch      = 50
  run        = 20 epochs
  log        = every(100 steps)
  average    = ema(0.5)
  evaluate   = on(val, every: 1 epoch)
  checkpoint = save(every: 3 steps, keep: 100, best: max(loss))
  stop       = patience(3 epochs, min(loss))
}
"""
# 192 rows in batches of 50 are 4 steps an epoch. From step 9 on the weights stand still and their
# average goes on toward them, until nothing changes in f32.


def train(*options):
    return subprocess.run(["tenon", "train", *options, "--threads", "1"], check=True, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def check(condition, what):
    if not condition:
        sys.exit("wrong: " + what)


def main(folder):
    (folder / "line.tenon").write_text(MODEL)
    run = folder / "run"
    output = train(folder / "line.tenon", "--out", run)
    check("ended early, after step" in output.stderr, output.stderr)
    state = json.loads((run / "checkpoints/latest/state.json").read_text())
    lines = [json.loads(line) for line in (run / "metrics.jsonl").read_text().splitlines()]
    check(state["ended_early"] is True and state["step"] % 4 == 0, str(state))
    check(state["step"] - state["stop_best_step"] >= 12, str(state))
    check({line["split"] for line in lines if line["step"] == state["step"]} == {"train", "val"},
          "the last step is not in the log")
    losses = {line["step"]: line["loss"] for line in lines if line["split"] == "val"}
    first_of_least = min(step for step, loss in losses.items() if loss == min(losses.values()))
    check(state["stop_best_step"] == first_of_least, str(losses))
    check(state["step"] == first_of_least + 12 and max(losses) == state["step"], str(losses))
    check("finished: ended early, after step" in
          subprocess.run(["tenon", "inspect", run], check=True, text=True, stdout=subprocess.PIPE).stdout,
          "tenon inspect")

    before = (run / "weights.safetensors").read_bytes()
    check("the run was complete" in train(run, "--resume").stdout, "resuming a finished run")
    check((run / "weights.safetensors").read_bytes() == before, "resuming changed the weights")

    for step in (3, 6, state["stop_best_step"] + 1):
        again = folder / f"again-{step}"
        shutil.copytree(run, again, symlinks=True)
        for checkpoint in (again / "checkpoints").glob("step-*"):
            if int(checkpoint.name[5:]) > step:
                shutil.rmtree(checkpoint)
        train(again, "--resume")
        for name in ("weights.safetensors", "checkpoints/latest/weights.safetensors",
                     "checkpoints/latest/optimizer.safetensors", "checkpoints/latest/state.json"):
            check((again / name).read_bytes() == (run / name).read_bytes(), f"{name} after step {step}")


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
