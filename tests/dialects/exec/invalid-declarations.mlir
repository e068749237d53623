// The constraints of parameters, data and training, by number.
// RUN: tenon-opt %s --split-input-file --verify-diagnostics

// InitAttr C2
// expected-error@+1 {{invalid second number of 'uniform'}}
exec.param @w : f32[4] = uniform(1.0, 0.0)

// -----

// ParamOp C1
// expected-error@+1 {{(C1) '!exec.buffer<f32[batch]>' has a symbolic size}}
exec.param @w : f32[batch] = constant(0.0)

// -----

// ParamOp C2
// expected-error@+1 {{(C2) bytes without meaning cannot be saved}}
exec.param @w : i8[4] = constant(0.0)

// -----

// StateOp C2
// expected-error@+1 {{(C2) only f32 and f64 can have random initial values}}
exec.state @s : i32[4] = normal(0.0, 1.0)

// -----

// RawGroupAttr C1
// expected-error@+1 {{columns of 'x' must be names or positions from 0}}
exec.data "d" csv {path = "d.csv", raws = [#exec.raw<"x" [-1]>], fields = []}

// -----

// RawGroupAttr C2
// expected-error@+1 {{(C2) no cell of 'x' is a 'i8'}}
exec.data "d" csv {path = "d.csv", raws = [#exec.raw<"x" [0] as i8>], fields = []}

// -----

// DataOp C1
exec.data "d" none {fields = [#exec.tensor<x : f32[batch]>]}
// expected-error@+1 {{(C1) 'd' is declared twice}}
exec.data "d" none {fields = [#exec.tensor<x : f32[batch]>]}

// -----

// DataOp C2
// expected-error@+1 {{(C2) a source has a path and an entry 'prepare'}}
exec.data "d" csv {fields = [#exec.tensor<x : f32[batch]>]}

// -----

// DataOp C3
// expected-error@+1 {{(C3) fit 'x.0' has no raw group}}
exec.data "d" none {fits = [#exec.fit<minmax "x.0" of 0>], fields = [#exec.tensor<x : f32[batch]>]}

// -----

// DataOp C3
// expected-error@+1 {{(C3) two fields are named 'x'}}
exec.data "d" none {fields = [#exec.tensor<x : f32[batch]>, #exec.tensor<x : f32[batch]>]}

// -----

// DataOp C4
// expected-error@+1 {{(C4) the parts of the split add to more than 1}}
exec.data "d" none {fields = [#exec.tensor<x : f32[batch]>], split = [#exec.split<"train" 0.8>, #exec.split<"test" 0.3>]}

// -----

// DataOp C5
// expected-error@+1 {{(C5) field 'y' must have the batch as first axis and constant others}}
exec.data "d" none {fields = [#exec.tensor<x : f32[batch]>, #exec.tensor<y : f32[rows]>]}

// -----

// DataOp C6
// expected-error@+1 {{(C6) @p is not an entry of kind 'prepare'}}
exec.data "d" csv {path = "d.csv", raws = [#exec.raw<"x" [0]>], fields = [#exec.tensor<x : f32[batch]>], prepare = @p}
exec.entry predict @p sizes [rows] (x : f64[rows, 1]) -> (x : f32[rows]) {
  %0 = exec.output 0 : !exec.buffer<f32[rows]>
}

// -----

// DataOp C6
// expected-error@+1 {{(C6) inputs of @p are not the raw groups and the fitted values}}
exec.data "d" csv {path = "d.csv", raws = [#exec.raw<"x" [0]>], fits = [#exec.fit<minmax "x.0" of 0>], fields = [#exec.tensor<x : f32[batch]>], prepare = @p}
exec.entry prepare @p sizes [rows] (x : f64[rows, 1]) -> (x : f32[rows]) {
  %0 = exec.output 0 : !exec.buffer<f32[rows]>
}

// -----

// TrainOp C1
// expected-error@+1 {{(C1) no data 'd' is declared}}
exec.train "t" of "m" on "d" {batch = 1 : i64, run = #graph.duration<1.0 steps>, log_every = #graph.duration<1.0 steps>, step = @s, evaluate = @e}

// -----

// TrainOp C2
// expected-error@+1 {{(C2) 'batch', 'micro_batches' and 'checkpoint_keep' must be positive}}
exec.train "t" of "m" on "d" {batch = 0 : i64, run = #graph.duration<1.0 steps>, log_every = #graph.duration<1.0 steps>, step = @s, evaluate = @e}

// -----

// TrainOp C3
// expected-error@+1 {{(C3) 'run' is not a duration}}
exec.train "t" of "m" on "d" {batch = 1 : i64, run = #graph.duration<2.0 fraction>, log_every = #graph.duration<1.0 steps>, step = @s, evaluate = @e}

// -----

// TrainOp C4
// expected-error@+1 {{(C4) 'evaluate_on' and 'evaluate_every' stand together}}
exec.train "t" of "m" on "d" {batch = 1 : i64, run = #graph.duration<1.0 steps>, log_every = #graph.duration<1.0 steps>, evaluate_on = "test", step = @s, evaluate = @e}

// -----

// TrainOp C5
exec.data "d" none {fields = [#exec.tensor<x : f32[batch]>]}
// expected-error@+1 {{(C5) @s is not an entry of kind 'step'}}
exec.train "t" of "m" on "d" {batch = 1 : i64, run = #graph.duration<1.0 steps>, log_every = #graph.duration<1.0 steps>, step = @s, evaluate = @s}
exec.entry evaluate @s sizes [batch] (x : f32[batch]) -> (loss : f32) {
  %0 = exec.output 0 : !exec.buffer<f32>
}

// -----

// TrainOp C6
exec.data "d" none {fields = [#exec.tensor<x : f32[batch]>]}
// expected-error@+1 {{(C6) outputs of @e are not loss and metrics}}
exec.train "t" of "m" on "d" {batch = 1 : i64, run = #graph.duration<1.0 steps>, log_every = #graph.duration<1.0 steps>, metrics = ["mae"], step = @s, evaluate = @e}
exec.entry step @s sizes [batch] (x : f32[batch]) -> (loss : f32) {
  %0 = exec.output 0 : !exec.buffer<f32>
}
exec.entry evaluate @e sizes [batch] (x : f32[batch]) -> (loss : f32) {
  %0 = exec.output 0 : !exec.buffer<f32>
}

// -----

// TrainOp C7
exec.data "d" none {fields = [#exec.tensor<x : f32[batch]>]}
// expected-error@+1 {{(C7) 'y' is like no raw group}}
exec.train "t" of "m" on "d" {batch = 1 : i64, run = #graph.duration<1.0 steps>, log_every = #graph.duration<1.0 steps>, predictions = [#exec.prediction<"y" like 0>], step = @s, evaluate = @e}
exec.entry step @s sizes [batch] (x : f32[batch]) -> (loss : f32) {
  %0 = exec.output 0 : !exec.buffer<f32>
}
exec.entry evaluate @e sizes [batch] (x : f32[batch]) -> (loss : f32) {
  %0 = exec.output 0 : !exec.buffer<f32>
}

// -----

// TrainOp C8
exec.data "d" none {fields = [#exec.tensor<x : f32[batch]>]}
// expected-error@+1 {{(C8) input 'z' of @s is not a field of 'd'}}
exec.train "t" of "m" on "d" {batch = 1 : i64, run = #graph.duration<1.0 steps>, log_every = #graph.duration<1.0 steps>, step = @s, evaluate = @e}
exec.entry step @s sizes [batch] (z : f32[batch]) -> (loss : f32) {
  %0 = exec.output 0 : !exec.buffer<f32>
}
exec.entry evaluate @e sizes [batch] (x : f32[batch]) -> (loss : f32) {
  %0 = exec.output 0 : !exec.buffer<f32>
}

// -----

// LayoutAttr C1
// expected-error@+1 {{(C1) 128 lanes are no power of two from 4 to 64}}
exec.param @w : f32[64, 10] = constant(0.0) {layout = #exec.layout<packed 128>}

// -----

// ParamOp C3
// expected-error@+1 {{(C3) '!exec.buffer<f32[64]>' has not two axes}}
exec.param @w : f32[64] = constant(0.0) {layout = #exec.layout<packed 16>}

// -----

// GetOp C1: the memory has whole panels.
exec.param @w : f32[60, 10] = constant(0.0) {layout = #exec.layout<packed 16>}
exec.entry function @f sizes [] () -> () {
  // expected-error@+1 {{(C1) type '!exec.buffer<f32[60, 10]>' differs from the declared '!exec.buffer<f32[4, 10, 16]>'}}
  %w = exec.get @w : !exec.buffer<f32[60, 10]>
}
