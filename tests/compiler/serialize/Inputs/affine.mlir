// y = scale * x + [1, 2, 3, 4], row by row, by two kernels with a temporary between them.

// Multiplies rows [begin, end) of x by the four values of w.
func.func @multiply(%args: !llvm.ptr, %begin: i64, %end: i64)
    attributes {exec.writes = array<i1: false, false, true>} {
  %buffers = llvm.load %args : !llvm.ptr -> !llvm.ptr
  %x = llvm.load %buffers : !llvm.ptr -> !llvm.ptr
  %w_place = llvm.getelementptr %buffers[1] : (!llvm.ptr) -> !llvm.ptr, !llvm.ptr
  %w = llvm.load %w_place : !llvm.ptr -> !llvm.ptr
  %y_place = llvm.getelementptr %buffers[2] : (!llvm.ptr) -> !llvm.ptr, !llvm.ptr
  %y = llvm.load %y_place : !llvm.ptr -> !llvm.ptr
  %weights = llvm.load %w : !llvm.ptr -> vector<4xf32>
  %one = arith.constant 1 : i64
  scf.for %row = %begin to %end step %one : i64 {
    %x_row = llvm.getelementptr %x[%row] : (!llvm.ptr, i64) -> !llvm.ptr, vector<4xf32>
    %y_row = llvm.getelementptr %y[%row] : (!llvm.ptr, i64) -> !llvm.ptr, vector<4xf32>
    %values = llvm.load %x_row : !llvm.ptr -> vector<4xf32>
    %product = arith.mulf %values, %weights : vector<4xf32>
    llvm.store %product, %y_row : vector<4xf32>, !llvm.ptr
  }
  return
}

// Adds the four values of c to rows [begin, end) of x; the row length comes as a size.
func.func @add(%args: !llvm.ptr, %begin: i64, %end: i64)
    attributes {exec.writes = array<i1: false, false, true>} {
  %buffers = llvm.load %args : !llvm.ptr -> !llvm.ptr
  %sizes_place = llvm.getelementptr %args[1] : (!llvm.ptr) -> !llvm.ptr, !llvm.ptr
  %sizes = llvm.load %sizes_place : !llvm.ptr -> !llvm.ptr
  %columns = llvm.load %sizes : !llvm.ptr -> i64
  %x = llvm.load %buffers : !llvm.ptr -> !llvm.ptr
  %c_place = llvm.getelementptr %buffers[1] : (!llvm.ptr) -> !llvm.ptr, !llvm.ptr
  %c = llvm.load %c_place : !llvm.ptr -> !llvm.ptr
  %y_place = llvm.getelementptr %buffers[2] : (!llvm.ptr) -> !llvm.ptr, !llvm.ptr
  %y = llvm.load %y_place : !llvm.ptr -> !llvm.ptr
  %zero = arith.constant 0 : i64
  %one = arith.constant 1 : i64
  scf.for %row = %begin to %end step %one : i64 {
    scf.for %column = %zero to %columns step %one : i64 {
      %start = arith.muli %row, %columns : i64
      %index = arith.addi %start, %column : i64
      %x_element = llvm.getelementptr %x[%index] : (!llvm.ptr, i64) -> !llvm.ptr, f32
      %c_element = llvm.getelementptr %c[%column] : (!llvm.ptr, i64) -> !llvm.ptr, f32
      %y_element = llvm.getelementptr %y[%index] : (!llvm.ptr, i64) -> !llvm.ptr, f32
      %value = llvm.load %x_element : !llvm.ptr -> f32
      %bias = llvm.load %c_element : !llvm.ptr -> f32
      %sum = arith.addf %value, %bias : f32
      llvm.store %sum, %y_element : f32, !llvm.ptr
    }
  }
  return
}

exec.param @scale : f32[4] = constant(2.0) {line = 2 : i64}

exec.entry function @forward sizes [batch] (x : f32[batch, 4] "rows of four") -> (y : f32[batch, 4])
    attributes {requires = [#exec.require<batch ge 1, "a batch has a row", line = 3>], line = 3 : i64} {
  %x = exec.input 0 : !exec.buffer<f32[batch, 4]>
  %y = exec.output 0 : !exec.buffer<f32[batch, 4]>
  %w = exec.get @scale : !exec.buffer<f32[4]>
  %c = exec.constant dense<[1.0, 2.0, 3.0, 4.0]> : tensor<4xf32> -> !exec.buffer<f32[4]>
  %t = exec.temp : !exec.buffer<f32[4*batch]>
  %rows = exec.view %t : !exec.buffer<f32[4*batch]> -> !exec.buffer<f32[batch, 4]>
  exec.launch @multiply(%x, %w, %rows) sizes [] tiles batch grain 16 scratch 0 {line = 4 : i64}
      : !exec.buffer<f32[batch, 4]>, !exec.buffer<f32[4]>, !exec.buffer<f32[batch, 4]>
  exec.launch @add(%t, %c, %y) sizes [4] tiles batch grain 16 scratch 0 {line = 5 : i64}
      : !exec.buffer<f32[4*batch]>, !exec.buffer<f32[4]>, !exec.buffer<f32[batch, 4]>
}
