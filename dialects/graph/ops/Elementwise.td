// Elementwise ops: one result element from the operands' elements at the same index.
#ifndef TENON_GRAPH_OPS_ELEMENTWISE
#define TENON_GRAPH_OPS_ELEMENTWISE

include "dialects/graph/GraphOpBase.td"

class Graph_ElementwiseOp<string mnemonic, list<Trait> traits = []>
    : Graph_PureOp<mnemonic, "Elementwise",
                   !listconcat([DeclareOpInterfaceMethods<Graph_ScalarBodyInterface>], traits)> {
  let hasFolder = 1;
}

class Graph_UnaryOp<string mnemonic, Type type, string function = mnemonic>
    : Graph_ElementwiseOp<mnemonic, !listconcat([AllTypesMatch<["x", "y"]> /*C1*/],
                                                Graph_Function<function, ["x"]>.traits)> {
  let arguments = (ins type:$x);
  let results = (outs type:$y);
  let assemblyFormat = "$x attr-dict `:` qualified(type($y))";
  let extraClassDefinition = fusionDefinition # Graph_Function<function, ["x"]>.definition;
}

class Graph_BinaryOp<string mnemonic, Type type, string function = mnemonic, list<Trait> traits = []>
    : Graph_ElementwiseOp<mnemonic, !listconcat([AllTypesMatch<["a", "b", "y"]> /*C1*/], traits,
                                                Graph_Function<function, ["a", "b"]>.traits)> {
  let arguments = (ins type:$a, type:$b);
  let results = (outs type:$y);
  let assemblyFormat = "$a `,` $b attr-dict `:` qualified(type($y))";
  let extraClassDefinition = fusionDefinition # Graph_Function<function, ["a", "b"]>.definition;
}

// ---- Arithmetic -----------------------------------------------------------------------------

def Graph_AddOp : Graph_BinaryOp<"add", Graph_NumberTensor, "operator+", [Commutative]> {
  let summary = "y = a + b";
  let description = [{
    (C1) a, b and y have one type. Integers wrap around.
    Gradient: da = dy, db = dy.
    Example: `%y = graph.add %a, %b : !graph.tensor<f32[batch, 4]>`
  }];
}

def Graph_SubOp : Graph_BinaryOp<"sub", Graph_NumberTensor, "operator-"> {
  let summary = "y = a - b";
  let description = [{
    (C1) a, b and y have one type. Integers wrap around.
    Gradient: da = dy, db = -dy.
    Example: `%y = graph.sub %a, %b : !graph.tensor<f32[batch, 4]>`
  }];
}

def Graph_MulOp : Graph_BinaryOp<"mul", Graph_NumberTensor, "operator*", [Commutative]> {
  let summary = "y = a * b";
  let description = [{
    (C1) a, b and y have one type. Integers wrap around.
    Gradient: da = dy * b, db = dy * a.
    Example: `%y = graph.mul %a, %b : !graph.tensor<f32[batch, 4]>`
  }];
}

def Graph_DivOp : Graph_BinaryOp<"div", Graph_FloatTensor, "operator/"> {
  let summary = "y = a / b";
  let description = [{
    (C1) a, b and y have one type. IEEE division: x/0 is an infinity, 0/0 NaN.
    Gradient: da = dy / b, db = -dy * y / b.
    Example: `%y = graph.div %a, %b : !graph.tensor<f32[batch, 4]>`
  }];
}

def Graph_MaxOp : Graph_BinaryOp<"max", Graph_NumberTensor> {
  let summary = "y = the larger of a and b";
  let description = [{
    (C1) a, b and y have one type. NaN if either is NaN; of -0.0 and +0.0 either may come.
    Gradient: dy goes to a where a >= b, else to b; so a tie goes to a.
    Example: `%y = graph.max %a, %b : !graph.tensor<f32[batch, 4]>`
  }];
}

def Graph_MinOp : Graph_BinaryOp<"min", Graph_NumberTensor> {
  let summary = "y = the smaller of a and b";
  let description = [{
    (C1) a, b and y have one type. NaN if either is NaN; of -0.0 and +0.0 either may come.
    Gradient: dy goes to a where a <= b, else to b; so a tie goes to a.
    Example: `%y = graph.min %a, %b : !graph.tensor<f32[batch, 4]>`
  }];
}

def Graph_NegOp : Graph_UnaryOp<"neg", Graph_NumberTensor, "operator-"> {
  let summary = "y = -x";
  let description = [{
    (C1) y has the type of x. Flips the sign bit of floats, of NaN and zero too.
    Gradient: dx = -dy.
    Example: `%y = graph.neg %x : !graph.tensor<f32[batch, 4]>`
  }];
}

def Graph_AbsOp : Graph_UnaryOp<"abs", Graph_NumberTensor> {
  let summary = "y = |x|";
  let description = [{
    (C1) y has the type of x. The smallest integer stays as it is.
    Gradient: dx = dy * sign(x); 0 at 0.
    Example: `%y = graph.abs %x : !graph.tensor<f32[batch, 4]>`
  }];
}

def Graph_SignOp : Graph_UnaryOp<"sign", Graph_NumberTensor> {
  let summary = "y = -1, 0 or 1 by the sign of x";
  let description = [{
    (C1) y has the type of x. Zeros keep their sign, NaN stays NaN.
    Gradient: zero, also at 0.
    Example: `%y = graph.sign %x : !graph.tensor<f32[batch, 4]>`
  }];
}

// ---- Functions ------------------------------------------------------------------------------

def Graph_SqrtOp : Graph_UnaryOp<"sqrt", Graph_FloatTensor> {
  let summary = "y = the square root of x, correctly rounded";
  let description = [{
    (C1) y has the type of x. NaN below zero; sqrt(-0.0) = -0.0.
    Gradient: dx = dy / (2 y); infinite at 0.
    Example: `%y = graph.sqrt %x : !graph.tensor<f32[batch, 4]>`
  }];
}

def Graph_ExpOp : Graph_UnaryOp<"exp", Graph_F32Tensor> {
  let summary = "y = e^x";
  let description = [{
    (C1) y has the type of x. Error at most 2 units in the last place; subnormal results too.
    Gradient: dx = dy * y.
    Example: `%y = graph.exp %x : !graph.tensor<f32[batch, 4]>`
  }];
}

def Graph_LogOp : Graph_UnaryOp<"log", Graph_F32Tensor> {
  let summary = "y = the natural logarithm of x";
  let description = [{
    (C1) y has the type of x. -inf at 0, NaN below; subnormal arguments too.
    Gradient: dx = dy / x.
    Example: `%y = graph.log %x : !graph.tensor<f32[batch, 4]>`
  }];
}

def Graph_TanhOp : Graph_UnaryOp<"tanh", Graph_F32Tensor> {
  let summary = "y = tanh(x)";
  let description = [{
    (C1) y has the type of x.
    Gradient: dx = dy * (1 - y*y), defined everywhere.
    Example: `%y = graph.tanh %x : !graph.tensor<f32[batch, 4]>`
  }];
}

def Graph_ErfOp : Graph_UnaryOp<"erf", Graph_F32Tensor> {
  let summary = "y = the error function of x";
  let description = [{
    (C1) y has the type of x. erf(x) = 2/sqrt(pi) times the integral of exp(-t*t) from 0 to x.
    Gradient: dx = dy * 2/sqrt(pi) * exp(-x*x).
    Example: `%y = graph.erf %x : !graph.tensor<f32[batch, 4]>`
  }];
}

class Graph_CircularOp<string mnemonic, string derivative> : Graph_UnaryOp<mnemonic, Graph_F32Tensor> {
  let summary = "y = " # mnemonic # "(x), x in radians";
  let description = [{
    (C1) y has the type of x. NaN for infinities. Accurate for |x| up to 2^20; far beyond, where f32
    numbers lie whole turns apart, y is some number in [-1, 1], the same on every processor.
    Gradient: dx = }] # derivative # [{.
    Example: `%y = graph.}] # mnemonic # [{ %x : !graph.tensor<f32[batch, 4]>`
  }];
}
def Graph_SinOp : Graph_CircularOp<"sin", "dy * cos(x)">;
def Graph_CosOp : Graph_CircularOp<"cos", "-dy * sin(x)">;

// ---- Rounding -------------------------------------------------------------------------------

def Graph_FloorOp : Graph_UnaryOp<"floor", Graph_FloatTensor> {
  let summary = "y = the largest integer not above x";
  let description = [{
    (C1) y has the type of x.
    Gradient: zero, also at the steps.
    Example: `%y = graph.floor %x : !graph.tensor<f32[batch, 4]>`
  }];
}

def Graph_CeilOp : Graph_UnaryOp<"ceil", Graph_FloatTensor> {
  let summary = "y = the smallest integer not below x";
  let description = [{
    (C1) y has the type of x.
    Gradient: zero, also at the steps.
    Example: `%y = graph.ceil %x : !graph.tensor<f32[batch, 4]>`
  }];
}

def Graph_RoundOp : Graph_UnaryOp<"round", Graph_FloatTensor> {
  let summary = "y = the integer nearest to x, ties to even";
  let description = [{
    (C1) y has the type of x.
    Gradient: zero, also at the steps.
    Example: `%y = graph.round %x : !graph.tensor<f32[batch, 4]>`
  }];
}

def Graph_TruncOp : Graph_UnaryOp<"trunc", Graph_FloatTensor> {
  let summary = "y = x without its fraction: the nearest integer toward zero";
  let description = [{
    (C1) y has the type of x. Keeps the sign, of zeros too: trunc(-0.5) = -0.0.
    Gradient: zero, also at the steps.
    Example: `%y = graph.trunc %x : !graph.tensor<f32[batch, 4]>`
  }];
}

// ---- Booleans, selection, conversion --------------------------------------------------------

def Graph_ComparePredicate : I32EnumAttr<"ComparePredicate", "a comparison", [
    I32EnumAttrCase<"eq", 0>, I32EnumAttrCase<"ne", 1>, I32EnumAttrCase<"lt", 2>,
    I32EnumAttrCase<"le", 3>, I32EnumAttrCase<"gt", 4>, I32EnumAttrCase<"ge", 5>]> {
  let cppNamespace = "::tenon::graph";
}

def Graph_CompareOp : Graph_ElementwiseOp<"compare",
    [AllTypesMatch<["a", "b"]> /*C1*/, InferTypeOpAdaptor]> {
  let summary = "y = a eq|ne|lt|le|gt|ge b";
  let description = [{
    (C1) a and b have one type. (C2) y has their shape and i1 elements.
    IEEE: every comparison with NaN but `ne` is false.
    Gradient: none, the result is boolean.
    Example: `%y = graph.compare lt %a, %b : !graph.tensor<f32[batch, 4]>`
  }];
  let arguments = (ins EnumProp<Graph_ComparePredicate>:$predicate, Graph_Tensor:$a, Graph_Tensor:$b);
  let results = (outs Graph_BoolTensor:$y);
  let assemblyFormat = "$predicate $a `,` $b attr-dict `:` qualified(type($a))";
}

def Graph_AndOp : Graph_BinaryOp<"and", Graph_BoolTensor, "operator and", [Commutative]> {
  let summary = "y = a and b";
  let description = [{
    (C1) a, b and y have one type.
    Gradient: none, the result is boolean.
    Example: `%y = graph.and %a, %b : !graph.tensor<i1[batch]>`
  }];
}

def Graph_OrOp : Graph_BinaryOp<"or", Graph_BoolTensor, "operator or", [Commutative]> {
  let summary = "y = a or b";
  let description = [{
    (C1) a, b and y have one type.
    Gradient: none, the result is boolean.
    Example: `%y = graph.or %a, %b : !graph.tensor<i1[batch]>`
  }];
}

def Graph_NotOp : Graph_UnaryOp<"not", Graph_BoolTensor, "operator not"> {
  let summary = "y = not x";
  let description = [{
    (C1) y has the type of x.
    Gradient: none, the result is boolean.
    Example: `%y = graph.not %x : !graph.tensor<i1[batch]>`
  }];
}

def Graph_SelectOp : Graph_ElementwiseOp<"select", !listconcat(
    [AllTypesMatch<["a", "b", "y"]> /*C1*/], Graph_Function<"where", ["condition?", "a", "b"]>.traits)> {
  let summary = "y = a where the condition holds, else b";
  let description = [{
    (C1) a, b and y have one type. (C2) the condition has their shape.
    The operand that is not selected does not matter, NaN or not.
    Gradient: da = dy where the condition holds, else 0; db the other way round.
    Example: `%y = graph.select %c, %a, %b : !graph.tensor<f32[batch, 4]>`
  }];
  let arguments = (ins Graph_BoolTensor:$condition, Graph_Tensor:$a, Graph_Tensor:$b);
  let results = (outs Graph_Tensor:$y);
  let hasCustomAssemblyFormat = 1;
  let hasVerifier = 1;
  let extraClassDefinition = fusionDefinition # Graph_Function<"where", ["condition?", "a", "b"]>.definition;
}

def Graph_ConvertOp : Graph_ElementwiseOp<"convert"> {
  let summary = "y = x in another element type";
  let description = [{
    (C1) x and y have one shape.
    Float to float rounds to nearest even; float to integer truncates toward zero and saturates,
    NaN gives 0; number to boolean is x != 0; boolean to number is 0 or 1.
    Gradient: between float types dx = dy converted back; else none.
    Example: `%y = graph.convert %x : !graph.tensor<f64[batch]> -> !graph.tensor<f32[batch]>`
  }];
  let arguments = (ins Graph_Tensor:$x);
  let results = (outs Graph_Tensor:$y);
  let assemblyFormat = "$x attr-dict `:` qualified(type($x)) `->` qualified(type($y))";
  let hasVerifier = 1;
}

def Graph_CheckedConvertOp : Graph_ElementwiseOp<"checked_convert"> {
  let summary = "y = x in another element type, which every element must be a number of";
  let description = [{
    (C1) x and y have one shape. (C2) x is f64.
    As graph.convert, but the run ends with an error at an element that y would not hold: one that
    is not finite in a float type, not whole, out of range or beyond 2^53 in an integer type, neither
    0 nor 1 in bool. `field` says for which field of its data block x was computed.
    Gradient: to a float type dx = dy converted back; else none.
    Example: `%y = graph.checked_convert %x, field 0 : !graph.tensor<f64[batch]> -> !graph.tensor<i32[batch]>`
  }];
  let arguments = (ins Graph_Tensor:$x, I64Attr:$field);
  let results = (outs Graph_Tensor:$y);
  let assemblyFormat = "$x `,` `field` $field attr-dict `:` qualified(type($x)) `->` qualified(type($y))";
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    /// Whether the type of `y` holds `x`, of which `y` is the conversion.
    ::tenon::graph::Scalar buildCheck(::tenon::graph::ScalarBuilder &b, ::tenon::graph::Scalar x,
                                      ::tenon::graph::Scalar y);
  }];
}

def Graph_StopGradientOp : Graph_ElementwiseOp<"stop_gradient", !listconcat(
    [AllTypesMatch<["x", "y"]> /*C1*/], Graph_Function<"stop_gradient", ["x"]>.traits)> {
  let summary = "y = x, without a derivative";
  let description = [{
    (C1) y has the type of x.
    Gradient: zero by definition.
    Example: `%y = graph.stop_gradient %x : !graph.tensor<f32[batch, 4]>`
  }];
  let arguments = (ins Graph_Tensor:$x);
  let results = (outs Graph_Tensor:$y);
  let assemblyFormat = "$x attr-dict `:` qualified(type($y))";
  let extraClassDefinition = fusionDefinition # Graph_Function<"stop_gradient", ["x"]>.definition;
}

#endif
