// height = slope * standardized position, trained by gradient descent: a whole program by hand.

func.func private @buffer(%args: !llvm.ptr, %index: i64) -> !llvm.ptr {
  %buffers = llvm.load %args : !llvm.ptr -> !llvm.ptr
  %place = llvm.getelementptr %buffers[%index] : (!llvm.ptr, i64) -> !llvm.ptr, !llvm.ptr
  %buffer = llvm.load %place : !llvm.ptr -> !llvm.ptr
  return %buffer : !llvm.ptr
}

// x, y raw; shift, scale -> x, y as f32. One row is one tile.
func.func @prepare(%args: !llvm.ptr, %begin: i64, %end: i64)
    attributes {exec.writes = array<i1: false, false, false, false, true, true>} {
  %0 = arith.constant 0 : i64
  %1 = arith.constant 1 : i64
  %2 = arith.constant 2 : i64
  %3 = arith.constant 3 : i64
  %4 = arith.constant 4 : i64
  %5 = arith.constant 5 : i64
  %raw_x = func.call @buffer(%args, %0) : (!llvm.ptr, i64) -> !llvm.ptr
  %raw_y = func.call @buffer(%args, %1) : (!llvm.ptr, i64) -> !llvm.ptr
  %shift_at = func.call @buffer(%args, %2) : (!llvm.ptr, i64) -> !llvm.ptr
  %scale_at = func.call @buffer(%args, %3) : (!llvm.ptr, i64) -> !llvm.ptr
  %x = func.call @buffer(%args, %4) : (!llvm.ptr, i64) -> !llvm.ptr
  %y = func.call @buffer(%args, %5) : (!llvm.ptr, i64) -> !llvm.ptr
  %shift = llvm.load %shift_at : !llvm.ptr -> f64
  %scale = llvm.load %scale_at : !llvm.ptr -> f64
  scf.for %row = %begin to %end step %1 : i64 {
    %raw_x_at = llvm.getelementptr %raw_x[%row] : (!llvm.ptr, i64) -> !llvm.ptr, f64
    %raw_y_at = llvm.getelementptr %raw_y[%row] : (!llvm.ptr, i64) -> !llvm.ptr, f64
    %x_at = llvm.getelementptr %x[%row] : (!llvm.ptr, i64) -> !llvm.ptr, f32
    %y_at = llvm.getelementptr %y[%row] : (!llvm.ptr, i64) -> !llvm.ptr, f32
    %position = llvm.load %raw_x_at : !llvm.ptr -> f64
    %height = llvm.load %raw_y_at : !llvm.ptr -> f64
    %centred = arith.subf %position, %shift : f64
    %scaled = arith.divf %centred, %scale : f64
    %x_value = arith.truncf %scaled : f64 to f32
    %y_value = arith.truncf %height : f64 to f32
    llvm.store %x_value, %x_at : f32, !llvm.ptr
    llvm.store %y_value, %y_at : f32, !llvm.ptr
  }
  return
}

// x, y, slope -> loss = mean((slope x - y)^2), gradient of slope. All rows are one tile.
func.func @loss(%args: !llvm.ptr, %begin: i64, %end: i64)
    attributes {exec.writes = array<i1: false, false, false, true, true>} {
  %0 = arith.constant 0 : i64
  %1 = arith.constant 1 : i64
  %2 = arith.constant 2 : i64
  %3 = arith.constant 3 : i64
  %4 = arith.constant 4 : i64
  %x = func.call @buffer(%args, %0) : (!llvm.ptr, i64) -> !llvm.ptr
  %y = func.call @buffer(%args, %1) : (!llvm.ptr, i64) -> !llvm.ptr
  %slope_at = func.call @buffer(%args, %2) : (!llvm.ptr, i64) -> !llvm.ptr
  %loss_at = func.call @buffer(%args, %3) : (!llvm.ptr, i64) -> !llvm.ptr
  %gradient_at = func.call @buffer(%args, %4) : (!llvm.ptr, i64) -> !llvm.ptr
  %sizes_at = llvm.getelementptr %args[1] : (!llvm.ptr) -> !llvm.ptr, !llvm.ptr
  %sizes = llvm.load %sizes_at : !llvm.ptr -> !llvm.ptr
  %rows = llvm.load %sizes : !llvm.ptr -> i64
  %slope = llvm.load %slope_at : !llvm.ptr -> f32
  %zero = arith.constant 0.0 : f32
  %two = arith.constant 2.0 : f32
  %sums:2 = scf.for %row = %0 to %rows step %1 iter_args(%squares = %zero, %slopes = %zero)
      -> (f32, f32) : i64 {
    %x_at = llvm.getelementptr %x[%row] : (!llvm.ptr, i64) -> !llvm.ptr, f32
    %y_at = llvm.getelementptr %y[%row] : (!llvm.ptr, i64) -> !llvm.ptr, f32
    %x_value = llvm.load %x_at : !llvm.ptr -> f32
    %y_value = llvm.load %y_at : !llvm.ptr -> f32
    %product = arith.mulf %slope, %x_value : f32
    %error = arith.subf %product, %y_value : f32
    %square = arith.mulf %error, %error : f32
    %slope_term = arith.mulf %error, %x_value : f32
    %new_squares = arith.addf %squares, %square : f32
    %new_slopes = arith.addf %slopes, %slope_term : f32
    scf.yield %new_squares, %new_slopes : f32, f32
  }
  %count = arith.sitofp %rows : i64 to f32
  %loss = arith.divf %sums#0, %count : f32
  %mean = arith.divf %sums#1, %count : f32
  %gradient = arith.mulf %mean, %two : f32
  llvm.store %loss, %loss_at : f32, !llvm.ptr
  llvm.store %gradient, %gradient_at : f32, !llvm.ptr
  return
}

// gradient -> slope -= 0.25 gradient
func.func @update(%args: !llvm.ptr, %begin: i64, %end: i64)
    attributes {exec.writes = array<i1: false, true>} {
  %0 = arith.constant 0 : i64
  %1 = arith.constant 1 : i64
  %gradient_at = func.call @buffer(%args, %0) : (!llvm.ptr, i64) -> !llvm.ptr
  %slope_at = func.call @buffer(%args, %1) : (!llvm.ptr, i64) -> !llvm.ptr
  %gradient = llvm.load %gradient_at : !llvm.ptr -> f32
  %slope = llvm.load %slope_at : !llvm.ptr -> f32
  %rate = arith.constant 0.25 : f32
  %step = arith.mulf %rate, %gradient : f32
  %new = arith.subf %slope, %step : f32
  llvm.store %new, %slope_at : f32, !llvm.ptr
  return
}

// raw x; shift, scale; slope -> height
func.func @predict(%args: !llvm.ptr, %begin: i64, %end: i64)
    attributes {exec.writes = array<i1: false, false, false, false, true>} {
  %0 = arith.constant 0 : i64
  %1 = arith.constant 1 : i64
  %2 = arith.constant 2 : i64
  %3 = arith.constant 3 : i64
  %4 = arith.constant 4 : i64
  %raw_x = func.call @buffer(%args, %0) : (!llvm.ptr, i64) -> !llvm.ptr
  %shift_at = func.call @buffer(%args, %1) : (!llvm.ptr, i64) -> !llvm.ptr
  %scale_at = func.call @buffer(%args, %2) : (!llvm.ptr, i64) -> !llvm.ptr
  %slope_at = func.call @buffer(%args, %3) : (!llvm.ptr, i64) -> !llvm.ptr
  %height = func.call @buffer(%args, %4) : (!llvm.ptr, i64) -> !llvm.ptr
  %shift = llvm.load %shift_at : !llvm.ptr -> f64
  %scale = llvm.load %scale_at : !llvm.ptr -> f64
  %slope = llvm.load %slope_at : !llvm.ptr -> f32
  %slope64 = arith.extf %slope : f32 to f64
  scf.for %row = %begin to %end step %1 : i64 {
    %raw_x_at = llvm.getelementptr %raw_x[%row] : (!llvm.ptr, i64) -> !llvm.ptr, f64
    %height_at = llvm.getelementptr %height[%row] : (!llvm.ptr, i64) -> !llvm.ptr, f64
    %position = llvm.load %raw_x_at : !llvm.ptr -> f64
    %centred = arith.subf %position, %shift : f64
    %scaled = arith.divf %centred, %scale : f64
    %value = arith.mulf %scaled, %slope64 : f64
    llvm.store %value, %height_at : f64, !llvm.ptr
  }
  return
}

exec.param @slope : f32 = constant(0.0) {line = 2 : i64}

exec.entry prepare @points.prepare sizes [rows]
    (x : f64[rows, 1], y : f64[rows, 1], x.0.shift : f64[1], x.0.scale : f64[1])
    -> (x : f32[rows], y : f32[rows]) {
  %x = exec.input 0 : !exec.buffer<f64[rows, 1]>
  %y = exec.input 1 : !exec.buffer<f64[rows, 1]>
  %shift = exec.input 2 : !exec.buffer<f64[1]>
  %scale = exec.input 3 : !exec.buffer<f64[1]>
  %field_x = exec.output 0 : !exec.buffer<f32[rows]>
  %field_y = exec.output 1 : !exec.buffer<f32[rows]>
  exec.launch @prepare(%x, %y, %shift, %scale, %field_x, %field_y) sizes [] tiles rows grain 256 scratch 0
      : !exec.buffer<f64[rows, 1]>, !exec.buffer<f64[rows, 1]>, !exec.buffer<f64[1]>, !exec.buffer<f64[1]>,
        !exec.buffer<f32[rows]>, !exec.buffer<f32[rows]>
}
exec.entry step @line.step sizes [batch] (x : f32[batch], y : f32[batch]) -> (loss : f32) {
  %x = exec.input 0 : !exec.buffer<f32[batch]>
  %y = exec.input 1 : !exec.buffer<f32[batch]>
  %loss = exec.output 0 : !exec.buffer<f32>
  %slope = exec.get @slope : !exec.buffer<f32>
  %gradient = exec.temp : !exec.buffer<f32>
  exec.launch @loss(%x, %y, %slope, %loss, %gradient) sizes [batch] tiles 1 grain 1 scratch 0
      : !exec.buffer<f32[batch]>, !exec.buffer<f32[batch]>, !exec.buffer<f32>, !exec.buffer<f32>, !exec.buffer<f32>
  exec.launch @update(%gradient, %slope) sizes [] tiles 1 grain 1 scratch 0
      : !exec.buffer<f32>, !exec.buffer<f32>
}
exec.entry evaluate @line.evaluate sizes [batch] (x : f32[batch], y : f32[batch]) -> (loss : f32) {
  %x = exec.input 0 : !exec.buffer<f32[batch]>
  %y = exec.input 1 : !exec.buffer<f32[batch]>
  %loss = exec.output 0 : !exec.buffer<f32>
  %slope = exec.get @slope : !exec.buffer<f32>
  %gradient = exec.temp : !exec.buffer<f32>
  exec.launch @loss(%x, %y, %slope, %loss, %gradient) sizes [batch] tiles 1 grain 1 scratch 0
      : !exec.buffer<f32[batch]>, !exec.buffer<f32[batch]>, !exec.buffer<f32>, !exec.buffer<f32>, !exec.buffer<f32>
}
exec.entry predict @line.predict sizes [rows] (x : f64[rows, 1], x.0.shift : f64[1], x.0.scale : f64[1])
    -> (tall : f64[rows, 1]) {
  %x = exec.input 0 : !exec.buffer<f64[rows, 1]>
  %shift = exec.input 1 : !exec.buffer<f64[1]>
  %scale = exec.input 2 : !exec.buffer<f64[1]>
  %slope = exec.get @slope : !exec.buffer<f32>
  %tall = exec.output 0 : !exec.buffer<f64[rows, 1]>
  exec.launch @predict(%x, %shift, %scale, %slope, %tall) sizes [] tiles rows grain 256 scratch 0
      : !exec.buffer<f64[rows, 1]>, !exec.buffer<f64[1]>, !exec.buffer<f64[1]>, !exec.buffer<f32>,
        !exec.buffer<f64[rows, 1]>
}

exec.data "points" csv {
  path = "points.csv", raws = [#exec.raw<"x" ["position"]>, #exec.raw<"y" ["height in m"]>],
  fits = [#exec.fit<standardize "x.0" of 0>],
  fields = [#exec.tensor<x : f32[batch]>, #exec.tensor<y : f32[batch]>], prepare = @points.prepare}
exec.train "line" of "line" on "points" {
  batch = 4 : i64, run = #graph.duration<20.0 steps>, log_every = #graph.duration<1.0 steps>,
  predictions = [#exec.prediction<"tall" like 1>],
  step = @line.step, evaluate = @line.evaluate, predict = @line.predict}
