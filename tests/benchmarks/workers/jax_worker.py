"""JAX as the harness measures it.

usage: python jax_worker.py THREADS      (requests: Serve.h)

    open NAME step SIZES BATCH DROPOUT jit|fori_loop   Adam steps of an MLP

`jit` calls one compiled step after another; `fori_loop` compiles the loop over the steps, so that
nothing of Python is measured. States are donated: they are updated in place.
"""
import os
import sys
import time

# Before JAX is imported: the number of threads, and calls that compute on the calling thread.
if sys.argv[1] == "1":
    os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false"
os.environ["JAX_PLATFORMS"] = "cpu"

import jax  # noqa: E402
import jax.numpy as jnp  # noqa: E402

from serve import serve  # noqa: E402

if sys.argv[1] == "1":
    jax.config.update("jax_cpu_enable_async_dispatch", False)


def initial_state(sizes, key):
    """Weights as PyTorch's Linear starts them, both moments of Adam, and the number of steps."""
    weights = []
    for inputs, outputs in zip(sizes, sizes[1:]):
        key, a, b = jax.random.split(key, 3)
        bound = inputs ** -0.5
        weights.append((jax.random.uniform(a, (inputs, outputs), minval=-bound, maxval=bound),
                        jax.random.uniform(b, (outputs,), minval=-bound, maxval=bound)))
    zeros = jax.tree.map(jnp.zeros_like, weights)
    return weights, zeros, jax.tree.map(jnp.zeros_like, weights), jnp.zeros((), jnp.int32)


def loss_of(weights, x, y, key, dropout):
    for layer, (weight, bias) in enumerate(weights):
        x = x @ weight + bias
        if layer + 1 < len(weights):
            x = jax.nn.relu(x)
            if dropout:
                kept = jax.random.bernoulli(jax.random.fold_in(key, layer), 1 - dropout, x.shape)
                x = jnp.where(kept, x / (1 - dropout), 0)
    if y.ndim == 2:
        return jnp.mean((x - y) ** 2)
    return -jnp.mean(jnp.take_along_axis(jax.nn.log_softmax(x), y[:, None], axis=1))


def adam_step(state, x, y, key, dropout):
    """Adam as PyTorch defines it: lr 1e-3, beta 0.9 and 0.999, eps 1e-8."""
    weights, first, second, step = state
    step = step + 1
    gradient = jax.grad(loss_of)(weights, x, y, jax.random.fold_in(key, step), dropout)
    first = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, first, gradient)
    second = jax.tree.map(lambda v, g: 0.999 * v + 0.001 * g * g, second, gradient)
    scale = 1e-3 / (1 - 0.9 ** step.astype(jnp.float32))
    correction = 1 / jnp.sqrt(1 - 0.999 ** step.astype(jnp.float32))
    weights = jax.tree.map(lambda w, m, v: w - scale * m / (jnp.sqrt(v) * correction + 1e-8),
                           weights, first, second)
    return weights, first, second, step


def step_workload(sizes, batch, dropout, mode):
    """Each run starts from the same weights, as Tenon's does."""
    key = jax.random.key(1)  # threefry: faster on a processor than the other generators
    start = initial_state(sizes, jax.random.key(1))
    x = jax.random.normal(jax.random.key(2), (batch, sizes[0]))
    y = jnp.arange(batch) % sizes[-1] if sizes[-1] > 1 else jax.random.normal(jax.random.key(3), (batch, 1))

    def body(state, x, y, key):
        return adam_step(state, x, y, key, dropout)

    one = jax.jit(body, donate_argnums=0)
    loop = jax.jit(lambda state, count, x, y, key: jax.lax.fori_loop(
        0, count, lambda _, state: body(state, x, y, key), state), donate_argnums=0)

    def run(count):
        state = jax.block_until_ready(jax.tree.map(jnp.copy, start))
        begin = time.perf_counter()
        if mode == "fori_loop":
            state = loop(state, count, x, y, key)
        else:
            for _ in range(count):
                state = one(state, x, y, key)
        jax.block_until_ready(state)
        return time.perf_counter() - begin

    return run


def open_workload(words):
    kind, sizes, batch, dropout, mode = words
    if kind != "step":
        raise ValueError(f"unknown workload '{kind}'")
    return step_workload([int(size) for size in sizes.split(",")], int(batch), float(dropout), mode)


if __name__ == "__main__":
    serve(f"JAX {jax.__version__}", open_workload)
