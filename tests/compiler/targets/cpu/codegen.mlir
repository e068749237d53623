// What the code generator makes of one kernel: FMA only where it is allowed, no estimates, no calls.
// RUN: tenon-translate %s --emit=asm | FileCheck %s --implicit-check-not=call --implicit-check-not=vrcp --implicit-check-not=vrsqrt
// RUN: tenon-translate %s --emit=llvm | FileCheck %s --check-prefix=LLVM
// RUN: tenon-translate %s --emit=asm --mcpu=x86-64-v4 | FileCheck %s --check-prefix=V4
// RUN: tenon-translate %s --emit=asm --mcpu=znver3 | FileCheck %s
// RUN: tenon-translate %s --emit=obj -O0 -o %t.o && llvm-objdump -d %t.o | FileCheck %s --check-prefix=O0
// RUN: tenon-translate %s --emit=obj -O1 -o %t.o
// RUN: tenon-translate %s --emit=obj -O2 -o %t.o
// RUN: not tenon-translate %s --mcpu=pentium-9 2>&1 | FileCheck %s --check-prefix=CPU
// CPU: error: unknown processor 'pentium-9'; known are native, {{.*}}x86-64-v3

// LLVM: target triple = "x86_64-unknown-linux-gnu"
// LLVM: define hidden void @contracted(
// LLVM: attributes #{{.*}}"frame-pointer"="all"{{.*}}"reciprocal-estimates"="none"{{.*}}"tune-cpu"="x86-64-v3"

// V4-LABEL: contracted:
// V4: vfmadd{{.*}}zmm

// O0-LABEL: <contracted>:
// O0: vmulps

// CHECK-LABEL: contracted:
// CHECK: vfmadd
// CHECK-LABEL: separate:
// CHECK-NOT: vfmadd
// CHECK: vmulps
// CHECK-NOT: vfmadd
// CHECK: vaddps
// CHECK-LABEL: divided:
// CHECK: vdivps
// CHECK-LABEL: root:
// CHECK: vsqrtps
// CHECK-LABEL: zeroed:
// CHECK: ret

func.func @contracted(%args: !llvm.ptr, %begin: i64, %end: i64) {
  %b = llvm.load %args : !llvm.ptr -> !llvm.ptr
  %p = llvm.load %b : !llvm.ptr -> !llvm.ptr
  %x = llvm.load %p : !llvm.ptr -> vector<16xf32>
  %y = llvm.getelementptr %p[1] : (!llvm.ptr) -> !llvm.ptr, vector<16xf32>
  %v = llvm.load %y : !llvm.ptr -> vector<16xf32>
  %m = arith.mulf %x, %v fastmath<contract> : vector<16xf32>
  %s = arith.addf %m, %v fastmath<contract> : vector<16xf32>
  llvm.store %s, %p : vector<16xf32>, !llvm.ptr
  return
}

func.func @separate(%args: !llvm.ptr, %begin: i64, %end: i64) {
  %b = llvm.load %args : !llvm.ptr -> !llvm.ptr
  %p = llvm.load %b : !llvm.ptr -> !llvm.ptr
  %x = llvm.load %p : !llvm.ptr -> vector<8xf32>
  %y = llvm.getelementptr %p[1] : (!llvm.ptr) -> !llvm.ptr, vector<8xf32>
  %v = llvm.load %y : !llvm.ptr -> vector<8xf32>
  %m = arith.mulf %x, %v : vector<8xf32>
  %s = arith.addf %m, %v : vector<8xf32>
  llvm.store %s, %p : vector<8xf32>, !llvm.ptr
  return
}

// Even flags that would allow an estimate do not bring one.
func.func @divided(%args: !llvm.ptr, %begin: i64, %end: i64) {
  %b = llvm.load %args : !llvm.ptr -> !llvm.ptr
  %p = llvm.load %b : !llvm.ptr -> !llvm.ptr
  %x = llvm.load %p : !llvm.ptr -> vector<8xf32>
  %one = arith.constant dense<1.0> : vector<8xf32>
  %q = arith.divf %one, %x fastmath<arcp> : vector<8xf32>
  llvm.store %q, %p : vector<8xf32>, !llvm.ptr
  return
}

func.func @root(%args: !llvm.ptr, %begin: i64, %end: i64) {
  %b = llvm.load %args : !llvm.ptr -> !llvm.ptr
  %p = llvm.load %b : !llvm.ptr -> !llvm.ptr
  %x = llvm.load %p : !llvm.ptr -> vector<8xf32>
  %r = math.sqrt %x : vector<8xf32>
  llvm.store %r, %p : vector<8xf32>, !llvm.ptr
  return
}

// A loop that elsewhere would become a call of memset.
func.func @zeroed(%args: !llvm.ptr, %begin: i64, %end: i64) {
  %b = llvm.load %args : !llvm.ptr -> !llvm.ptr
  %p = llvm.load %b : !llvm.ptr -> !llvm.ptr
  %zero = arith.constant 0.0 : f32
  %one = arith.constant 1 : i64
  scf.for %i = %begin to %end step %one : i64 {
    %e = llvm.getelementptr %p[%i] : (!llvm.ptr, i64) -> !llvm.ptr, f32
    llvm.store %zero, %e : f32, !llvm.ptr
  }
  return
}
