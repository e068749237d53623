// Every operation and attribute is printed as it was read.
// RUN: tenon-opt %s | FileCheck %s
// RUN: tenon-opt %s --verify-roundtrip > %t

// CHECK: exec.param @hidden.weight : f32[64, 10] = uniform(-3.000000e-01, 3.000000e-01) {line = 4 : i64}
exec.param @hidden.weight : f32[64, 10] = uniform(-0.3, 0.3) {line = 4 : i64}
// CHECK: exec.param @packed.weight : f32[60, 10] = constant(0.000000e+00) {layout = #exec.layout<packed_transposed 16>}
exec.param @packed.weight : f32[60, 10] = constant(0.0) {layout = #exec.layout<packed_transposed 16>}
// CHECK: exec.param @hidden.bias : f32[64] = normal(0.000000e+00, 1.000000e-01) {nodecay}
exec.param @hidden.bias : f32[64] = normal(0.0, 0.1) {nodecay}
// CHECK: exec.state @optimizer.beta1_power : f64 = constant(1.000000e+00)
exec.state @optimizer.beta1_power : f64 = constant(1.0)

func.func private @copy_rows(!llvm.ptr, i64, i64) attributes {exec.writes = array<i1: false, true>}
func.func private @update(!llvm.ptr, i64, i64) attributes {exec.writes = array<i1: true, true>}

// CHECK: exec.entry function @forward sizes [batch, seq]
// CHECK-SAME: (x : f32[batch, 10] "the features", x.0.shift : f64[10], t : i32[seq])
// CHECK-SAME: -> (y : f32[batch, 10])
// CHECK-SAME: requires = [#exec.require<batch ge 2, "two rows at least", line = 9>, #exec.require<1 eq 1, "always">]
exec.entry function @forward sizes [batch, seq]
    (x : f32[batch, 10] "the features", x.0.shift : f64[10], t : i32[seq]) -> (y : f32[batch, 10])
    attributes {doc = "rows", requires = [#exec.require<batch ge 2, "two rows at least", line = 9>,
                                          #exec.require<1 eq 1, "always">]} {
  // CHECK: exec.input 0 : !exec.buffer<f32[batch, 10]>
  %x = exec.input 0 : !exec.buffer<f32[batch, 10]>
  // CHECK: exec.output 0 : !exec.buffer<f32[batch, 10]>
  %y = exec.output 0 : !exec.buffer<f32[batch, 10]>
  // CHECK: exec.get @hidden.weight : !exec.buffer<f32[64, 10]>
  %w = exec.get @hidden.weight : !exec.buffer<f32[64, 10]>
  // CHECK: exec.constant dense<[1.000000e+00, 2.000000e+00]> : tensor<2xf32> -> !exec.buffer<f32[2]>
  %c = exec.constant dense<[1.0, 2.0]> : tensor<2xf32> -> !exec.buffer<f32[2]>
  // CHECK: exec.temp : !exec.buffer<i8[40*batch]>
  %t = exec.temp : !exec.buffer<i8[40*batch]>
  // CHECK: exec.view %{{.*}} : !exec.buffer<i8[40*batch]> -> !exec.buffer<f32[batch, 10]>
  %v = exec.view %t : !exec.buffer<i8[40*batch]> -> !exec.buffer<f32[batch, 10]>
  // CHECK: exec.launch @copy_rows(%{{.*}}, %{{.*}}) sizes [batch, 10] tiles floor(batch+5, 6) grain 4 scratch 64 {line = 7 : i64, site = 5 : i32}
  exec.launch @copy_rows(%x, %v) sizes [batch, 10] tiles floor(batch + 5, 6) grain 4 scratch 64
      {line = 7 : i64, site = 5 : i32} : !exec.buffer<f32[batch, 10]>, !exec.buffer<f32[batch, 10]>
  // CHECK: exec.copy %{{.*}} to %{{.*}} {line = 8 : i64} : !exec.buffer<f32[batch, 10]> to !exec.buffer<f32[batch, 10]>
  exec.copy %v to %y {line = 8 : i64} : !exec.buffer<f32[batch, 10]> to !exec.buffer<f32[batch, 10]>
}

// CHECK: exec.entry prepare @patients.prepare
exec.entry prepare @patients.prepare sizes [rows]
    (x : f64[rows, 2], y : f64[rows, 1], x.0.shift : f64[2], x.0.scale : f64[2])
    -> (x : f32[rows, 2], y : f32[rows, 1]) {
  %x = exec.output 0 : !exec.buffer<f32[rows, 2]>
  %y = exec.output 1 : !exec.buffer<f32[rows, 1]>
}
// CHECK: exec.entry step @mlp.step
exec.entry step @mlp.step sizes [batch] (x : f32[batch, 2], y : f32[batch, 1]) -> (loss : f32, l2 : f32) {
  %loss = exec.output 0 : !exec.buffer<f32>
  %l2 = exec.output 1 : !exec.buffer<f32>
  %w = exec.get @hidden.weight : !exec.buffer<f32[64, 10]>
  // CHECK: exec.launch @update(%{{.*}}, %{{.*}}) sizes [] tiles 1 grain 1 scratch 0 :
  exec.launch @update(%w, %loss) sizes [] tiles 1 grain 1 scratch 0 : !exec.buffer<f32[64, 10]>, !exec.buffer<f32>
}
exec.entry evaluate @mlp.evaluate sizes [batch] (x : f32[batch, 2], y : f32[batch, 1]) -> (loss : f32, mae : f32) {
  %loss = exec.output 0 : !exec.buffer<f32>
  %mae = exec.output 1 : !exec.buffer<f32>
}
exec.entry predict @mlp.predict sizes [rows] (x : f64[rows, 2]) -> (progression : f64[rows, 1]) {
  %p = exec.output 0 : !exec.buffer<f64[rows, 1]>
}

// CHECK: exec.data "patients" csv
// CHECK-SAME: fields = [#exec.tensor<x : f32[batch, 2]>, #exec.tensor<y : f32[batch, 1] "a year later">]
// CHECK-SAME: fits = [#exec.fit<standardize "x.0" of 0, line = 3>]
// CHECK-SAME: raws = [#exec.raw<"x" ["age", 3] as f32, line = 2>, #exec.raw<"y" ["progression"]>]
// CHECK-SAME: split = [#exec.split<"train" 8.000000e-01>, #exec.split<"test" 2.000000e-01>]
exec.data "patients" csv {
  path = "diabetes.csv", separator = ";", decimal = ",", missing = ["", "NA"], header = false,
  raws = [#exec.raw<"x" ["age", 3] as f32, line = 2>, #exec.raw<"y" ["progression"]>],
  fits = [#exec.fit<standardize "x.0" of 0, line = 3>],
  fields = [#exec.tensor<x : f32[batch, 2]>, #exec.tensor<y : f32[batch, 1] "a year later">],
  split = [#exec.split<"train" 0.8>, #exec.split<"test" 0.2>], split_seed = 7 : i64,
  prepare = @patients.prepare}
// CHECK: exec.data "live" none {fields = [#exec.tensor<x : f32[batch, 3]>]}
exec.data "live" none {fields = [#exec.tensor<x : f32[batch, 3]>]}

// CHECK: exec.train "mlp" of "mlp" on "patients"
// CHECK-SAME: best = "min(loss)"
// CHECK-SAME: evaluate_every = #graph.duration<1.000000e+00 epochs>
// CHECK-SAME: predictions = [#exec.prediction<"progression" like 1>]
exec.train "mlp" of "mlp" on "patients" {
  batch = 32 : i64, run = #graph.duration<20.0 epochs>, seed = 3 : i64, shuffle = false, drop_remainder,
  log_every = #graph.duration<1.0 epochs>, evaluate_on = "test", evaluate_every = #graph.duration<1.0 epochs>,
  checkpoint_every = #graph.duration<500.0 steps>, checkpoint_keep = 5 : i64, start = "w.safetensors",
  best = "min(loss)", metrics = ["mae"], predictions = [#exec.prediction<"progression" like 1>],
  step = @mlp.step, evaluate = @mlp.evaluate, predict = @mlp.predict}
