#!/usr/bin/env python3
"""Makes the numbers in golden/ with PyTorch. Run by hand; tests only read what it wrote.

  python3 -m venv /tmp/venv && /tmp/venv/bin/pip install torch numpy
  /tmp/venv/bin/python tests/exec/models/make_golden.py

golden/mlp-parity.csv              the rows, as numbers that f32 holds exactly
golden/mlp-parity.safetensors      the weights to start from
golden/mlp-parity.json             losses and final weights of 200 Adam steps in f64 and in f32
golden/mlp-r2.json                 R2 of examples/mlp on the very rows of our split
"""
import json
import pathlib
import struct

import numpy
import torch

HERE = pathlib.Path(__file__).resolve().parent
GOLDEN = HERE / "golden"
VERSIONS = f"torch {torch.__version__}, numpy {numpy.__version__}"

torch.set_num_threads(1)
torch.use_deterministic_algorithms(True)


# ---- Parity: the same rows, the same start, 200 steps -------------------------------------------

ROWS, INPUTS, HIDDEN, BATCH, STEPS = 256, 10, 32, 32, 200


def make_rows():
    """A smooth function of the inputs with noise, rounded to f32."""
    random = numpy.random.default_rng(7)
    x = random.standard_normal((ROWS, INPUTS))
    y = numpy.sin(x[:, :1]) + 0.5 * x[:, 1:2] * x[:, 2:3] + 0.1 * random.standard_normal((ROWS, 1))
    return numpy.concatenate([x, y], axis=1).astype(numpy.float32)


def make_start():
    random = numpy.random.default_rng(8)

    def uniform(fan_in, *shape):
        return (random.uniform(-1, 1, shape) / numpy.sqrt(fan_in)).astype(numpy.float32)

    return {
        "fc1.weight": uniform(INPUTS, HIDDEN, INPUTS),
        "fc1.bias": uniform(INPUTS, HIDDEN),
        "fc2.weight": uniform(HIDDEN, 1, HIDDEN),
        "fc2.bias": uniform(HIDDEN, 1),
    }


class Mlp(torch.nn.Module):
    def __init__(self, inputs, hidden):
        super().__init__()
        self.fc1 = torch.nn.Linear(inputs, hidden)
        self.fc2 = torch.nn.Linear(hidden, 1)

    def forward(self, x):
        return self.fc2(torch.relu(self.fc1(x)))


def train(rows, start, dtype):
    """Losses of all steps and the weights after the last."""
    network = Mlp(INPUTS, HIDDEN).to(dtype)
    network.load_state_dict({path: torch.tensor(value).to(dtype) for path, value in start.items()})
    optimizer = torch.optim.Adam(network.parameters(), lr=1e-3, foreach=False)
    data = torch.tensor(rows).to(dtype)
    losses = []
    for step in range(STEPS):
        first = step * BATCH % ROWS
        batch = data[first:first + BATCH]
        loss = torch.nn.functional.mse_loss(network(batch[:, :INPUTS]), batch[:, INPUTS:])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    weights = {path: value.flatten().tolist() for path, value in network.state_dict().items()}
    return {"losses": losses, "weights": weights}


def distance(result, reference):
    """max |r - f64| / max(|f64|, 1e-3) over all losses and final weights."""
    pairs = list(zip(result["losses"], reference["losses"]))
    for path in reference["weights"]:
        pairs += zip(result["weights"][path], reference["weights"][path])
    return max(abs(r - f) / max(abs(f), 1e-3) for r, f in pairs)


DTYPES = {"float32": "F32", "int32": "I32", "bool": "BOOL"}


def write_safetensors(path, tensors):
    """The layout of the reference writer: header, then tensors in order of their names."""
    header, data = {}, b""
    for name in sorted(tensors):
        bytes_ = tensors[name].tobytes()
        header[name] = {"dtype": DTYPES[tensors[name].dtype.name], "shape": list(tensors[name].shape),
                        "data_offsets": [len(data), len(data) + len(bytes_)]}
        data += bytes_
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)


def make_parity():
    rows, start = make_rows(), make_start()
    names = [f"x{i}" for i in range(INPUTS)] + ["y"]
    lines = [",".join(names)] + [",".join(f"{v:.9g}" for v in row) for row in rows]
    (GOLDEN / "mlp-parity.csv").write_text("\n".join(lines) + "\n")
    write_safetensors(GOLDEN / "mlp-parity.safetensors", start)

    f64, f32 = train(rows, start, torch.float64), train(rows, start, torch.float32)
    golden = {"made_with": VERSIONS, "distance_of_f32": distance(f32, f64), "f64": f64, "f32": f32}
    (GOLDEN / "mlp-parity.json").write_text(json.dumps(golden, separators=(",", ":")) + "\n")
    print("d(PyTorch f32) =", golden["distance_of_f32"])


# ---- R2 of the example on our split -------------------------------------------------------------

def philox4x32(counter, key):
    counter, key = list(counter), list(key)
    for _ in range(10):
        p0, p1 = 0xD2511F53 * counter[0], 0xCD9E8D57 * counter[2]
        counter = [(p1 >> 32) ^ counter[1] ^ key[0], p1 & 0xFFFFFFFF,
                   (p0 >> 32) ^ counter[3] ^ key[1], p0 & 0xFFFFFFFF]
        key = [(key[0] + 0x9E3779B9) & 0xFFFFFFFF, (key[1] + 0xBB67AE85) & 0xFFFFFFFF]
    return counter


def fnv1a(text):
    value = 2166136261
    for byte in text.encode():
        value = (value ^ byte) * 16777619 & 0xFFFFFFFF
    return value


def split(count, seed=1, fraction=0.8):
    """Rows sorted by a Philox number of their own; see runtime/data/Split.h."""
    def number(row):
        bits = philox4x32([row, 0, 0, fnv1a("split")], [seed, 0])
        return bits[0] | bits[1] << 32
    order = sorted(range(count), key=number)
    end = int(fraction * count + 0.5)
    return sorted(order[:end]), sorted(order[end:])


def r2_of_example(seed):
    rows = numpy.loadtxt(HERE.parents[2] / "examples/mlp/diabetes.csv", delimiter=",", skiprows=1)
    train_rows, test_rows = split(len(rows))
    mean, deviation = rows[train_rows].mean(axis=0), rows[train_rows].std(axis=0)
    scaled = torch.tensor((rows - mean) / deviation).float()

    torch.manual_seed(seed)
    network = Mlp(10, 100)
    optimizer = torch.optim.Adam(network.parameters(), lr=1e-3)
    for _ in range(20):
        for batch in torch.tensor(train_rows)[torch.randperm(len(train_rows))].split(32):
            loss = torch.nn.functional.mse_loss(network(scaled[batch, :10]), scaled[batch, 10:])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
    with torch.no_grad():
        predicted = network(scaled[test_rows, :10]).double().numpy()[:, 0]
    predicted = predicted * deviation[10] + mean[10]
    wanted = rows[test_rows, 10]
    return 1 - ((predicted - wanted) ** 2).sum() / ((wanted - wanted.mean()) ** 2).sum()


def make_r2():
    values = [r2_of_example(seed) for seed in range(8)]
    train_rows, test_rows = split(442)
    golden = {"made_with": VERSIONS, "r2": float(numpy.mean(values)), "r2_by_seed": values,
              "train_rows": len(train_rows), "test_rows": test_rows}
    (GOLDEN / "mlp-r2.json").write_text(json.dumps(golden, separators=(",", ":")) + "\n")
    print("R2 =", golden["r2"], "from", min(values), "to", max(values))


if __name__ == "__main__":
    GOLDEN.mkdir(exist_ok=True)
    make_parity()
    make_r2()
