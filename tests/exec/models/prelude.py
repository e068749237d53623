"""Compares the library's functions, compiled, with PyTorch's in f64; see make_prelude_golden.py.

  prelude.py values MODEL.tnm GOLDEN     every entry on the golden arguments
  prelude.py gradients RUNDIR GOLDEN     the weights after one step of sgd with rate 1 from 0

An error counts in units of 2^-23 max(|f64|, scale), so 1 is about one unit in the last place of f32.
Integers, booleans, infinities and NaN are equal or wrong. Prints the worst error of every case.
"""
import json
import math
import pathlib
import struct
import subprocess
import sys

LIMIT = 4.0  # twice the worst case

# What f32 cannot hold but as a subnormal number, which a training step takes as 0; and what is left
# of such a number times one of the inputs, which are below 128.
SMALLEST_NORMAL = 2.0**-126
NEGLIGIBLE = 128 * SMALLEST_NORMAL


def read_safetensors(path):
    data = pathlib.Path(path).read_bytes()
    length = struct.unpack_from("<Q", data)[0]
    formats = {"F32": "f", "I32": "i", "BOOL": "?"}
    tensors = {}
    for name, entry in json.loads(data[8:8 + length]).items():
        if name == "__metadata__":
            continue
        begin, end = entry["data_offsets"]
        code = formats[entry["dtype"]]
        count = (end - begin) // struct.calcsize(code)
        tensors[name] = struct.unpack_from(f"<{count}{code}", data, 8 + length + begin)
    return tensors


def to_f32(value):
    """What f32 makes of a number: out of its range is infinite."""
    try:
        return struct.unpack("f", struct.pack("f", value))[0]
    except OverflowError:
        return math.copysign(math.inf, value)


def error(value, reference, scale):
    if math.isnan(reference) or math.isinf(to_f32(reference)):
        same = math.isnan(value) if math.isnan(reference) else value == to_f32(reference)
        return 0.0 if same else math.inf
    if not math.isfinite(value):
        return math.inf
    difference = abs(value - reference)
    if difference <= NEGLIGIBLE:
        return 0.0
    return difference / max(abs(reference), scale, SMALLEST_NORMAL) * 2**23


def check(family, results, golden):
    """How many cases are wrong."""
    wrong = 0
    for case, expected in golden.items():
        values, reference, scale = results[case], expected["f64"], expected["scale"]
        if len(values) != len(reference):
            sys.exit(f"{family}.{case}: {len(values)} numbers, not {len(reference)}")
        scales = scale if isinstance(scale, list) else [scale] * len(values)
        errors = [error(*of) for of in zip(values, reference, scales)]
        worst = max(range(len(errors)), key=lambda i: errors[i])
        print(f"{family}.{case}: {errors[worst]:.2f} of {LIMIT:g}")
        if errors[worst] > LIMIT:
            print(f"  wrong: [{worst}] is {values[worst]!r}, PyTorch's {reference[worst]!r}")
            wrong += 1
    return wrong


def check_values(model, golden):
    expected = json.loads((golden / "prelude-values.json").read_text())
    del expected["made_with"]
    output = pathlib.Path(model).with_suffix(".out.safetensors")
    wrong = 0
    for family, cases in expected.items():
        subprocess.run(["tenon", "run", model, "--weights", golden / "prelude-weights.safetensors",
                        "--entry", family, "--input", golden / "prelude-inputs.safetensors",
                        "--output", output], check=True, stderr=subprocess.DEVNULL)
        wrong += check(family, read_safetensors(output), cases)
    return wrong


def check_gradients(run, golden):
    expected = json.loads((golden / "prelude-gradients.json").read_text())["gradients"]
    weights = read_safetensors(pathlib.Path(run) / "weights.safetensors")
    gradients = {case: [-value for value in weights[case + "_"]] for case in expected}
    return check("gradient", gradients, expected)


def main(what, path, golden):
    checks = {"values": check_values, "gradients": check_gradients}
    wrong = checks[what](path, pathlib.Path(golden))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
