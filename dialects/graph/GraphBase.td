// The dialect, its size algebra and its tensor type.
#ifndef TENON_GRAPH_BASE
#define TENON_GRAPH_BASE

include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/BuiltinAttributeInterfaces.td"
include "mlir/IR/BuiltinTypeInterfaces.td"
include "mlir/IR/EnumAttr.td"
include "mlir/IR/OpBase.td"

def Graph_Dialect : Dialect {
  let name = "graph";
  let cppNamespace = "::tenon::graph";
  let summary = "Tensors as values: what the frontend emits and automatic differentiation rewrites";
  let description = [{
    An entry of a program is one flat function of pure tensor operations. Shapes are lists of
    sizes, and a size is a polynomial over the size names of the function, so that two shapes are
    equal exactly when they print alike. Weights never stand in the IR: they are read and written
    by the path they have in weights files.
  }];
  let useDefaultAttributePrinterParser = 1;
  let useDefaultTypePrinterParser = 1;
  let hasConstantMaterializer = 1;
  let hasOperationAttrVerify = 1;
  let extraClassDeclaration = "void registerAttributes(); void registerTypes();";
}

class Graph_Attr<string name, list<Trait> traits = []> : AttrDef<Graph_Dialect, name, traits>;

// ---- Sizes ----------------------------------------------------------------------------------

def Graph_MonomialAttr : Graph_Attr<"Monomial"> {
  let attrName = "graph.monomial";
  let summary = "coefficient times a sorted product of atoms; an atom is a name or a floor division";
  let parameters = (ins "int64_t":$coefficient, ArrayRefParameter<"::mlir::Attribute">:$atoms);
}

def Graph_FloorDivAttr : Graph_Attr<"FloorDiv"> {
  let attrName = "graph.floordiv";
  let summary = "the atom floor(num / den)";
  let parameters = (ins "::tenon::graph::SizeAttr":$num, "::tenon::graph::SizeAttr":$den);
}

def Graph_SizeAttr : Graph_Attr<"Size"> {
  let mnemonic = "size";
  let summary = "a size: a polynomial with integer coefficients over size names and floor divisions";
  let description = [{
    The terms are sorted by degree, then by text, without zero coefficients: a normal form, so
    equal sizes are the same attribute. Written `2*seq+1`, `floor(n, 2)`.
    The arithmetic returns null when a coefficient overflows int64; null operands give null.
  }];
  let parameters = (ins ArrayRefParameter<"::tenon::graph::MonomialAttr">:$terms);
  let skipDefaultBuilders = 1;
  let builders = [AttrBuilder<(ins "::llvm::ArrayRef<::tenon::graph::MonomialAttr>":$terms)>];
  let hasCustomAssemblyFormat = 1;
  let extraClassDeclaration = [{
    static SizeAttr constant(::mlir::MLIRContext *context, int64_t value);
    static SizeAttr symbol(::mlir::MLIRContext *context, ::llvm::StringRef name);
    /// The product of all sizes; 1 for none.
    static SizeAttr product(::mlir::MLIRContext *context, ::llvm::ArrayRef<SizeAttr> sizes);

    SizeAttr add(SizeAttr other) const;
    SizeAttr sub(SizeAttr other) const;
    SizeAttr mul(SizeAttr other) const;
    /// The quotient when `other` provably divides this size, else null.
    SizeAttr divExact(SizeAttr other) const;
    /// floor(this / other); null when other is zero or a negative constant.
    SizeAttr divFloor(SizeAttr other) const;
    /// ceil(this / k) for a constant k > 0.
    SizeAttr divCeil(int64_t k) const;

    std::optional<int64_t> getConstant() const;
    bool isConstant(int64_t value) const { return getConstant() == value; }
    /// The name this size consists of, or empty.
    ::llvm::StringRef getName() const;
    void collectNames(::llvm::SetVector<::mlir::StringAttr> &names) const;
    /// Replaces names; those for which `f` returns null stay.
    SizeAttr substitute(::llvm::function_ref<SizeAttr(::mlir::StringAttr)> f) const;
    /// The value for given values of the names; nothing on overflow, division by a number
    /// below 1, or an unknown name.
    std::optional<int64_t>
    evaluate(::llvm::function_ref<std::optional<int64_t>(::llvm::StringRef)> valueOf) const;

    void printInline(::llvm::raw_ostream &os) const;
    std::string str() const;
    static ::mlir::FailureOr<SizeAttr> parseInline(::mlir::AsmParser &parser);
  }];
}

// ---- Durations ------------------------------------------------------------------------------

def Graph_DurationUnit : I32EnumAttr<"DurationUnit", "what a duration counts", [
    I32EnumAttrCase<"Steps", 0, "steps">, I32EnumAttrCase<"Epochs", 1, "epochs">,
    I32EnumAttrCase<"Fraction", 2, "fraction">]> {
  let cppNamespace = "::tenon::graph";
}

def Graph_DurationAttr : Graph_Attr<"Duration"> {
  let mnemonic = "duration";
  let summary = "a length of training: `#graph.duration<2.0e+01 epochs>`; a fraction is of the run";
  let parameters = (ins "::mlir::FloatAttr":$amount, EnumParameter<Graph_DurationUnit>:$unit);
  let builders = [AttrBuilder<(ins "double":$value, "::tenon::graph::DurationUnit":$unit), [{
    return $_get($_ctxt, ::mlir::FloatAttr::get(::mlir::Float64Type::get($_ctxt), value), unit);
  }]>];
  let extraClassDeclaration = "double getValue() const { return getAmount().getValueAsDouble(); }";
  let hasCustomAssemblyFormat = 1;
}

// ---- The tensor type ------------------------------------------------------------------------

def Graph_ValueSemantics : NativeTypeTrait<"ValueSemantics"> { let cppNamespace = "::mlir"; }

def Graph_SizedTensorType : TypeDef<Graph_Dialect, "SizedTensor",
    [DeclareTypeInterfaceMethods<ShapedTypeInterface>, Graph_ValueSemantics]> {
  let mnemonic = "tensor";
  let summary = "a tensor whose extents are sizes: `!graph.tensor<f32[batch, 2*seq+1, 768]>`";
  let description = [{
    Row-major, axes ordered, rank 0 written `!graph.tensor<f32>`.
    (C1) The element type is f32, f64, i32, i64 or i1.
    (C2) No size is a negative constant.
  }];
  let parameters = (ins "::mlir::Type":$elementType, ArrayRefParameter<"::tenon::graph::SizeAttr">:$sizes);
  let storageClass = "SizedTensorStorage";
  let storageNamespace = "detail";
  let genStorageClass = 0;
  let genAccessors = 0;
  let hasCustomAssemblyFormat = 1;
  let genVerifyDecl = 1;
  let builders = [
    TypeBuilderWithInferredContext<(ins "::mlir::Type":$elementType,
                                        "::llvm::ArrayRef<::tenon::graph::SizeAttr>":$sizes), [{
      return $_get(elementType.getContext(), elementType, sizes);
    }]>
  ];
  let extraClassDeclaration = [{
    ::llvm::ArrayRef<::tenon::graph::SizeAttr> getSizes() const;
    int64_t rank() const { return getSizes().size(); }
    /// The number of elements.
    ::tenon::graph::SizeAttr numElements() const;
    SizedTensorType withElementType(::mlir::Type elementType) const;
    SizedTensorType withSizes(::llvm::ArrayRef<::tenon::graph::SizeAttr> sizes) const;
  }];
}

class Graph_TensorOf<string elements, string condition> : Type<
    And<[Graph_SizedTensorType.predicate,
         CPred<"[](::mlir::Type e) { return " # condition #
               "; }(::llvm::cast<::tenon::graph::SizedTensorType>($_self).getElementType())">]>,
    "tensor of " # elements, "::tenon::graph::SizedTensorType">;

def Graph_Tensor : Graph_TensorOf<"any element type", "(void)e, true">;
def Graph_F32Tensor : Graph_TensorOf<"f32", "e.isF32()">;
def Graph_FloatTensor : Graph_TensorOf<"f32 or f64", "e.isF32() || e.isF64()">;
def Graph_NumberTensor : Graph_TensorOf<"numbers", "!e.isInteger(1)">;
def Graph_BoolTensor : Graph_TensorOf<"booleans", "e.isInteger(1)">;
def Graph_I32Tensor : Graph_TensorOf<"i32", "e.isInteger(32)">;
def Graph_IndexTensor : Graph_TensorOf<"i32 or i64", "e.isInteger(32) || e.isInteger(64)">;

#endif
