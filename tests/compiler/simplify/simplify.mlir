// RUN: tenon-opt %s -tenon-simplify | FileCheck %s

// Transposes cancel, equal ops merge, dead ops go.
// CHECK-LABEL: graph.func @merge
// CHECK-NEXT: %[[D:.*]] = graph.sub %arg0, %arg1
// CHECK-NEXT: graph.return %[[D]], %[[D]]
graph.func @merge(%x: !graph.tensor<f32[n, 4]> {graph.name = "x"},
                  %y: !graph.tensor<f32[n, 4]> {graph.name = "y"})
    -> (!graph.tensor<f32[n, 4]> {graph.name = "a"}, !graph.tensor<f32[n, 4]> {graph.name = "b"})
    attributes {graph.sizes = ["n"]} {
  %0 = graph.transpose %x [1, 0] : !graph.tensor<f32[n, 4]>
  %1 = graph.transpose %0 [1, 0] : !graph.tensor<f32[4, n]>
  %2 = graph.sub %1, %y : !graph.tensor<f32[n, 4]>
  %3 = graph.sub %x, %y : !graph.tensor<f32[n, 4]>
  %4 = graph.exp %x : !graph.tensor<f32[n, 4]>
  graph.return %2, %3 : !graph.tensor<f32[n, 4]>, !graph.tensor<f32[n, 4]>
}

// Merging the conditions lets the inner selection go, which makes the sides equal.
// CHECK-LABEL: graph.func @repeat
// CHECK-NEXT: graph.return %arg0
graph.func @repeat(%x: !graph.tensor<f32[n]> {graph.name = "x"},
                   %y: !graph.tensor<f32[n]> {graph.name = "y"})
    -> (!graph.tensor<f32[n]> {graph.name = "a"}) attributes {graph.sizes = ["n"]} {
  %c0 = graph.compare lt %x, %y : !graph.tensor<f32[n]>
  %c1 = graph.compare lt %x, %y : !graph.tensor<f32[n]>
  %0 = graph.select %c0, %x, %y : !graph.tensor<f32[n]>
  %1 = graph.select %c1, %0, %x : !graph.tensor<f32[n]>
  graph.return %1 : !graph.tensor<f32[n]>
}

// Scalar arithmetic on constants folds, through broadcasts too.
// CHECK-LABEL: graph.func @constants
// CHECK-NEXT: %[[SIX:.*]] = graph.constant 6.0{{.*}} !graph.tensor<f32[n]>
// CHECK-NEXT: graph.add %arg0, %[[SIX]]
graph.func @constants(%x: !graph.tensor<f32[n]> {graph.name = "x"})
    -> (!graph.tensor<f32[n]> {graph.name = "a"}) attributes {graph.sizes = ["n"]} {
  %two = graph.constant 2.0 : f64 -> !graph.tensor<f64>
  %three = graph.constant 3.0 : f64 -> !graph.tensor<f64>
  %six = graph.mul %two, %three : !graph.tensor<f64>
  %narrow = graph.convert %six : !graph.tensor<f64> -> !graph.tensor<f32>
  %all = graph.broadcast %narrow [] : !graph.tensor<f32> -> !graph.tensor<f32[n]>
  %y = graph.add %x, %all : !graph.tensor<f32[n]>
  graph.return %y : !graph.tensor<f32[n]>
}

// Not exact, so not done: x + 0.0 (x may be -0.0), x * 0.0 (x may be infinite), x - x (NaN), a sum
// of sums (its order), the factor of a sum.
// CHECK-LABEL: graph.func @inexact
// CHECK: graph.add %arg0
// CHECK: graph.mul %arg0
// CHECK: graph.sub %arg0, %arg0
// CHECK: graph.sum %arg1 [1]
// CHECK: graph.sum %{{.*}} [0]
// CHECK: graph.mul %arg1
// CHECK: graph.sum %{{.*}} [0, 1]
graph.func @inexact(%x: !graph.tensor<f32[n]> {graph.name = "x"},
                    %m: !graph.tensor<f32[n, 4]> {graph.name = "m"})
    -> (!graph.tensor<f32[n]> {graph.name = "a"}, !graph.tensor<f32[n]> {graph.name = "b"},
        !graph.tensor<f32[n]> {graph.name = "c"}, !graph.tensor<f32> {graph.name = "d"},
        !graph.tensor<f32> {graph.name = "e"}) attributes {graph.sizes = ["n"]} {
  %zero = graph.constant 0.0 : f32 -> !graph.tensor<f32[n]>
  %a = graph.add %x, %zero : !graph.tensor<f32[n]>
  %b = graph.mul %x, %zero : !graph.tensor<f32[n]>
  %c = graph.sub %x, %x : !graph.tensor<f32[n]>
  %rows = graph.sum %m [1] : !graph.tensor<f32[n, 4]>
  %d = graph.sum %rows [0] : !graph.tensor<f32[n]>
  %third = graph.constant 0.3 : f32 -> !graph.tensor<f32[n, 4]>
  %scaled = graph.mul %m, %third : !graph.tensor<f32[n, 4]>
  %e = graph.sum %scaled [0, 1] : !graph.tensor<f32[n, 4]>
  graph.return %a, %b, %c, %d, %e : !graph.tensor<f32[n]>, !graph.tensor<f32[n]>, !graph.tensor<f32[n]>, !graph.tensor<f32>, !graph.tensor<f32>
}

// Writes and requirements stay.
graph.state @s : !graph.tensor<f32> = <constant(0.0)>
// CHECK-LABEL: graph.func @effects
// CHECK: graph.require
// CHECK: graph.write @s
graph.func @effects(%x: !graph.tensor<f32[n]> {graph.name = "x"})
    -> (!graph.tensor<f32[n]> {graph.name = "a"}) attributes {graph.sizes = ["n"]} {
  graph.require <n> le <512> "n <= 512"
  %s = graph.sum %x [0] : !graph.tensor<f32[n]>
  graph.write @s, %s : !graph.tensor<f32>
  graph.return %x : !graph.tensor<f32[n]>
}
