// The numbered constraints of the fuse dialect, each broken once.
// RUN: tenon-opt %s --split-input-file --verify-diagnostics

graph.func @kernel_c1(%x: !graph.tensor<f32[n]> {graph.name = "x"}) attributes {graph.sizes = ["n"]} {
  // expected-error@+1 {{'fuse.kernel' op (C1) the block arguments must have the operands' types}}
  %y = fuse.kernel pointwise(%x) : (!graph.tensor<f32[n]>) -> !graph.tensor<f32[4]> {
  ^bb0(%a: !graph.tensor<f32[4]>):
    fuse.return %a : !graph.tensor<f32[4]>
  }
  graph.return
}

// -----

graph.func @kernel_c2(%x: !graph.tensor<f32[n]> {graph.name = "x"}) attributes {graph.sizes = ["n"]} {
  // expected-error@+1 {{'fuse.kernel' op (C2) fuse.return must give the results}}
  %y = fuse.kernel pointwise(%x) : (!graph.tensor<f32[n]>) -> !graph.tensor<f32[4]> {
  ^bb0(%a: !graph.tensor<f32[n]>):
    fuse.return %a : !graph.tensor<f32[n]>
  }
  graph.return
}

// -----

// expected-error@+1 {{'fuse.func' op (C1) needs 'graph.sizes'}}
fuse.func @func_c1(%x: !graph.tensor<f32[s0]>) -> !graph.tensor<f32[s0]> attributes {anchor = 0 : i32} {
  fuse.return %x : !graph.tensor<f32[s0]>
}

// -----

// expected-error@+1 {{'fuse.func' op (C2) fuse.return must give the results}}
fuse.func @func_c2(%x: !graph.tensor<f32[s0]>) -> !graph.tensor<f32[4]>
    attributes {anchor = 0 : i32, graph.sizes = ["s0"]} {
  fuse.return %x : !graph.tensor<f32[s0]>
}

// -----

graph.func @launch_c1(%x: !graph.tensor<f32[n]> {graph.name = "x"}) attributes {graph.sizes = ["n"]} {
  // expected-error@+1 {{'fuse.launch' op (C1) no kernel @nowhere}}
  %y = fuse.launch @nowhere(%x) [] : (!graph.tensor<f32[n]>) -> !graph.tensor<f32[n]>
  graph.return
}

// -----

fuse.func @k(%x: !graph.tensor<f32[s0]>) -> !graph.tensor<f32[s0]>
    attributes {anchor = 0 : i32, graph.sizes = ["s0"]} {
  fuse.return %x : !graph.tensor<f32[s0]>
}
graph.func @launch_c2(%x: !graph.tensor<f32[n]> {graph.name = "x"}) attributes {graph.sizes = ["n"]} {
  // expected-error@+1 {{'fuse.launch' op (C2) @k wants 1 sizes}}
  %y = fuse.launch @k(%x) [] : (!graph.tensor<f32[n]>) -> !graph.tensor<f32[n]>
  graph.return
}

// -----

fuse.func @k(%x: !graph.tensor<f32[s0]>) -> !graph.tensor<f32[s0]>
    attributes {anchor = 0 : i32, graph.sizes = ["s0"]} {
  fuse.return %x : !graph.tensor<f32[s0]>
}
graph.func @launch_c3(%x: !graph.tensor<f32[n]> {graph.name = "x"}) attributes {graph.sizes = ["n"]} {
  // expected-error@+1 {{'fuse.launch' op (C3) the types do not fit @k}}
  %y = fuse.launch @k(%x) [#graph.size<2*n>] : (!graph.tensor<f32[n]>) -> !graph.tensor<f32[n]>
  graph.return
}

// -----

graph.func @return_parent(%x: !graph.tensor<f32[n]> {graph.name = "x"}) attributes {graph.sizes = ["n"]} {
  // expected-error@+1 {{expects parent op to be one of 'fuse.kernel, fuse.func'}}
  fuse.return %x : !graph.tensor<f32[n]>
}

// -----

graph.func @kernel_c3(%x: !graph.tensor<f32[n]> {graph.name = "x"}) attributes {graph.sizes = ["n"]} {
  // expected-error@+1 {{'fuse.kernel' op (C3) kernels stand in multi_tensor kernels, and nothing else does}}
  %y = fuse.kernel multi_tensor(%x) : (!graph.tensor<f32[n]>) -> !graph.tensor<f32[n]> {
  ^bb0(%a: !graph.tensor<f32[n]>):
    %b = graph.exp %a : !graph.tensor<f32[n]>
    fuse.return %b : !graph.tensor<f32[n]>
  }
  graph.return
}

// -----

graph.func @kernel_c3_chain(%x: !graph.tensor<f32[n]> {graph.name = "x"}) attributes {graph.sizes = ["n"]} {
  // expected-error@+1 {{'fuse.kernel' op (C3) the members of a multi_tensor kernel read only its arguments}}
  %y = fuse.kernel multi_tensor(%x) : (!graph.tensor<f32[n]>) -> !graph.tensor<f32[n]> {
  ^bb0(%a: !graph.tensor<f32[n]>):
    %b = fuse.kernel pointwise(%a) : (!graph.tensor<f32[n]>) -> !graph.tensor<f32[n]> {
    ^bb0(%e: !graph.tensor<f32[n]>):
      fuse.return %e : !graph.tensor<f32[n]>
    }
    %c = fuse.kernel pointwise(%b) : (!graph.tensor<f32[n]>) -> !graph.tensor<f32[n]> {
    ^bb0(%e: !graph.tensor<f32[n]>):
      fuse.return %e : !graph.tensor<f32[n]>
    }
    fuse.return %c : !graph.tensor<f32[n]>
  }
  graph.return
}

// -----

// expected-error@+1 {{(C1) 12 lanes are no power of two from 4 to 64}}
graph.param @layout_c1 : !graph.tensor<f32[128, 64]> = <constant(0.0)> {fuse.layout = #fuse.layout<packed 12>}

// -----

// expected-error@+1 {{'graph.param' op (C2) 'fuse.layout' is a layout of something with two axes}}
graph.param @layout_c2 : !graph.tensor<f32[128]> = <constant(0.0)> {fuse.layout = #fuse.layout<packed 16>}

// -----

// expected-error@+1 {{'fuse.func' op (C2) 'fuse.layout' is a layout of something with two axes}}
fuse.func @layout_c2(%a: !graph.tensor<f32[4]> {fuse.layout = #fuse.layout<packed 16>}) attributes {anchor = 0 : i32, graph.sizes = []} {
  fuse.return
}
