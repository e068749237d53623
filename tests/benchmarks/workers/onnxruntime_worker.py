"""ONNX Runtime as the harness measures it.

usage: python onnxruntime_worker.py THREADS      (requests: Serve.h)

    open NAME forward SIZES BATCH      an MLP with buffers bound once; sizes as 784,1024,10
"""
import sys

import numpy
import onnx
import onnxruntime

from serve import serve, timed

OPSET, IR = 17, 8


def mlp(sizes, batch):
    """The model's bytes: Gemm and Relu with PyTorch's layout of the weights."""
    random = numpy.random.default_rng(1)
    nodes, weights, value = [], [], "x"
    for i, (inputs, outputs) in enumerate(zip(sizes, sizes[1:])):
        last = i + 2 == len(sizes)
        for name, shape in [(f"weight{i}", (outputs, inputs)), (f"bias{i}", (outputs,))]:
            values = random.uniform(-1, 1, shape).astype(numpy.float32) / inputs ** 0.5
            weights.append(onnx.numpy_helper.from_array(values, name))
        result = "y" if last else f"linear{i}"
        nodes.append(onnx.helper.make_node("Gemm", [value, f"weight{i}", f"bias{i}"], [result], transB=1))
        if not last:
            value = f"hidden{i}"
            nodes.append(onnx.helper.make_node("Relu", [result], [value]))
    array = onnx.helper.make_tensor_value_info
    graph = onnx.helper.make_graph(nodes, "mlp", [array("x", onnx.TensorProto.FLOAT, [batch, sizes[0]])],
                                   [array("y", onnx.TensorProto.FLOAT, [batch, sizes[-1]])], weights)
    model = onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", OPSET)], ir_version=IR)
    return model.SerializeToString()


def forward_workload(sizes, batch, threads):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_ALL
    session = onnxruntime.InferenceSession(mlp(sizes, batch), options, providers=["CPUExecutionProvider"])
    x = onnxruntime.OrtValue.ortvalue_from_numpy(numpy.ones((batch, sizes[0]), numpy.float32))
    y = onnxruntime.OrtValue.ortvalue_from_numpy(numpy.zeros((batch, sizes[-1]), numpy.float32))
    binding = session.io_binding()
    binding.bind_ortvalue_input("x", x)
    binding.bind_ortvalue_output("y", y)
    # Beneath the Python wrapper, whose checks would be measured too.
    run, bound = session._sess.run_with_iobinding, binding._iobinding
    return lambda count: timed(count, lambda: run(bound, None))


def open_workload(words):
    kind, sizes, batch = words
    if kind != "forward":
        raise ValueError(f"unknown workload '{kind}'")
    return forward_workload([int(size) for size in sizes.split(",")], int(batch), int(sys.argv[1]))


if __name__ == "__main__":
    serve(f"ONNX Runtime {onnxruntime.__version__}", open_workload)
