// The operations: declarations of the module, then what stands in the list of an entry.
#ifndef TENON_EXEC_OPS
#define TENON_EXEC_OPS

include "dialects/exec/ExecBase.td"
include "mlir/IR/RegionKindInterface.td"
include "mlir/IR/SymbolInterfaces.td"

class Exec_Op<string mnemonic, list<Trait> traits = []> : Op<Exec_Dialect, mnemonic, traits>;

class Exec_Default<Attr attribute, string value> : DefaultValuedAttr<attribute, value>;
def Exec_Line : Exec_Default<I64Attr, "0">;
def Exec_OptionalString : DefaultValuedStrAttr<StrAttr, "">;

// ---- Declarations -----------------------------------------------------------------------------

class Exec_DeclarationOp<string mnemonic, list<Trait> traits = []>
    : Exec_Op<mnemonic, traits # [HasParent<"::mlir::ModuleOp">]>;

class Exec_VariableOp<string mnemonic> : Exec_DeclarationOp<mnemonic, [Symbol]> {
  let arguments = (ins SymbolNameAttr:$sym_name, TypeAttrOf<Exec_BufferType>:$type,
                       Exec_InitAttr:$init, UnitAttr:$nodecay, Exec_Line:$line,
                       OptionalAttr<Exec_LayoutAttr>:$layout);
  let assemblyFormat = "$sym_name `:` custom<InlineBuffer>($type) `=` custom<Init>($init) attr-dict";
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    /// The type of its memory, padding included.
    BufferType getStorageType() {
      auto type = ::llvm::cast<BufferType>(getType());
      return getLayout() ? getLayout()->getStorageType(type) : type;
    }
  }];
}

def Exec_ParamOp : Exec_VariableOp<"param"> {
  let summary = "declare a trained tensor by its path in weights files";
  let description = [{
    The order of declarations is the order in the artifact. `nodecay` leaves it out of weight decay
    and penalties. `layout` says how it lies in memory, row-major if absent.

    (C1) The type is static.
    (C2) The element type is f32, f64, i32, i64 or i1; f32 or f64 if the initial values are random.
    (C3) With a layout it has two axes.

    Example: `exec.param @hidden.weight : f32[64, 10] = uniform(-3.0e-01, 3.0e-01) {line = 4 : i64}`
  }];
}

def Exec_StateOp : Exec_VariableOp<"state"> {
  let summary = "declare a tensor that steps change but no gradient flows to";
  let description = [{
    Running statistics of the model, and the optimizer's memory under `optimizer.<slot>.<path>`.

    (C1) The type is static.
    (C2) The element type is f32, f64, i32, i64 or i1; f32 or f64 if the initial values are random.
    (C3) With a layout it has two axes.

    Example: `exec.state @optimizer.m.hidden.weight : f32[64, 10] = constant(0.0e+00)`
  }];
}

def Exec_DataOp : Exec_DeclarationOp<"data", [DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "declare where examples come from and what the runtime does with the rows";
  let description = [{
    Reading, fitting, splitting and shuffling is the runtime's work; everything on numbers is the
    entry `prepare`, which turns raw groups and fitted values into the fields. With source `none`
    the program feeds the fields and there is no `prepare`.

    (C1) The name is unique among the module's data.
    (C2) A source other than `none` has a path and a `prepare` entry; `none` has neither, and no raw groups.
    (C3) Each fit names a raw group by position. Names of raw groups, fits and fields are unique.
    (C4) Parts of the split have different names and positive fractions that add to at most 1.
    (C5) A field's first axis is the batch, a size name that all fields share; the others are constants.
    (C6) `prepare` is an entry of that kind whose inputs are the raw groups, f64[rows, columns], then
         for each fit `NAME.shift` and `NAME.scale`, f64[columns], and whose outputs are the fields.

    Example:
    ```mlir
    exec.data "patients" csv {
      path = "diabetes.csv", raws = [#exec.raw<"x" ["age", "bmi"]>, #exec.raw<"y" ["progression"]>],
      fits = [#exec.fit<standardize "x.0" of 0>], fields = [#exec.tensor<x : f32[batch, 2]>, #exec.tensor<y : f32[batch, 1]>],
      split = [#exec.split<"train" 0.8>, #exec.split<"test" 0.2>], prepare = @patients.prepare}
    ```
  }];
  let arguments = (ins
    StrAttr:$name, Exec_SourceKindAttr:$source,
    Exec_OptionalString:$path,      // as written in the model text, relative to it
    Exec_OptionalString:$separator, // found by itself when empty
    DefaultValuedStrAttr<StrAttr, ".">:$decimal,
    Exec_Default<StrArrayAttr, "{}">:$missing, // cells that count as missing
    Exec_Default<BoolAttr, "true">:$header,
    Exec_Default<Exec_RawGroupArray, "{}">:$raws,
    Exec_Default<Exec_FitArray, "{}">:$fits,
    Exec_TensorArray:$fields,
    Exec_Default<Exec_SplitArray, "{}">:$split, // everything is train when empty
    Exec_Default<I64Attr, "1">:$split_seed,
    OptionalAttr<FlatSymbolRefAttr>:$prepare, Exec_Line:$line);
  let assemblyFormat = "$name `` $source attr-dict";
  let hasVerifier = 1;
}

def Exec_TrainOp : Exec_DeclarationOp<"train", [DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "declare a training: the settings of the loop, and the entries that do the work";
  let description = [{
    The loop only counts, feeds and reports. Learning rate, schedule, penalties, clipping and the
    guard against a loss that is not finite are inside the `step` entry. The first training of a
    module is the default one.

    With `micro_batches` above 1 a step runs `counts`, if there is one, for each micro-batch, then
    `accumulate` for each, then `step`. They add to the states `optimizer.total.*` and
    `optimizer.accumulated.PATH`, which the trainer sets to zero before. An `average` above 0 keeps averaged parameters in the states
    `optimizer.average.PATH`: they are what is evaluated and deployed.

    (C1) The name is unique among the module's trainings, and `data` is the name of an `exec.data`.
    (C2) `batch`, `micro_batches` and `checkpoint_keep` are positive, and `average` is at least 0 and below 1.
    (C3) Durations are positive, and a fraction is at most 1.
    (C4) `evaluate_on` is a part of the data's split, and stands together with `evaluate_every`.
    (C5) `step`, `evaluate` and `predict` are entries of these kinds, `counts` and `accumulate` of kind
         `step`; `accumulate` stands together with `micro_batches` above 1, `counts` only with it.
    (C6) The first output of `step` is `loss`; the outputs of `evaluate` are `loss` and the metrics,
         those of `predict` the predictions, by name and in order.
    (C7) `like` is the position of a raw group of the data.
    (C8) The inputs of `step` and `evaluate` are fields of the data, with the field's type; those of
         `counts` and `accumulate` are the inputs of `step`.
    (C9) `stop_after` and `stop_best` stand together, with `evaluate_on`.

    Example:
    ```mlir
    exec.train "mlp" of "mlp" on "patients" {
      batch = 32 : i64, run = #graph.duration<2.0e+01 epochs>, log_every = #graph.duration<1.0 epochs>,
      step = @mlp.step, evaluate = @mlp.evaluate, predict = @mlp.predict,
      predictions = [#exec.prediction<"progression" like 1>]}
    ```
  }];
  let arguments = (ins
    StrAttr:$name, StrAttr:$model, StrAttr:$data,
    I64Attr:$batch, Exec_Duration:$run,
    Exec_Default<I64Attr, "1">:$seed,
    Exec_Default<BoolAttr, "true">:$shuffle, UnitAttr:$drop_remainder,
    Exec_Duration:$log_every,
    Exec_OptionalString:$evaluate_on, OptionalAttr<Exec_Duration>:$evaluate_every,
    OptionalAttr<Exec_Duration>:$checkpoint_every, // only at the end when absent
    Exec_Default<I64Attr, "3">:$checkpoint_keep,
    Exec_OptionalString:$start, // weights file to start from; initialisers when empty
    Exec_OptionalString:$best,  // "min(loss)", "max(accuracy)"; the last weights when empty
    Exec_Default<StrArrayAttr, "{}">:$metrics,
    Exec_Default<Exec_PredictionArray, "{}">:$predictions,
    FlatSymbolRefAttr:$step, FlatSymbolRefAttr:$evaluate, OptionalAttr<FlatSymbolRefAttr>:$predict,
    Exec_Default<I64Attr, "1">:$micro_batches, // of a step
    OptionalAttr<FlatSymbolRefAttr>:$counts, OptionalAttr<FlatSymbolRefAttr>:$accumulate,
    OptionalAttr<F64Attr>:$average,            // decay of the averaged parameters
    OptionalAttr<Exec_Duration>:$stop_after,   // without a better `stop_best`, such as "min(loss)"
    Exec_OptionalString:$stop_best,
    Exec_Line:$line);
  let assemblyFormat = "$name `of` $model `on` $data attr-dict";
  let hasVerifier = 1;
}

// ---- Entries ----------------------------------------------------------------------------------

def Exec_EntryOp : Exec_DeclarationOp<"entry", [
    Symbol, NoTerminator, SingleBlock, NoRegionArguments]> {
  let summary = "what a program can call: a signature and the list of commands that computes it";
  let description = [{
    The body names the buffers and lists the commands; they run in order. Sizes in it are
    polynomials over the entry's size names.

    (C1) Size names are unique, and each is an axis of an input by itself: a call binds it there.
    (C2) Sizes in the signature, the requirements and the body use no other names.
    (C3) Names of inputs are unique, and so are names of outputs.
    (C4) Each input has at most one `exec.input`, each output exactly one `exec.output`, and their
         types are those of the signature.

    Example:
    ```mlir
    exec.entry function @forward sizes [batch] (x : f32[batch, 10]) -> (y : f32[batch, 10]) {
      %x = exec.input 0 : !exec.buffer<f32[batch, 10]>
      %y = exec.output 0 : !exec.buffer<f32[batch, 10]>
      exec.launch @relu(%x, %y) sizes [10*batch] tiles batch grain 64 scratch 0 {line = 7 : i64}
          : !exec.buffer<f32[batch, 10]>, !exec.buffer<f32[batch, 10]>
    }
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, Exec_EntryKindAttr:$kind, StrArrayAttr:$sizes,
                       Exec_TensorArray:$inputs, Exec_TensorArray:$outputs,
                       Exec_Default<Exec_RequireArray, "{}">:$requires,
                       Exec_OptionalString:$doc, Exec_Line:$line);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = [{
    `` $kind $sym_name `sizes` custom<Names>($sizes) custom<Tensors>($inputs) `->`
    custom<Tensors>($outputs) attr-dict-with-keyword $body
  }];
  let skipDefaultBuilders = 1;
  let builders = [OpBuilder<(ins "::llvm::StringRef":$name, "EntryKind":$kind,
      "::llvm::ArrayRef<::mlir::StringAttr>":$sizes, "::llvm::ArrayRef<TensorAttr>":$inputs,
      "::llvm::ArrayRef<TensorAttr>":$outputs)>];
  let hasRegionVerifier = 1;
  let hasVerifier = 1;
}

class Exec_BodyOp<string mnemonic, list<Trait> traits = []>
    : Exec_Op<mnemonic, traits # [HasParent<"EntryOp">]>;

// ---- Buffers ----------------------------------------------------------------------------------

def Exec_InputOp : Exec_BodyOp<"input"> {
  let summary = "the buffer that the caller passes for an input";
  let description = [{
    (C1) The index is a position in the entry's inputs, and the type is that input's.

    Example: `%x = exec.input 0 : !exec.buffer<f32[batch, 10]>`
  }];
  let arguments = (ins I64Attr:$index);
  let results = (outs Exec_BufferType:$buffer);
  let assemblyFormat = "$index attr-dict `:` qualified(type($buffer))";
  let hasVerifier = 1;
}

def Exec_OutputOp : Exec_BodyOp<"output"> {
  let summary = "the buffer that the caller passes for an output";
  let description = [{
    (C1) The index is a position in the entry's outputs, and the type is that output's.

    Example: `%y = exec.output 0 : !exec.buffer<f32[batch, 1]>`
  }];
  let arguments = (ins I64Attr:$index);
  let results = (outs Exec_BufferType:$buffer);
  let assemblyFormat = "$index attr-dict `:` qualified(type($buffer))";
  let hasVerifier = 1;
}

def Exec_GetOp : Exec_BodyOp<"get", [DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "the buffer of a parameter or state";
  let description = [{
    (C1) The symbol is an `exec.param` or `exec.state` of the module, and the type is that of its
         memory.

    Example: `%w = exec.get @hidden.weight : !exec.buffer<f32[64, 10]>`
  }];
  let arguments = (ins FlatSymbolRefAttr:$variable);
  let results = (outs Exec_BufferType:$buffer);
  let assemblyFormat = "$variable attr-dict `:` qualified(type($buffer))";
}

def Exec_ConstantOp : Exec_BodyOp<"constant"> {
  let summary = "a read-only buffer whose bytes are stored in the artifact";
  let description = [{
    (C1) The buffer is static and has the element type and as many elements as the value.
    (C2) The value is dense: its elements stand in the module.

    Example: `%c = exec.constant dense<[1.0, 2.0]> : tensor<2xf32> -> !exec.buffer<f32[2]>`
  }];
  let arguments = (ins ElementsAttr:$value);
  let results = (outs Exec_BufferType:$buffer);
  let assemblyFormat = "$value attr-dict `->` qualified(type($buffer))";
  let hasVerifier = 1;
}

def Exec_TempOp : Exec_BodyOp<"temp"> {
  let summary = "a buffer of the arena";
  let description = [{
    It has a place from the first to the last command that uses it or a view of it, and its contents
    are undefined before the first write. Two buffers that are in use at the same time do not overlap.

    Example: `%h = exec.temp : !exec.buffer<f32[batch, 64]>`
  }];
  let results = (outs Exec_BufferType:$buffer);
  let assemblyFormat = "attr-dict `:` qualified(type($buffer))";
}

def Exec_ViewOp : Exec_BodyOp<"view"> {
  let summary = "another name for the memory of a buffer: a reshape, or a result computed in place";
  let description = [{
    (C1) Both have the same number of bytes, as polynomials.

    Example: `%v = exec.view %t : !exec.buffer<f32[batch, 4, 8]> -> !exec.buffer<f32[batch, 32]>`
  }];
  let arguments = (ins Exec_BufferType:$source);
  let results = (outs Exec_BufferType:$buffer);
  let assemblyFormat =
      "$source attr-dict `:` qualified(type($source)) `->` qualified(type($buffer))";
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    /// The buffer at the end of a chain of views.
    static ::mlir::Value getRoot(::mlir::Value buffer);
  }];
}

// ---- Commands ---------------------------------------------------------------------------------

def Exec_LaunchOp : Exec_BodyOp<"launch", [DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "run a kernel over its tiles";
  let description = [{
    The kernel finds the buffers, the values of `sizes`, the random-number `site` and `scratch` bytes
    per thread in its arguments (runtime/schema/KernelAbi.h). Tiles are independent of each other;
    `grain` is the least number of them that is worth a thread. `line` is that of the model text.
    `flops` and `bytes` say how much work a launch is, for profiles; absent where it is not known.
    `tile_bytes` has a number n per buffer: if it is not 0, tile i touches only the bytes
    [n*i, n*i + n) of that buffer. A runtime may then start a tile when the tiles of the same number
    of earlier launches are done, instead of all tiles.

    (C1) The kernel is a function of the module with an attribute `exec.writes`.
    (C2) There are as many buffers as entries of `exec.writes`.
    (C3) Two buffers that are written do not share memory. One that is read and one that is written may:
         such a kernel reads an element before it writes it.
    (C4) Inputs and constants are not written, and only a `step` writes parameters and states.
    (C5) `tile_bytes` is absent or has one number, not negative, per buffer.

    Example:
    ```mlir
    exec.launch @relu(%x, %y) sizes [10*batch] tiles floor(10*batch+4095, 4096) grain 4 scratch 0
        {line = 7 : i64} : !exec.buffer<f32[batch, 10]>, !exec.buffer<f32[batch, 10]>
    ```
  }];
  let arguments = (ins FlatSymbolRefAttr:$kernel, Variadic<Exec_BufferType>:$buffers,
                       Exec_SizeArray:$sizes, Exec_Size:$tiles, Exec_Size:$grain, Exec_Size:$scratch,
                       Exec_Default<I32Attr, "0">:$site, Exec_Line:$line,
                       OptionalAttr<Exec_Size>:$flops, OptionalAttr<Exec_Size>:$bytes,
                       OptionalAttr<DenseI64ArrayAttr>:$tile_bytes);
  let assemblyFormat = [{
    $kernel `(` $buffers `)` `sizes` custom<Sizes>($sizes) `tiles` custom<Size>($tiles)
    `grain` custom<Size>($grain) `scratch` custom<Size>($scratch) attr-dict
    (`:` qualified(type($buffers))^)?
  }];
}

def Exec_CopyOp : Exec_BodyOp<"copy"> {
  let summary = "copy all bytes of a buffer to another";
  let description = [{
    (C1) Both have the same number of bytes, as polynomials, and do not share memory.
    (C2) The destination is not an input or constant, and is a parameter or state only in a `step`.

    Example: `exec.copy %t to %y : !exec.buffer<f32[batch, 1]> to !exec.buffer<f32[batch, 1]>`
  }];
  let arguments = (ins Exec_BufferType:$source, Exec_BufferType:$destination, Exec_Line:$line);
  let assemblyFormat = [{
    $source `to` $destination attr-dict `:` qualified(type($source)) `to`
    qualified(type($destination))
  }];
  let hasVerifier = 1;
}

#endif
