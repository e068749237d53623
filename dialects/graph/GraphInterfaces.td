// What the compiler may ask of an op instead of knowing its name. No method has a default body:
// an op that leaves one out does not link.
#ifndef TENON_GRAPH_INTERFACES
#define TENON_GRAPH_INTERFACES

include "mlir/IR/OpBase.td"

def Graph_GradientInterface : OpInterface<"GradientInterface"> {
  let cppNamespace = "::tenon::graph";
  let description = [{
    The adjoint of an op, written in graph ops. Each op's description states the mathematics and
    the value at kinks and ties.
  }];
  let methods = [InterfaceMethod<[{
      The adjoints of the operands, one each, for the adjoints `dy` of the results (never null).
      A null value says that the result does not depend on that operand differentiably and the
      adjoint is zero; the op's description says so. May use the forward results.
    }], "::llvm::SmallVector<::mlir::Value>", "buildGradient",
    (ins "::tenon::graph::GraphBuilder &":$b, "::mlir::ValueRange":$dy)>];
}

def Graph_ScalarBodyInterface : OpInterface<"ScalarBodyInterface"> {
  let cppNamespace = "::tenon::graph";
  let description = [{
    The meaning of one element of an elementwise op: used by the code generators of all targets
    and by constant folding, so that an op means the same everywhere.
  }];
  let methods = [InterfaceMethod<"The result element for one element of each operand.",
    "::tenon::graph::Scalar", "buildScalarBody",
    (ins "::tenon::graph::ScalarBuilder &":$b, "::llvm::ArrayRef<::tenon::graph::Scalar>":$x)>];
}

def Graph_ReductionInterface : OpInterface<"ReductionInterface"> {
  let cppNamespace = "::tenon::graph";
  let description = [{
    A reduction is a monoid: elements are lifted into accumulators, which merge associatively.
    The order of merging is the code generator's, and depends on sizes only.
  }];
  let methods = [
    InterfaceMethod<"The reduced axes of the operand, ascending.",
      "::llvm::ArrayRef<int64_t>", "getReducedAxes", (ins)>,
    InterfaceMethod<"The accumulators of no element.",
      "::llvm::SmallVector<::tenon::graph::Scalar>", "buildIdentity",
      (ins "::tenon::graph::ScalarBuilder &":$b)>,
    InterfaceMethod<[{The accumulators of one element; `index` is its i32 row-major position
      within the reduced axes.}],
      "::llvm::SmallVector<::tenon::graph::Scalar>", "buildLift",
      (ins "::tenon::graph::ScalarBuilder &":$b, "::tenon::graph::Scalar":$x,
           "::tenon::graph::Scalar":$index)>,
    InterfaceMethod<"The accumulators of both; `left` holds elements that come earlier or interleave.",
      "::llvm::SmallVector<::tenon::graph::Scalar>", "buildMerge",
      (ins "::tenon::graph::ScalarBuilder &":$b, "::llvm::ArrayRef<::tenon::graph::Scalar>":$left,
           "::llvm::ArrayRef<::tenon::graph::Scalar>":$right)>,
    InterfaceMethod<"Which accumulator is the result.", "unsigned", "getResultAccumulator", (ins)>
  ];
}

def Graph_IndexMapInterface : OpInterface<"IndexMapInterface"> {
  let cppNamespace = "::tenon::graph";
  let description = [{
    An op each of whose result elements is an element of its one operand, found by picking some of
    the result's indices: broadcast and transpose.
  }];
  let methods = [InterfaceMethod<"For each axis of the operand the axis of the result that indexes it.",
    "::llvm::SmallVector<int64_t>", "getOperandAxes", (ins)>];
}

def Graph_MoveInterface : OpInterface<"MoveInterface"> {
  let cppNamespace = "::tenon::graph";
  let description = [{
    An op each of whose result elements is an element of one of its operands, or 0. The result
    consists of pieces, each of them a part of one operand.
  }];
  let methods = [InterfaceMethod<[{
      The pieces, which do not overlap. A result element that is in none is 0.
    }], "::llvm::SmallVector<::tenon::graph::Piece>", "getPieces", (ins)>];
}

def Graph_ScatterInterface : OpInterface<"ScatterInterface"> {
  let cppNamespace = "::tenon::graph";
  let description = [{
    An op that adds the elements of its first operand to places that its second, of integers, names
    along one axis of the result. The axes before that one are the same in all three; the others of
    the second follow them in the first, and the axes of the result after that one are the last.
  }];
  let methods = [InterfaceMethod<"The axis of the result that the second operand indexes.",
    "int64_t", "getScatterAxis", (ins)>];
}

def Graph_FusionInterface : OpInterface<"FusionInterface"> {
  let cppNamespace = "::tenon::graph";
  let description = "How fusion and code generation see an op.";
  let methods = [StaticInterfaceMethod<"The op's kind.", "::tenon::graph::FusionKind",
                                       "getFusionKind", (ins)>];
}

def Graph_FunctionInterface : OpInterface<"FunctionInterface"> {
  let cppNamespace = "::tenon::graph";
  let description = [{
    An op that is a function of the language. The frontend finds it by name among the registered
    ops, binds the arguments by position or name and infers the result by InferTypeOpInterface; it
    holds no code for any single op.
  }];
  let methods = [
    StaticInterfaceMethod<"Its name in the language.", "::llvm::StringRef", "getFunctionName", (ins)>,
    StaticInterfaceMethod<[{
      Its parameters in order. A plain name is a tensor operand; operands are brought to one shape
      and dtype before the op is built. `over` is the attribute `axes` (one axis, a list, or all
      when left out).
    }], "::llvm::ArrayRef<::llvm::StringRef>", "getFunctionParameters", (ins)>
  ];
}

#endif
