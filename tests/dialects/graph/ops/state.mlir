// graph.state: round-trip and constraints.
// RUN: tenon-opt %s --verify-roundtrip --split-input-file --verify-diagnostics | FileCheck %s

// CHECK: graph.state @fc1.weight : !graph.tensor<f32[8, 4]> = <uniform(-5.000000e-01, 5.000000e-01)>
// CHECK: graph.state @fc1.bias : !graph.tensor<f32[8]> = <constant(0.000000e+00)>
// CHECK: graph.state @fc2.weight : !graph.tensor<f32[8]> = <normal(0.000000e+00, 2.000000e-02)>
graph.state @fc1.weight : !graph.tensor<f32[8, 4]> = <uniform(-0.5, 0.5)>
graph.state @fc1.bias : !graph.tensor<f32[8]> = <constant(0.0)>
graph.state @fc2.weight : !graph.tensor<f32[8]> = <normal(0.0, 0.02)>

// -----

// C1: a static type.
// expected-error@+1 {{(C1) the shape must be static, not '!graph.tensor<f32[n]>'}}
graph.state @w : !graph.tensor<f32[n]> = <constant(0.0)>

// -----

// C2: a path is declared once.
// expected-note@+1 {{see existing symbol definition here}}
graph.state @w : !graph.tensor<f32> = <constant(0.0)>
// expected-error@+1 {{redefinition of symbol named 'w'}}
graph.state @w : !graph.tensor<f32> = <constant(0.0)>

// -----

// Only these initialisers.
// expected-error@+1 {{expected constant, uniform or normal}}
graph.state @w : !graph.tensor<f32> = <zeros(0.0)>
