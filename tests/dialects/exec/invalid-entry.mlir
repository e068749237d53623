// The constraints of entries, buffers and commands, by number.
// RUN: tenon-opt %s --split-input-file --verify-diagnostics

// BufferType C1
// expected-error@+1 {{buffers hold f32, f64, i32, i64, i1 or i8, not 'bf16'}}
func.func private @f(!exec.buffer<bf16[4]>)

// -----

// BufferType C2
// expected-error@+1 {{size -4 is negative}}
func.func private @f(!exec.buffer<f32[-4]>)

// -----

// exec.writes
// expected-error@+1 {{'exec.label' must be a string on a function}}
func.func private @k(!llvm.ptr, i64, i64) attributes {exec.label = 1 : i32}

// -----

// expected-error@+1 {{'exec.writes' must be an array of booleans on a function}}
func.func private @f() attributes {exec.writes = 3 : i64}

// -----

// EntryOp C1
// expected-error@+1 {{(C1) size "batch" is listed twice}}
exec.entry function @f sizes [batch, batch] (x : f32[batch]) -> () {
}

// -----

// EntryOp C1
// expected-error@+1 {{(C1) size "batch" is not an axis of an input by itself}}
exec.entry function @f sizes [batch] (x : f32[2*batch]) -> () {
}

// -----

// EntryOp C2
// expected-error@+1 {{(C2) size "seq" is not listed by the entry}}
exec.entry function @f sizes [batch] (x : f32[batch]) -> (y : f32[seq]) {
}

// -----

// EntryOp C2
// expected-error@+1 {{(C2) size "seq" is not listed by the entry}}
exec.entry function @f sizes [batch] (x : f32[batch]) -> ()
    attributes {requires = [#exec.require<seq ge 1, "long">]} {
}

// -----

// EntryOp C2
exec.entry function @f sizes [batch] (x : f32[batch]) -> () {
  // expected-error@+1 {{(C2) size "seq" is not listed by the entry}}
  %t = exec.temp : !exec.buffer<f32[batch*seq]>
}

// -----

// EntryOp C2
func.func private @k(!llvm.ptr, i64, i64) attributes {exec.writes = array<i1>}
exec.entry function @f sizes [batch] (x : f32[batch]) -> () {
  // expected-error@+1 {{(C2) size "seq" is not listed by the entry}}
  exec.launch @k() sizes [] tiles seq grain 1 scratch 0
}

// -----

// EntryOp C3
// expected-error@+1 {{(C3) two inputs are named 'x'}}
exec.entry function @f sizes [batch] (x : f32[batch], x : f32[4]) -> () {
}

// -----

// EntryOp C4
// expected-error@+1 {{(C4) output 0 has no exec.output}}
exec.entry function @f sizes [batch] (x : f32[batch]) -> (y : f32[batch]) {
}

// -----

// EntryOp C4
exec.entry function @f sizes [batch] (x : f32[batch]) -> () {
  %0 = exec.input 0 : !exec.buffer<f32[batch]>
  // expected-error@+1 {{(C4) the entry has two of them for input 0}}
  %1 = exec.input 0 : !exec.buffer<f32[batch]>
}

// -----

// InputOp C1
exec.entry function @f sizes [batch] (x : f32[batch]) -> () {
  // expected-error@+1 {{(C1) the entry has no number 1}}
  %0 = exec.input 1 : !exec.buffer<f32[batch]>
}

// -----

// OutputOp C1
exec.entry function @f sizes [batch] (x : f32[batch]) -> (y : f32[batch]) {
  // expected-error@+1 {{(C1) type '!exec.buffer<f32[2*batch]>' differs from the signature's '!exec.buffer<f32[batch]>'}}
  %0 = exec.output 0 : !exec.buffer<f32[2*batch]>
}

// -----

// GetOp C1
exec.entry function @f sizes [] () -> () {
  // expected-error@+1 {{(C1) no parameter or state @w is declared}}
  %0 = exec.get @w : !exec.buffer<f32[4]>
}

// -----

// GetOp C1
exec.param @w : f32[4] = constant(0.0)
exec.entry function @f sizes [] () -> () {
  // expected-error@+1 {{(C1) type '!exec.buffer<f32[5]>' differs from the declared '!exec.buffer<f32[4]>'}}
  %0 = exec.get @w : !exec.buffer<f32[5]>
}

// -----

// ConstantOp C1
exec.entry function @f sizes [] () -> () {
  // expected-error@+1 {{(C1) type '!exec.buffer<f32[3]>' does not fit the value}}
  %0 = exec.constant dense<0.0> : tensor<4xf32> -> !exec.buffer<f32[3]>
}

// -----

// ConstantOp C2
exec.entry function @f sizes [] () -> () {
  // expected-error@+1 {{(C2) the value is not dense}}
  %0 = exec.constant dense_resource<weights> : tensor<4xf32> -> !exec.buffer<f32[4]>
}

// -----

// ViewOp C1
exec.entry function @f sizes [batch] (x : f32[batch]) -> () {
  %0 = exec.temp : !exec.buffer<f32[batch]>
  // expected-error@+1 {{(C1) a view of 8*batch bytes does not fit a buffer of 4*batch bytes}}
  %1 = exec.view %0 : !exec.buffer<f32[batch]> -> !exec.buffer<f64[batch]>
}

// -----

// LaunchOp C1
func.func private @k(!llvm.ptr, i64, i64)
exec.entry function @f sizes [] () -> () {
  // expected-error@+1 {{(C1) @k is not a function with 'exec.writes'}}
  exec.launch @k() sizes [] tiles 1 grain 1 scratch 0
}

// -----

// LaunchOp C2
func.func private @k(!llvm.ptr, i64, i64) attributes {exec.writes = array<i1: true, false>}
exec.entry function @f sizes [] () -> () {
  %0 = exec.temp : !exec.buffer<f32>
  // expected-error@+1 {{(C2) the kernel has 2 buffers, the launch 1}}
  exec.launch @k(%0) sizes [] tiles 1 grain 1 scratch 0 : !exec.buffer<f32>
}

// -----

// LaunchOp C5
func.func private @k(!llvm.ptr, i64, i64) attributes {exec.writes = array<i1: false, true>}
exec.entry function @f sizes [] () -> () {
  %0 = exec.temp : !exec.buffer<f32>
  %1 = exec.temp : !exec.buffer<f32>
  // expected-error@+1 {{(C5) 'tile_bytes' needs one number, not negative, per buffer}}
  exec.launch @k(%0, %1) sizes [] tiles 1 grain 1 scratch 0 {tile_bytes = array<i64: 4>} : !exec.buffer<f32>, !exec.buffer<f32>
}

// -----

// LaunchOp C3
func.func private @k(!llvm.ptr, i64, i64) attributes {exec.writes = array<i1: true, true>}
exec.entry function @f sizes [] () -> () {
  %0 = exec.temp : !exec.buffer<f32>
  %1 = exec.view %0 : !exec.buffer<f32> -> !exec.buffer<i32>
  // expected-error@+1 {{(C3) two written buffers share memory}}
  exec.launch @k(%0, %1) sizes [] tiles 1 grain 1 scratch 0 : !exec.buffer<f32>, !exec.buffer<i32>
}

// -----

// LaunchOp C4
func.func private @k(!llvm.ptr, i64, i64) attributes {exec.writes = array<i1: true>}
exec.entry function @f sizes [] (x : f32) -> () {
  %0 = exec.input 0 : !exec.buffer<f32>
  %1 = exec.view %0 : !exec.buffer<f32> -> !exec.buffer<f32[1]>
  // expected-error@+1 {{(C4) writes to an input or a constant}}
  exec.launch @k(%1) sizes [] tiles 1 grain 1 scratch 0 : !exec.buffer<f32[1]>
}

// -----

// LaunchOp C4
exec.state @s : f32 = constant(0.0)
func.func private @k(!llvm.ptr, i64, i64) attributes {exec.writes = array<i1: true>}
exec.entry evaluate @f sizes [] () -> () {
  %0 = exec.get @s : !exec.buffer<f32>
  // expected-error@+1 {{(C4) writes to a parameter or state outside of a step}}
  exec.launch @k(%0) sizes [] tiles 1 grain 1 scratch 0 : !exec.buffer<f32>
}

// -----

// CopyOp C1
exec.entry function @f sizes [] () -> () {
  %0 = exec.temp : !exec.buffer<f32>
  %1 = exec.temp : !exec.buffer<f64>
  // expected-error@+1 {{(C1) source and destination differ in bytes or share memory}}
  exec.copy %0 to %1 : !exec.buffer<f32> to !exec.buffer<f64>
}

// -----

// CopyOp C2
exec.entry function @f sizes [] () -> () {
  %0 = exec.temp : !exec.buffer<f32>
  %1 = exec.constant dense<0.0> : tensor<f32> -> !exec.buffer<f32>
  // expected-error@+1 {{(C2) writes to an input or a constant}}
  exec.copy %0 to %1 : !exec.buffer<f32> to !exec.buffer<f32>
}
