#!/usr/bin/env python3
"""Makes golden/prelude* with PyTorch: the library's functions in f64. Run by hand; tests only read.

  python3 -m venv /tmp/venv && /tmp/venv/bin/pip install torch numpy
  /tmp/venv/bin/python tests/exec/models/make_prelude_golden.py

golden/prelude-inputs.safetensors     arguments of the entries of prelude.tenon
golden/prelude-weights.safetensors    weights of its modules
golden/prelude-values.json            its results
golden/prelude-gradients.safetensors  where prelude-gradients.tenon starts
golden/prelude-gradients.json         the gradient of each of its cases
golden/prelude-nothing.csv            the one row that training needs

What is compared with what: a result is {"f64": numbers, "scale": s}, and its error is counted in
units of 2^-23 max(|f64|, s). The scale is 0 for what is computed element by element, the largest
element for sums and losses, and that of the cancelling terms where the formula cancels.
"""
import json

import numpy
import torch
import torch.nn.functional as F

from make_golden import GOLDEN, VERSIONS, write_safetensors

INF, NAN = float("inf"), float("nan")


def f32(values):
    return numpy.asarray(values, dtype=numpy.float32)


def in_f64(arrays):
    """The same numbers as PyTorch's, floats as f64."""
    tensors = {name: torch.tensor(value) for name, value in arrays.items()}
    return {name: t.double() if t.is_floating_point() else t for name, t in tensors.items()}


# ---- Arguments ----------------------------------------------------------------------------------

random = numpy.random.default_rng(11)


def normal(*shape, scale=1.0):
    return f32(scale * random.standard_normal(shape))


def make_inputs():
    positive = [1e-30, 1e-20, 1e-10, 1e-8, 1e-7, 1e-6, 1e-4, 1e-3, 0.01, 0.1, 0.25, 0.5, 0.75, 1, 1.5,
                2, 3, 4, 5, 7.5, 10, 15, 16.6, 20, 50, 80, 87, 88, 88.7, 89, 100, 1e3, 1e4, 1e10, 3e38]
    z = normal(7, 4, scale=3)
    z[0], z[1], z[2] = [1, -INF, 2, -INF], [1e4, 1e4 - 1, -1e4, 0], [-INF, -INF, 0, -INF]
    z[3], z[4] = [3e38, -3e38, 0, 1], [88, 89, 90, 100]
    y = normal(3, 4, 5)
    y[0, 1, 2] = y[2, 0, 4] = y.min()      # equal ones: the first counts
    y[1, 3, :3] = y[1, 3].max()
    return {
        "x": f32(positive + [0, INF, NAN, -INF] + [-v for v in positive]),
        "a": f32([1, 1e8, -3, 0.1, 7]), "b": f32([2, 1, 5, 0.7, 7]), "t": f32(0.6),
        "y": y, "z": z, "finite": normal(7, 4, scale=3),
        "flags": numpy.array([[True, False, True], [False, False, True], [True, True, True],
                              [False, False, False]]),
        "ids": numpy.array([0, 4, 2, 2, -1, 5, 7], dtype=numpy.int32),
        "p": normal(7, 4), "q": normal(7, 4), "share": f32(random.uniform(0, 2, (7, 4))),
        "counted": random.uniform(0, 1, (7, 4)) > 0.4,
        "logits": f32([[1, 2, 3, 4], [100, -100, 0, 1], [-1e4, 0, 1e4, 5], [0, 0, 0, 0],
                       [1e-3, 2e-3, 0, 1], [-5, 3, 2, 7], [20, 30, 10, 0]]),
        "labels": numpy.array([3, 0, 2, 1, 0, 1, 3], dtype=numpy.int32),
        "some": numpy.array([3, -100, 2, 1, -100, 1, 3], dtype=numpy.int32),
        "rates": f32([0.5, 2, 1, 0.25]), "each": f32([1, 0.5, 2, 0, 3, 1, 0.125]),
        "chance": f32(random.uniform(0, 1, (7, 4)).round(1)), "other": normal(7, 4),
        "rows": normal(9, 6),
        "picks": numpy.array([9, 0, 3, 3, 7], dtype=numpy.int32),
        "places": numpy.array([[0, 3], [1, 1], [2, 0]], dtype=numpy.int32),
    }


def make_weights():
    shapes = {"linear.weight": (5, 6), "linear.bias": (5,), "plain.weight": (3, 6),
              "mlp.0.weight": (8, 6), "mlp.0.bias": (8,), "mlp.1.weight": (7, 8), "mlp.1.bias": (7,),
              "mlp.2.weight": (3, 7), "mlp.2.bias": (3,), "smooth.0.weight": (8, 6),
              "smooth.0.bias": (8,), "smooth.1.weight": (3, 8), "smooth.1.bias": (3,),
              "layer.weight": (6,), "layer.bias": (6,), "rms.weight": (6,)}
    weights = {path: normal(*shape, scale=0.5) for path, shape in shapes.items()}
    weights["embed.weight"] = f32((numpy.arange(60) * 37 % 101 / 50 - 1).reshape(10, 6))
    return weights


# ---- Values -------------------------------------------------------------------------------------

def sigmoid(x):
    """PyTorch's own derives to s (1 - s), which cancels far above 0."""
    return F.logsigmoid(x).exp()


def expm1(x):
    """PyTorch's own derives to expm1(x) + 1, which cancels far below 0."""
    return torch.where(x < -0.9, x.exp() - 1, x.clamp(min=-0.9).expm1())


def losses_of_regression(a, b, share, counted):
    """The weighted mean is PyTorch's per-element loss, weighted and averaged by hand."""
    def mean(loss, weight=None, mask=None, **options):
        each = loss(a, b, reduction="none", **options)
        w = torch.ones_like(each) if weight is None else weight
        if mask is not None:
            each, w = each[mask], w[mask]
        return (each * w).sum() / w.sum()
    mse, mae, huber = F.mse_loss, F.l1_loss, F.huber_loss
    return {
        "mse": mse(a, b), "mse_weight": mean(mse, share), "mse_mask": mean(mse, None, counted),
        "mse_both": mean(mse, share, counted), "mae": mae(a, b), "mae_weight": mean(mae, share),
        "mae_mask": mean(mae, None, counted), "huber": huber(a, b),
        "huber_delta": huber(a, b, delta=0.5), "huber_weight": mean(huber, share),
        "huber_mask": mean(huber, None, counted, delta=2.0),
    }


def weighted_cross_entropy(logits, labels, each, ignore=-100, rates=None, smoothing=0.0):
    """cross_entropy with one more weight an example: over the sum of all weights that count."""
    loss = F.cross_entropy(logits, labels, weight=rates, ignore_index=ignore,
                           label_smoothing=smoothing, reduction="none")
    counted = labels != ignore
    w = each[counted] * (1 if rates is None else rates[labels[counted]])
    return (loss[counted] * each[counted]).sum() / w.sum()


def losses_of_classes(logits, labels, some, rates, each):
    labels, some = labels.long(), some.long()
    return {
        "ce": F.cross_entropy(logits, labels), "ce_ignore": F.cross_entropy(logits, some),
        "ce_class_weights": F.cross_entropy(logits, labels, weight=rates),
        "ce_weight": weighted_cross_entropy(logits, labels, each),
        "ce_smoothing": F.cross_entropy(logits, labels, label_smoothing=0.1),
        "ce_smooth_weights": F.cross_entropy(logits, some, weight=rates, label_smoothing=0.2),
        "ce_all": weighted_cross_entropy(logits, labels, each, 2, rates, 0.3),
    }


def losses_of_chances(logits, chance, share, counted):
    def bce(**options):
        return F.binary_cross_entropy_with_logits(logits, chance, **options)
    half = bce(pos_weight=torch.tensor(0.5), reduction="none")[counted]
    return {
        "bce": bce(), "bce_pos_weight": bce(pos_weight=torch.tensor(3.0)),
        "bce_weight": (bce(reduction="none") * share).sum() / share.sum(),
        "bce_mask": (half * share[counted]).sum() / share[counted].sum(),
    }


def kl(logp, logq):
    """kl_div from probabilities: it takes 0 log 0 as 0, which its log_target does not."""
    return F.kl_div(logq, logp.exp(), reduction="batchmean")


def modules(rows, w):
    def linear(x, path):
        return F.linear(x, w[path + ".weight"], w.get(path + ".bias"))
    hidden = F.relu(linear(F.relu(linear(rows, "mlp.0")), "mlp.1"))
    return {
        "Linear": linear(rows, "linear"), "Linear_plain": linear(rows, "plain"),
        "MLP": linear(hidden, "mlp.2"),
        "MLP_gelu": linear(F.gelu(linear(rows, "smooth.0")), "smooth.1"),
        "LayerNorm": F.layer_norm(rows, (6,), w["layer.weight"], w["layer.bias"], eps=1e-5),
        "RMSNorm": F.rms_norm(rows, (6,), w["rms.weight"], eps=1e-6),
    }


def moves(y, picks, places, rows, table):
    around = (1, 2, 1, 2)
    return {
        "first": y[:, 0], "last": y[:, :, -1], "middle": y[:, 1:3], "corner": y[1, :, :-1],
        "rest": y.split([1, 3], dim=1)[1], "concat": torch.cat([y, 2 * y], dim=1),
        "stack": torch.stack([y, -y]), "flip": y.flip(0, 2), "pad": F.pad(y, around),
        "gather": torch.take_along_dim(y, places.long()[:, :, None], dim=1),
        "Embedding": F.embedding(picks.long(), table), "unembed": rows @ table.T,
    }


def values(t, w):
    """What every entry of prelude.tenon gives."""
    x, y, z, finite = t["x"], t["y"], t["z"], t["finite"]
    a, b = t["a"], t["b"]
    return {
        "elementwise": {
            "relu": F.relu(x), "leaky_relu": F.leaky_relu(x), "leaky_relu_slope": F.leaky_relu(x, 0.25),
            "elu": F.elu(x), "elu_alpha": F.elu(x, 0.5), "sigmoid": sigmoid(x),
            "softplus": torch.logaddexp(x, torch.zeros_like(x)), "silu": x * sigmoid(x),
            "gelu": F.gelu(x), "gelu_tanh": F.gelu(x, approximate="tanh"), "rsqrt": torch.rsqrt(x),
            "log1p": torch.log1p(x), "expm1": torch.expm1(x), "clamp": torch.clamp(x, -1, 1.5),
            "is_nan": torch.isnan(x),
        },
        "blend": {
            "at_start": torch.lerp(a, b, 0.0), "quarter": torch.lerp(a, b, 0.25),
            "most": torch.lerp(a, b, 0.875), "at_end": torch.lerp(a, b, 1.0),
            "at_t": torch.lerp(a, b, t["t"]),
        },
        "reductions": {
            "mean": y.mean(), "mean_last": y.mean(-1), "mean_list": y.mean((0, 2)),
            "mean_keep": y.mean(1, keepdim=True), "sum_list": y.sum((0, 2)),
            "sum_keep": y.sum((0, 2), keepdim=True), "max_list": y.amax((0, 1)),
            "max_keep": y.amax(2, keepdim=True), "min": y.min(), "min_list": y.amin((1, 2)),
            "var": y.var(correction=0), "var_last": y.var(-1, correction=0),
            "var_keep": y.var((0, 2), correction=0, keepdim=True),
            "norm": torch.linalg.vector_norm(y), "norm_list": torch.linalg.vector_norm(y, dim=(0, 2)),
            "norm_keep": torch.linalg.vector_norm(y, dim=1, keepdim=True), "argmin": y.argmin(),
            "argmin_last": y.argmin(-1), "argmin_keep": y.argmin(1, keepdim=True),
            "argmax_list": y.flatten(0, 1).argmax(0),
        },
        "logic": {
            "any": t["flags"].any(), "any_last": t["flags"].any(-1), "all": t["flags"].all(),
            "all_keep": t["flags"].all(0, keepdim=True),
        },
        "probabilities": {
            "softmax": torch.softmax(z, -1), "softmax_first": torch.softmax(finite, 0),
            "softmax_all": torch.softmax(finite.flatten(), 0), "log_softmax": torch.log_softmax(z, -1),
            "log_softmax_list": torch.log_softmax(finite.flatten(), 0),
            "logsumexp": torch.logsumexp(z, -1),
            "logsumexp_keep": torch.logsumexp(z, 0, keepdim=True),
            "logsumexp_all": torch.logsumexp(finite.flatten(), 0),
        },
        "indices": {"result": (t["ids"][:, None] == torch.arange(5)).double()},
        "regression": losses_of_regression(t["p"], t["q"], t["share"], t["counted"]),
        "classes": losses_of_classes(*(t[n] for n in ["logits", "labels", "some", "rates", "each"])),
        "binary": losses_of_chances(*(t[n] for n in ["logits", "chance", "share", "counted"])),
        "divergence": {
            "kl": kl(torch.log_softmax(t["logits"], -1), torch.log_softmax(t["other"], -1)),
            "kl_zero": kl(torch.log_softmax(z, -1), torch.log_softmax(t["other"], -1)),
        },
        "modules": modules(t["rows"], w),
        "moves": moves(y, t["picks"], t["places"], t["rows"], w["embed.weight"]),
    }


def scale_of_values(family, case, t, result):
    """The size that rounding is measured against besides that of the result; see the top."""
    if case.startswith("gelu"):            # 1 + erf and 1 + tanh cancel far below 0
        return t["x"].abs().clamp(max=1e4)
    if case == "log_softmax":              # of large numbers: the difference to the largest
        return t["z"].abs().amax(-1, keepdim=True).expand_as(result).nan_to_num(posinf=3)
    if family == "moves" and case != "unembed":
        return 0.0
    if family in ("elementwise", "logic", "indices") or case in ("at_start", "at_end"):
        return 0.0
    if family == "blend":
        return torch.maximum(t["a"].abs(), t["b"].abs())
    if family == "probabilities":
        return 1.0
    return result.double().abs().max().item()


# ---- Gradients ----------------------------------------------------------------------------------

def make_start():
    points = [1e-20, 1e-6, 1e-3, 0.1, 0.5, 1, 1.5, 2, 3, 5, 20, 80]
    logits = normal(6, 4, scale=2)
    logits[1] = [50, -50, 0, 1]
    broken = f32(random.uniform(0.1, 1, (6, 4)))
    broken[0, 1], broken[1] = 0, -broken[1]   # logarithms: -inf in the first, NaN in an ignored row
    p = normal(6, 4)
    q = normal(6, 4)
    q[0, :2] = p[0, :2]                       # no difference: the kink of mae
    q[1, 0], p[1, 0] = 0, 0.5                 # a difference of delta
    return {
        "points": f32([-v for v in points] + points[1:] + [0]), "tilt": normal(24),
        "far": f32([-1e4, -200, -100, -88, 88, 100, 200, 1e4]), "p": p, "q": q,
        "share": f32(random.uniform(0, 2, (6, 4))), "tilt6": normal(6, 4), "logits": logits,
        "other": normal(6, 4), "broken": broken,
        "chance": f32(random.uniform(0, 1, (6, 4)).round(1)), "each": f32([1, 0.5, 2, 0, 3, 1]),
        "labels_": f32([3, 0, 2, 1, 0, 1]), "some_": f32([3, -100, 2, 1, 2, 1]),
        "rates": f32([0.5, 2, 1, 0.25]),
    }


def clamp(x):
    """To -1 and 2 with the gradient 0 at both; PyTorch's own differs from release to release."""
    return torch.where((x > -1) & (x < 2), x, x.detach().clamp(-1, 2))


def gradient_cases(t):
    """name -> (where, function from a point to a scalar)."""
    points, p, q, logits, other = t["points"], t["p"], t["q"], t["logits"], t["other"]
    tilt, share, rates, each = t["tilt"], t["share"], t["rates"], t["each"]
    labels, some, mask = t["labels_"].int(), t["some_"].int(), t["tilt6"] > 0
    cases = {}
    for name, function in {
        "relu": F.relu, "leaky_relu": F.leaky_relu, "elu": F.elu, "sigmoid": sigmoid,
        "softplus": lambda x: torch.logaddexp(x, torch.zeros_like(x)),
        "silu": lambda x: x * sigmoid(x), "gelu": F.gelu,
        "gelu_tanh": lambda x: F.gelu(x, approximate="tanh"), "expm1": expm1,
        "clamp": clamp,
    }.items():
        cases[name] = points, lambda x, function=function: (tilt * function(x)).sum()
    cases["log1p"] = points.clamp(min=-0.5), lambda x: (tilt * torch.log1p(x)).sum()
    cases["rsqrt"] = points.abs() + 0.25, lambda x: (tilt * torch.rsqrt(x)).sum()
    cases["lerp"] = points * points, lambda x: (tilt * torch.lerp(points, x, 0.75)).sum()
    cases["sigmoid_far"] = t["far"], lambda x: sigmoid(x).sum()
    cases["softplus_far"] = t["far"], lambda x: torch.logaddexp(x, torch.zeros_like(x)).sum()
    cases["silu_far"] = t["far"], lambda x: (x * sigmoid(x)).sum()

    cases["mean"] = p, lambda x: (x.mean(0) * rates).sum()
    cases["var"] = p, lambda x: (x.var(0, correction=0) * rates).sum()
    cases["norm"] = p, lambda x: (torch.linalg.vector_norm(x, dim=-1) * each).sum()
    cases["norm_zero"] = torch.zeros_like(p), torch.linalg.vector_norm
    cases["softmax"] = logits, lambda x: (torch.softmax(x, -1) * share).sum()
    cases["log_softmax"] = logits, lambda x: (torch.log_softmax(x, -1) * share).sum()
    cases["logsumexp"] = logits, lambda x: (torch.logsumexp(x, -1) * each).sum()

    at = labels.long()
    cases["take"] = p, lambda x: (x[at] * share).sum()
    cases["gather"] = p, lambda x: (x.gather(1, at[:, None])[:, 0] * each).sum()
    cases["select"] = p, lambda x: (x[1:5] * x[2:, 3:]).sum() + (x[-1] * rates).sum()
    cases["join"] = p, join

    def regression(case, weight, counted):
        return lambda x: losses_of_regression(x, q, weight, counted)[case]
    cases["mse"] = p, regression("mse", share, mask)
    cases["mse_both"] = p, regression("mse_both", share, mask)
    cases["mse_masked_nan"] = torch.where(p > 0, p.log(), 0), regression("mse_mask", share, p > 0)
    cases["mae"] = p, regression("mae", share, mask)
    cases["mae_weight"] = p, regression("mae_weight", share, mask)
    cases["huber"] = p, regression("huber", share, mask)
    cases["huber_delta"] = p, lambda x: F.huber_loss(x[mask], q[mask], delta=0.5)

    def classes(case):
        return lambda x: losses_of_classes(x, labels, some, rates, each)[case]
    for case in ["ce", "ce_ignore", "ce_class_weights", "ce_weight", "ce_smoothing", "ce_all"]:
        cases[case] = logits, classes(case)
    kept = torch.where((some == -100)[:, None], 1, t["broken"])
    cases["ce_ignored_nan"] = kept.log(), classes("ce_ignore")

    def binary(case):
        return lambda x: losses_of_chances(x, t["chance"], share, mask)[case]
    for case in ["bce", "bce_pos_weight", "bce_mask"]:
        cases[case] = logits, binary(case)

    logp, logq = torch.log_softmax(logits, -1), torch.log_softmax(other, -1)
    cases["kl_p"] = logits, lambda x: kl(torch.log_softmax(x, -1), logq)
    cases["kl_q"] = other, lambda x: kl(logp, torch.log_softmax(x, -1))
    cases["kl_zero"] = kl_zero_case(t["broken"], logq)
    return cases


def join(x):
    left, right = x.split(2, dim=1)
    wide = torch.cat([right, F.pad(left, (1, 0)), x.flip(0)], dim=1)
    return (torch.stack([wide, wide * wide])[1] * wide).sum()


def kl_zero_case(broken, logq):
    """Where p is 0 the gradient is the limit, 0: that of a p of 1e-200 to f64."""
    square = (broken * broken).clamp(min=1e-200)
    return square.log(), lambda x: kl(torch.log_softmax(x, -1), logq)


def scale_of_gradients(name, t, gradient):
    if name.startswith("gelu"):
        return t["tilt"].abs() * t["points"].abs().clamp(min=1)
    if name == "softmax":                  # p (g - sum p g) cancels
        return t["share"].max().item()
    elementwise = gradient.dim() == 1
    return 0.0 if elementwise else gradient.abs().max().item()


# ---- Writing ------------------------------------------------------------------------------------

def entry_of(result, scale):
    scale = scale.flatten().tolist() if torch.is_tensor(scale) else scale
    return {"f64": [float(f"{v:.12g}") for v in result.double().flatten().tolist()], "scale": scale}


def write(name, content):
    text = json.dumps({"made_with": VERSIONS, **content}, indent=0).replace(",\n", ",")
    (GOLDEN / name).write_text(text + "\n")


def main():
    inputs, weights, start = make_inputs(), make_weights(), make_start()
    write_safetensors(GOLDEN / "prelude-inputs.safetensors", inputs)
    write_safetensors(GOLDEN / "prelude-weights.safetensors", weights)
    (GOLDEN / "prelude-nothing.csv").write_text("one\n1\n")

    t = in_f64(inputs)
    write("prelude-values.json", {
        family: {case: entry_of(result, scale_of_values(family, case, t, result))
                 for case, result in results.items()}
        for family, results in values(t, in_f64(weights)).items()})

    t, gradients = in_f64(start), {}
    for name, (where, function) in gradient_cases(t).items():
        w = torch.zeros_like(where, requires_grad=True)
        function(where.detach() + w).backward()
        gradients[name] = entry_of(w.grad, scale_of_gradients(name, t, w.grad))
        start[name + "_"] = numpy.zeros(where.shape, dtype=numpy.float32)
    write("prelude-gradients.json", {"gradients": gradients})
    write_safetensors(GOLDEN / "prelude-gradients.safetensors", start)


if __name__ == "__main__":
    main()
