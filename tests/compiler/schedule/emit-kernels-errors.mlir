// RUN: not tenon-opt %s --tenon-emit-kernels=cpu=x86-64-v9 2>&1 | FileCheck %s --check-prefix=CPU
// RUN: not tenon-opt %s --tenon-emit-kernels=cpu=x86-64-v3 2>&1 | FileCheck %s

// CPU: error: unknown processor 'x86-64-v9'; known are {{.*}}x86-64-v3

// CHECK: error: {{.*}}there is no contraction for the kernel's anchor
fuse.func @k0(%x: !graph.tensor<f32[s0]>) -> !graph.tensor<f32[s0]>
    attributes {anchor = 3 : i32, graph.sizes = ["s0"]} {
  %z = graph.exp %x : !graph.tensor<f32[s0]>
  fuse.return %z : !graph.tensor<f32[s0]>
}
