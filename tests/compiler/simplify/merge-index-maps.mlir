// RUN: tenon-opt %s -tenon-merge-index-maps | FileCheck %s

// CHECK-LABEL: graph.func @broadcast_of_broadcast
// CHECK-NEXT: graph.broadcast %arg0 [2] : !graph.tensor<f32[4]> -> !graph.tensor<f32[2, n, 4]>
// CHECK-NEXT: graph.return
graph.func @broadcast_of_broadcast(%x: !graph.tensor<f32[4]> {graph.name = "x"},
                                   %n: !graph.tensor<f32[n]> {graph.name = "n"})
    -> (!graph.tensor<f32[2, n, 4]> {graph.name = "y"}) attributes {graph.sizes = ["n"]} {
  %0 = graph.broadcast %x [1] : !graph.tensor<f32[4]> -> !graph.tensor<f32[n, 4]>
  %1 = graph.broadcast %0 [1, 2] : !graph.tensor<f32[n, 4]> -> !graph.tensor<f32[2, n, 4]>
  graph.return %1 : !graph.tensor<f32[2, n, 4]>
}

// Axis 0 of y is axis 1 of the middle, which is axis 2 of x.
// CHECK-LABEL: graph.func @transpose_of_transpose
// CHECK-NEXT: graph.transpose %arg0 [2, 1, 0] : !graph.tensor<f32[2, 3, 4]>
// CHECK-NEXT: graph.return
graph.func @transpose_of_transpose(%x: !graph.tensor<f32[2, 3, 4]> {graph.name = "x"})
    -> (!graph.tensor<f32[4, 3, 2]> {graph.name = "y"}) attributes {graph.sizes = []} {
  %0 = graph.transpose %x [0, 2, 1] : !graph.tensor<f32[2, 3, 4]>
  %1 = graph.transpose %0 [1, 2, 0] : !graph.tensor<f32[2, 4, 3]>
  graph.return %1 : !graph.tensor<f32[4, 3, 2]>
}

// CHECK-LABEL: graph.func @transpose_of_broadcast
// CHECK-NEXT: graph.broadcast %arg0 [0, 2] : !graph.tensor<f32[3, 4]> -> !graph.tensor<f32[3, 2, 4]>
// CHECK-NEXT: graph.return
graph.func @transpose_of_broadcast(%x: !graph.tensor<f32[3, 4]> {graph.name = "x"})
    -> (!graph.tensor<f32[3, 2, 4]> {graph.name = "y"}) attributes {graph.sizes = []} {
  %0 = graph.broadcast %x [1, 2] : !graph.tensor<f32[3, 4]> -> !graph.tensor<f32[2, 3, 4]>
  %1 = graph.transpose %0 [1, 0, 2] : !graph.tensor<f32[2, 3, 4]>
  graph.return %1 : !graph.tensor<f32[3, 2, 4]>
}

// A broadcast names the axes of its operand in order, so it cannot exchange them.
// CHECK-LABEL: graph.func @broadcast_keeps_order
// CHECK-NEXT: graph.broadcast
// CHECK-NEXT: graph.transpose
graph.func @broadcast_keeps_order(%x: !graph.tensor<f32[3, 4]> {graph.name = "x"})
    -> (!graph.tensor<f32[4, 2, 3]> {graph.name = "y"}) attributes {graph.sizes = []} {
  %0 = graph.broadcast %x [1, 2] : !graph.tensor<f32[3, 4]> -> !graph.tensor<f32[2, 3, 4]>
  %1 = graph.transpose %0 [2, 0, 1] : !graph.tensor<f32[2, 3, 4]>
  graph.return %1 : !graph.tensor<f32[4, 2, 3]>
}

// Any shape of one number is a broadcast; a row repeated and reshaped is not.
// CHECK-LABEL: graph.func @reshape
// CHECK-NEXT: graph.broadcast %arg0 [] : !graph.tensor<f32> -> !graph.tensor<f32[2*n]>
// CHECK-NEXT: %[[ROWS:.*]] = graph.broadcast %arg1 [1]
// CHECK-NEXT: graph.reshape %[[ROWS]]
graph.func @reshape(%x: !graph.tensor<f32> {graph.name = "x"}, %r: !graph.tensor<f32[n]> {graph.name = "r"})
    -> (!graph.tensor<f32[2*n]> {graph.name = "y"}, !graph.tensor<f32[2*n]> {graph.name = "z"})
    attributes {graph.sizes = ["n"]} {
  %0 = graph.broadcast %x [] : !graph.tensor<f32> -> !graph.tensor<f32[2, n]>
  %1 = graph.reshape %0 : !graph.tensor<f32[2, n]> -> !graph.tensor<f32[2*n]>
  %2 = graph.broadcast %r [1] : !graph.tensor<f32[n]> -> !graph.tensor<f32[2, n]>
  %3 = graph.reshape %2 : !graph.tensor<f32[2, n]> -> !graph.tensor<f32[2*n]>
  graph.return %1, %3 : !graph.tensor<f32[2*n]>, !graph.tensor<f32[2*n]>
}

// Both operands' transposes go into the labels: axis 0 of b's operand has the last label of b.
// CHECK-LABEL: graph.func @contract_of_transpose
// CHECK-NEXT: graph.contract %arg0 [1, 0], %arg1 [2, 0, 1] -> [0, 2] : !graph.tensor<f32[3, n]>, !graph.tensor<f32[4, n, 3]>
// CHECK-NEXT: graph.return
graph.func @contract_of_transpose(%a: !graph.tensor<f32[3, n]> {graph.name = "a"},
                                  %b: !graph.tensor<f32[4, n, 3]> {graph.name = "b"})
    -> (!graph.tensor<f32[n, 4]> {graph.name = "y"}) attributes {graph.sizes = ["n"]} {
  %0 = graph.transpose %a [1, 0] : !graph.tensor<f32[3, n]>
  %1 = graph.transpose %b [1, 2, 0] : !graph.tensor<f32[4, n, 3]>
  %2 = graph.contract %0 [0, 1], %1 [0, 1, 2] -> [0, 2] : !graph.tensor<f32[n, 3]>, !graph.tensor<f32[n, 3, 4]>
  graph.return %2 : !graph.tensor<f32[n, 4]>
}

// CHECK-LABEL: graph.func @transpose_of_contract
// CHECK-NEXT: graph.contract %arg0 [0, 1], %arg1 [2, 1] -> [2, 0]
// CHECK-NEXT: graph.return
graph.func @transpose_of_contract(%a: !graph.tensor<f32[n, 3]> {graph.name = "a"},
                                  %b: !graph.tensor<f32[4, 3]> {graph.name = "b"})
    -> (!graph.tensor<f32[4, n]> {graph.name = "y"}) attributes {graph.sizes = ["n"]} {
  %0 = graph.contract %a [0, 1], %b [2, 1] -> [0, 2] : !graph.tensor<f32[n, 3]>, !graph.tensor<f32[4, 3]>
  %1 = graph.transpose %0 [1, 0] : !graph.tensor<f32[n, 4]>
  graph.return %1 : !graph.tensor<f32[4, n]>
}

// What else uses the contraction would have it computed twice.
// CHECK-LABEL: graph.func @contract_used_twice
// CHECK: %[[Y:.*]] = graph.contract
// CHECK-NOT: graph.contract
// CHECK: graph.transpose %[[Y]] [1, 0]
graph.func @contract_used_twice(%a: !graph.tensor<f32[n, 3]> {graph.name = "a"},
                                %b: !graph.tensor<f32[4, 3]> {graph.name = "b"})
    -> (!graph.tensor<f32[n, 4]> {graph.name = "y"}, !graph.tensor<f32[4, n]> {graph.name = "z"})
    attributes {graph.sizes = ["n"]} {
  %0 = graph.contract %a [0, 1], %b [2, 1] -> [0, 2] : !graph.tensor<f32[n, 3]>, !graph.tensor<f32[4, 3]>
  %1 = graph.transpose %0 [1, 0] : !graph.tensor<f32[n, 4]>
  graph.return %0, %1 : !graph.tensor<f32[n, 4]>, !graph.tensor<f32[4, n]>
}
