// RUN: tenon-opt %s -tenon-fold-arithmetic | FileCheck %s

// CHECK-LABEL: graph.func @add_of_negation
// CHECK-NEXT: graph.sub %arg0, %arg1
// CHECK-NEXT: graph.return
graph.func @add_of_negation(%a: !graph.tensor<f32[n]> {graph.name = "a"}, %b: !graph.tensor<f32[n]> {graph.name = "b"})
    -> (!graph.tensor<f32[n]> {graph.name = "y"}) attributes {graph.sizes = ["n"]} {
  %0 = graph.neg %b : !graph.tensor<f32[n]>
  %1 = graph.add %a, %0 : !graph.tensor<f32[n]>
  graph.return %1 : !graph.tensor<f32[n]>
}

// CHECK-LABEL: graph.func @negation_first
// CHECK-NEXT: graph.sub %arg1, %arg0
// CHECK-NEXT: graph.return
graph.func @negation_first(%a: !graph.tensor<f32[n]> {graph.name = "a"}, %b: !graph.tensor<f32[n]> {graph.name = "b"})
    -> (!graph.tensor<f32[n]> {graph.name = "y"}) attributes {graph.sizes = ["n"]} {
  %0 = graph.neg %a : !graph.tensor<f32[n]>
  %1 = graph.add %0, %b : !graph.tensor<f32[n]>
  graph.return %1 : !graph.tensor<f32[n]>
}

// CHECK-LABEL: graph.func @sub_of_negation
// CHECK-NEXT: graph.add %arg0, %arg1
// CHECK-NEXT: graph.return
graph.func @sub_of_negation(%a: !graph.tensor<f32[n]> {graph.name = "a"}, %b: !graph.tensor<f32[n]> {graph.name = "b"})
    -> (!graph.tensor<f32[n]> {graph.name = "y"}) attributes {graph.sizes = ["n"]} {
  %0 = graph.neg %b : !graph.tensor<f32[n]>
  %1 = graph.sub %a, %0 : !graph.tensor<f32[n]>
  graph.return %1 : !graph.tensor<f32[n]>
}

// Where a equals b, -(a - b) is -0.0 and b - a is 0.0.
// CHECK-LABEL: graph.func @negation_of_sub
// CHECK: graph.sub %arg0, %arg1
// CHECK: graph.neg
graph.func @negation_of_sub(%a: !graph.tensor<f32[n]> {graph.name = "a"}, %b: !graph.tensor<f32[n]> {graph.name = "b"})
    -> (!graph.tensor<f32[n]> {graph.name = "y"}) attributes {graph.sizes = ["n"]} {
  %0 = graph.sub %a, %b : !graph.tensor<f32[n]>
  %1 = graph.neg %0 : !graph.tensor<f32[n]>
  graph.return %1 : !graph.tensor<f32[n]>
}

// CHECK-LABEL: graph.func @product_of_negations
// CHECK: graph.mul %arg0, %arg1
// CHECK: graph.div %{{.*}}, %arg1
// CHECK-NOT: graph.neg
// CHECK: graph.return
graph.func @product_of_negations(%a: !graph.tensor<f32[n]> {graph.name = "a"}, %b: !graph.tensor<f32[n]> {graph.name = "b"})
    -> (!graph.tensor<f32[n]> {graph.name = "y"}) attributes {graph.sizes = ["n"]} {
  %0 = graph.neg %a : !graph.tensor<f32[n]>
  %1 = graph.neg %b : !graph.tensor<f32[n]>
  %2 = graph.mul %0, %1 : !graph.tensor<f32[n]>
  %3 = graph.neg %2 : !graph.tensor<f32[n]>
  %4 = graph.div %3, %1 : !graph.tensor<f32[n]>
  graph.return %4 : !graph.tensor<f32[n]>
}

// CHECK-LABEL: graph.func @one_negation
// CHECK: graph.neg %arg0
// CHECK: graph.mul
graph.func @one_negation(%a: !graph.tensor<f32[n]> {graph.name = "a"}, %b: !graph.tensor<f32[n]> {graph.name = "b"})
    -> (!graph.tensor<f32[n]> {graph.name = "y"}) attributes {graph.sizes = ["n"]} {
  %0 = graph.neg %a : !graph.tensor<f32[n]>
  %1 = graph.mul %0, %b : !graph.tensor<f32[n]>
  graph.return %1 : !graph.tensor<f32[n]>
}

// CHECK-LABEL: graph.func @div_by_power_of_two
// CHECK: %[[C:.*]] = graph.constant -1.250000e-01 : f32
// CHECK: graph.mul %arg0, %[[C]]
// CHECK-NOT: graph.div
// CHECK: graph.return
graph.func @div_by_power_of_two(%a: !graph.tensor<f32[n]> {graph.name = "a"})
    -> (!graph.tensor<f32[n]> {graph.name = "y"}) attributes {graph.sizes = ["n"]} {
  %c = graph.constant -8.0 : f32 -> !graph.tensor<f32[n]>
  %1 = graph.div %a, %c : !graph.tensor<f32[n]>
  graph.return %1 : !graph.tensor<f32[n]>
}

// CHECK-LABEL: graph.func @div_by_three
// CHECK: graph.div
graph.func @div_by_three(%a: !graph.tensor<f32[n]> {graph.name = "a"})
    -> (!graph.tensor<f32[n]> {graph.name = "y"}) attributes {graph.sizes = ["n"]} {
  %c = graph.constant 3.0 : f32 -> !graph.tensor<f32[n]>
  %1 = graph.div %a, %c : !graph.tensor<f32[n]>
  graph.return %1 : !graph.tensor<f32[n]>
}

// 1/2^127 is subnormal.
// CHECK-LABEL: graph.func @div_by_huge_power_of_two
// CHECK: graph.div
graph.func @div_by_huge_power_of_two(%a: !graph.tensor<f32[n]> {graph.name = "a"})
    -> (!graph.tensor<f32[n]> {graph.name = "y"}) attributes {graph.sizes = ["n"]} {
  %c = graph.constant 0x7F000000 : f32 -> !graph.tensor<f32[n]>
  %1 = graph.div %a, %c : !graph.tensor<f32[n]>
  graph.return %1 : !graph.tensor<f32[n]>
}

// CHECK-LABEL: graph.func @div_by_zero
// CHECK: graph.div
graph.func @div_by_zero(%a: !graph.tensor<f32[n]> {graph.name = "a"})
    -> (!graph.tensor<f32[n]> {graph.name = "y"}) attributes {graph.sizes = ["n"]} {
  %c = graph.constant 0.0 : f32 -> !graph.tensor<f32[n]>
  %1 = graph.div %a, %c : !graph.tensor<f32[n]>
  graph.return %1 : !graph.tensor<f32[n]>
}

// CHECK-LABEL: graph.func @widened
// CHECK-NEXT: graph.return %arg0
graph.func @widened(%a: !graph.tensor<f32[n]> {graph.name = "a"})
    -> (!graph.tensor<f32[n]> {graph.name = "y"}) attributes {graph.sizes = ["n"]} {
  %0 = graph.convert %a : !graph.tensor<f32[n]> -> !graph.tensor<f64[n]>
  %1 = graph.convert %0 : !graph.tensor<f64[n]> -> !graph.tensor<f32[n]>
  graph.return %1 : !graph.tensor<f32[n]>
}

// CHECK-LABEL: graph.func @rounded
// CHECK: graph.convert
// CHECK: graph.convert
graph.func @rounded(%a: !graph.tensor<f64[n]> {graph.name = "a"})
    -> (!graph.tensor<f64[n]> {graph.name = "y"}) attributes {graph.sizes = ["n"]} {
  %0 = graph.convert %a : !graph.tensor<f64[n]> -> !graph.tensor<f32[n]>
  %1 = graph.convert %0 : !graph.tensor<f32[n]> -> !graph.tensor<f64[n]>
  graph.return %1 : !graph.tensor<f64[n]>
}

// f32 holds integers up to 2^24 only.
// CHECK-LABEL: graph.func @integer_through_f32
// CHECK: graph.convert
// CHECK: graph.convert
graph.func @integer_through_f32(%a: !graph.tensor<i32[n]> {graph.name = "a"})
    -> (!graph.tensor<i32[n]> {graph.name = "y"}) attributes {graph.sizes = ["n"]} {
  %0 = graph.convert %a : !graph.tensor<i32[n]> -> !graph.tensor<f32[n]>
  %1 = graph.convert %0 : !graph.tensor<f32[n]> -> !graph.tensor<i32[n]>
  graph.return %1 : !graph.tensor<i32[n]>
}

// CHECK-LABEL: graph.func @integer_through_f64
// CHECK-NEXT: graph.return %arg0
graph.func @integer_through_f64(%a: !graph.tensor<i32[n]> {graph.name = "a"})
    -> (!graph.tensor<i32[n]> {graph.name = "y"}) attributes {graph.sizes = ["n"]} {
  %0 = graph.convert %a : !graph.tensor<i32[n]> -> !graph.tensor<f64[n]>
  %1 = graph.convert %0 : !graph.tensor<f64[n]> -> !graph.tensor<i32[n]>
  graph.return %1 : !graph.tensor<i32[n]>
}

// CHECK-LABEL: graph.func @boolean_through_f32
// CHECK-NEXT: graph.return %arg0
graph.func @boolean_through_f32(%c: !graph.tensor<i1[n]> {graph.name = "c"})
    -> (!graph.tensor<i1[n]> {graph.name = "y"}) attributes {graph.sizes = ["n"]} {
  %0 = graph.convert %c : !graph.tensor<i1[n]> -> !graph.tensor<f32[n]>
  %1 = graph.convert %0 : !graph.tensor<f32[n]> -> !graph.tensor<i1[n]>
  graph.return %1 : !graph.tensor<i1[n]>
}

// CHECK-LABEL: graph.func @select_by_not
// CHECK-NEXT: graph.select %arg2, %arg1, %arg0
// CHECK-NEXT: graph.return
graph.func @select_by_not(%a: !graph.tensor<f32[n]> {graph.name = "a"}, %b: !graph.tensor<f32[n]> {graph.name = "b"}, %c: !graph.tensor<i1[n]> {graph.name = "c"})
    -> (!graph.tensor<f32[n]> {graph.name = "y"}) attributes {graph.sizes = ["n"]} {
  %0 = graph.not %c : !graph.tensor<i1[n]>
  %1 = graph.select %0, %a, %b : !graph.tensor<f32[n]>
  graph.return %1 : !graph.tensor<f32[n]>
}

// CHECK-LABEL: graph.func @select_of_select
// CHECK-NEXT: graph.select %arg0, %arg1, %arg3
// CHECK-NEXT: graph.return
graph.func @select_of_select(%c: !graph.tensor<i1[n]> {graph.name = "c"}, %x: !graph.tensor<f32[n]> {graph.name = "x"},
                             %y: !graph.tensor<f32[n]> {graph.name = "y"}, %z: !graph.tensor<f32[n]> {graph.name = "z"})
    -> (!graph.tensor<f32[n]> {graph.name = "r"}) attributes {graph.sizes = ["n"]} {
  %0 = graph.select %c, %x, %y : !graph.tensor<f32[n]>
  %1 = graph.select %c, %y, %z : !graph.tensor<f32[n]>
  %2 = graph.select %c, %0, %1 : !graph.tensor<f32[n]>
  graph.return %2 : !graph.tensor<f32[n]>
}

// CHECK-LABEL: graph.func @select_by_another
// CHECK: graph.select %arg2, %arg0, %arg1
// CHECK: graph.select %arg3
graph.func @select_by_another(%a: !graph.tensor<f32[n]> {graph.name = "a"}, %b: !graph.tensor<f32[n]> {graph.name = "b"}, %c: !graph.tensor<i1[n]> {graph.name = "c"}, %d: !graph.tensor<i1[n]> {graph.name = "d"})
    -> (!graph.tensor<f32[n]> {graph.name = "y"}) attributes {graph.sizes = ["n"]} {
  %0 = graph.select %c, %a, %b : !graph.tensor<f32[n]>
  %1 = graph.select %d, %0, %b : !graph.tensor<f32[n]>
  graph.return %1 : !graph.tensor<f32[n]>
}

// The gradient of a layer with one output.
// CHECK-LABEL: graph.func @one_step
// CHECK: %[[ZERO:.*]] = graph.constant 0
// CHECK: %[[DY:.*]] = graph.reshape %arg0
// CHECK: %[[A:.*]] = graph.broadcast %[[DY]] [0]
// CHECK: %[[W:.*]] = graph.reshape %arg1
// CHECK: %[[B:.*]] = graph.broadcast %[[W]] [1]
// CHECK: %[[P:.*]] = graph.mul %[[A]], %[[B]]
// CHECK: graph.add %[[P]], %[[ZERO]]
graph.func @one_step(%dy: !graph.tensor<f32[n, 1]> {graph.name = "dy"}, %w: !graph.tensor<f32[1, 100]> {graph.name = "w"})
    -> (!graph.tensor<f32[n, 100]> {graph.name = "dx"}) attributes {graph.sizes = ["n"]} {
  %0 = graph.contract %dy [0, 1], %w [1, 2] -> [0, 2] : !graph.tensor<f32[n, 1]>, !graph.tensor<f32[1, 100]>
  graph.return %0 : !graph.tensor<f32[n, 100]>
}

// CHECK-LABEL: graph.func @two_steps
// CHECK: graph.contract
graph.func @two_steps(%dy: !graph.tensor<f32[n, 2]> {graph.name = "dy"}, %w: !graph.tensor<f32[2, 100]> {graph.name = "w"})
    -> (!graph.tensor<f32[n, 100]> {graph.name = "dx"}) attributes {graph.sizes = ["n"]} {
  %0 = graph.contract %dy [0, 1], %w [1, 2] -> [0, 2] : !graph.tensor<f32[n, 2]>, !graph.tensor<f32[2, 100]>
  graph.return %0 : !graph.tensor<f32[n, 100]>
}

// The axes change places: a contraction does that in one pass.
// CHECK-LABEL: graph.func @transposed
// CHECK: graph.contract
graph.func @transposed(%x: !graph.tensor<f32[n, 1]> {graph.name = "x"}, %w: !graph.tensor<f32[m, n, 1]> {graph.name = "w"})
    -> (!graph.tensor<f32[n, m]> {graph.name = "y"}) attributes {graph.sizes = ["n", "m"]} {
  %0 = graph.contract %x [0, 1], %w [2, 0, 1] -> [0, 2] : !graph.tensor<f32[n, 1]>, !graph.tensor<f32[m, n, 1]>
  graph.return %0 : !graph.tensor<f32[n, m]>
}
