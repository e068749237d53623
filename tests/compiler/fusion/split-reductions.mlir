// Reductions to one number: long rows first, then the rows.
// RUN: tenon-opt %s -pass-pipeline='builtin.module(graph.func(tenon-split-reductions))' | FileCheck %s

// CHECK-LABEL: graph.func @long_rows
// CHECK-NEXT: %[[R:.*]] = graph.sum %arg0 [1, 2] : !graph.tensor<f32[n, 16, 16]>
// CHECK-NEXT: graph.sum %[[R]] [0] : !graph.tensor<f32[n]>
// CHECK-NEXT: graph.return
graph.func @long_rows(%x: !graph.tensor<f32[n, 16, 16]> {graph.name = "x"}) -> (!graph.tensor<f32> {graph.name = "y"})
    attributes {graph.sizes = ["n"]} {
  %y = graph.sum %x [0, 1, 2] : !graph.tensor<f32[n, 16, 16]>
  graph.return %y : !graph.tensor<f32>
}

// CHECK-LABEL: graph.func @largest
// CHECK-NEXT: %[[R:.*]] = graph.reduce_max %arg0 [1]
// CHECK-NEXT: graph.reduce_max %[[R]] [0]
// CHECK-NEXT: graph.return
graph.func @largest(%x: !graph.tensor<f32[64, 784]> {graph.name = "x"}) -> (!graph.tensor<f32> {graph.name = "y"})
    attributes {graph.sizes = []} {
  %y = graph.reduce_max %x [0, 1] : !graph.tensor<f32[64, 784]>
  graph.return %y : !graph.tensor<f32>
}

// Not short rows, nor few of them, nor rows of unknown length.
// CHECK-LABEL: graph.func @short_rows
// CHECK-NEXT: graph.sum %arg0 [0, 1]
// CHECK-NEXT: graph.sum %arg1 [0, 1]
// CHECK-NEXT: graph.sum %arg2 [0, 1]
// CHECK-NEXT: graph.return
graph.func @short_rows(%x: !graph.tensor<f32[n, 10]> {graph.name = "x"}, %z: !graph.tensor<f32[2, 784]> {graph.name = "z"},
                       %u: !graph.tensor<f32[n, n]> {graph.name = "u"})
    -> (!graph.tensor<f32> {graph.name = "a"}, !graph.tensor<f32> {graph.name = "b"}, !graph.tensor<f32> {graph.name = "c"})
    attributes {graph.sizes = ["n"]} {
  %a = graph.sum %x [0, 1] : !graph.tensor<f32[n, 10]>
  %b = graph.sum %z [0, 1] : !graph.tensor<f32[2, 784]>
  %c = graph.sum %u [0, 1] : !graph.tensor<f32[n, n]>
  graph.return %a, %b, %c : !graph.tensor<f32>, !graph.tensor<f32>, !graph.tensor<f32>
}

// Not a reduction that leaves an axis.
// CHECK-LABEL: graph.func @columns
// CHECK-NEXT: graph.sum %arg0 [0]
// CHECK-NEXT: graph.return
graph.func @columns(%x: !graph.tensor<f32[64, 784]> {graph.name = "x"}) -> (!graph.tensor<f32[784]> {graph.name = "y"})
    attributes {graph.sizes = []} {
  %y = graph.sum %x [0] : !graph.tensor<f32[64, 784]>
  graph.return %y : !graph.tensor<f32[784]>
}
