// RUN: tenon-opt %s -tenon-order-kernels | FileCheck %s

graph.param @w : !graph.tensor<f32[4]> = <constant(0.0)>

fuse.func @big(%x: !graph.tensor<f32[s0]>) -> !graph.tensor<f32[s0, 64]>
    attributes {anchor = 0 : i32, graph.sizes = ["s0"]} {
  %y = graph.broadcast %x [0] : !graph.tensor<f32[s0]> -> !graph.tensor<f32[s0, 64]>
  fuse.return %y : !graph.tensor<f32[s0, 64]>
}
fuse.func @sum(%x: !graph.tensor<f32[s0, 64]>) -> !graph.tensor<f32[s0]>
    attributes {anchor = 1 : i32, graph.sizes = ["s0"]} {
  %y = graph.sum %x [1] : !graph.tensor<f32[s0, 64]>
  fuse.return %y : !graph.tensor<f32[s0]>
}
fuse.func @join(%x: !graph.tensor<f32[s0]>, %y: !graph.tensor<f32[s0]>) -> !graph.tensor<f32[s0]>
    attributes {anchor = 0 : i32, graph.sizes = ["s0"]} {
  %z = graph.add %x, %y : !graph.tensor<f32[s0]>
  fuse.return %z : !graph.tensor<f32[s0]>
}
fuse.func @update(%x: !graph.tensor<f32[4]>) -> !graph.tensor<f32[4]>
    attributes {anchor = 0 : i32, graph.sizes = []} {
  %y = graph.neg %x : !graph.tensor<f32[4]>
  fuse.return %y : !graph.tensor<f32[4]>
}

// Each large value is used up before the next is made; the reshape follows the value it renames.
// CHECK-LABEL: graph.func @interleaved
// CHECK: %[[A:.*]] = fuse.launch @big(%arg0)
// CHECK: %[[FLAT:.*]] = graph.reshape %[[A]]
// CHECK: %[[AGAIN:.*]] = graph.reshape %[[FLAT]]
// CHECK: %[[S:.*]] = fuse.launch @sum(%[[AGAIN]])
// CHECK: %[[B:.*]] = fuse.launch @big(%arg1)
// CHECK: %[[T:.*]] = fuse.launch @sum(%[[B]])
// CHECK: fuse.launch @join(%[[S]], %[[T]])
graph.func @interleaved(%x: !graph.tensor<f32[n]> {graph.name = "x"}, %y: !graph.tensor<f32[n]> {graph.name = "y"})
    -> (!graph.tensor<f32[n]> {graph.name = "z"}) attributes {graph.sizes = ["n"], kind = "function"} {
  %a = fuse.launch @big(%x) [#graph.size<n>] : (!graph.tensor<f32[n]>) -> !graph.tensor<f32[n, 64]>
  %b = fuse.launch @big(%y) [#graph.size<n>] : (!graph.tensor<f32[n]>) -> !graph.tensor<f32[n, 64]>
  %flat = graph.reshape %a : !graph.tensor<f32[n, 64]> -> !graph.tensor<f32[64*n]>
  %again = graph.reshape %flat : !graph.tensor<f32[64*n]> -> !graph.tensor<f32[n, 64]>
  %s = fuse.launch @sum(%again) [#graph.size<n>] : (!graph.tensor<f32[n, 64]>) -> !graph.tensor<f32[n]>
  %t = fuse.launch @sum(%b) [#graph.size<n>] : (!graph.tensor<f32[n, 64]>) -> !graph.tensor<f32[n]>
  %z = fuse.launch @join(%s, %t) [#graph.size<n>] : (!graph.tensor<f32[n]>, !graph.tensor<f32[n]>) -> !graph.tensor<f32[n]>
  graph.return %z : !graph.tensor<f32[n]>
}

// Nothing to gain: the order of the program stays, although @sum of the second frees memory earlier.
// CHECK-LABEL: graph.func @already_best
// CHECK: %[[A:.*]] = fuse.launch @big(%arg0)
// CHECK: %[[S:.*]] = fuse.launch @sum(%[[A]])
// CHECK: %[[B:.*]] = fuse.launch @big(%arg0)
// CHECK: fuse.launch @sum(%[[B]])
graph.func @already_best(%x: !graph.tensor<f32[n]> {graph.name = "x"})
    -> (!graph.tensor<f32[n]> {graph.name = "s"}, !graph.tensor<f32[n]> {graph.name = "t"})
    attributes {graph.sizes = ["n"], kind = "function"} {
  %a = fuse.launch @big(%x) [#graph.size<n>] : (!graph.tensor<f32[n]>) -> !graph.tensor<f32[n, 64]>
  %s = fuse.launch @sum(%a) [#graph.size<n>] : (!graph.tensor<f32[n, 64]>) -> !graph.tensor<f32[n]>
  %b = fuse.launch @big(%x) [#graph.size<n>] : (!graph.tensor<f32[n]>) -> !graph.tensor<f32[n, 64]>
  %t = fuse.launch @sum(%b) [#graph.size<n>] : (!graph.tensor<f32[n, 64]>) -> !graph.tensor<f32[n]>
  graph.return %s, %t : !graph.tensor<f32[n]>, !graph.tensor<f32[n]>
}

// The update takes no memory and could come before all, but it works in place: what reads the old
// value stays before it.
// CHECK-LABEL: graph.func @update_behind
// CHECK: %[[W:.*]] = graph.read @w
// CHECK: %[[A:.*]] = fuse.launch @big(%[[W]])
// CHECK: %[[S:.*]] = fuse.launch @sum(%[[A]])
// CHECK: %[[NEW:.*]] = fuse.launch @update(%[[W]])
// CHECK: graph.write @w, %[[NEW]]
graph.func @update_behind(%x: !graph.tensor<f32[n]> {graph.name = "x"})
    -> (!graph.tensor<f32[4]> {graph.name = "s"}, !graph.tensor<f32[n]> {graph.name = "t"})
    attributes {graph.sizes = ["n"], kind = "step"} {
  %w = graph.read @w : !graph.tensor<f32[4]>
  %a = fuse.launch @big(%w) [#graph.size<4>] : (!graph.tensor<f32[4]>) -> !graph.tensor<f32[4, 64]>
  %b = fuse.launch @big(%x) [#graph.size<n>] : (!graph.tensor<f32[n]>) -> !graph.tensor<f32[n, 64]>
  %new = fuse.launch @update(%w) [] : (!graph.tensor<f32[4]>) -> !graph.tensor<f32[4]>
  graph.write @w, %new : !graph.tensor<f32[4]>
  %s = fuse.launch @sum(%a) [#graph.size<4>] : (!graph.tensor<f32[4, 64]>) -> !graph.tensor<f32[4]>
  %t = fuse.launch @sum(%b) [#graph.size<n>] : (!graph.tensor<f32[n, 64]>) -> !graph.tensor<f32[n]>
  graph.return %s, %t : !graph.tensor<f32[4]>, !graph.tensor<f32[n]>
}
