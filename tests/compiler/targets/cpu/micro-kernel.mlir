// The inner loop of a contraction in machine code: every accumulator in a register, nothing but the
// loads of the operands and the multiply-adds. AVX-512 code is compiled and looked at here; whether it is
// fast has not been measured on a processor with two such units.
// RUN: tenonc %s --emit=asm -o - | python3 %S/Inputs/inner_loop.py | FileCheck %s
// RUN: tenonc %s --emit=asm --mcpu=x86-64-v4 -o - | python3 %S/Inputs/inner_loop.py | FileCheck %s --check-prefix=V4
// No such loop of any kernel of a whole model touches the stack, at either width.
// RUN: tenonc %source/examples/digits/digits.tenon --emit=asm -o - | python3 %S/Inputs/inner_loop.py | FileCheck %s --check-prefix=MODEL --implicit-check-not="stack {{[1-9]}}"
// RUN: tenonc %source/examples/digits/digits.tenon --emit=asm --mcpu=x86-64-v4 -o - | python3 %S/Inputs/inner_loop.py | FileCheck %s --check-prefix=MODEL --implicit-check-not="stack {{[1-9]}}"
// RUN: tenonc %source/tests/benchmarks/models/mlp784.tenon --emit=asm -o - | python3 %S/Inputs/inner_loop.py | FileCheck %s --check-prefix=MODEL --implicit-check-not="stack {{[1-9]}}"
// RUN: tenonc %source/tests/benchmarks/models/mlp784.tenon --emit=asm --mcpu=x86-64-v4 -o - | python3 %S/Inputs/inner_loop.py | FileCheck %s --check-prefix=MODEL --implicit-check-not="stack {{[1-9]}}"
// RUN: tenonc %source/tests/benchmarks/models/mlp10.tenon --emit=asm --mcpu=x86-64-v4 -o - | python3 %S/Inputs/inner_loop.py | FileCheck %s --check-prefix=MODEL --implicit-check-not="stack {{[1-9]}}"
// MODEL: fma {{[1-9][0-9]? }}

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

// Weights in panels, of columns and of steps of the sum.
// CHECK: panels: fma 12 loads 8 stores 0 stack 0 calls 0 instructions {{2[0-4]$}}
// V4: panels: fma 16 loads 10 stores 0 stack 0 calls 0
fuse.func @panels(%x: !graph.tensor<f32[m, 784]>, %w: !graph.tensor<f32[1024, 784]> {fuse.layout = #fuse.layout<packed 16>},
                  %b: !graph.tensor<f32[1024]>) -> !graph.tensor<f32[m, 1024]>
    attributes {anchor = 3 : i32, graph.sizes = ["m"], graph.size_hints = {m = 256 : i64}} {
  %y = graph.contract %x [0, 1], %w [2, 1] -> [0, 2] : !graph.tensor<f32[m, 784]>, !graph.tensor<f32[1024, 784]>
  %wide = graph.broadcast %b [1] : !graph.tensor<f32[1024]> -> !graph.tensor<f32[m, 1024]>
  %z = graph.add %y, %wide : !graph.tensor<f32[m, 1024]>
  fuse.return %z : !graph.tensor<f32[m, 1024]>
}
// CHECK: panels_of_steps: fma 12 loads 8 stores 0 stack 0 calls 0 instructions {{2[0-4]$}}
// V4: panels_of_steps: fma 16 loads 10 stores 0 stack 0 calls 0
fuse.func @panels_of_steps(%d: !graph.tensor<f32[m, 1024]>, %w: !graph.tensor<f32[1024, 768]> {fuse.layout = #fuse.layout<packed 16>})
    -> !graph.tensor<f32[m, 768]> attributes {anchor = 3 : i32, graph.sizes = ["m"]} {
  %y = graph.contract %d [0, 1], %w [1, 2] -> [0, 2] : !graph.tensor<f32[m, 1024]>, !graph.tensor<f32[1024, 768]>
  fuse.return %y : !graph.tensor<f32[m, 768]>
}

// A left operand that is computed while it is packed. The loop's end may be compared with memory.
// CHECK: computed: fma 12 loads 8 stores 0 stack 0 calls 0 instructions {{2[0-4]$}}
// V4: computed: fma 16 loads 10 stores 0 stack {{[01]}} calls 0
fuse.func @computed(%x: !graph.tensor<f32[m, 512]>, %mask: !graph.tensor<f32[m, 512]>, %w: !graph.tensor<f32[512, 768]>)
    -> !graph.tensor<f32[m, 768]> attributes {anchor = 3 : i32, graph.sizes = ["m"]} {
  %dropped = graph.mul %x, %mask : !graph.tensor<f32[m, 512]>
  %y = graph.contract %dropped [0, 1], %w [1, 2] -> [0, 2] : !graph.tensor<f32[m, 512]>, !graph.tensor<f32[512, 768]>
  fuse.return %y : !graph.tensor<f32[m, 768]>
}

// A weight gradient with the optimizer's update behind it, all in panels.
// CHECK: update: fma 12 loads 8 stores 0 stack 0 calls 0 instructions {{2[0-4]$}}
// V4: update: fma 16 loads 10 stores 0 stack 0 calls 0
fuse.func @update(%d: !graph.tensor<f32[m, 768]>, %x: !graph.tensor<f32[m, 512]>, %denominator: !graph.tensor<f32>,
                  %w: !graph.tensor<f32[768, 512]> {fuse.layout = #fuse.layout<packed 16>},
                  %first: !graph.tensor<f32[768, 512]> {fuse.layout = #fuse.layout<packed 16>},
                  %second: !graph.tensor<f32[768, 512]> {fuse.layout = #fuse.layout<packed 16>})
    -> (!graph.tensor<f32[768, 512]> {fuse.layout = #fuse.layout<packed 16>},
        !graph.tensor<f32[768, 512]> {fuse.layout = #fuse.layout<packed 16>},
        !graph.tensor<f32[768, 512]> {fuse.layout = #fuse.layout<packed 16>})
    attributes {anchor = 3 : i32, graph.sizes = ["m"], graph.size_hints = {m = 256 : i64}} {
  %g = graph.contract %d [0, 1], %x [0, 2] -> [1, 2] : !graph.tensor<f32[m, 768]>, !graph.tensor<f32[m, 512]>
  %decay = graph.constant 9.990000e-01 : f32 -> !graph.tensor<f32[768, 512]>
  %shrunk = graph.mul %w, %decay : !graph.tensor<f32[768, 512]>
  %change = graph.sub %g, %first : !graph.tensor<f32[768, 512]>
  %part = graph.mul %change, %decay : !graph.tensor<f32[768, 512]>
  %m = graph.add %first, %part : !graph.tensor<f32[768, 512]>
  %old = graph.mul %second, %decay : !graph.tensor<f32[768, 512]>
  %square = graph.mul %g, %g : !graph.tensor<f32[768, 512]>
  %v = graph.add %old, %square : !graph.tensor<f32[768, 512]>
  %root = graph.sqrt %v : !graph.tensor<f32[768, 512]>
  %epsilon = graph.broadcast %denominator [] : !graph.tensor<f32> -> !graph.tensor<f32[768, 512]>
  %scale = graph.add %root, %epsilon : !graph.tensor<f32[768, 512]>
  %step = graph.div %m, %scale : !graph.tensor<f32[768, 512]>
  %updated = graph.sub %shrunk, %step : !graph.tensor<f32[768, 512]>
  fuse.return %m, %v, %updated : !graph.tensor<f32[768, 512]>, !graph.tensor<f32[768, 512]>, !graph.tensor<f32[768, 512]>
}

// One row and a large matrix: one load for the elements of four steps, vectors of two panels.
// CHECK: one_row: fma 16 loads 0 stores 0 stack 0 calls 0
// V4: one_row: fma 16 loads 0 stores 0 stack 0 calls 0
fuse.func @one_row(%x: !graph.tensor<f32[1, 1024]>, %w: !graph.tensor<f32[1024, 1024]> {fuse.layout = #fuse.layout<packed 16>})
    -> !graph.tensor<f32[1, 1024]> attributes {anchor = 3 : i32, graph.sizes = []} {
  %y = graph.contract %x [0, 1], %w [2, 1] -> [0, 2] : !graph.tensor<f32[1, 1024]>, !graph.tensor<f32[1024, 1024]>
  fuse.return %y : !graph.tensor<f32[1, 1024]>
}
