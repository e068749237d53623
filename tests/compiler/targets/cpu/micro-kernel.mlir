// The inner loop of a contraction in machine code: every accumulator in a register, nothing but the
// loads of the operands and the multiply-adds. AVX-512 code is compiled and looked at here; whether it is
// fast has not been measured on a processor with two such units.
// RUN: tenonc %s --emit=asm -o - | python3 %S/Inputs/inner_loop.py | FileCheck %s
// RUN: tenonc %s --emit=asm --mcpu=x86-64-v4 -o - | python3 %S/Inputs/inner_loop.py | FileCheck %s --check-prefix=V4

// CHECK: many: fma 12 loads 8 stores 0 stack 0 calls 0 instructions {{2[0-4]$}}
// V4: many: fma 16 loads 10 stores 0 stack 0 calls 0
fuse.func @many(%a: !graph.tensor<f32[m, 512]>, %b: !graph.tensor<f32[512, 512]>) -> !graph.tensor<f32[m, 512]>
    attributes {anchor = 3 : i32, graph.sizes = ["m"], graph.size_hints = {m = 1008 : i64}} {
  %y = graph.contract %a [0, 1], %b [1, 2] -> [0, 2] : !graph.tensor<f32[m, 512]>, !graph.tensor<f32[512, 512]>
  fuse.return %y : !graph.tensor<f32[m, 512]>
}

// Thirty-two rows: four by three vectors leave none over.
// CHECK: batch: fma 12 loads 7 stores 0 stack 0 calls 0 instructions {{2[0-4]$}}
// V4: batch: fma 16 loads 10 stores 0 stack 0 calls 0
fuse.func @batch(%a: !graph.tensor<f32[m, 256]>, %b: !graph.tensor<f32[256, 384]>) -> !graph.tensor<f32[m, 384]>
    attributes {anchor = 3 : i32, graph.sizes = ["m"], graph.size_hints = {m = 32 : i64}} {
  %y = graph.contract %a [0, 1], %b [1, 2] -> [0, 2] : !graph.tensor<f32[m, 256]>, !graph.tensor<f32[256, 384]>
  fuse.return %y : !graph.tensor<f32[m, 384]>
}

// Six rows by two vectors of packed rows: a weight gradient.
// CHECK: gradient: fma 12 loads 8 stores 0 stack 0 calls 0 instructions {{2[0-4]$}}
// V4: gradient: fma 16 loads 10 stores 0 stack 0 calls 0
fuse.func @gradient(%a: !graph.tensor<f32[m, 96]>, %b: !graph.tensor<f32[m, 32]>) -> !graph.tensor<f32[96, 32]>
    attributes {anchor = 3 : i32, graph.sizes = ["m"], graph.size_hints = {m = 256 : i64}} {
  %y = graph.contract %a [1, 0], %b [1, 2] -> [0, 2] : !graph.tensor<f32[m, 96]>, !graph.tensor<f32[m, 32]>
  fuse.return %y : !graph.tensor<f32[96, 32]>
}
