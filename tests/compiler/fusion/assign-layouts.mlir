// RUN: tenon-opt %s -tenon-assign-layouts -split-input-file -verify-diagnostics | FileCheck %s

// Arguments and results take the layout of the declaration; a kernel that another launch gives
// row-major memory is copied.
// CHECK: graph.func @f
// CHECK: fuse.launch @k0(%{{.*}}) []
// CHECK: fuse.launch @k0_1(%arg0) []
// CHECK: fuse.launch @k1(
// CHECK: fuse.func @k0(%{{.*}}: !graph.tensor<f32[128, 64]> {fuse.layout = #fuse.layout<packed 16>}) -> (!graph.tensor<f32[128, 64]> {fuse.layout = #fuse.layout<packed 16>})
// CHECK: fuse.func @k0_1(%{{.*}}: !graph.tensor<f32[128, 64]>) -> !graph.tensor<f32[128, 64]>
// CHECK: fuse.func @k1(%{{.*}}: !graph.tensor<f32[128, 64]> {fuse.layout = #fuse.layout<packed 16>}) -> !graph.tensor<f32[128, 64]>
graph.param @w : !graph.tensor<f32[128, 64]> = <uniform(-0.1, 0.1)> {fuse.layout = #fuse.layout<packed 16>}
graph.func @f(%x: !graph.tensor<f32[128, 64]> {graph.name = "x"})
    -> (!graph.tensor<f32[128, 64]> {graph.name = "y"}, !graph.tensor<f32[128, 64]> {graph.name = "z"})
    attributes {graph.sizes = [], kind = "step"} {
  %w = graph.read @w : !graph.tensor<f32[128, 64]>
  %v = fuse.launch @k0(%w) [] : (!graph.tensor<f32[128, 64]>) -> !graph.tensor<f32[128, 64]>
  %y = fuse.launch @k0(%x) [] : (!graph.tensor<f32[128, 64]>) -> !graph.tensor<f32[128, 64]>
  %z = fuse.launch @k1(%v) [] : (!graph.tensor<f32[128, 64]>) -> !graph.tensor<f32[128, 64]>
  graph.write @w, %v : !graph.tensor<f32[128, 64]>
  graph.return %y, %z : !graph.tensor<f32[128, 64]>, !graph.tensor<f32[128, 64]>
}
fuse.func @k0(%a: !graph.tensor<f32[128, 64]>) -> !graph.tensor<f32[128, 64]> attributes {anchor = 0 : i32, graph.sizes = []} {
  %b = graph.exp %a : !graph.tensor<f32[128, 64]>
  fuse.return %b : !graph.tensor<f32[128, 64]>
}
fuse.func @k1(%a: !graph.tensor<f32[128, 64]>) -> !graph.tensor<f32[128, 64]> attributes {anchor = 0 : i32, graph.sizes = []} {
  %b = graph.neg %a : !graph.tensor<f32[128, 64]>
  fuse.return %b : !graph.tensor<f32[128, 64]>
}

// -----

// Nothing happens without layouts.
// CHECK: fuse.launch @k(
// CHECK: fuse.func @k(%{{.*}}: !graph.tensor<f32[4, 4]>) -> !graph.tensor<f32[4, 4]>
graph.func @f(%x: !graph.tensor<f32[4, 4]> {graph.name = "x"}) -> (!graph.tensor<f32[4, 4]> {graph.name = "y"})
    attributes {graph.sizes = []} {
  %y = fuse.launch @k(%x) [] : (!graph.tensor<f32[4, 4]>) -> !graph.tensor<f32[4, 4]>
  graph.return %y : !graph.tensor<f32[4, 4]>
}
fuse.func @k(%a: !graph.tensor<f32[4, 4]>) -> !graph.tensor<f32[4, 4]> attributes {anchor = 0 : i32, graph.sizes = []} {
  %b = graph.exp %a : !graph.tensor<f32[4, 4]>
  fuse.return %b : !graph.tensor<f32[4, 4]>
}

// -----

graph.param @w : !graph.tensor<f32[128, 64]> = <uniform(-0.1, 0.1)> {fuse.layout = #fuse.layout<packed 16>}
graph.func @returned() -> (!graph.tensor<f32[128, 64]> {graph.name = "w"}) attributes {graph.sizes = []} {
  %w = graph.read @w : !graph.tensor<f32[128, 64]>
  // expected-error@+1 {{'graph.return' op wants row-major memory of a value that lies in panels}}
  graph.return %w : !graph.tensor<f32[128, 64]>
}

// -----

graph.param @w : !graph.tensor<f32[128, 64]> = <uniform(-0.1, 0.1)> {fuse.layout = #fuse.layout<packed 16>}
graph.param @v : !graph.tensor<f32[128, 64]> = <uniform(-0.1, 0.1)>
graph.func @copied() attributes {graph.sizes = [], kind = "step"} {
  %w = graph.read @w : !graph.tensor<f32[128, 64]>
  // expected-error@+1 {{'graph.write' op stands for a value that lies elsewhere in another layout}}
  graph.write @v, %w : !graph.tensor<f32[128, 64]>
  graph.return
}
