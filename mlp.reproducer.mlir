module {
  graph.param @fc1.weight : !graph.tensor<f32[100, 10]> = <uniform(-0.31622776601683794, 0.31622776601683794)>
  graph.param @fc1.bias : !graph.tensor<f32[100]> = <uniform(-0.31622776601683794, 0.31622776601683794)> nodecay
  graph.param @fc2.weight : !graph.tensor<f32[1, 100]> = <uniform(-1.000000e-01, 1.000000e-01)>
  graph.param @fc2.bias : !graph.tensor<f32[1]> = <uniform(-1.000000e-01, 1.000000e-01)> nodecay
  graph.func @forward(%arg0: !graph.tensor<f32[batch, 10]> {graph.name = "x"}) -> (!graph.tensor<f32[batch, 1]> {graph.name = "result"}) attributes {graph.sizes = ["batch"], kind = "function"} {
    %0 = graph.read @fc1.weight : !graph.tensor<f32[100, 10]>
    %1 = graph.contract %arg0 [0, 1], %0 [2, 1] -> [0, 2] : !graph.tensor<f32[batch, 10]>, !graph.tensor<f32[100, 10]>
    %2 = graph.read @fc1.bias : !graph.tensor<f32[100]>
    %3 = graph.broadcast %2 [1] : !graph.tensor<f32[100]> -> !graph.tensor<f32[batch, 100]>
    %4 = graph.add %1, %3 : !graph.tensor<f32[batch, 100]>
    %5 = graph.constant 0.000000e+00 : f32 -> !graph.tensor<f32[batch, 100]>
    %6 = graph.max %5, %4 : !graph.tensor<f32[batch, 100]>
    %7 = graph.read @fc2.weight : !graph.tensor<f32[1, 100]>
    %8 = graph.contract %6 [0, 1], %7 [2, 1] -> [0, 2] : !graph.tensor<f32[batch, 100]>, !graph.tensor<f32[1, 100]>
    %9 = graph.read @fc2.bias : !graph.tensor<f32[1]>
    %10 = graph.broadcast %9 [1] : !graph.tensor<f32[1]> -> !graph.tensor<f32[batch, 1]>
    %11 = graph.add %8, %10 : !graph.tensor<f32[batch, 1]>
    graph.return %11 : !graph.tensor<f32[batch, 1]>
  }
  graph.data @patients attributes {field_types = [!graph.tensor<f32[batch, 10]>, !graph.tensor<f32[batch, 1]>], fields = ["x", "y"], fits = [{kind = "standardize", line = 9 : i64, name = "x.0", raw = 0 : i64}, {kind = "standardize", line = 10 : i64, name = "y.0", raw = 1 : i64}], graph.sizes = ["batch"], raws = [{columns = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9], line = 9 : i64, name = "x"}, {columns = ["progression"], line = 10 : i64, name = "y"}], source = {kind = "csv", path = "diabetes.csv"}, split = [{fraction = 8.000000e-01 : f64, name = "train"}, {fraction = 2.000000e-01 : f64, name = "test"}], split_seed = 1 : i64} {
  ^bb0(%arg0: !graph.tensor<f64[batch, 10]>, %arg1: !graph.tensor<f64[batch, 1]>):
    %shift, %scale = graph.fit @patients "x.0" : !graph.tensor<f64[10]>
    %0 = graph.broadcast %shift [1] : !graph.tensor<f64[10]> -> !graph.tensor<f64[batch, 10]>
    %1 = graph.broadcast %scale [1] : !graph.tensor<f64[10]> -> !graph.tensor<f64[batch, 10]>
    %2 = graph.sub %arg0, %0 : !graph.tensor<f64[batch, 10]>
    %3 = graph.div %2, %1 : !graph.tensor<f64[batch, 10]>
    %4 = graph.constant 0.000000e+00 : f64 -> !graph.tensor<f64[batch, 10]>
    %5 = graph.compare eq %1, %4 : !graph.tensor<f64[batch, 10]>
    %6 = graph.constant 0.000000e+00 : f64 -> !graph.tensor<f64[batch, 10]>
    %7 = graph.select %5, %6, %3 : !graph.tensor<f64[batch, 10]>
    %8 = graph.convert %7 : !graph.tensor<f64[batch, 10]> -> !graph.tensor<f32[batch, 10]>
    %shift_0, %scale_1 = graph.fit @patients "y.0" : !graph.tensor<f64[1]>
    %9 = graph.broadcast %shift_0 [1] : !graph.tensor<f64[1]> -> !graph.tensor<f64[batch, 1]>
    %10 = graph.broadcast %scale_1 [1] : !graph.tensor<f64[1]> -> !graph.tensor<f64[batch, 1]>
    %11 = graph.sub %arg1, %9 : !graph.tensor<f64[batch, 1]>
    %12 = graph.div %11, %10 : !graph.tensor<f64[batch, 1]>
    %13 = graph.constant 0.000000e+00 : f64 -> !graph.tensor<f64[batch, 1]>
    %14 = graph.compare eq %10, %13 : !graph.tensor<f64[batch, 1]>
    %15 = graph.constant 0.000000e+00 : f64 -> !graph.tensor<f64[batch, 1]>
    %16 = graph.select %14, %15, %12 : !graph.tensor<f64[batch, 1]>
    %17 = graph.convert %16 : !graph.tensor<f64[batch, 1]> -> !graph.tensor<f32[batch, 1]>
    graph.yield %8, %17 : !graph.tensor<f32[batch, 10]>, !graph.tensor<f32[batch, 1]>
  }
  graph.train @mlp attributes {data = @patients, fields = ["x", "y"], graph.sizes = ["batch"], metrics = [], model = "mlp", optimizer = {beta1 = 9.000000e-01 : f64, beta2 = 0.99899999999999999 : f64, eps = 1.000000e-08 : f64, lr = 1.000000e-03 : f64, name = "adam", weight_decay = 0.000000e+00 : f64}, predict_fields = ["x"], predictions = [{like = "y", name = "progression"}], settings = {batch = 32 : i64, checkpoint_keep = 3 : i64, drop_remainder = false, log = #graph.duration<1.000000e+01 steps>, run = #graph.duration<2.000000e+01 epochs>, seed = 1 : i64, shuffle = true}} objective {
  ^bb0(%arg0: !graph.tensor<f32[batch, 10]>, %arg1: !graph.tensor<f32[batch, 1]>):
    %0 = graph.read @fc1.weight : !graph.tensor<f32[100, 10]>
    %1 = graph.contract %arg0 [0, 1], %0 [2, 1] -> [0, 2] : !graph.tensor<f32[batch, 10]>, !graph.tensor<f32[100, 10]>
    %2 = graph.read @fc1.bias : !graph.tensor<f32[100]>
    %3 = graph.broadcast %2 [1] : !graph.tensor<f32[100]> -> !graph.tensor<f32[batch, 100]>
    %4 = graph.add %1, %3 : !graph.tensor<f32[batch, 100]>
    %5 = graph.constant 0.000000e+00 : f32 -> !graph.tensor<f32[batch, 100]>
    %6 = graph.max %5, %4 : !graph.tensor<f32[batch, 100]>
    %7 = graph.read @fc2.weight : !graph.tensor<f32[1, 100]>
    %8 = graph.contract %6 [0, 1], %7 [2, 1] -> [0, 2] : !graph.tensor<f32[batch, 100]>, !graph.tensor<f32[1, 100]>
    %9 = graph.read @fc2.bias : !graph.tensor<f32[1]>
    %10 = graph.broadcast %9 [1] : !graph.tensor<f32[1]> -> !graph.tensor<f32[batch, 1]>
    %11 = graph.add %8, %10 : !graph.tensor<f32[batch, 1]>
    %12 = graph.sub %11, %arg1 : !graph.tensor<f32[batch, 1]>
    %13 = graph.mul %12, %12 : !graph.tensor<f32[batch, 1]>
    %14 = graph.constant 1.000000e+00 : f32 -> !graph.tensor<f32[batch, 1]>
    %15 = graph.sum %13 [0, 1] : !graph.tensor<f32[batch, 1]>
    %16 = graph.size <batch> : !graph.tensor<f32>
    %17 = graph.div %15, %16 : !graph.tensor<f32>
    graph.yield %17 : !graph.tensor<f32>
  } predict {
  ^bb0(%arg0: !graph.tensor<f32[batch, 10]>):
    %0 = graph.read @fc1.weight : !graph.tensor<f32[100, 10]>
    %1 = graph.contract %arg0 [0, 1], %0 [2, 1] -> [0, 2] : !graph.tensor<f32[batch, 10]>, !graph.tensor<f32[100, 10]>
    %2 = graph.read @fc1.bias : !graph.tensor<f32[100]>
    %3 = graph.broadcast %2 [1] : !graph.tensor<f32[100]> -> !graph.tensor<f32[batch, 100]>
    %4 = graph.add %1, %3 : !graph.tensor<f32[batch, 100]>
    %5 = graph.constant 0.000000e+00 : f32 -> !graph.tensor<f32[batch, 100]>
    %6 = graph.max %5, %4 : !graph.tensor<f32[batch, 100]>
    %7 = graph.read @fc2.weight : !graph.tensor<f32[1, 100]>
    %8 = graph.contract %6 [0, 1], %7 [2, 1] -> [0, 2] : !graph.tensor<f32[batch, 100]>, !graph.tensor<f32[1, 100]>
    %9 = graph.read @fc2.bias : !graph.tensor<f32[1]>
    %10 = graph.broadcast %9 [1] : !graph.tensor<f32[1]> -> !graph.tensor<f32[batch, 1]>
    %11 = graph.add %8, %10 : !graph.tensor<f32[batch, 1]>
    %12 = graph.convert %11 : !graph.tensor<f32[batch, 1]> -> !graph.tensor<f64[batch, 1]>
    %shift, %scale = graph.fit @patients "y.0" : !graph.tensor<f64[1]>
    %13 = graph.broadcast %shift [1] : !graph.tensor<f64[1]> -> !graph.tensor<f64[batch, 1]>
    %14 = graph.broadcast %scale [1] : !graph.tensor<f64[1]> -> !graph.tensor<f64[batch, 1]>
    %15 = graph.mul %12, %14 : !graph.tensor<f64[batch, 1]>
    %16 = graph.add %15, %13 : !graph.tensor<f64[batch, 1]>
    graph.yield %16 : !graph.tensor<f64[batch, 1]>
  }
}