// Reductions, contractions and shapes in the interpreter, against values worked out by hand.
// RUN: tenon-oracle %s --entry reductions --size n=2 --input "x=1,5,5,2,nan,7" | FileCheck %s --check-prefix=REDUCE
// RUN: tenon-oracle %s --entry reductions --size n=0 --input "x=1" | FileCheck %s --check-prefix=EMPTY
// RUN: tenon-oracle %s --entry shapes --size n=2 --input "x=1,2,3,4,5,6" | FileCheck %s --check-prefix=SHAPES
// RUN: tenon-oracle %s --entry contracts --size n=2 --input "a=1,2,3,4,5,6" --input "b=1,0,2,0,1,3" | FileCheck %s --check-prefix=CONTRACT
// RUN: tenon-oracle %s --entry kernels --size n=2 --input "x=1,2" | FileCheck %s --check-prefix=KERNELS

// REDUCE: sum: f32[3] = 3, nan, 12
// REDUCE: max: f32[2] = 5, nan
// REDUCE: min: f32 = nan
// REDUCE: argmax: i32[2] = 1, 1
// EMPTY: sum: f32[3] = 0, 0, 0
// EMPTY: max: f32[0] =
// EMPTY: min: f32 = inf
graph.func @reductions(%x: !graph.tensor<f32[n, 3]> {graph.name = "x"})
    -> (!graph.tensor<f32[3]> {graph.name = "sum"}, !graph.tensor<f32[n]> {graph.name = "max"},
        !graph.tensor<f32> {graph.name = "min"}, !graph.tensor<i32[n]> {graph.name = "argmax"})
    attributes {graph.sizes = ["n"]} {
  %sum = graph.sum %x [0] : !graph.tensor<f32[n, 3]>
  %max = graph.reduce_max %x [1] : !graph.tensor<f32[n, 3]>
  %min = graph.reduce_min %x [0, 1] : !graph.tensor<f32[n, 3]>
  %argmax = graph.argmax %x [1] : !graph.tensor<f32[n, 3]>
  graph.return %sum, %max, %min, %argmax
      : !graph.tensor<f32[3]>, !graph.tensor<f32[n]>, !graph.tensor<f32>, !graph.tensor<i32[n]>
}

// SHAPES: transposed: f32[3, 2] = 1, 4, 2, 5, 3, 6
// SHAPES: flat: f32[6] = 1, 2, 3, 4, 5, 6
// SHAPES: repeated: f32[2, 2, 3] = 1, 2, 3, 1, 2, 3, 4, 5, 6, 4, 5, 6
// SHAPES: index: i32[2, 3] = 0, 1, 2, 0, 1, 2
// SHAPES: size: i64 = 7
graph.func @shapes(%x: !graph.tensor<f32[n, 3]> {graph.name = "x"})
    -> (!graph.tensor<f32[3, n]> {graph.name = "transposed"}, !graph.tensor<f32[3*n]> {graph.name = "flat"},
        !graph.tensor<f32[n, 2, 3]> {graph.name = "repeated"}, !graph.tensor<i32[n, 3]> {graph.name = "index"},
        !graph.tensor<i64> {graph.name = "size"})
    attributes {graph.sizes = ["n"]} {
  %transposed = graph.transpose %x [1, 0] : !graph.tensor<f32[n, 3]>
  %flat = graph.reshape %x : !graph.tensor<f32[n, 3]> -> !graph.tensor<f32[3*n]>
  %repeated = graph.broadcast %x [0, 2] : !graph.tensor<f32[n, 3]> -> !graph.tensor<f32[n, 2, 3]>
  %index = graph.iota 1 : !graph.tensor<i32[n, 3]>
  %size = graph.size <3*n+1> : !graph.tensor<i64>
  graph.return %transposed, %flat, %repeated, %index, %size
      : !graph.tensor<f32[3, n]>, !graph.tensor<f32[3*n]>, !graph.tensor<f32[n, 2, 3]>, !graph.tensor<i32[n, 3]>, !graph.tensor<i64>
}

// [1 2 3; 4 5 6] times the transpose of [1 0 2; 0 1 3].
// CONTRACT: y: f32[2, 2] = 7, 11, 16, 23
graph.func @contracts(%a: !graph.tensor<f32[n, 3]> {graph.name = "a"}, %b: !graph.tensor<f32[2, 3]> {graph.name = "b"})
    -> (!graph.tensor<f32[n, 2]> {graph.name = "y"}) attributes {graph.sizes = ["n"]} {
  %y = graph.contract %a [0, 1], %b [2, 1] -> [0, 2] : !graph.tensor<f32[n, 3]>, !graph.tensor<f32[2, 3]>
  graph.return %y : !graph.tensor<f32[n, 2]>
}

// KERNELS: y: f32[2] = -2, -4
fuse.func @k0(%x: !graph.tensor<f32[s0]>) -> !graph.tensor<f32[s0]> attributes {anchor = 0 : i32, graph.sizes = ["s0"]} {
  %y = graph.add %x, %x : !graph.tensor<f32[s0]>
  fuse.return %y : !graph.tensor<f32[s0]>
}
graph.func @kernels(%x: !graph.tensor<f32[n]> {graph.name = "x"})
    -> (!graph.tensor<f32[n]> {graph.name = "y"}) attributes {graph.sizes = ["n"]} {
  %twice = fuse.launch @k0(%x) [#graph.size<n>] : (!graph.tensor<f32[n]>) -> !graph.tensor<f32[n]>
  %y = fuse.kernel pointwise(%twice) : (!graph.tensor<f32[n]>) -> !graph.tensor<f32[n]> {
  ^bb0(%t: !graph.tensor<f32[n]>):
    %n = graph.neg %t : !graph.tensor<f32[n]>
    fuse.return %n : !graph.tensor<f32[n]>
  }
  graph.return %y : !graph.tensor<f32[n]>
}
