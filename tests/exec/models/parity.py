"""Usage: parity.py RUNDIR GOLDEN.json

Compares a run's losses and final weights with PyTorch's: with
  d(r) = max |r - f64| / max(|f64|, 1e-3) over all losses and final weights,
d(ours) must be at most 2 d(PyTorch f32) + 1e-6.
"""
import json
import pathlib
import struct
import sys


def read_losses(run):
    lines = (run / "metrics.jsonl").read_text().splitlines()
    records = [json.loads(line) for line in lines]
    return [record["loss"] for record in records if record["split"] == "train"]


def read_weights(run):
    data = (run / "weights.safetensors").read_bytes()
    length = struct.unpack_from("<Q", data)[0]
    header = json.loads(data[8:8 + length])
    weights = {}
    for name, entry in header.items():
        if name == "__metadata__":
            continue
        begin, end = entry["data_offsets"]
        weights[name] = struct.unpack_from(f"<{(end - begin) // 4}f", data, 8 + length + begin)
    return weights


def distance(result, reference):
    if len(result["losses"]) != len(reference["losses"]):
        sys.exit(f"{len(result['losses'])} losses, not {len(reference['losses'])}")
    pairs = list(zip(result["losses"], reference["losses"]))
    for path, values in reference["weights"].items():
        if len(result["weights"][path]) != len(values):
            sys.exit(f"{path} has another size")
        pairs += zip(result["weights"][path], values)
    return max(abs(r - f) / max(abs(f), 1e-3) for r, f in pairs)


def main(run, golden_path):
    golden = json.loads(pathlib.Path(golden_path).read_text())
    run = pathlib.Path(run)
    ours = distance({"losses": read_losses(run), "weights": read_weights(run)}, golden["f64"])
    theirs = distance(golden["f32"], golden["f64"])
    print(f"d(ours) = {ours:.3g}, d(PyTorch f32) = {theirs:.3g}")
    return 0 if ours <= 2 * theirs + 1e-6 else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
