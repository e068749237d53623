// RUN: tenon-opt %s --tenon-emit-kernels --split-input-file --verify-diagnostics

fuse.func @shapes(%x: !graph.tensor<f32[n]>, %y: !graph.tensor<f32[m]>) -> (!graph.tensor<f32[n]>, !graph.tensor<f32[m]>) // expected-error {{the results of a pointwise kernel must have one shape}}
    attributes {anchor = 0 : i32, graph.sizes = ["n", "m"]} {
  %a = graph.neg %x : !graph.tensor<f32[n]>
  %b = graph.neg %y : !graph.tensor<f32[m]>
  fuse.return %a, %b : !graph.tensor<f32[n]>, !graph.tensor<f32[m]>
}

// -----

fuse.func @anchor(%x: !graph.tensor<f32[n]>) -> !graph.tensor<f32> attributes {anchor = 0 : i32, graph.sizes = ["n"]} {
  %a = graph.sum %x [0] : !graph.tensor<f32[n]> // expected-error {{the kernel's anchor does not provide this value where it is used}}
  fuse.return %a : !graph.tensor<f32>
}

// -----

fuse.func @axes(%x: !graph.tensor<f32[n, m]>) -> (!graph.tensor<f32[n]>, !graph.tensor<f32[m]>)
    attributes {anchor = 1 : i32, graph.sizes = ["n", "m"]} {
  %a = graph.sum %x [1] : !graph.tensor<f32[n, m]>
  %b = graph.sum %x [0] : !graph.tensor<f32[n, m]> // expected-error {{the reductions of a kernel must fold the same axes of one shape}}
  fuse.return %a, %b : !graph.tensor<f32[n]>, !graph.tensor<f32[m]>
}

// -----

fuse.func @nothing(%x: !graph.tensor<f32[n]>) -> !graph.tensor<f32[n]> // expected-error {{there is no contraction for the kernel's anchor}}
    attributes {anchor = 3 : i32, graph.sizes = ["n"]} {
  %a = graph.neg %x : !graph.tensor<f32[n]>
  fuse.return %a : !graph.tensor<f32[n]>
}

// -----

fuse.func @late(%x: !graph.tensor<f32[s0]>) -> !graph.tensor<f32[s0]>
    attributes {anchor = 4 : i32, graph.sizes = ["s0"]} {
  // expected-error@+1 {{the kernel must be emitted before it is called}}
  %y = fuse.launch @member(%x) [#graph.size<s0>] : (!graph.tensor<f32[s0]>) -> !graph.tensor<f32[s0]>
  fuse.return %y : !graph.tensor<f32[s0]>
}
fuse.func @member(%x: !graph.tensor<f32[s0]>) -> !graph.tensor<f32[s0]>
    attributes {anchor = 0 : i32, graph.sizes = ["s0"]} {
  %y = graph.exp %x : !graph.tensor<f32[s0]>
  fuse.return %y : !graph.tensor<f32[s0]>
}
