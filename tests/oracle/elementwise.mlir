// The interpreter itself, against values worked out by hand.
// RUN: tenon-oracle %s --entry extremes --size n=5 --input "a=nan,-0.0,0.0,1,inf" --input "b=1,0.0,-0.0,nan,-inf" | FileCheck %s --check-prefix=EXTREMES
// RUN: tenon-oracle %s --entry rounding --size n=5 --input "x=0.5,1.5,2.5,-0.5,16777217" | FileCheck %s --check-prefix=ROUND
// RUN: tenon-oracle %s --entry rounding --double --size n=1 --input "x=0.1" | FileCheck %s --check-prefix=DOUBLE
// RUN: tenon-oracle %s --entry integers --size n=3 --input "a=2147483647,-2147483648,7" --input "b=1,-1,-7" | FileCheck %s --check-prefix=INTEGERS
// RUN: tenon-oracle %s --entry converts --size n=6 --input "x=nan,1e10,-1e10,-1.9,0.0,1e-40" | FileCheck %s --check-prefix=CONVERTS

// EXTREMES: max: f32[5] = nan, 0, 0, nan, inf
// EXTREMES: min: f32[5] = nan, -0, -0, nan, -inf
// EXTREMES: ne: i1[5] = 1, 0, 0, 1, 1
// EXTREMES: ge: i1[5] = 0, 1, 1, 0, 1
// EXTREMES: sign: f32[5] = nan, -0, 0, 1, 1
// EXTREMES: difference: f32[5] = nan, -0, 0, nan, inf
graph.func @extremes(%a: !graph.tensor<f32[n]> {graph.name = "a"}, %b: !graph.tensor<f32[n]> {graph.name = "b"})
    -> (!graph.tensor<f32[n]> {graph.name = "max"}, !graph.tensor<f32[n]> {graph.name = "min"},
        !graph.tensor<i1[n]> {graph.name = "ne"}, !graph.tensor<i1[n]> {graph.name = "ge"},
        !graph.tensor<f32[n]> {graph.name = "sign"}, !graph.tensor<f32[n]> {graph.name = "difference"})
    attributes {graph.sizes = ["n"]} {
  %max = graph.max %a, %b : !graph.tensor<f32[n]>
  %min = graph.min %a, %b : !graph.tensor<f32[n]>
  %ne = graph.compare ne %a, %b : !graph.tensor<f32[n]>
  %ge = graph.compare ge %a, %b : !graph.tensor<f32[n]>
  %sign = graph.sign %a : !graph.tensor<f32[n]>
  %difference = graph.sub %a, %b : !graph.tensor<f32[n]>
  graph.return %max, %min, %ne, %ge, %sign, %difference
      : !graph.tensor<f32[n]>, !graph.tensor<f32[n]>, !graph.tensor<i1[n]>, !graph.tensor<i1[n]>, !graph.tensor<f32[n]>, !graph.tensor<f32[n]>
}

// ROUND: round: f32[5] = 0, 2, 2, -0, 16777216
// ROUND: third: f32[5] = 0.166666672, 0.5, 0.833333313, -0.166666672, 5592405.5
// DOUBLE: third: f32[1] = 0.0333333338
graph.func @rounding(%x: !graph.tensor<f32[n]> {graph.name = "x"})
    -> (!graph.tensor<f32[n]> {graph.name = "round"}, !graph.tensor<f32[n]> {graph.name = "third"})
    attributes {graph.sizes = ["n"]} {
  %round = graph.round %x : !graph.tensor<f32[n]>
  %three = graph.constant 3.0 : f32 -> !graph.tensor<f32[n]>
  %third = graph.div %x, %three : !graph.tensor<f32[n]>
  graph.return %round, %third : !graph.tensor<f32[n]>, !graph.tensor<f32[n]>
}

// INTEGERS: sum: i32[3] = -2147483648, 2147483647, 0
// INTEGERS: product: i32[3] = 2147483647, -2147483648, -49
// INTEGERS: abs: i32[3] = 2147483647, -2147483648, 7
graph.func @integers(%a: !graph.tensor<i32[n]> {graph.name = "a"}, %b: !graph.tensor<i32[n]> {graph.name = "b"})
    -> (!graph.tensor<i32[n]> {graph.name = "sum"}, !graph.tensor<i32[n]> {graph.name = "product"}, !graph.tensor<i32[n]> {graph.name = "abs"})
    attributes {graph.sizes = ["n"]} {
  %sum = graph.add %a, %b : !graph.tensor<i32[n]>
  %product = graph.mul %a, %b : !graph.tensor<i32[n]>
  %abs = graph.abs %a : !graph.tensor<i32[n]>
  graph.return %sum, %product, %abs : !graph.tensor<i32[n]>, !graph.tensor<i32[n]>, !graph.tensor<i32[n]>
}

// CONVERTS: i32: i32[6] = 0, 2147483647, -2147483648, -1, 0, 0
// CONVERTS: i64: i64[6] = 0, 10000000000, -10000000000, -1, 0, 0
// CONVERTS: bool: i1[6] = 1, 1, 1, 1, 0, 1
graph.func @converts(%x: !graph.tensor<f32[n]> {graph.name = "x"})
    -> (!graph.tensor<i32[n]> {graph.name = "i32"}, !graph.tensor<i64[n]> {graph.name = "i64"}, !graph.tensor<i1[n]> {graph.name = "bool"})
    attributes {graph.sizes = ["n"]} {
  %i32 = graph.convert %x : !graph.tensor<f32[n]> -> !graph.tensor<i32[n]>
  %i64 = graph.convert %x : !graph.tensor<f32[n]> -> !graph.tensor<i64[n]>
  %bool = graph.convert %x : !graph.tensor<f32[n]> -> !graph.tensor<i1[n]>
  graph.return %i32, %i64, %bool : !graph.tensor<i32[n]>, !graph.tensor<i64[n]>, !graph.tensor<i1[n]>
}
