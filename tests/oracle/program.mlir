// Reads, writes, requirements and the numbers of a step in the interpreter.
// RUN: tenon-oracle %s --entry step --size n=2 --input "x=1,2" | FileCheck %s
// RUN: not tenon-oracle %s --entry step --size n=3 2>&1 | FileCheck %s --check-prefix=REQUIRE
// RUN: not tenon-oracle %s --entry step 2>&1 | FileCheck %s --check-prefix=SIZES
// RUN: not tenon-oracle %s --entry nothing 2>&1 | FileCheck %s --check-prefix=ENTRY

graph.state @count : !graph.tensor<f64> = <constant(1.0)>

// CHECK: total: i64 = 1
// CHECK: count := f64 = 2
// REQUIRE: @step: graph.require: at most two rows
// SIZES: size n has no value
// ENTRY: no such function
graph.func @step(%x: !graph.tensor<f32[n]> {graph.name = "x"})
    -> (!graph.tensor<i64> {graph.name = "total"}) attributes {graph.sizes = ["n"]} {
  graph.require <n> le <2> "at most two rows"
  %total = graph.step total_steps : !graph.tensor<i64>
  %count = graph.read @count : !graph.tensor<f64>
  %one = graph.constant 1.0 : f64 -> !graph.tensor<f64>
  %next = graph.add %count, %one : !graph.tensor<f64>
  graph.write @count, %next : !graph.tensor<f64>
  graph.return %total : !graph.tensor<i64>
}
