// Pointwise kernels are computed again where they are read, if that is faster. Each rule, firing and not, and the
// words for it.
// RUN: %tenonc %s --explain-fusion | FileCheck %s --check-prefix=WHY
// RUN: tenon-opt %s -pass-pipeline='builtin.module(graph.func(tenon-form-kernels,tenon-inline-producers))' --split-input-file | FileCheck %s

// A number that every element reads.
// CHECK-LABEL: graph.func @number
// CHECK: fuse.kernel pointwise(%arg0)
// CHECK: graph.size
// CHECK: graph.div
// CHECK: graph.mul
// CHECK-NOT: fuse.kernel
// CHECK: graph.return
// WHY-LABEL: number{{( \(|:)}}
// WHY: one kernel instead of 2 saves 0.06 us and 8 B written and read
// WHY: computed again where it is read:
// WHY: - div ({{[^)]*}}) in the kernel of mul ({{[^)]*}}): saves {{[0-9.]+}} us and 8 B written and read
graph.func @number(%x: !graph.tensor<f32[n, 4]> {graph.name = "x"}) -> (!graph.tensor<f32[n, 4]> {graph.name = "y"})
    attributes {graph.sizes = ["n"]} {
  %one = graph.constant 1.0 : f32 -> !graph.tensor<f32>
  %n = graph.size <n> : !graph.tensor<f32>
  %r = graph.div %one, %n : !graph.tensor<f32>
  %rb = graph.broadcast %r [] : !graph.tensor<f32> -> !graph.tensor<f32[n, 4]>
  %y = graph.mul %x, %rb : !graph.tensor<f32[n, 4]>
  graph.return %y : !graph.tensor<f32[n, 4]>
}

// -----

// Into all readers.
// CHECK-LABEL: graph.func @readers
// CHECK: fuse.kernel pointwise(%arg0, %arg2, %arg3)
// CHECK: graph.mul
// CHECK: graph.add
// CHECK: fuse.kernel pointwise(%arg1, %arg2, %arg3)
// CHECK: graph.mul
// CHECK: graph.add
// CHECK-NOT: fuse.kernel
// CHECK: graph.return
// WHY-LABEL: readers{{( \(|:)}}
// WHY: - mul ({{[^)]*}}) in the kernel of add ({{[^)]*}}), in that of add ({{[^)]*}}): saves {{[0-9.]+}} us and 16 B written and read
graph.func @readers(%x: !graph.tensor<f32[n, 4]> {graph.name = "x"}, %z: !graph.tensor<f32[m, 4]> {graph.name = "z"},
                    %a: !graph.tensor<f32[4]> {graph.name = "a"}, %b: !graph.tensor<f32[4]> {graph.name = "b"})
    -> (!graph.tensor<f32[n, 4]> {graph.name = "y"}, !graph.tensor<f32[m, 4]> {graph.name = "u"})
    attributes {graph.sizes = ["n", "m"]} {
  %p = graph.mul %a, %b : !graph.tensor<f32[4]>
  %pn = graph.broadcast %p [1] : !graph.tensor<f32[4]> -> !graph.tensor<f32[n, 4]>
  %y = graph.add %x, %pn : !graph.tensor<f32[n, 4]>
  %pm = graph.broadcast %p [1] : !graph.tensor<f32[4]> -> !graph.tensor<f32[m, 4]>
  %u = graph.add %z, %pm : !graph.tensor<f32[m, 4]>
  graph.return %y, %u : !graph.tensor<f32[n, 4]>, !graph.tensor<f32[m, 4]>
}

// -----

// Not what costs much and would be computed for every row.
// CHECK-LABEL: graph.func @costly
// CHECK: fuse.kernel pointwise(%arg1)
// CHECK: graph.tanh
// CHECK: fuse.kernel pointwise(%arg0, %{{.*}})
// CHECK: graph.return
// WHY-LABEL: costly{{( \(|:)}}
// WHY: - tanh ({{[^)]*}}) with mul ({{[^)]*}}): computing it again for each element that reads it costs too much
graph.func @costly(%x: !graph.tensor<f32[n, 4]> {graph.name = "x"}, %z: !graph.tensor<f32[4]> {graph.name = "z"})
    -> (!graph.tensor<f32[n, 4]> {graph.name = "y"}) attributes {graph.sizes = ["n"]} {
  %t = graph.tanh %z : !graph.tensor<f32[4]>
  %tb = graph.broadcast %t [1] : !graph.tensor<f32[4]> -> !graph.tensor<f32[n, 4]>
  %y = graph.mul %x, %tb : !graph.tensor<f32[n, 4]>
  graph.return %y : !graph.tensor<f32[n, 4]>
}

// -----

// A contraction computes its operand while it packs it.
// CHECK-LABEL: graph.func @operand
// CHECK: fuse.kernel contract(%arg0, %arg1)
// CHECK: graph.neg
// CHECK: graph.contract
// CHECK-NOT: fuse.kernel
// CHECK: graph.return
graph.func @operand(%x: !graph.tensor<f32[n, 64]> {graph.name = "x"}, %w: !graph.tensor<f32[64, 40]> {graph.name = "w"})
    -> (!graph.tensor<f32[n, 40]> {graph.name = "y"}) attributes {graph.sizes = ["n"], graph.size_hints = {n = 32}} {
  %t = graph.neg %w : !graph.tensor<f32[64, 40]>
  %y = graph.contract %x [0, 1], %t [1, 2] -> [0, 2] : !graph.tensor<f32[n, 64]>, !graph.tensor<f32[64, 40]>
  graph.return %y : !graph.tensor<f32[n, 40]>
}

// -----

// Not where nothing is known of the number of rows: with one it has a schedule that reads memory.
// CHECK-LABEL: graph.func @unknown_rows
// CHECK: fuse.kernel pointwise
// CHECK: fuse.kernel contract
// CHECK: graph.return
// WHY-LABEL: unknown_rows{{( \(|:)}}
// WHY: - neg ({{[^)]*}}) with contraction ({{[^)]*}}): nothing is known of the number of rows, and with one row it is read from memory
graph.func @unknown_rows(%x: !graph.tensor<f32[n, 64]> {graph.name = "x"}, %w: !graph.tensor<f32[64, 40]> {graph.name = "w"})
    -> (!graph.tensor<f32[n, 40]> {graph.name = "y"}) attributes {graph.sizes = ["n"]} {
  %t = graph.neg %w : !graph.tensor<f32[64, 40]>
  %y = graph.contract %x [0, 1], %t [1, 2] -> [0, 2] : !graph.tensor<f32[n, 64]>, !graph.tensor<f32[64, 40]>
  graph.return %y : !graph.tensor<f32[n, 40]>
}

// -----

// Nor where there is one row.
// CHECK-LABEL: graph.func @one_row
// CHECK: fuse.kernel pointwise
// CHECK: fuse.kernel contract
// CHECK: graph.return
// WHY-LABEL: one_row{{( \(|:)}}
// WHY: - neg ({{[^)]*}}) with contraction ({{[^)]*}}): a contraction with one row reads its operands from memory
graph.func @one_row(%x: !graph.tensor<f32[1, 64]> {graph.name = "x"}, %w: !graph.tensor<f32[64, 40]> {graph.name = "w"}) -> (!graph.tensor<f32[1, 40]> {graph.name = "y"}) attributes {graph.sizes = []} {
  %t = graph.neg %w : !graph.tensor<f32[64, 40]>
  %y = graph.contract %x [0, 1], %t [1, 2] -> [0, 2] : !graph.tensor<f32[1, 64]>, !graph.tensor<f32[64, 40]>
  graph.return %y : !graph.tensor<f32[1, 40]>
}

// -----

// Nor single elements.
// CHECK-LABEL: graph.func @dot
// CHECK: fuse.kernel pointwise
// CHECK: fuse.kernel contract
// CHECK: graph.return
// WHY-LABEL: dot{{( \(|:)}}
// WHY: - neg ({{[^)]*}}) with contraction ({{[^)]*}}): a contraction to single elements reads its operands from memory
graph.func @dot(%x: !graph.tensor<f32[3, 64]> {graph.name = "x"}, %z: !graph.tensor<f32[3, 64]> {graph.name = "z"}) -> (!graph.tensor<f32[3]> {graph.name = "y"}) attributes {graph.sizes = []} {
  %t = graph.neg %z : !graph.tensor<f32[3, 64]>
  %y = graph.contract %x [0, 1], %t [0, 1] -> [0] : !graph.tensor<f32[3, 64]>, !graph.tensor<f32[3, 64]>
  graph.return %y : !graph.tensor<f32[3]>
}

// -----

// Not where several tiles of columns would each compute it.
// CHECK-LABEL: graph.func @many_tiles
// CHECK: fuse.kernel pointwise
// CHECK: fuse.kernel contract
// CHECK: graph.return
// WHY-LABEL: many_tiles{{( \(|:)}}
// WHY: - neg ({{[^)]*}}) with contraction ({{[^)]*}}): computing it again where it is read would take longer
graph.func @many_tiles(%x: !graph.tensor<f32[n, 512]> {graph.name = "x"}, %w: !graph.tensor<f32[512, 640]> {graph.name = "w"})
    -> (!graph.tensor<f32[n, 640]> {graph.name = "y"}) attributes {graph.sizes = ["n"], graph.size_hints = {n = 256}} {
  %t = graph.neg %x : !graph.tensor<f32[n, 512]>
  %y = graph.contract %t [0, 1], %w [1, 2] -> [0, 2] : !graph.tensor<f32[n, 512]>, !graph.tensor<f32[512, 640]>
  graph.return %y : !graph.tensor<f32[n, 640]>
}

// -----

// Not what costs much.
// CHECK-LABEL: graph.func @costly_operand
// CHECK: fuse.kernel pointwise
// CHECK: fuse.kernel contract
// CHECK: graph.return
// WHY-LABEL: costly_operand{{( \(|:)}}
// WHY: - tanh ({{[^)]*}}) with contraction ({{[^)]*}}): a contraction computes what takes little code while it packs
graph.func @costly_operand(%x: !graph.tensor<f32[n, 64]> {graph.name = "x"}, %w: !graph.tensor<f32[64, 40]> {graph.name = "w"})
    -> (!graph.tensor<f32[n, 40]> {graph.name = "y"}) attributes {graph.sizes = ["n"], graph.size_hints = {n = 32}} {
  %t = graph.tanh %w : !graph.tensor<f32[64, 40]>
  %y = graph.contract %x [0, 1], %t [1, 2] -> [0, 2] : !graph.tensor<f32[n, 64]>, !graph.tensor<f32[64, 40]>
  graph.return %y : !graph.tensor<f32[n, 40]>
}

// -----

// Not what is needed in memory besides.
// CHECK-LABEL: graph.func @returned_operand
// CHECK: fuse.kernel pointwise
// CHECK: fuse.kernel contract
// CHECK: graph.return
// WHY-LABEL: returned_operand{{( \(|:)}}
// WHY: - neg ({{[^)]*}}) with contraction ({{[^)]*}}): its value is needed in memory besides
graph.func @returned_operand(%x: !graph.tensor<f32[n, 64]> {graph.name = "x"}, %w: !graph.tensor<f32[64, 40]> {graph.name = "w"})
    -> (!graph.tensor<f32[n, 40]> {graph.name = "y"}, !graph.tensor<f32[64, 40]> {graph.name = "z"}) attributes {graph.sizes = ["n"], graph.size_hints = {n = 32}} {
  %t = graph.neg %w : !graph.tensor<f32[64, 40]>
  %y = graph.contract %x [0, 1], %t [1, 2] -> [0, 2] : !graph.tensor<f32[n, 64]>, !graph.tensor<f32[64, 40]>
  graph.return %y, %t : !graph.tensor<f32[n, 40]>, !graph.tensor<f32[64, 40]>
}

// -----

// Not what moves elements.
// CHECK-LABEL: graph.func @moved_operand
// CHECK: fuse.kernel pointwise
// CHECK: fuse.kernel contract
// CHECK: graph.return
// WHY-LABEL: moved_operand{{( \(|:)}}
// WHY: - slice ({{[^)]*}}) with contraction ({{[^)]*}}): it moves elements about, and is packed from memory
graph.func @moved_operand(%x: !graph.tensor<f32[n, 64]> {graph.name = "x"}, %w: !graph.tensor<f32[80, 40]> {graph.name = "w"})
    -> (!graph.tensor<f32[n, 40]> {graph.name = "y"}) attributes {graph.sizes = ["n"], graph.size_hints = {n = 32}} {
  %s = graph.slice %w [8, 0] : !graph.tensor<f32[80, 40]> -> !graph.tensor<f32[64, 40]>
  %y = graph.contract %x [0, 1], %s [1, 2] -> [0, 2] : !graph.tensor<f32[n, 64]>, !graph.tensor<f32[64, 40]>
  graph.return %y : !graph.tensor<f32[n, 40]>
}

// -----

// Not what another kernel reads from memory: where a slice of it is taken, it would be computed behind a condition.
// CHECK-LABEL: graph.func @sliced_operand
// CHECK: fuse.kernel pointwise
// CHECK: graph.neg
// CHECK: fuse.kernel contract
// CHECK: fuse.kernel pointwise
// CHECK: graph.slice
// CHECK: graph.return
// WHY-LABEL: sliced_operand{{( \(|:)}}
// WHY: - neg ({{[^)]*}}) with contraction ({{[^)]*}}): another kernel reads it from memory
graph.func @sliced_operand(%x: !graph.tensor<f32[n, 64]> {graph.name = "x"}, %w: !graph.tensor<f32[64, 40]> {graph.name = "w"})
    -> (!graph.tensor<f32[n, 40]> {graph.name = "y"}, !graph.tensor<f32[8, 40]> {graph.name = "z"}) attributes {graph.sizes = ["n"], graph.size_hints = {n = 32}} {
  %t = graph.neg %w : !graph.tensor<f32[64, 40]>
  %y = graph.contract %x [0, 1], %t [1, 2] -> [0, 2] : !graph.tensor<f32[n, 64]>, !graph.tensor<f32[64, 40]>
  %s = graph.slice %t [8, 0] : !graph.tensor<f32[64, 40]> -> !graph.tensor<f32[8, 40]>
  %z = graph.exp %s : !graph.tensor<f32[8, 40]>
  graph.return %y, %z : !graph.tensor<f32[n, 40]>, !graph.tensor<f32[8, 40]>
}

// -----

// Not what would keep two temporaries instead of one; one for one is the same.
// CHECK-LABEL: graph.func @two_for_one
// CHECK-COUNT-2: fuse.kernel scatter
// CHECK: fuse.kernel pointwise
// CHECK: graph.mul
// CHECK: fuse.kernel contract
// CHECK: graph.return
// CHECK-LABEL: graph.func @one_for_one
// CHECK: fuse.kernel scatter
// CHECK: fuse.kernel contract
// CHECK: graph.neg
// CHECK: graph.contract
// CHECK: graph.return
// WHY-LABEL: two_for_one{{( \(|:)}}
// WHY: - mul ({{[^)]*}}) with contraction ({{[^)]*}}): what it is computed from takes more memory than its value
graph.func @two_for_one(%x: !graph.tensor<f32[n, 64]> {graph.name = "x"}, %u: !graph.tensor<f32[9, 40]> {graph.name = "u"}, %v: !graph.tensor<f32[9, 40]> {graph.name = "v"}, %ids: !graph.tensor<i32[9]> {graph.name = "ids"})
    -> (!graph.tensor<f32[n, 40]> {graph.name = "y"}) attributes {graph.sizes = ["n"], graph.size_hints = {n = 32}} {
  %a = graph.scatter_add %u, %ids axis 0 : !graph.tensor<f32[9, 40]>, !graph.tensor<i32[9]> -> !graph.tensor<f32[64, 40]>
  %b = graph.scatter_add %v, %ids axis 0 : !graph.tensor<f32[9, 40]>, !graph.tensor<i32[9]> -> !graph.tensor<f32[64, 40]>
  %t = graph.mul %a, %b : !graph.tensor<f32[64, 40]>
  %y = graph.contract %x [0, 1], %t [1, 2] -> [0, 2] : !graph.tensor<f32[n, 64]>, !graph.tensor<f32[64, 40]>
  graph.return %y : !graph.tensor<f32[n, 40]>
}

graph.func @one_for_one(%x: !graph.tensor<f32[n, 64]> {graph.name = "x"}, %u: !graph.tensor<f32[9, 40]> {graph.name = "u"}, %ids: !graph.tensor<i32[9]> {graph.name = "ids"})
    -> (!graph.tensor<f32[n, 40]> {graph.name = "y"}) attributes {graph.sizes = ["n"], graph.size_hints = {n = 32}} {
  %a = graph.scatter_add %u, %ids axis 0 : !graph.tensor<f32[9, 40]>, !graph.tensor<i32[9]> -> !graph.tensor<f32[64, 40]>
  %t = graph.neg %a : !graph.tensor<f32[64, 40]>
  %y = graph.contract %x [0, 1], %t [1, 2] -> [0, 2] : !graph.tensor<f32[n, 64]>, !graph.tensor<f32[64, 40]>
  graph.return %y : !graph.tensor<f32[n, 40]>
}

// -----

graph.param @w : !graph.tensor<f32[4]> = <constant(0.0)>

// Not what reads a variable that the entry updates: the old value would be needed longer.
// CHECK-LABEL: graph.func @variable
// CHECK: fuse.kernel pointwise
// CHECK: graph.neg
// CHECK: fuse.kernel pointwise
// CHECK: graph.return
graph.func @variable(%x: !graph.tensor<f32[n, 4]> {graph.name = "x"}, %g: !graph.tensor<f32[4]> {graph.name = "g"})
    -> (!graph.tensor<f32[n, 4]> {graph.name = "y"}) attributes {graph.sizes = ["n"], kind = "step"} {
  %w = graph.read @w : !graph.tensor<f32[4]>
  %t = graph.neg %w : !graph.tensor<f32[4]>
  %tb = graph.broadcast %t [1] : !graph.tensor<f32[4]> -> !graph.tensor<f32[n, 4]>
  %y = graph.mul %x, %tb : !graph.tensor<f32[n, 4]>
  graph.write @w, %g : !graph.tensor<f32[4]>
  graph.return %y : !graph.tensor<f32[n, 4]>
}

// -----

graph.param @v : !graph.tensor<f32[64, 40]> = <constant(0.0)>

// The same of an operand.
// CHECK-LABEL: graph.func @variable_operand
// CHECK: fuse.kernel pointwise
// CHECK: graph.neg
// CHECK: fuse.kernel contract
// CHECK: graph.return
// WHY-LABEL: variable_operand{{( \(|:)}}
// WHY: - neg ({{[^)]*}}) with contraction ({{[^)]*}}): it reads a variable that the entry updates
graph.func @variable_operand(%x: !graph.tensor<f32[n, 64]> {graph.name = "x"}, %g: !graph.tensor<f32[64, 40]> {graph.name = "g"})
    -> (!graph.tensor<f32[n, 40]> {graph.name = "y"}) attributes {graph.sizes = ["n"], graph.size_hints = {n = 32}, kind = "step"} {
  %v = graph.read @v : !graph.tensor<f32[64, 40]>
  %t = graph.neg %v : !graph.tensor<f32[64, 40]>
  %y = graph.contract %x [0, 1], %t [1, 2] -> [0, 2] : !graph.tensor<f32[n, 64]>, !graph.tensor<f32[64, 40]>
  graph.write @v, %g : !graph.tensor<f32[64, 40]>
  graph.return %y : !graph.tensor<f32[n, 40]>
}
