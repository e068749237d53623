// The dialect, its buffer type and its attributes.
#ifndef TENON_EXEC_BASE
#define TENON_EXEC_BASE

include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/EnumAttr.td"
include "mlir/IR/OpBase.td"

def Exec_Dialect : Dialect {
  let name = "exec";
  let cppNamespace = "::tenon::exec";
  let summary = "What is serialised: buffers, launches and copies, one flat list per entry";
  let description = [{
    A module of this dialect is an artifact in the form of text: each operation and attribute
    stands for one table of `runtime/schema/program.fbs`, and translation adds nothing but byte
    layouts. The kernels that are launched are functions of the same module.

    A function that can be launched carries the attribute `exec.writes`, one boolean per buffer
    argument, true where the kernel writes it:

    ```mlir
    func.func @scale(%args: !llvm.ptr, %begin: i64, %end: i64)
        attributes {exec.writes = array<i1: false, true>} { ... }
    ```
  }];
  let useDefaultAttributePrinterParser = 1;
  let useDefaultTypePrinterParser = 1;
  let hasOperationAttrVerify = 1;
}

// ---- The buffer type --------------------------------------------------------------------------

def Exec_BufferType : TypeDef<Exec_Dialect, "Buffer"> {
  let mnemonic = "buffer";
  let summary = "row-major contiguous memory: `!exec.buffer<f32[batch, 10]>`";
  let description = [{
    The sizes are polynomials over the size names of the entry, the outermost axis first; rank 0 is
    written `!exec.buffer<f32>`. A buffer starts at a multiple of 64 bytes.

    (C1) The element type is f32, f64, i32, i64, i1 (one byte, 0 or 1) or i8 (bytes without meaning).
    (C2) No size is a negative constant, and the number of bytes does not overflow.
  }];
  let parameters = (ins "::mlir::Type":$elementType,
                        ArrayRefParameter<"::tenon::graph::SizeAttr">:$sizes);
  let builders = [
    TypeBuilderWithInferredContext<(ins "::mlir::Type":$elementType,
                                        "::llvm::ArrayRef<::tenon::graph::SizeAttr>":$sizes), [{
      return $_get(elementType.getContext(), elementType, sizes);
    }]>
  ];
  let hasCustomAssemblyFormat = 1;
  let genVerifyDecl = 1;
  let extraClassDeclaration = [{
    /// The number of bytes.
    ::tenon::graph::SizeAttr getBytes() const;
    /// All sizes are constants.
    bool isStatic() const;
    /// The type without its mnemonic, `f32[batch, 10]`.
    void printInline(::mlir::AsmPrinter &printer) const;
    static ::mlir::FailureOr<BufferType> parseInline(::mlir::AsmParser &parser);
  }];
}

// ---- Attributes -------------------------------------------------------------------------------

class Exec_Enum<string name, string summary, list<I32EnumAttrCase> cases>
    : I32EnumAttr<name, summary, cases> {
  let cppNamespace = "::tenon::exec";
  let genSpecializedAttr = 0;
}
class Exec_Attr<string name> : AttrDef<Exec_Dialect, name>;

def Exec_EntryKind : Exec_Enum<"EntryKind", "what an entry computes", [
    I32EnumAttrCase<"Function", 0, "function">, I32EnumAttrCase<"Step", 1, "step">,
    I32EnumAttrCase<"Evaluate", 2, "evaluate">, I32EnumAttrCase<"Predict", 3, "predict">,
    I32EnumAttrCase<"Prepare", 4, "prepare">]>;
def Exec_EntryKindAttr : EnumAttr<Exec_Dialect, Exec_EntryKind, "entry_kind">;

def Exec_InitKind : Exec_Enum<"InitKind", "a family of initial values", [
    I32EnumAttrCase<"Constant", 0, "constant">, I32EnumAttrCase<"Uniform", 1, "uniform">,
    I32EnumAttrCase<"Normal", 2, "normal">]>;

def Exec_SourceKind : Exec_Enum<"SourceKind", "where rows come from", [
    I32EnumAttrCase<"None", 0, "none">, I32EnumAttrCase<"Csv", 1, "csv">]>;
def Exec_SourceKindAttr : EnumAttr<Exec_Dialect, Exec_SourceKind, "source_kind">;

def Exec_FitKind : Exec_Enum<"FitKind", "which statistics of a raw group are fitted", [
    I32EnumAttrCase<"Standardize", 0, "standardize">, I32EnumAttrCase<"MinMax", 1, "minmax">]>;

def Exec_Relation : Exec_Enum<"Relation", "a comparison of two sizes", [
    I32EnumAttrCase<"Equal", 0, "eq">, I32EnumAttrCase<"LessEqual", 1, "le">,
    I32EnumAttrCase<"Less", 2, "lt">, I32EnumAttrCase<"GreaterEqual", 3, "ge">,
    I32EnumAttrCase<"Greater", 4, "gt">, I32EnumAttrCase<"NotEqual", 5, "ne">]>;

def Exec_TensorAttr : Exec_Attr<"Tensor"> {
  let mnemonic = "tensor";
  let summary = "a typed, named value of an interface: `#exec.tensor<x : f32[batch, 10] \"features\">`";
  let parameters = (ins StringRefParameter<"name in the interface">:$name,
                        "::tenon::exec::BufferType":$type,
                        StringRefParameter<"what its reader should know", "\"\"">:$doc);
  let hasCustomAssemblyFormat = 1;
  let extraClassDeclaration = [{
    /// The attribute without its mnemonic.
    void printInline(::mlir::AsmPrinter &printer) const;
    static ::mlir::FailureOr<TensorAttr> parseInline(::mlir::AsmParser &parser);
  }];
}

def Exec_RequireAttr : Exec_Attr<"Require"> {
  let mnemonic = "require";
  let summary = "a relation of sizes checked before an entry runs: `#exec.require<batch ge 2, \"a variance needs two rows\">`";
  let parameters = (ins "::tenon::graph::SizeAttr":$left, EnumParameter<Exec_Relation>:$relation,
                        "::tenon::graph::SizeAttr":$right, StringRefParameter<"for the user">:$message,
                        DefaultValuedParameter<"int64_t", "0", "of the model text">:$line);
  let assemblyFormat = [{
    `<` custom<Size>($left) $relation custom<Size>($right) `,` $message
    (`,` `line` `=` $line^)? `>`
  }];
}

def Exec_InitAttr : Exec_Attr<"Init"> {
  let mnemonic = "init";
  let summary = "initial values: `#exec.init<uniform -1.0, 1.0>`";
  let description = [{
    | kind | a | b |
    |---|---|---|
    | `constant` | the value | 0 |
    | `uniform` | lower bound | upper bound, not reached |
    | `normal` | mean | standard deviation |

    (C1) All numbers are finite.
    (C2) b is 0 for `constant`, at least a for `uniform`, and not negative for `normal`.
  }];
  let parameters = (ins EnumParameter<Exec_InitKind>:$kind, "::mlir::FloatAttr":$first,
                        "::mlir::FloatAttr":$second);
  let assemblyFormat = "`<` $kind custom<Double>($first) `,` custom<Double>($second) `>`";
  let builders = [AttrBuilder<(ins "InitKind":$kind, "double":$a, "double":$b), [{
    ::mlir::Type f64 = ::mlir::Float64Type::get($_ctxt);
    return $_get($_ctxt, kind, ::mlir::FloatAttr::get(f64, a), ::mlir::FloatAttr::get(f64, b));
  }]>];
  let extraClassDeclaration = [{
    double getA() const { return getFirst().getValueAsDouble(); }
    double getB() const { return getSecond().getValueAsDouble(); }
  }];
  let genVerifyDecl = 1;
}

def Exec_LayoutKind : Exec_Enum<"LayoutKind", "how a matrix is cut into panels", [
    I32EnumAttrCase<"Packed", 1, "packed">,
    I32EnumAttrCase<"PackedTransposed", 2, "packed_transposed">]>;

def Exec_LayoutAttr : Exec_Attr<"Layout"> {
  let mnemonic = "layout";
  let summary = "a parameter in panels: `#exec.layout<packed 16>`";
  let description = [{
    The memory of a variable f32[N, K] is a buffer f32[ceil(N / lanes), K, lanes] for `packed`,
    panels of rows, and f32[ceil(K / lanes), N, lanes] for `packed_transposed`, panels of columns.
    `program.fbs` says where each element is.

    (C1) `lanes` is a power of two from 4 to 64.
  }];
  let parameters = (ins EnumParameter<Exec_LayoutKind>:$kind, "unsigned":$lanes);
  let assemblyFormat = "`<` $kind $lanes `>`";
  let genVerifyDecl = 1;
  let extraClassDeclaration = [{
    /// The type of the memory of a variable of two axes.
    ::tenon::exec::BufferType getStorageType(::tenon::exec::BufferType type) const;
  }];
}

def Exec_RawGroupAttr : Exec_Attr<"RawGroup"> {
  let mnemonic = "raw";
  let summary = "an f64[rows, columns] matrix read from the source: `#exec.raw<\"x\" [\"age\", \"sex\"]>`";
  let description = [{
    Columns are named by header (a string) or by position from 0 (an i64). With a type
    (`#exec.raw<"label" ["class"] as i32>`) every cell must be a number of that type.

    (C1) There is a column, and each is a string or a non-negative i64.
    (C2) The type is f32, f64, i32, i64 or i1.
  }];
  let parameters = (ins StringRefParameter<"of the input it feeds">:$name, "::mlir::ArrayAttr":$columns,
                        OptionalParameter<"::mlir::Type", "of every cell; absent: f64">:$type,
                        DefaultValuedParameter<"int64_t", "0", "of the model text">:$line);
  let assemblyFormat = "`<` $name $columns (`as` $type^)? (`,` `line` `=` $line^)? `>`";
  let genVerifyDecl = 1;
}

def Exec_FitAttr : Exec_Attr<"Fit"> {
  let mnemonic = "fit";
  let summary = "two f64[columns] vectors fitted on the train rows of a raw group: `#exec.fit<standardize \"x.0\" of 0>`";
  let description = [{
    They feed the inputs `NAME.shift` and `NAME.scale`: mean and population deviation for
    `standardize`, minimum and (maximum - minimum) for `minmax`.
  }];
  let parameters = (ins EnumParameter<Exec_FitKind>:$kind, StringRefParameter<"unique">:$name,
                        "int64_t":$raw, DefaultValuedParameter<"int64_t", "0", "of the model text">:$line);
  let assemblyFormat = "`<` $kind $name `of` $raw (`,` `line` `=` $line^)? `>`";
}

def Exec_SplitPartAttr : Exec_Attr<"SplitPart"> {
  let mnemonic = "split";
  let summary = "a part of a random split: `#exec.split<\"train\" 0.8>`";
  let parameters = (ins StringRefParameter<"train, val or test">:$name, "::mlir::FloatAttr":$amount);
  let assemblyFormat = "`<` $name custom<Double>($amount) `>`";
  let builders = [AttrBuilder<(ins "::llvm::StringRef":$name, "double":$fraction), [{
    return $_get($_ctxt, name, ::mlir::FloatAttr::get(::mlir::Float64Type::get($_ctxt), fraction));
  }]>];
  let extraClassDeclaration =
      "double getFraction() const { return getAmount().getValueAsDouble(); }";
}

def Exec_PredictionAttr : Exec_Attr<"Prediction"> {
  let mnemonic = "prediction";
  let summary = "a predicted column: `#exec.prediction<\"progression\" like 1>`";
  let description = [{
    `like` is the position of the raw group whose units the prediction has; absent when it has none.
  }];
  let parameters = (ins StringRefParameter<"output and column name">:$name,
                        DefaultValuedParameter<"int64_t", "-1">:$like);
  let assemblyFormat = "`<` $name (`like` $like^)? `>`";
}

// ---- Constraints ------------------------------------------------------------------------------

class Exec_Constraint<string attribute, string summary>
    : Attr<CPred<"::llvm::isa<::tenon::" # attribute # ">($_self)">, summary> {
  let storageType = "::tenon::" # attribute;
  let returnType = "::tenon::" # attribute;
  let convertFromStorage = "$_self";
}
def Exec_Size : Exec_Constraint<"graph::SizeAttr", "size">;
def Exec_Duration : Exec_Constraint<"graph::DurationAttr", "duration">;
def Exec_SizeArray : TypedArrayAttrBase<Exec_Size, "list of sizes">;
def Exec_TensorArray : TypedArrayAttrBase<Exec_TensorAttr, "list of named tensors">;
def Exec_RequireArray : TypedArrayAttrBase<Exec_RequireAttr, "list of requirements">;
def Exec_RawGroupArray : TypedArrayAttrBase<Exec_RawGroupAttr, "list of raw groups">;
def Exec_FitArray : TypedArrayAttrBase<Exec_FitAttr, "list of fits">;
def Exec_SplitArray : TypedArrayAttrBase<Exec_SplitPartAttr, "list of split parts">;
def Exec_PredictionArray : TypedArrayAttrBase<Exec_PredictionAttr, "list of predictions">;

#endif
