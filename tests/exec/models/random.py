"""Usage: random.py make INPUTS.safetensors | random.py check OUTPUTS.safetensors

The random functions of random.tenon against an own Philox4x32-10 (Salmon et al., SC'11), and their
distributions: shares and moments of many draws, within five standard deviations.
"""
import json
import math
import pathlib
import struct
import sys

BATCH, N, ROWS = 100, 101, 9000
SHARES = [0.5, 0.3, 0.2]


def philox(counter, key):
    for _ in range(10):
        high0, low0 = divmod(0xD2511F53 * counter[0], 1 << 32)
        high1, low1 = divmod(0xCD9E8D57 * counter[2], 1 << 32)
        counter = [high1 ^ counter[1] ^ key[0], low1, high0 ^ counter[3] ^ key[1], low0]
        key = [(key[0] + 0x9E3779B9) % (1 << 32), (key[1] + 0xBB67AE85) % (1 << 32)]
    return counter


def fnv1a(text):
    value = 2166136261
    for byte in text.encode():
        value = (value ^ byte) * 16777619 % (1 << 32)
    return value


def draw(path, ordinal, count):
    """Seed and step 0."""
    site = (fnv1a(path) + ordinal) % (1 << 32)
    blocks = (philox([block, 0, 0, site], [0, 0]) for block in range((count + 3) // 4))
    return [word for block in blocks for word in block][:count]


def write(path, tensors):
    header, data = {}, b""
    for name, (shape, values) in tensors.items():
        raw = struct.pack(f"<{len(values)}f", *values)
        header[name] = {"dtype": "F32", "shape": shape, "data_offsets": [len(data), len(data) + len(raw)]}
        data += raw
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)


def read(path):
    data = path.read_bytes()
    length = struct.unpack_from("<Q", data)[0]
    header = json.loads(data[8:8 + length])
    tensors = {}
    for name, entry in header.items():
        if name == "__metadata__":
            continue
        begin, end = entry["data_offsets"]
        letter = {"F32": "f", "I32": "i"}[entry["dtype"]]
        tensors[name] = struct.unpack_from(f"<{(end - begin) // 4}{letter}", data, 8 + length + begin)
    return tensors


def expect(holds, what):
    if not holds:
        sys.exit(f"{what} is wrong")


def expect_mean(values, mean, deviation, what):
    actual = sum(values) / len(values)
    limit = 5 * deviation / math.sqrt(len(values))
    print(f"{what}: {actual:.4f}, expected {mean:.4f} within {limit:.4f}")
    expect(abs(actual - mean) <= limit, what)


def check(tensors):
    count = BATCH * N
    uniform = [(word >> 8) / (1 << 24) for word in draw("draw.", 0, count)]
    expect(list(tensors["u"]) == uniform, "uniform")
    expect_mean(uniform, 0.5, math.sqrt(1 / 12), "mean of uniform")

    radii, angles = draw("draw.", 1, count), draw("draw.", 2, count)
    for value, radius, angle in zip(tensors["g"], radii, angles):
        normal = math.sqrt(-2 * math.log((radius + 1) / 2**32)) * math.cos(2 * math.pi * angle / 2**32)
        expect(abs(value - normal) < 4e-6, f"gaussian, {value} for {normal},")
    expect_mean(tensors["g"], 0, 1, "mean of gaussian")
    expect_mean([g * g for g in tensors["g"]], 1, math.sqrt(2), "variance of gaussian")

    chosen = [int(word < 0.3 * 2**32) for word in draw("draw.", 3, count)]
    expect(list(tensors["k"]) == chosen, "bernoulli")
    expect_mean(chosen, 0.3, math.sqrt(0.3 * 0.7), "share of bernoulli")

    for position, share in enumerate(SHARES):
        picked = [int(s == position) for s in tensors["s"]]
        expect_mean(picked, share, math.sqrt(share * (1 - share)), f"share of sample {position}")


def main(command, path):
    if command == "make":
        logits = [math.log(share) + 3 for share in SHARES]
        write(pathlib.Path(path), {"x": ([BATCH, N], [0.0] * (BATCH * N)),
                                   "logits": ([ROWS, len(SHARES)], logits * ROWS)})
    else:
        check(read(pathlib.Path(path)))


if __name__ == "__main__":
    main(*sys.argv[1:])
