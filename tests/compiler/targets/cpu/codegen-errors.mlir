// What cannot become loadable code is refused with its reason.
// RUN: split-file %s %t
// RUN: not tenon-translate %t/type.mlir 2>&1 | FileCheck %s --check-prefix=TYPE
// RUN: not tenon-translate %t/external.mlir 2>&1 | FileCheck %s --check-prefix=EXTERNAL
// RUN: not tenon-translate %t/writable.mlir 2>&1 | FileCheck %s --check-prefix=WRITABLE
// RUN: not tenon-translate %t/address.mlir 2>&1 | FileCheck %s --check-prefix=ADDRESS
// RUN: not tenon-translate %t/missing.mlir 2>&1 | FileCheck %s --check-prefix=MISSING

//--- type.mlir
// TYPE: type.mlir:2:1: error: kernel must have type (!llvm.ptr, i64, i64) -> ()
func.func @k(%args: !llvm.ptr) {
  return
}

//--- external.mlir
// EXTERNAL: error: kernels call functions that do not exist at run time: expf, memcpy
func.func @k(%args: !llvm.ptr, %begin: i64, %end: i64) {
  %x = llvm.load %args : !llvm.ptr -> f32
  %y = math.exp %x : f32
  llvm.store %y, %args : f32, !llvm.ptr
  %source = llvm.load %args : !llvm.ptr -> !llvm.ptr
  "llvm.intr.memcpy"(%args, %source, %begin) <{isVolatile = false}> : (!llvm.ptr, !llvm.ptr, i64) -> ()
  return
}

//--- writable.mlir
// WRITABLE: error: kernels have writable data
llvm.mlir.global internal @counter(0 : i64) : i64
func.func @k(%args: !llvm.ptr, %begin: i64, %end: i64) {
  %p = llvm.mlir.addressof @counter : !llvm.ptr
  %old = llvm.load %p : !llvm.ptr -> i64
  %new = arith.addi %old, %begin : i64
  llvm.store %new, %p : i64, !llvm.ptr
  llvm.store %new, %args : i64, !llvm.ptr
  return
}

//--- address.mlir
// ADDRESS: error: kernels have writable data
llvm.mlir.global internal constant @table() : !llvm.array<2 x ptr> {
  %k = llvm.mlir.addressof @k : !llvm.ptr
  %none = llvm.mlir.undef : !llvm.array<2 x ptr>
  %one = llvm.insertvalue %k, %none[0] : !llvm.array<2 x ptr>
  %two = llvm.insertvalue %k, %one[1] : !llvm.array<2 x ptr>
  llvm.return %two : !llvm.array<2 x ptr>
}
llvm.func @k(%args: !llvm.ptr, %begin: i64, %end: i64) {
  %p = llvm.mlir.addressof @table : !llvm.ptr
  %e = llvm.getelementptr %p[%begin] : (!llvm.ptr, i64) -> !llvm.ptr, i64
  %v = llvm.load volatile %e : !llvm.ptr -> i64
  llvm.store %v, %args : i64, !llvm.ptr
  llvm.return
}

//--- missing.mlir
// MISSING: missing.mlir:2:1: error: kernel has no code
func.func private @k(!llvm.ptr, i64, i64) attributes {exec.writes = array<i1>}
