#!/usr/bin/env python3
"""Makes golden/optimizers.json with PyTorch: 20 steps of every train block of optimizers.tenon.

  python3 -m venv /tmp/venv && /tmp/venv/bin/pip install torch numpy
  /tmp/venv/bin/python tests/exec/models/make_optimizers_golden.py

Optimizers, schedules, clipping and averages are PyTorch's, as published: SGD and Adam with decoupled
weight decay (Loshchilov and Hutter 2019), Adam (Kingma and Ba 2015), Adagrad (Duchi et al. 2011),
RMSprop (Tieleman and Hinton 2012). Where PyTorch has no decoupled decay, the weights shrink by hand
before the step. PyTorch has no Lion (Chen et al. 2023): it is written out here.
"""
import json

import torch
from torch.optim import lr_scheduler, swa_utils

from make_golden import BATCH, GOLDEN, INPUTS, HIDDEN, ROWS, VERSIONS, Mlp, distance, make_rows, make_start

STEPS = 20
ORDERS = 8  # of a batch's rows in f32: each rounds in its own way


def warmup(steps, then):
    """The rates 1/steps to 1 of the peak, then the other schedule from its start."""
    def build(optimizer):
        first = lr_scheduler.LinearLR(optimizer, 1 / steps, 1, total_iters=steps - 1)
        return lr_scheduler.SequentialLR(optimizer, [first, then(optimizer)], milestones=[steps])
    return build


def constant(optimizer):
    return lr_scheduler.ConstantLR(optimizer, factor=1)


def linear(floor, steps):
    return lambda optimizer: lr_scheduler.LinearLR(optimizer, 1, floor, total_iters=steps)


def cosine(floor, steps):
    return lambda optimizer: lr_scheduler.CosineAnnealingLR(optimizer, steps, eta_min=floor)


def sgd(lr, **options):
    return lambda groups: torch.optim.SGD(groups, lr=lr, foreach=False, **options)


def adam(lr, **options):
    return lambda groups: torch.optim.Adam(groups, lr=lr, foreach=False, **options)


def adamw(lr, decay):
    """Biases do not decay."""
    def build(groups):
        for group, share in zip(groups, [decay, 0]):
            group["weight_decay"] = share
        return torch.optim.AdamW(groups, lr=lr, foreach=False)
    return build


def step(every, factor):
    return lambda optimizer: lr_scheduler.StepLR(optimizer, every, gamma=factor)


def exponential(every, factor):
    return lambda optimizer: lr_scheduler.ExponentialLR(optimizer, gamma=factor ** (1 / every))


def inverse_sqrt(warmup):
    """From step 1 on: up to the peak at step `warmup`, then down with the root of the step."""
    return lambda optimizer: lr_scheduler.LambdaLR(
        optimizer, lambda i: min((i + 1) / warmup, (warmup / (i + 1)) ** 0.5))


def adagrad(lr):
    return lambda groups: torch.optim.Adagrad(groups, lr=lr, foreach=False)


def rmsprop(lr, **options):
    return lambda groups: torch.optim.RMSprop(groups, lr=lr, foreach=False, **options)


class Lion(torch.optim.Optimizer):
    """Algorithm 2 of arXiv:2302.06675."""
    def __init__(self, groups, lr, beta1, beta2):
        super().__init__(groups, {"lr": lr, "beta1": beta1, "beta2": beta2})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for w in group["params"]:
                m = self.state[w].setdefault("m", torch.zeros_like(w))
                direction = m * group["beta1"] + w.grad * (1 - group["beta1"])
                w.sub_(direction.sign() * group["lr"])
                m.mul_(group["beta2"]).add_(w.grad * (1 - group["beta2"]))


def lion(lr, beta1, beta2):
    return lambda groups: Lion(groups, lr, beta1, beta2)


# name: optimizer of [weights, biases], schedule, what else: penalties, decay by hand, clipping, average
BLOCKS = {
    "sgd": (sgd(0.05), constant, {}),
    "momentum": (sgd(0.05, momentum=0.9), linear(0.2, STEPS), {}),
    "nesterov": (sgd(0.02, momentum=0.9, nesterov=True), cosine(0.002, STEPS), {"decay": 0.1}),
    "penalties": (sgd(0.05), constant, {"l1": 1e-2, "l2": 0.1}),
    "adam": (adam(1e-2, betas=(0.8, 0.99), eps=1e-4), warmup(5, linear(0, STEPS - 5)), {}),
    "adam_l2": (adamw(1e-2, 0.2), constant, {"l2": 0.05}),
    "adamw": (adamw(1e-2, 0.01), warmup(5, cosine(0, STEPS - 5)), {}),
    "adamw_l1": (adamw(1e-2, 0.1), warmup(4, constant), {"l1": 1e-3}),
    "adagrad": (adagrad(0.05), step(6, 0.5), {}),
    "adagrad_decay": (adagrad(0.05), constant, {"decay": 0.1}),
    "rmsprop": (rmsprop(1e-2), exponential(5, 0.8), {}),
    "rmsprop_centered": (rmsprop(2e-3, alpha=0.9, eps=1e-6, momentum=0.5, centered=True),
                         inverse_sqrt(5), {"decay": 0.1}),
    "lion": (lion(1e-3, 0.9, 0.99), constant, {}),
    "lion_decay": (lion(2e-3, 0.8, 0.9), constant, {"decay": 0.2}),
    "clip": (sgd(0.05, momentum=0.9), constant, {"l2": 0.1, "clip": 0.5}),
    "average": (adam(1e-2), constant, {"average": 0.9}),
    "accumulate": (adam(1e-2), constant, {"l2": 0.1, "clip": 1.0, "average": 0.5}),
}


def train(rows, start, dtype, order, make_optimizer, make_schedule, extra):
    """Losses of all steps, without penalties, and the weights after the last. `order`: of the rows of a
    batch, on which the result depends by rounding only."""
    network = Mlp(INPUTS, HIDDEN).to(dtype)
    network.load_state_dict({path: torch.tensor(value).to(dtype) for path, value in start.items()})
    decaying = [network.fc1.weight, network.fc2.weight]
    fixed = [network.fc1.bias, network.fc2.bias]
    optimizer = make_optimizer([{"params": decaying}, {"params": fixed}])
    schedule = make_schedule(optimizer)
    data = torch.tensor(rows).to(dtype)
    average = swa_utils.AveragedModel(
        network, multi_avg_fn=swa_utils.get_ema_multi_avg_fn(extra.get("average", 0)))
    losses = []
    for step in range(STEPS):
        batch = data[step * BATCH % ROWS:][order]
        loss = torch.nn.functional.mse_loss(network(batch[:, :INPUTS]), batch[:, INPUTS:])
        losses.append(loss.item())
        objective = loss
        objective = objective + extra.get("l1", 0) * sum(w.abs().sum() for w in decaying)
        objective = objective + extra.get("l2", 0) / 2 * sum((w * w).sum() for w in decaying)
        optimizer.zero_grad()
        objective.backward()
        if "clip" in extra:
            torch.nn.utils.clip_grad_norm_(network.parameters(), extra["clip"], foreach=False)
        with torch.no_grad():
            for w in decaying:
                w.mul_(1 - optimizer.param_groups[0]["lr"] * extra.get("decay", 0))
        optimizer.step()
        schedule.step()
        average.update_parameters(network)
    result = average.module if "average" in extra else network
    weights = {path: value.flatten().tolist() for path, value in result.state_dict().items()}
    return {"losses": losses, "weights": weights}


def shorten(result):
    """9 digits: two more than f32 has."""
    def digits(values):
        return [float(f"{v:.9g}") for v in values]
    return {"losses": digits(result["losses"]),
            "weights": {path: digits(values) for path, values in result["weights"].items()}}


def main():
    rows, start = make_rows(), make_start()
    golden = {"made_with": VERSIONS, "blocks": {}}
    for name, block in BLOCKS.items():
        f64 = train(rows, start, torch.float64, torch.arange(BATCH), *block)
        orders = [torch.arange(BATCH)] + [
            torch.randperm(BATCH, generator=torch.Generator().manual_seed(seed)) for seed in range(1, ORDERS)]
        apart = max(distance(train(rows, start, torch.float32, order, *block), f64) for order in orders)
        golden["blocks"][name] = {"distance_of_f32": apart, "f64": shorten(f64)}
    text = json.dumps(golden, separators=(",", ":"))
    (GOLDEN / "optimizers.json").write_text(text + "\n")


if __name__ == "__main__":
    main()
