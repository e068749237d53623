module {
  graph.param @layers.0.weight : !graph.tensor<f32[256, 64]> = <uniform(-1.250000e-01, 1.250000e-01)>
  graph.param @layers.0.bias : !graph.tensor<f32[256]> = <uniform(-1.250000e-01, 1.250000e-01)> nodecay
  graph.param @layers.1.weight : !graph.tensor<f32[128, 256]> = <uniform(-6.250000e-02, 6.250000e-02)>
  graph.param @layers.1.bias : !graph.tensor<f32[128]> = <uniform(-6.250000e-02, 6.250000e-02)> nodecay
  graph.param @layers.2.weight : !graph.tensor<f32[10, 128]> = <uniform(-0.088388347648318433, 0.088388347648318433)>
  graph.param @layers.2.bias : !graph.tensor<f32[10]> = <uniform(-0.088388347648318433, 0.088388347648318433)> nodecay
  graph.func @forward(%arg0: !graph.tensor<f32[batch, 64]> {graph.name = "x"}) -> (!graph.tensor<f32[batch, 10]> {graph.name = "result"}) attributes {graph.sizes = ["batch"], kind = "function"} {
    %0 = graph.read @layers.0.weight : !graph.tensor<f32[256, 64]>
    %1 = graph.contract %arg0 [0, 1], %0 [2, 1] -> [0, 2] : !graph.tensor<f32[batch, 64]>, !graph.tensor<f32[256, 64]>
    %2 = graph.read @layers.0.bias : !graph.tensor<f32[256]>
    %3 = graph.broadcast %2 [1] : !graph.tensor<f32[256]> -> !graph.tensor<f32[batch, 256]>
    %4 = graph.add %1, %3 : !graph.tensor<f32[batch, 256]>
    %5 = graph.constant 0.000000e+00 : f32 -> !graph.tensor<f32[batch, 256]>
    %6 = graph.max %5, %4 : !graph.tensor<f32[batch, 256]>
    %7 = graph.read @layers.1.weight : !graph.tensor<f32[128, 256]>
    %8 = graph.contract %6 [0, 1], %7 [2, 1] -> [0, 2] : !graph.tensor<f32[batch, 256]>, !graph.tensor<f32[128, 256]>
    %9 = graph.read @layers.1.bias : !graph.tensor<f32[128]>
    %10 = graph.broadcast %9 [1] : !graph.tensor<f32[128]> -> !graph.tensor<f32[batch, 128]>
    %11 = graph.add %8, %10 : !graph.tensor<f32[batch, 128]>
    %12 = graph.constant 0.000000e+00 : f32 -> !graph.tensor<f32[batch, 128]>
    %13 = graph.max %12, %11 : !graph.tensor<f32[batch, 128]>
    %14 = graph.read @layers.2.weight : !graph.tensor<f32[10, 128]>
    %15 = graph.contract %13 [0, 1], %14 [2, 1] -> [0, 2] : !graph.tensor<f32[batch, 128]>, !graph.tensor<f32[10, 128]>
    %16 = graph.read @layers.2.bias : !graph.tensor<f32[10]>
    %17 = graph.broadcast %16 [1] : !graph.tensor<f32[10]> -> !graph.tensor<f32[batch, 10]>
    %18 = graph.add %15, %17 : !graph.tensor<f32[batch, 10]>
    graph.return %18 : !graph.tensor<f32[batch, 10]>
  }
  graph.data @images attributes {field_types = [!graph.tensor<f32[batch, 64]>, !graph.tensor<i32[batch]>], fields = ["x", "label"], fits = [], graph.sizes = ["batch"], raws = [], source = {kind = "none"}, split = [], split_seed = 1 : i64} {
  }
  graph.train @mlp64 attributes {data = @images, fields = ["x", "label"], graph.sizes = ["batch"], metrics = [], model = "mlp64", optimizer = {beta1 = 9.000000e-01 : f64, beta2 = 0.99899999999999999 : f64, eps = 1.000000e-08 : f64, lr = 1.000000e-03 : f64, name = "adam", weight_decay = 0.000000e+00 : f64}, predict_fields = [], predictions = [], settings = {batch = 32 : i64, checkpoint_keep = 3 : i64, drop_remainder = false, log = #graph.duration<1.000000e+01 steps>, run = #graph.duration<1.000000e+03 steps>, seed = 1 : i64, shuffle = true}} objective {
  ^bb0(%arg0: !graph.tensor<f32[batch, 64]>, %arg1: !graph.tensor<i32[batch]>):
    %0 = graph.read @layers.0.weight : !graph.tensor<f32[256, 64]>
    %1 = graph.contract %arg0 [0, 1], %0 [2, 1] -> [0, 2] : !graph.tensor<f32[batch, 64]>, !graph.tensor<f32[256, 64]>
    %2 = graph.read @layers.0.bias : !graph.tensor<f32[256]>
    %3 = graph.broadcast %2 [1] : !graph.tensor<f32[256]> -> !graph.tensor<f32[batch, 256]>
    %4 = graph.add %1, %3 : !graph.tensor<f32[batch, 256]>
    %5 = graph.constant 0.000000e+00 : f32 -> !graph.tensor<f32[batch, 256]>
    %6 = graph.max %5, %4 : !graph.tensor<f32[batch, 256]>
    %7 = graph.read @layers.1.weight : !graph.tensor<f32[128, 256]>
    %8 = graph.contract %6 [0, 1], %7 [2, 1] -> [0, 2] : !graph.tensor<f32[batch, 256]>, !graph.tensor<f32[128, 256]>
    %9 = graph.read @layers.1.bias : !graph.tensor<f32[128]>
    %10 = graph.broadcast %9 [1] : !graph.tensor<f32[128]> -> !graph.tensor<f32[batch, 128]>
    %11 = graph.add %8, %10 : !graph.tensor<f32[batch, 128]>
    %12 = graph.constant 0.000000e+00 : f32 -> !graph.tensor<f32[batch, 128]>
    %13 = graph.max %12, %11 : !graph.tensor<f32[batch, 128]>
    %14 = graph.read @layers.2.weight : !graph.tensor<f32[10, 128]>
    %15 = graph.contract %13 [0, 1], %14 [2, 1] -> [0, 2] : !graph.tensor<f32[batch, 128]>, !graph.tensor<f32[10, 128]>
    %16 = graph.read @layers.2.bias : !graph.tensor<f32[10]>
    %17 = graph.broadcast %16 [1] : !graph.tensor<f32[10]> -> !graph.tensor<f32[batch, 10]>
    %18 = graph.add %15, %17 : !graph.tensor<f32[batch, 10]>
    %19 = graph.reduce_max %18 [1] : !graph.tensor<f32[batch, 10]>
    %20 = graph.reshape %19 : !graph.tensor<f32[batch]> -> !graph.tensor<f32[batch, 1]>
    %21 = graph.stop_gradient %20 : !graph.tensor<f32[batch, 1]>
    %22 = graph.reshape %21 : !graph.tensor<f32[batch, 1]> -> !graph.tensor<f32[batch]>
    %23 = graph.broadcast %22 [0] : !graph.tensor<f32[batch]> -> !graph.tensor<f32[batch, 10]>
    %24 = graph.sub %18, %23 : !graph.tensor<f32[batch, 10]>
    %25 = graph.exp %24 : !graph.tensor<f32[batch, 10]>
    %26 = graph.sum %25 [1] : !graph.tensor<f32[batch, 10]>
    %27 = graph.reshape %26 : !graph.tensor<f32[batch]> -> !graph.tensor<f32[batch, 1]>
    %28 = graph.log %27 : !graph.tensor<f32[batch, 1]>
    %29 = graph.reshape %28 : !graph.tensor<f32[batch, 1]> -> !graph.tensor<f32[batch]>
    %30 = graph.broadcast %29 [0] : !graph.tensor<f32[batch]> -> !graph.tensor<f32[batch, 10]>
    %31 = graph.sub %24, %30 : !graph.tensor<f32[batch, 10]>
    %32 = graph.constant 0 : i32 -> !graph.tensor<i32[batch, 10]>
    %33 = graph.iota 0 : !graph.tensor<i32[10]>
    %34 = graph.broadcast %33 [1] : !graph.tensor<i32[10]> -> !graph.tensor<i32[batch, 10]>
    %35 = graph.add %32, %34 : !graph.tensor<i32[batch, 10]>
    %36 = graph.reshape %arg1 : !graph.tensor<i32[batch]> -> !graph.tensor<i32[batch, 1]>
    %37 = graph.reshape %36 : !graph.tensor<i32[batch, 1]> -> !graph.tensor<i32[batch]>
    %38 = graph.broadcast %37 [0] : !graph.tensor<i32[batch]> -> !graph.tensor<i32[batch, 10]>
    %39 = graph.compare eq %35, %38 : !graph.tensor<i32[batch, 10]>
    %40 = graph.convert %39 : !graph.tensor<i1[batch, 10]> -> !graph.tensor<f32[batch, 10]>
    %41 = graph.constant 0.000000e+00 : f32 -> !graph.tensor<f32[batch, 10]>
    %42 = graph.compare gt %40, %41 : !graph.tensor<f32[batch, 10]>
    %43 = graph.neg %31 : !graph.tensor<f32[batch, 10]>
    %44 = graph.constant 0.000000e+00 : f32 -> !graph.tensor<f32[batch, 10]>
    %45 = graph.select %42, %43, %44 : !graph.tensor<f32[batch, 10]>
    %46 = graph.neg %31 : !graph.tensor<f32[batch, 10]>
    %47 = graph.sum %45 [1] : !graph.tensor<f32[batch, 10]>
    %48 = graph.constant 1.000000e+00 : f32 -> !graph.tensor<f32[batch]>
    %49 = graph.sum %47 [0] : !graph.tensor<f32[batch]>
    %50 = graph.sum %48 [0] : !graph.tensor<f32[batch]>
    %51 = graph.div %49, %50 : !graph.tensor<f32>
    graph.yield %51 : !graph.tensor<f32>
  } predict {
  }
}