// RUN: tenon-opt %s -tenon-gradient -split-input-file | FileCheck %s

// The forward result is used, not recomputed.
// CHECK-LABEL: graph.func @result_of_forward
// CHECK-SAME: (%[[X:.*]]: !graph.tensor<f32> {graph.name = "x"})
// CHECK-SAME: -> (!graph.tensor<f32> {graph.name = "y"}, !graph.tensor<f32> {graph.name = "d.x"})
// CHECK-NEXT: %[[Y:.*]] = graph.exp %[[X]]
// CHECK-NEXT: %[[ONE:.*]] = graph.constant 1.0
// CHECK-NEXT: %[[DX:.*]] = graph.mul %[[ONE]], %[[Y]]
// CHECK-NEXT: graph.return %[[Y]], %[[DX]]
graph.func @result_of_forward(%x: !graph.tensor<f32> {graph.name = "x"})
    -> (!graph.tensor<f32> {graph.name = "y"}) attributes {graph.sizes = []} {
  %y = graph.exp %x : !graph.tensor<f32>
  graph.return %y : !graph.tensor<f32>
}

// -----

// Two uses of one value: contributions are added in reverse program order.
// CHECK-LABEL: graph.func @two_uses
// CHECK: %[[E:.*]] = graph.exp %[[X:.*]] :
// CHECK: %[[T:.*]] = graph.tanh %[[X]] :
// CHECK: graph.mul %[[E]], %[[T]]
// CHECK: %[[DE:.*]] = graph.mul %{{.*}}, %[[T]]
// CHECK: %[[DT:.*]] = graph.mul %{{.*}}, %[[E]]
// CHECK: %[[FROM_TANH:.*]] = graph.mul %[[DT]],
// CHECK: %[[FROM_EXP:.*]] = graph.mul %[[DE]], %[[E]]
// CHECK: %[[SUM:.*]] = graph.add %[[FROM_TANH]], %[[FROM_EXP]]
// CHECK: graph.return %{{.*}}, %[[SUM]]
graph.func @two_uses(%x: !graph.tensor<f32> {graph.name = "x"})
    -> (!graph.tensor<f32> {graph.name = "y"}) attributes {graph.sizes = []} {
  %e = graph.exp %x : !graph.tensor<f32>
  %t = graph.tanh %x : !graph.tensor<f32>
  %y = graph.mul %e, %t : !graph.tensor<f32>
  graph.return %y : !graph.tensor<f32>
}

// -----

// What the result does not depend on has a gradient of zeros; what has no derivative adds nothing.
// CHECK-LABEL: graph.func @zeros
// CHECK-SAME: {graph.name = "d.x"}
// CHECK-SAME: {graph.name = "d.unused"}
// CHECK-DAG: %[[DX:.*]] = graph.constant 0.0{{.*}} !graph.tensor<f32[n]>
// CHECK-DAG: %[[DU:.*]] = graph.constant 0.0{{.*}} !graph.tensor<f64[n]>
// CHECK: graph.return %{{.*}}, %[[DX]], %[[DU]]
graph.func @zeros(%x: !graph.tensor<f32[n]> {graph.name = "x"},
                  %unused: !graph.tensor<f64[n]> {graph.name = "unused"})
    -> (!graph.tensor<f32> {graph.name = "y"}) attributes {graph.sizes = ["n"]} {
  %s = graph.stop_gradient %x : !graph.tensor<f32[n]>
  %y = graph.sum %s [0] : !graph.tensor<f32[n]>
  graph.return %y : !graph.tensor<f32>
}

// -----

// Integers and booleans get no gradient, and the adjoint stops where a float becomes one.
// CHECK-LABEL: graph.func @integers
// CHECK-SAME: -> (!graph.tensor<i32> {graph.name = "i"}, !graph.tensor<f32> {graph.name = "y"}, !graph.tensor<f32[n]> {graph.name = "d.x"})
// CHECK: %[[C:.*]] = graph.compare gt
// CHECK: graph.sum
// CHECK-NOT: graph.compare
// CHECK: %[[DX:.*]] = graph.select %[[C]]
// CHECK: graph.return %{{.*}}, %{{.*}}, %[[DX]]
graph.func @integers(%x: !graph.tensor<f32[n]> {graph.name = "x"},
                     %k: !graph.tensor<i32> {graph.name = "k"})
    -> (!graph.tensor<i32> {graph.name = "i"}, !graph.tensor<f32> {graph.name = "y"})
    attributes {graph.sizes = ["n"]} {
  %zero = graph.constant 0.0 : f32 -> !graph.tensor<f32[n]>
  %c = graph.compare gt %x, %zero : !graph.tensor<f32[n]>
  %p = graph.select %c, %x, %zero : !graph.tensor<f32[n]>
  %y = graph.sum %p [0] : !graph.tensor<f32[n]>
  graph.return %k, %y : !graph.tensor<i32>, !graph.tensor<f32>
}

// -----

// Reads of one path are one value; only the operands on the way are differentiated, so that no
// gradient of x is left.
graph.param @w : !graph.tensor<f32[3, 4]> = <uniform(-1.0, 1.0)>
// CHECK-LABEL: graph.func @reads
// CHECK-SAME: {graph.name = "d.w"}
// CHECK: graph.read @w
// CHECK-NOT: graph.read
// CHECK: graph.return
graph.func @reads(%i: !graph.tensor<i32[n, 4]> {graph.name = "i"})
    -> (!graph.tensor<f32> {graph.name = "y"}) attributes {graph.sizes = ["n"]} {
  %x = graph.convert %i : !graph.tensor<i32[n, 4]> -> !graph.tensor<f32[n, 4]>
  %w0 = graph.read @w : !graph.tensor<f32[3, 4]>
  %w1 = graph.read @w : !graph.tensor<f32[3, 4]>
  %w = graph.add %w0, %w1 : !graph.tensor<f32[3, 4]>
  %h = graph.contract %x [0, 1], %w [2, 1] -> [0, 2] : !graph.tensor<f32[n, 4]>, !graph.tensor<f32[3, 4]>
  %y = graph.sum %h [0, 1] : !graph.tensor<f32[n, 3]>
  graph.return %y : !graph.tensor<f32>
}

// -----

// The gradient of an argument that is the result.
// CHECK-LABEL: graph.func @identity
// CHECK: %[[ONE:.*]] = graph.constant 1.0
// CHECK: graph.return %[[X:.*]], %[[ONE]]
graph.func @identity(%x: !graph.tensor<f64> {graph.name = "x"})
    -> (!graph.tensor<f64> {graph.name = "y"}) attributes {graph.sizes = []} {
  graph.return %x : !graph.tensor<f64>
}
