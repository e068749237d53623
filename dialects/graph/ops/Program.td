// The structure of a program: parameters, entries, data, training.
#ifndef TENON_GRAPH_OPS_PROGRAM
#define TENON_GRAPH_OPS_PROGRAM

include "dialects/graph/GraphOpBase.td"
include "mlir/IR/SymbolInterfaces.td"
include "mlir/Interfaces/FunctionInterfaces.td"

class Graph_ProgramOp<string mnemonic, list<Trait> traits = []> : Graph_Op<mnemonic, "Program", traits>;

// ---- Parameters and states ------------------------------------------------------------------

def Graph_InitAttr : Graph_Attr<"Init"> {
  let mnemonic = "init";
  let summary = "an initialiser: `constant(a)`, `uniform(a, b)` in [a, b), `normal(a, b)` mean and deviation";
  let parameters = (ins StringRefParameter<"constant, uniform or normal">:$kind,
                        "::mlir::FloatAttr":$first, "::mlir::FloatAttr":$second);
  let builders = [AttrBuilder<(ins "::llvm::StringRef":$kind, "double":$a, CArg<"double", "0">:$b), [{
    auto f64 = ::mlir::Float64Type::get($_ctxt);
    return $_get($_ctxt, kind, ::mlir::FloatAttr::get(f64, a), ::mlir::FloatAttr::get(f64, b));
  }]>];
  let extraClassDeclaration = [{
    double getA() const { return getFirst().getValueAsDouble(); }
    double getB() const { return getSecond().getValueAsDouble(); }
  }];
  let hasCustomAssemblyFormat = 1;
  let genVerifyDecl = 1;
}

def Graph_ParamOp : Graph_ProgramOp<"param", [Symbol]> {
  let summary = "declares a trained tensor";
  let description = [{
    The symbol is the path in weights files.
    (C1) the type is static. (C2) a path is declared once, by a param or a state.
    `nodecay`: weight decay and penalties skip it.
    Example: `graph.param @"fc1.weight" : !graph.tensor<f32[100, 10]> = <uniform(-0.3, 0.3)>`
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, TypeAttrOf<Graph_Tensor>:$type, Graph_InitAttr:$init,
                       UnitAttr:$nodecay);
  let assemblyFormat = "$sym_name `:` $type `=` $init (`nodecay` $nodecay^)? attr-dict";
  let hasVerifier = 1;
}

def Graph_StateOp : Graph_ProgramOp<"state", [Symbol]> {
  let summary = "declares a tensor that training steps update besides the parameters";
  let description = [{
    The symbol is its path. Optimizer state is named `optimizer.<slot>.<path>`.
    (C1) the type is static. (C2) a path is declared once, by a param or a state.
    Example: `graph.state @"optimizer.m.fc1.weight" : !graph.tensor<f32[100, 10]> = <constant(0.0)>`
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, TypeAttrOf<Graph_Tensor>:$type, Graph_InitAttr:$init);
  let assemblyFormat = "$sym_name `:` $type `=` $init attr-dict";
  let hasVerifier = 1;
}

def Graph_ReadOp : Graph_PureOp<"read", "Program", [DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "the value of a param or state at the entry's start";
  let description = [{
    (C1) the path is declared with this type.
    Writes of the same entry are not seen, so reads are pure.
    Gradient: it has no operand; autodiff differentiates with respect to its result.
    Example: `%w = graph.read @"fc1.weight" : !graph.tensor<f32[100, 10]>`
  }];
  let arguments = (ins FlatSymbolRefAttr:$path);
  let results = (outs Graph_Tensor:$y);
  let assemblyFormat = "$path attr-dict `:` qualified(type($y))";
}

def Graph_WriteOp : Graph_ProgramOp<"write", [DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "the value of a param or state after the entry's end";
  let description = [{
    (C1) the path is declared with this type. (C2) an entry writes a path at most once.
    Example: `graph.write @"fc1.weight", %w : !graph.tensor<f32[100, 10]>`
  }];
  let arguments = (ins FlatSymbolRefAttr:$path, Graph_Tensor:$x);
  let assemblyFormat = "$path `,` $x attr-dict `:` qualified(type($x))";
}

// ---- Entries --------------------------------------------------------------------------------

def Graph_FuncOp : Graph_ProgramOp<"func", [IsolatedFromAbove, SingleBlock, FunctionOpInterface]> {
  let summary = "an entry: one flat function";
  let description = [{
    (C1) `graph.sizes` lists the size names; every size in the body uses only those.
    (C2) every argument has a `graph.name`, and results have too.
    (C3) each size name is exactly an axis of some argument, which binds it.
    `kind` is one of function, step, evaluate, predict, prepare; `graph.doc` is the user's `///`.
    Example:
    ```mlir
    graph.func @forward(%x: !graph.tensor<f32[batch, 10]> {graph.name = "x"})
        -> (!graph.tensor<f32[batch, 1]> {graph.name = "y"})
        attributes {graph.sizes = ["batch"], kind = "function"} {
      ...
      graph.return %y : !graph.tensor<f32[batch, 1]>
    }
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, TypeAttrOf<FunctionType>:$function_type,
                       OptionalAttr<StrAttr>:$sym_visibility, OptionalAttr<StrAttr>:$kind,
                       OptionalAttr<DictArrayAttr>:$arg_attrs, OptionalAttr<DictArrayAttr>:$res_attrs);
  let regions = (region SizedRegion<1>:$body);
  let hasCustomAssemblyFormat = 1;
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    ::mlir::Region *getCallableRegion() { return &getBody(); }
    ::llvm::ArrayRef<::mlir::Type> getArgumentTypes() { return getFunctionType().getInputs(); }
    ::llvm::ArrayRef<::mlir::Type> getResultTypes() { return getFunctionType().getResults(); }
    /// The user's names of arguments and results.
    ::llvm::StringRef getArgName(unsigned index);
    ::llvm::StringRef getResultName(unsigned index);
  }];
}

def Graph_ReturnOp : Graph_ProgramOp<"return", [Pure, Terminator, HasParent<"FuncOp">]> {
  let summary = "the results of an entry";
  let description = [{
    (C1) the operands have the function's result types.
    Example: `graph.return %y : !graph.tensor<f32[batch, 1]>`
  }];
  let arguments = (ins Variadic<Graph_Tensor>:$values);
  let assemblyFormat = "($values^ `:` qualified(type($values)))? attr-dict";
  let hasVerifier = 1;
}

def Graph_YieldOp : Graph_ProgramOp<"yield", [Pure, Terminator]> {
  let summary = "the results of a region of graph.data or graph.train";
  let description = [{
    Example: `graph.yield %loss, %accuracy : !graph.tensor<f32>, !graph.tensor<f32>`
  }];
  let arguments = (ins Variadic<Graph_Tensor>:$values);
  let assemblyFormat = "($values^ `:` qualified(type($values)))? attr-dict";
}

def Graph_RequireOp : Graph_ProgramOp<"require"> {
  let summary = "a condition on sizes, checked once when the entry is called";
  let description = [{
    (C1) the predicate compares sizes over the function's names.
    Example: `graph.require <seq> le <512> "seq <= context"`
  }];
  let arguments = (ins Graph_SizeAttr:$left, EnumProp<Graph_ComparePredicate>:$predicate,
                       Graph_SizeAttr:$right, StrAttr:$message);
  let assemblyFormat = "$left $predicate $right $message attr-dict";
}

def Graph_StepField : I32EnumAttr<"StepField", "what a training step knows about itself", [
    I32EnumAttrCase<"Seed", 0, "seed">, I32EnumAttrCase<"Step", 1, "step">,
    I32EnumAttrCase<"TotalSteps", 2, "total_steps">,
    I32EnumAttrCase<"ExampleOffset", 3, "example_offset">]> {
  let cppNamespace = "::tenon::graph";
}

def Graph_StepOp : Graph_PureOp<"step", "Source", [InferTypeOpAdaptor]> {
  let summary = "a number of the running training step: seed, step (from 1), total_steps, example_offset";
  let description = [{
    (C1) y is an i64 scalar.
    Gradient: it has no operand.
    Example: `%t = graph.step total_steps : !graph.tensor<i64>`
  }];
  let arguments = (ins EnumProp<Graph_StepField>:$field);
  let results = (outs Graph_Tensor:$y);
  let assemblyFormat = "$field attr-dict `:` qualified(type($y))";
}

// ---- Data -----------------------------------------------------------------------------------

def Graph_DataOp : Graph_ProgramOp<"data", [Symbol, IsolatedFromAbove]> {
  let summary = "a data block: where rows come from and what becomes of them";
  let description = [{
    `source` is a dictionary: kind ("none" | "csv"), and for csv path, separator, decimal,
    missing (array), header (bool), each as written by the user.
    `raws` lists raw groups {name, columns (array of names or i64 positions), type (what every cell
    must be: the element type of the field that takes the group as it is; absent: f64), line}:
    f64[rows, columns] matrices. `fits` lists {name, kind ("standardize" | "minmax"), raw (i64), line}.
    `split` lists {name, fraction}. `fields` names the fields, `field_types` types them with the
    batch axis first, called `batch`.
    `prepare`: arguments are the raw groups, it yields the fields, reading fitted values by
    graph.fit. (C1) it yields exactly the fields. (C2) it is empty when the source is "none".
    (C3) `graph.sizes` is ["batch"].
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, DictionaryAttr:$source, ArrayAttr:$raws, ArrayAttr:$fits,
                       ArrayAttr:$split, I64Attr:$split_seed, StrArrayAttr:$fields, TypeArrayAttr:$field_types);
  let regions = (region AnyRegion:$prepare);
  let assemblyFormat = "$sym_name attr-dict-with-keyword $prepare";
  let hasVerifier = 1;
}

def Graph_FitOp : Graph_PureOp<"fit", "Program", [AllTypesMatch<["shift", "scale"]>]> {
  let summary = "the fitted values of a data block: what scaling subtracts and divides by";
  let description = [{
    `fit` names an entry of the data block's `fits`. standardize: mean and population deviation;
    minmax: minimum and maximum - minimum. A constant column has scale 0.
    (C1) shift and scale are f64 vectors with one element per column of the fit's raw group.
    Gradient: it has no operand.
    Example: `%shift, %scale = graph.fit @patients "x.0" : !graph.tensor<f64[10]>`
  }];
  let arguments = (ins FlatSymbolRefAttr:$data, StrAttr:$fit);
  let results = (outs Graph_Tensor:$shift, Graph_Tensor:$scale);
  let assemblyFormat = "$data $fit attr-dict `:` qualified(type($shift))";
  let hasVerifier = 1;
}

// ---- Training -------------------------------------------------------------------------------

def Graph_TrainOp : Graph_ProgramOp<"train", [Symbol, IsolatedFromAbove]> {
  let summary = "a train block: objective, optimizer and settings";
  let description = [{
    `objective`: arguments are the fields named by `fields`; it yields the loss (a scalar f32),
    then the metrics in the order of `metrics`, then perhaps the loss as evaluation sees it, where
    that is another than training sees. `predict`: arguments are the fields named by
    `predict_fields`; it yields the predictions, in the order of `predictions`, a list of
    {name, like (a field's name, or absent)}. With `like`, the region already undoes the field's
    scaling with graph.fit, in f64.
    `optimizer` is a dictionary {name, lr, ...}: a number or a schedule dictionary {schedule =
    "constant" | "linear" | "cosine", peak, warmup (duration), floor (fraction of peak)}; sgd:
    momentum, nesterov, weight_decay; adam and adamw: beta1, beta2, eps, weight_decay.
    `settings` is a dictionary: batch (i64), run, log, evaluate_every, checkpoint_every
    (durations), seed, checkpoint_keep (i64), shuffle, drop_remainder (bool), evaluate_on, start,
    best (strings), l1, l2 (f64).
    (C1) the loss is a scalar f32. (C2) as many metrics and predictions are yielded as are named, and
    a last loss, if there is one, is a scalar f32 too. (C3) `graph.sizes` is ["batch"].
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, StrAttr:$model, FlatSymbolRefAttr:$data,
                       StrArrayAttr:$fields, StrArrayAttr:$metrics, StrArrayAttr:$predict_fields,
                       ArrayAttr:$predictions, DictionaryAttr:$optimizer, DictionaryAttr:$settings);
  let regions = (region AnyRegion:$objective, AnyRegion:$predict);
  let assemblyFormat = "$sym_name attr-dict-with-keyword `objective` $objective `predict` $predict";
  let hasVerifier = 1;
}

#endif
