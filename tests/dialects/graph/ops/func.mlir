// graph.func: round-trip and constraints.
// RUN: tenon-opt %s --verify-roundtrip --split-input-file --verify-diagnostics | FileCheck %s

// CHECK-LABEL: graph.func @valid
// CHECK-SAME: !graph.tensor<f32[n, 4]> {graph.name = "x"}
// CHECK-SAME: -> (!graph.tensor<f32[n, 4]> {graph.name = "y"})
// CHECK-SAME: attributes {graph.sizes = ["n"], kind = "function"}
graph.func @valid(%x: !graph.tensor<f32[n, 4]> {graph.name = "x"})
    -> (!graph.tensor<f32[n, 4]> {graph.name = "y"})
    attributes {graph.sizes = ["n"], kind = "function"} {
  graph.return %x : !graph.tensor<f32[n, 4]>
}

// -----

// C1: sizes are listed.
// expected-error@+1 {{(C1) needs 'graph.sizes'}}
graph.func @unlisted(%x: !graph.tensor<f32[4]> {graph.name = "x"}) {
  graph.return
}

// -----

// C1: every size of the body.
// expected-error@+1 {{size 'm' is not listed in 'graph.sizes'}}
graph.func @missing(%x: !graph.tensor<f32[n]> {graph.name = "x"}) attributes {graph.sizes = ["n"]} {
  %y = graph.constant 0.0 : f32 -> !graph.tensor<f32[n+m]>
  graph.return
}

// -----

// C1: names.
// expected-error@+1 {{'graph.sizes' must be a list of names}}
graph.func @names(%x: !graph.tensor<f32[4]> {graph.name = "x"}) attributes {graph.sizes = [1]} {
  graph.return
}

// -----

// C2: arguments have names.
// expected-error@+1 {{(C2) argument 0 has no 'graph.name'}}
graph.func @argument(%x: !graph.tensor<f32[n]>) attributes {graph.sizes = ["n"]} {
  graph.return
}

// -----

// C2: results have names.
// expected-error@+1 {{(C2) result 0 has no 'graph.name'}}
graph.func @result(%x: !graph.tensor<f32[n]> {graph.name = "x"}) -> !graph.tensor<f32[n]>
    attributes {graph.sizes = ["n"]} {
  graph.return %x : !graph.tensor<f32[n]>
}

// -----

// C3: an argument binds each size.
// expected-error@+1 {{(C3) size 'n' is an axis of no argument}}
graph.func @unbound(%x: !graph.tensor<f32[2*n]> {graph.name = "x"}) attributes {graph.sizes = ["n"]} {
  graph.return
}

// -----

// CHECK-LABEL: graph.func @expected
// CHECK-SAME: graph.size_hints = {n = 32 : i64}
graph.func @expected(%x: !graph.tensor<f32[n]> {graph.name = "x"})
    -> (!graph.tensor<f32[n]> {graph.name = "y"})
    attributes {graph.size_hints = {n = 32 : i64}, graph.sizes = ["n"]} {
  graph.return %x : !graph.tensor<f32[n]>
}

// -----

// expected-error@+1 {{'graph.size_hints' must be a dictionary beside 'graph.sizes'}}
graph.func @f() -> () attributes {graph.sizes = [], graph.size_hints = 32 : i64} {
  graph.return
}

// -----

// expected-error@+1 {{'graph.size_hints' names "m", which is not listed in 'graph.sizes'}}
graph.func @f() -> () attributes {graph.sizes = [], graph.size_hints = {m = 32 : i64}} {
  graph.return
}

// -----

// expected-error@+1 {{'graph.size_hints': "n" must be an i64 of at least 1}}
graph.func @f(%x: !graph.tensor<f32[n]> {graph.name = "x"}) -> ()
    attributes {graph.sizes = ["n"], graph.size_hints = {n = 0 : i64}} {
  graph.return
}
