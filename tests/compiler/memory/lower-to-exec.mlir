// RUN: tenon-opt %s -tenon-lower-to-exec | FileCheck %s

// CHECK: exec.param @w : f32[4] = uniform(-3.000000e-01, 3.000000e-01)
graph.param @w : !graph.tensor<f32[4]> = <uniform(-0.3, 0.3)>
graph.param @v : !graph.tensor<f32[4]> = <constant(0.0)>

// The first result dies in the second kernel, which computes in its memory; the last stands in the output.
// CHECK-LABEL: exec.entry function @chain sizes [n] (x : f32[n]) -> (y : f32[n])
// CHECK: %[[X:.*]] = exec.input 0
// CHECK: %[[Y:.*]] = exec.output 0
// CHECK: %[[T:.*]] = exec.temp
// CHECK: exec.launch @k0(%[[X]], %[[T]]) sizes [n] tiles n grain 1 scratch 0
// CHECK: %[[V:.*]] = exec.view %[[T]]
// CHECK: exec.launch @k0(%[[T]], %[[V]])
// CHECK: exec.launch @k0(%[[V]], %[[Y]])
// CHECK-NOT: exec.copy
graph.func @chain(%x: !graph.tensor<f32[n]> {graph.name = "x"}) -> (!graph.tensor<f32[n]> {graph.name = "y"})
    attributes {graph.sizes = ["n"], kind = "function"} {
  %a = fuse.launch @k0(%x) [#graph.size<n>] : (!graph.tensor<f32[n]>) -> !graph.tensor<f32[n]>
  %b = fuse.launch @k0(%a) [#graph.size<n>] : (!graph.tensor<f32[n]>) -> !graph.tensor<f32[n]>
  %c = fuse.launch @k0(%b) [#graph.size<n>] : (!graph.tensor<f32[n]>) -> !graph.tensor<f32[n]>
  graph.return %c : !graph.tensor<f32[n]>
}

// A parameter nobody reads afterwards is updated in place.
// CHECK-LABEL: exec.entry step @in_place
// CHECK: %[[W:.*]] = exec.get @w
// CHECK: exec.launch @k0(%[[W]], %[[W]])
// CHECK-NOT: exec.copy
graph.func @in_place(%x: !graph.tensor<f32[n]> {graph.name = "x"}) -> ()
    attributes {graph.sizes = ["n"], kind = "step"} {
  %w = graph.read @w : !graph.tensor<f32[4]>
  %new = fuse.launch @k0(%w) [#graph.size<4>] : (!graph.tensor<f32[4]>) -> !graph.tensor<f32[4]>
  graph.write @w, %new : !graph.tensor<f32[4]>
  graph.return
}

// Not in place: the old value is a result. Results are copied before parameters change.
// CHECK-LABEL: exec.entry step @old_value
// CHECK: %[[OUT:.*]] = exec.output 0
// CHECK: %[[W:.*]] = exec.get @w
// CHECK: %[[T:.*]] = exec.temp
// CHECK: exec.launch @k0(%[[W]], %[[T]])
// CHECK: exec.copy %[[W]] to %[[OUT]]
// CHECK: exec.copy %[[T]] to %[[W]]
graph.func @old_value(%x: !graph.tensor<f32[n]> {graph.name = "x"}) -> (!graph.tensor<f32[4]> {graph.name = "old"})
    attributes {graph.sizes = ["n"], kind = "step"} {
  %w = graph.read @w : !graph.tensor<f32[4]>
  %new = fuse.launch @k0(%w) [#graph.size<4>] : (!graph.tensor<f32[4]>) -> !graph.tensor<f32[4]>
  graph.write @w, %new : !graph.tensor<f32[4]>
  graph.return %w : !graph.tensor<f32[4]>
}

// Two parameters change places through copies of both.
// CHECK-LABEL: exec.entry step @swap
// CHECK: %[[W:.*]] = exec.get @w
// CHECK: %[[V:.*]] = exec.get @v
// CHECK: %[[A:.*]] = exec.temp
// CHECK: exec.copy %[[V]] to %[[A]]
// CHECK: %[[B:.*]] = exec.temp
// CHECK: exec.copy %[[W]] to %[[B]]
// CHECK: exec.copy %[[A]] to %[[W]]
// CHECK: exec.copy %[[B]] to %[[V]]
graph.func @swap(%x: !graph.tensor<f32[n]> {graph.name = "x"}) -> ()
    attributes {graph.sizes = ["n"], kind = "step"} {
  %w = graph.read @w : !graph.tensor<f32[4]>
  %v = graph.read @v : !graph.tensor<f32[4]>
  graph.write @w, %v : !graph.tensor<f32[4]>
  graph.write @v, %w : !graph.tensor<f32[4]>
  graph.return
}

// Reading elements of another place forbids computing in the operand's memory.
// CHECK-LABEL: exec.entry function @reversed
// CHECK: %[[T:.*]] = exec.temp
// CHECK: exec.launch @k1(%{{.*}}, %[[T]])
// CHECK-NOT: exec.view
// CHECK: %[[U:.*]] = exec.temp
// CHECK: exec.launch @k1(%[[T]], %[[U]])
// CHECK: %[[Y:.*]] = exec.view %{{.*}} : !exec.buffer<f32[4*n]> -> !exec.buffer<f32[n, 4]>
graph.func @reversed(%x: !graph.tensor<f32[4, 4]> {graph.name = "x"}, %z: !graph.tensor<f32[n, 4]> {graph.name = "z"})
    -> (!graph.tensor<f32[4, 4]> {graph.name = "y"}, !graph.tensor<f32[4*n]> {graph.name = "flat"})
    attributes {graph.sizes = ["n"], kind = "function"} {
  %a = fuse.launch @k1(%x) [] : (!graph.tensor<f32[4, 4]>) -> !graph.tensor<f32[4, 4]>
  %b = fuse.launch @k1(%a) [] : (!graph.tensor<f32[4, 4]>) -> !graph.tensor<f32[4, 4]>
  %c = fuse.launch @k1(%b) [] : (!graph.tensor<f32[4, 4]>) -> !graph.tensor<f32[4, 4]>
  %d = fuse.launch @k2(%z) [#graph.size<n>] : (!graph.tensor<f32[n, 4]>) -> !graph.tensor<f32[n, 4]>
  %e = graph.reshape %d : !graph.tensor<f32[n, 4]> -> !graph.tensor<f32[4*n]>
  graph.return %c, %e : !graph.tensor<f32[4, 4]>, !graph.tensor<f32[4*n]>
}

fuse.func @k0(%x: !graph.tensor<f32[s0]>) -> !graph.tensor<f32[s0]>
    attributes {anchor = 0 : i32, graph.sizes = ["s0"], fuse.emitted = @k0.cpu, fuse.tiles = #graph.size<s0>,
                fuse.grain = #graph.size<1>, fuse.scratch = #graph.size<0>} {
  %y = graph.exp %x : !graph.tensor<f32[s0]>
  fuse.return %y : !graph.tensor<f32[s0]>
}
fuse.func @k1(%x: !graph.tensor<f32[4, 4]>) -> !graph.tensor<f32[4, 4]>
    attributes {anchor = 0 : i32, graph.sizes = [], fuse.emitted = @k1.cpu, fuse.tiles = #graph.size<1>,
                fuse.grain = #graph.size<1>, fuse.scratch = #graph.size<0>} {
  %y = graph.transpose %x [1, 0] : !graph.tensor<f32[4, 4]>
  fuse.return %y : !graph.tensor<f32[4, 4]>
}
fuse.func @k2(%x: !graph.tensor<f32[s0, 4]>) -> !graph.tensor<f32[s0, 4]>
    attributes {anchor = 0 : i32, graph.sizes = ["s0"], fuse.emitted = @k2.cpu, fuse.tiles = #graph.size<s0>,
                fuse.grain = #graph.size<1>, fuse.scratch = #graph.size<0>} {
  %y = graph.exp %x : !graph.tensor<f32[s0, 4]>
  fuse.return %y : !graph.tensor<f32[s0, 4]>
}
// CHECK: func.func @k0
// CHECK: func.func @k1
// CHECK-NOT: fuse.func
func.func @k0.cpu() attributes {exec.writes = array<i1: false, true>} { return }
func.func @k1.cpu() attributes {exec.writes = array<i1: false, true>} { return }
func.func @k2.cpu() attributes {exec.writes = array<i1: false, true>} { return }
