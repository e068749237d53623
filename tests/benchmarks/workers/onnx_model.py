"""Writes an MLP as an ONNX file: Gemm and Relu with PyTorch's layout of the weights.

usage: python onnx_model.py SIZES BATCH FILE      (sizes as 784,1024,10; input "x", output "y")
"""
import sys

import numpy
import onnx

OPSET, IR = 17, 8


def mlp(sizes, batch):
    random = numpy.random.default_rng(1)
    nodes, weights, value = [], [], "x"
    for i, (inputs, outputs) in enumerate(zip(sizes, sizes[1:])):
        last = i + 2 == len(sizes)
        for name, shape in [(f"weight{i}", (outputs, inputs)), (f"bias{i}", (outputs,))]:
            values = random.uniform(-1, 1, shape).astype(numpy.float32) / numpy.float32(inputs) ** 0.5
            weights.append(onnx.numpy_helper.from_array(values, name))
        result = "y" if last else f"linear{i}"
        nodes.append(onnx.helper.make_node("Gemm", [value, f"weight{i}", f"bias{i}"], [result], transB=1))
        if not last:
            value = f"hidden{i}"
            nodes.append(onnx.helper.make_node("Relu", [result], [value]))
    array = onnx.helper.make_tensor_value_info
    graph = onnx.helper.make_graph(nodes, "mlp", [array("x", onnx.TensorProto.FLOAT, [batch, sizes[0]])],
                                   [array("y", onnx.TensorProto.FLOAT, [batch, sizes[-1]])], weights)
    return onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", OPSET)], ir_version=IR)


if __name__ == "__main__":
    onnx.save(mlp([int(size) for size in sys.argv[1].split(",")], int(sys.argv[2])), sys.argv[3])
