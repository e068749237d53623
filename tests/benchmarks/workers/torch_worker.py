"""PyTorch as the harness measures it.

usage: python torch_worker.py THREADS      (requests: Serve.h)

    open NAME step SIZES BATCH DROPOUT eager|compile   Adam steps of an MLP; sizes as 784,1024,10
    open NAME linear M N K                             y[M, N] = x[M, K] weight[N, K] transposed
"""
import sys

import torch
from torch import nn

from serve import serve, timed


def mlp(sizes, dropout):
    layers = []
    for i, (inputs, outputs) in enumerate(zip(sizes, sizes[1:])):
        layers.append(nn.Linear(inputs, outputs))
        if i + 2 < len(sizes):
            layers.append(nn.ReLU())
            if dropout:
                layers.append(nn.Dropout(dropout))
    return nn.Sequential(*layers)


def step_workload(sizes, batch, dropout, mode):
    """Each run goes on from the weights of the last one; Adam is PyTorch's fused kernel."""
    torch.manual_seed(1)
    model = mlp(sizes, dropout)
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3, fused=True)
    x = torch.randn(batch, sizes[0])
    if sizes[-1] == 1:
        y, criterion = torch.randn(batch, 1), nn.functional.mse_loss
    else:
        y, criterion = torch.arange(batch) % sizes[-1], nn.functional.cross_entropy

    def loss():
        return criterion(model(x), y)

    if mode == "compile":
        loss = torch.compile(loss, fullgraph=True)

    def step():
        optimizer.zero_grad(set_to_none=True)
        loss().backward()
        optimizer.step()

    return lambda count: timed(count, step)


def linear_workload(m, n, k):
    x, weight, y = torch.randn(m, k), torch.randn(n, k), torch.empty(m, n)

    def product():
        with torch.no_grad():
            torch.mm(x, weight.t(), out=y)

    return lambda count: timed(count, product)


def open_workload(words):
    kind, *rest = words
    if kind == "step":
        sizes, batch, dropout, mode = rest
        return step_workload([int(size) for size in sizes.split(",")], int(batch), float(dropout), mode)
    if kind == "linear":
        return linear_workload(*map(int, rest))
    raise ValueError(f"unknown workload '{kind}'")


if __name__ == "__main__":
    torch.set_num_threads(int(sys.argv[1]))
    torch.set_num_interop_threads(1)
    serve(f"PyTorch {torch.__version__}", open_workload)
