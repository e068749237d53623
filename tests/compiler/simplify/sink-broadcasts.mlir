// RUN: tenon-opt %s -tenon-sink-broadcasts | FileCheck %s

// CHECK-LABEL: graph.func @equal_maps(%arg0:
// CHECK-NEXT: %[[SUM:.*]] = graph.add %arg0, %arg1 : !graph.tensor<f32[4]>
// CHECK-NEXT: %[[ALL:.*]] = graph.broadcast %[[SUM]] [1] : !graph.tensor<f32[4]> -> !graph.tensor<f32[n, 4]>
// CHECK-NEXT: graph.return %[[ALL]]
graph.func @equal_maps(%a: !graph.tensor<f32[4]> {graph.name = "a"},
                       %b: !graph.tensor<f32[4]> {graph.name = "b"},
                       %n: !graph.tensor<f32[n]> {graph.name = "n"})
    -> (!graph.tensor<f32[n, 4]> {graph.name = "y"}) attributes {graph.sizes = ["n"]} {
  %0 = graph.broadcast %a [1] : !graph.tensor<f32[4]> -> !graph.tensor<f32[n, 4]>
  %1 = graph.broadcast %b [1] : !graph.tensor<f32[4]> -> !graph.tensor<f32[n, 4]>
  %2 = graph.add %0, %1 : !graph.tensor<f32[n, 4]>
  graph.return %2 : !graph.tensor<f32[n, 4]>
}

// Constants follow, the element type may change, and a chain sinks as a whole.
// CHECK-LABEL: graph.func @constants(%arg0:
// CHECK-DAG: %[[TWO:.*]] = graph.constant 2.0{{.*}} !graph.tensor<f32>
// CHECK-DAG: %[[ONE:.*]] = graph.constant 1.0{{.*}} !graph.tensor<f32>
// CHECK: %[[TWICE:.*]] = graph.mul %arg0, %[[TWO]] : !graph.tensor<f32>
// CHECK: %[[LARGE:.*]] = graph.compare gt %[[TWICE]], %[[ONE]] : !graph.tensor<f32>
// CHECK: %[[ALL:.*]] = graph.broadcast %[[LARGE]] [] : !graph.tensor<i1> -> !graph.tensor<i1[n]>
// CHECK: graph.return %[[ALL]]
graph.func @constants(%a: !graph.tensor<f32> {graph.name = "a"},
                      %n: !graph.tensor<f32[n]> {graph.name = "n"})
    -> (!graph.tensor<i1[n]> {graph.name = "y"}) attributes {graph.sizes = ["n"]} {
  %two = graph.constant 2.0 : f32 -> !graph.tensor<f32[n]>
  %one = graph.constant 1.0 : f32 -> !graph.tensor<f32[n]>
  %0 = graph.broadcast %a [] : !graph.tensor<f32> -> !graph.tensor<f32[n]>
  %1 = graph.mul %0, %two : !graph.tensor<f32[n]>
  %2 = graph.compare gt %1, %one : !graph.tensor<f32[n]>
  graph.return %2 : !graph.tensor<i1[n]>
}

// Other axes, another operand, other sizes: nothing to gain.
// CHECK-LABEL: graph.func @different(%arg0:
// CHECK: graph.broadcast %arg0 [0]
// CHECK: graph.broadcast %arg0 [1]
// CHECK: graph.add %{{.*}} : !graph.tensor<f32[4, 4]>
// CHECK: graph.mul %{{.*}} : !graph.tensor<f32[4, 4]>
// CHECK: graph.broadcast %arg2 []
// CHECK: graph.sub %{{.*}} : !graph.tensor<f32[4]>
graph.func @different(%a: !graph.tensor<f32[4]> {graph.name = "a"},
                      %b: !graph.tensor<f32[4, 4]> {graph.name = "b"},
                      %c: !graph.tensor<f32> {graph.name = "c"})
    -> (!graph.tensor<f32[4, 4]> {graph.name = "x"}, !graph.tensor<f32[4, 4]> {graph.name = "y"},
        !graph.tensor<f32[4]> {graph.name = "z"}) attributes {graph.sizes = []} {
  %0 = graph.broadcast %a [0] : !graph.tensor<f32[4]> -> !graph.tensor<f32[4, 4]>
  %1 = graph.broadcast %a [1] : !graph.tensor<f32[4]> -> !graph.tensor<f32[4, 4]>
  %2 = graph.add %0, %1 : !graph.tensor<f32[4, 4]>
  %3 = graph.mul %0, %b : !graph.tensor<f32[4, 4]>
  %4 = graph.broadcast %c [] : !graph.tensor<f32> -> !graph.tensor<f32[4]>
  %5 = graph.sub %4, %a : !graph.tensor<f32[4]>
  graph.return %2, %3, %5 : !graph.tensor<f32[4, 4]>, !graph.tensor<f32[4, 4]>, !graph.tensor<f32[4]>
}

// A constant alone is folding's business.
// CHECK-LABEL: graph.func @only_constants(%arg0:
// CHECK-NOT: graph.broadcast
graph.func @only_constants(%n: !graph.tensor<f32[n]> {graph.name = "n"})
    -> (!graph.tensor<f32[n]> {graph.name = "y"}) attributes {graph.sizes = ["n"]} {
  %one = graph.constant 1.0 : f32 -> !graph.tensor<f32[n]>
  %0 = graph.exp %one : !graph.tensor<f32[n]>
  graph.return %0 : !graph.tensor<f32[n]>
}

// Reshapes from one shape, and what is the same in all elements: computed before the shape changes.
// CHECK-LABEL: graph.func @reshapes
// CHECK-DAG: %[[C:.*]] = graph.constant 2.000000e+00 : f32 -> !graph.tensor<f32[n]>
// CHECK-DAG: %[[R:.*]] = graph.mul %arg0, %[[C]] : !graph.tensor<f32[n]>
// CHECK-DAG: %[[S:.*]] = graph.broadcast %arg2 [] : !graph.tensor<f32> -> !graph.tensor<f32[n]>
// CHECK-DAG: %[[D:.*]] = graph.div %[[R]], %arg1 : !graph.tensor<f32[n]>
// CHECK: %[[A:.*]] = graph.add %[[D]], %[[S]] : !graph.tensor<f32[n]>
// CHECK: %[[Y:.*]] = graph.reshape %[[A]] : !graph.tensor<f32[n]> -> !graph.tensor<f32[n, 1]>
// CHECK: graph.return %[[Y]]
graph.func @reshapes(%x: !graph.tensor<f32[n]> {graph.name = "x"}, %z: !graph.tensor<f32[n]> {graph.name = "z"},
                     %s: !graph.tensor<f32> {graph.name = "s"})
    -> (!graph.tensor<f32[n, 1]> {graph.name = "y"}) attributes {graph.sizes = ["n"]} {
  %c = graph.constant 2.0 : f32 -> !graph.tensor<f32[n, 1]>
  %0 = graph.reshape %x : !graph.tensor<f32[n]> -> !graph.tensor<f32[n, 1]>
  %1 = graph.reshape %z : !graph.tensor<f32[n]> -> !graph.tensor<f32[n, 1]>
  %2 = graph.mul %0, %c : !graph.tensor<f32[n, 1]>
  %3 = graph.div %2, %1 : !graph.tensor<f32[n, 1]>
  %4 = graph.broadcast %s [] : !graph.tensor<f32> -> !graph.tensor<f32[n, 1]>
  %5 = graph.add %3, %4 : !graph.tensor<f32[n, 1]>
  graph.return %5 : !graph.tensor<f32[n, 1]>
}

// Not from two shapes.
// CHECK-LABEL: graph.func @reshapes_of_two_shapes
// CHECK-NEXT: graph.reshape
// CHECK-NEXT: graph.reshape
// CHECK-NEXT: graph.add
// CHECK-NEXT: graph.return
graph.func @reshapes_of_two_shapes(%x: !graph.tensor<f32[n]> {graph.name = "x"}, %z: !graph.tensor<f32[1, n]> {graph.name = "z"})
    -> (!graph.tensor<f32[n, 1]> {graph.name = "y"}) attributes {graph.sizes = ["n"]} {
  %0 = graph.reshape %x : !graph.tensor<f32[n]> -> !graph.tensor<f32[n, 1]>
  %1 = graph.reshape %z : !graph.tensor<f32[1, n]> -> !graph.tensor<f32[n, 1]>
  %2 = graph.add %0, %1 : !graph.tensor<f32[n, 1]>
  graph.return %2 : !graph.tensor<f32[n, 1]>
}
