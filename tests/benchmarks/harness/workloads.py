"""What is measured: groups of participants that do the same work."""
import pathlib

from rounds import Group, Participant

MODELS = pathlib.Path(__file__).resolve().parent.parent / "models"
ARTIFACTS = {  # what tenonc makes before anything is measured: name -> model file, -D settings
    "gemm-128x768x768": ("gemm", {}),
    "gemm-512x768x768": ("gemm", {"gemm.count": 512}),
    "gemm-1024x3072x768": ("gemm", {"gemm.count": 1024, "gemm.outputs": 3072}),
    "mlp784": ("mlp784", {}),
    "mlp64": ("mlp64", {}),
    "mlp64-dropout": ("mlp64-dropout", {}),
    "mlp10": ("mlp10", {}),
}
PROCESSORS = ("x86-64-v3", "native")  # --mcpu: tenonc's default, and this processor

# How much one iteration of the fma limit does, on each thread (LimitsWorker.cpp).
FMA_OPERATIONS = 1 << 20

MLPS = {  # model file -> sizes, batch of training
    "mlp784": ([784, 1024, 1024, 10], 256),
    "mlp64": ([64, 256, 128, 10], 32),
    "mlp64-dropout": ([64, 256, 128, 10], 32),
    "mlp10": ([10, 100, 1], 32),
}
DROPOUT = {"mlp64-dropout": 0.2}

FMA = Participant("FMA peak", "limits", "fma", is_limit=True)


def ours(artifacts, model, request, label="Tenon"):
    """Tenon's code for the default processor and for this one."""
    return tuple(
        Participant(f"{label} {processor}", "tenon", request.format(file=artifacts[model, processor]),
                    is_ours=True)
        for processor in PROCESSORS if (model, processor) in artifacts)


def weights_of(sizes):
    return sum(inputs * outputs for inputs, outputs in zip(sizes, sizes[1:]))


def training_flop(sizes, batch):
    """2 per weight and row forward and for the weights' gradients, and for the gradient of every
    layer's input but the first's."""
    return 2 * batch * (3 * weights_of(sizes) - sizes[0] * sizes[1])


def sgemm(artifacts, m, n, k, threads):
    model = f"gemm-{m}x{n}x{k}"
    shape = f"{m} {n} {k}"
    request = "entry {file} %s"
    blas = tuple(Participant(f"OpenBLAS{suffix}", program, f"sgemm {shape}")
                 for suffix, program in (("", "openblas"), (" SkylakeX", "openblas-skylakex")))
    return Group(f"sgemm-{m}x{n}x{k}-{threads}t", f"SGEMM {m}x{n}x{k}", threads, (
        FMA,
        *ours(artifacts, model, request % f"forward rows={m}", "Tenon, weights packed,"),
        *ours(artifacts, model, request % f"product rows={m}", "Tenon, nothing packed,"),
        *ours(artifacts, model, request % "parameters", "Tenon, both packed,"),
        *blas,
        Participant("PyTorch (MKL)", "torch", f"linear {shape}"),
    ), flop=2 * m * n * k)


def training(artifacts, model, threads, with_calls=True):
    """`with_calls`: also the peers that are called from Python once a step."""
    sizes, batch = MLPS[model]
    dropout = DROPOUT.get(model, 0)
    words = f"step {','.join(map(str, sizes))} {batch} {dropout}"
    peers = [Participant("JAX fori_loop", "jax", f"{words} fori_loop")]
    if with_calls:
        peers += [Participant("JAX jit", "jax", f"{words} jit"),
                  Participant("PyTorch eager", "torch", f"{words} eager"),
                  Participant("torch.compile", "torch", f"{words} compile")]
    shape = "-".join(map(str, sizes))
    note = f", dropout {dropout}" if dropout else ""
    return Group(f"train-{model}-{threads}t", f"Training step {shape}, batch {batch}, Adam{note}", threads, (
        FMA, *ours(artifacts, model, f"step {{file}} batch={batch}"), *peers,
    ), flop=training_flop(sizes, batch))


def forward(artifacts, onnx_models, model):
    sizes, _ = MLPS[model]
    shape = "-".join(map(str, sizes))
    footprint = 4 * (weights_of(sizes) + sum(sizes[1:]))
    return Group(f"forward-{model}-1t", f"Forward {shape}, batch 1", 1, (
        Participant("read bandwidth", "limits", f"read {footprint}", is_limit=True),
        *ours(artifacts, model, "entry {file} forward batch=1"),
        Participant("ONNX Runtime", "onnxruntime",
                    f"forward {onnx_models.get(model)} {sizes[0]} {sizes[-1]} 1"),
    ), flop=2 * weights_of(sizes), read_bytes=footprint)


def load(artifacts):
    return Group("load-mlp10-1t", "Load an artifact and run it once, 10-100-1", 1,
                 ours(artifacts, "mlp10", "load {file}"))


def compiling(tenonc, model, title):
    """Two processors may be used, as a user's tenonc would."""
    request = f"{tenonc} {MODELS / model}.tenon -o /dev/null"
    return Group(f"tenonc-{model}", title, 2, (Participant("tenonc", "command", request, is_ours=True),))


def all_groups(artifacts, onnx_models, tenonc):
    """`artifacts`: (name, processor) -> file; `onnx_models`: name of an MLP -> file."""
    return [
        sgemm(artifacts, 128, 768, 768, 1),
        sgemm(artifacts, 512, 768, 768, 1),
        sgemm(artifacts, 1024, 3072, 768, 1),
        sgemm(artifacts, 1024, 3072, 768, 2),
        training(artifacts, "mlp784", 1),
        training(artifacts, "mlp784", 2),
        training(artifacts, "mlp64", 1),
        training(artifacts, "mlp64", 2, with_calls=False),
        training(artifacts, "mlp64-dropout", 1),
        training(artifacts, "mlp10", 1),
        forward(artifacts, onnx_models, "mlp784"),
        forward(artifacts, onnx_models, "mlp64"),
        forward(artifacts, onnx_models, "mlp10"),
        load(artifacts),
        compiling(tenonc, "mlp784", "tenonc, 784-1024-1024-10 with its training step"),
        compiling(tenonc, "kernels30", "tenonc, 30 distinct kernels"),
    ]
