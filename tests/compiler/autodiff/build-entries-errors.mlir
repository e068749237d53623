// RUN: tenon-opt %s -tenon-build-entries -split-input-file -verify-diagnostics

// Every mistake in the dictionary is reported.
graph.param @w : !graph.tensor<f32> = <constant(0.0)>
graph.data @live attributes {
  graph.sizes = ["batch"], source = {kind = "none"}, raws = [], fits = [], split = [],
  split_seed = 1, fields = ["x"], field_types = [!graph.tensor<f32[batch]>]} {}
// expected-error @below {{optimizer: 'beta1' must be at least 0 and below 1, not 1}}
// expected-error @below {{optimizer: 'eps' must be a number}}
// expected-error @below {{optimizer: 'learning_rate' is not known}}
// expected-error @below {{optimizer: 'lr' is missing}}
graph.train @m attributes {
  graph.sizes = ["batch"], model = "m", data = @live, fields = ["x"], metrics = [],
  predict_fields = [], predictions = [],
  optimizer = {name = "adam", beta1 = 1.0, eps = "small", learning_rate = 0.1}, settings = {}}
objective {
^bb0(%x: !graph.tensor<f32[batch]>):
  %w = graph.read @w : !graph.tensor<f32>
  %s = graph.sum %x [0] : !graph.tensor<f32[batch]>
  %loss = graph.mul %s, %w : !graph.tensor<f32>
  graph.yield %loss : !graph.tensor<f32>
}
predict {}

// -----

graph.param @w : !graph.tensor<f32> = <constant(0.0)>
graph.data @live attributes {
  graph.sizes = ["batch"], source = {kind = "none"}, raws = [], fits = [], split = [],
  split_seed = 1, fields = ["x"], field_types = [!graph.tensor<f32[batch]>]} {}
// expected-error @below {{optimizer: 'name' must be one of "sgd", "adam", "adamw", "adagrad", "rmsprop", "lion"}}
graph.train @m attributes {
  graph.sizes = ["batch"], model = "m", data = @live, fields = ["x"], metrics = [],
  predict_fields = [], predictions = [],
  optimizer = {name = "tiger", lr = 0.1}, settings = {}}
objective {
^bb0(%x: !graph.tensor<f32[batch]>):
  %w = graph.read @w : !graph.tensor<f32>
  %s = graph.sum %x [0] : !graph.tensor<f32[batch]>
  %loss = graph.mul %s, %w : !graph.tensor<f32>
  graph.yield %loss : !graph.tensor<f32>
}
predict {}

// -----

graph.param @w : !graph.tensor<f32> = <constant(0.0)>
graph.data @live attributes {
  graph.sizes = ["batch"], source = {kind = "none"}, raws = [], fits = [], split = [],
  split_seed = 1, fields = ["x"], field_types = [!graph.tensor<f32[batch]>]} {}
// expected-error @below {{optimizer: 'nesterov' needs a 'momentum' above 0}}
graph.train @m attributes {
  graph.sizes = ["batch"], model = "m", data = @live, fields = ["x"], metrics = [],
  predict_fields = [], predictions = [],
  optimizer = {name = "sgd", lr = 0.1, nesterov = true}, settings = {}}
objective {
^bb0(%x: !graph.tensor<f32[batch]>):
  %w = graph.read @w : !graph.tensor<f32>
  %s = graph.sum %x [0] : !graph.tensor<f32[batch]>
  %loss = graph.mul %s, %w : !graph.tensor<f32>
  graph.yield %loss : !graph.tensor<f32>
}
predict {}

// -----

graph.param @w : !graph.tensor<f32> = <constant(0.0)>
graph.data @live attributes {
  graph.sizes = ["batch"], source = {kind = "none"}, raws = [], fits = [], split = [],
  split_seed = 1, fields = ["x"], field_types = [!graph.tensor<f32[batch]>]} {}
// expected-error @below {{optimizer: 'nesterov' must be true or false}}
graph.train @m attributes {
  graph.sizes = ["batch"], model = "m", data = @live, fields = ["x"], metrics = [],
  predict_fields = [], predictions = [],
  optimizer = {name = "sgd", lr = 0.1, momentum = 0.9, nesterov = 1.0}, settings = {}}
objective {
^bb0(%x: !graph.tensor<f32[batch]>):
  %w = graph.read @w : !graph.tensor<f32>
  %s = graph.sum %x [0] : !graph.tensor<f32[batch]>
  %loss = graph.mul %s, %w : !graph.tensor<f32>
  graph.yield %loss : !graph.tensor<f32>
}
predict {}

// -----

graph.param @w : !graph.tensor<f32> = <constant(0.0)>
graph.data @live attributes {
  graph.sizes = ["batch"], source = {kind = "none"}, raws = [], fits = [], split = [],
  split_seed = 1, fields = ["x"], field_types = [!graph.tensor<f32[batch]>]} {}
// expected-error @below {{optimizer: 'lr' must be finite and at least 0, not -1}}
graph.train @m attributes {
  graph.sizes = ["batch"], model = "m", data = @live, fields = ["x"], metrics = [],
  predict_fields = [], predictions = [],
  optimizer = {name = "sgd", lr = -1.0}, settings = {}}
objective {
^bb0(%x: !graph.tensor<f32[batch]>):
  %w = graph.read @w : !graph.tensor<f32>
  %s = graph.sum %x [0] : !graph.tensor<f32[batch]>
  %loss = graph.mul %s, %w : !graph.tensor<f32>
  graph.yield %loss : !graph.tensor<f32>
}
predict {}

// -----

graph.param @w : !graph.tensor<f32> = <constant(0.0)>
graph.data @live attributes {
  graph.sizes = ["batch"], source = {kind = "none"}, raws = [], fits = [], split = [],
  split_seed = 1, fields = ["x"], field_types = [!graph.tensor<f32[batch]>]} {}
// expected-error @below {{schedule: 'schedule' must be one of "constant", "linear", "cosine", "step", "exponential", "inverse_sqrt"}}
// expected-error @below {{schedule: 'peak' is missing}}
graph.train @m attributes {
  graph.sizes = ["batch"], model = "m", data = @live, fields = ["x"], metrics = [],
  predict_fields = [], predictions = [],
  optimizer = {name = "sgd", lr = {schedule = "steps"}}, settings = {}}
objective {
^bb0(%x: !graph.tensor<f32[batch]>):
  %w = graph.read @w : !graph.tensor<f32>
  %s = graph.sum %x [0] : !graph.tensor<f32[batch]>
  %loss = graph.mul %s, %w : !graph.tensor<f32>
  graph.yield %loss : !graph.tensor<f32>
}
predict {}

// -----

graph.param @w : !graph.tensor<f32> = <constant(0.0)>
graph.data @live attributes {
  graph.sizes = ["batch"], source = {kind = "none"}, raws = [], fits = [], split = [],
  split_seed = 1, fields = ["x"], field_types = [!graph.tensor<f32[batch]>]} {}
// expected-error @below {{schedule: 'floor' is not known}}
graph.train @m attributes {
  graph.sizes = ["batch"], model = "m", data = @live, fields = ["x"], metrics = [],
  predict_fields = [], predictions = [],
  optimizer = {name = "sgd", lr = {schedule = "constant", peak = 0.1, floor = 0.5}}, settings = {}}
objective {
^bb0(%x: !graph.tensor<f32[batch]>):
  %w = graph.read @w : !graph.tensor<f32>
  %s = graph.sum %x [0] : !graph.tensor<f32[batch]>
  %loss = graph.mul %s, %w : !graph.tensor<f32>
  graph.yield %loss : !graph.tensor<f32>
}
predict {}

// -----

graph.param @w : !graph.tensor<f32> = <constant(0.0)>
graph.data @live attributes {
  graph.sizes = ["batch"], source = {kind = "none"}, raws = [], fits = [], split = [],
  split_seed = 1, fields = ["x"], field_types = [!graph.tensor<f32[batch]>]} {}
// expected-error @below {{schedule: 'warmup' must be a duration}}
graph.train @m attributes {
  graph.sizes = ["batch"], model = "m", data = @live, fields = ["x"], metrics = [],
  predict_fields = [], predictions = [],
  optimizer = {name = "sgd", lr = {schedule = "linear", peak = 0.1, warmup = 10 : i64}}, settings = {}}
objective {
^bb0(%x: !graph.tensor<f32[batch]>):
  %w = graph.read @w : !graph.tensor<f32>
  %s = graph.sum %x [0] : !graph.tensor<f32[batch]>
  %loss = graph.mul %s, %w : !graph.tensor<f32>
  graph.yield %loss : !graph.tensor<f32>
}
predict {}

// -----

// A step knows its total steps, not its epochs.
graph.param @w : !graph.tensor<f32> = <constant(0.0)>
graph.data @live attributes {
  graph.sizes = ["batch"], source = {kind = "none"}, raws = [], fits = [], split = [],
  split_seed = 1, fields = ["x"], field_types = [!graph.tensor<f32[batch]>]} {}
// expected-error @below {{schedule: 'warmup' can be in epochs only if 'run' is; give it in steps}}
graph.train @m attributes {
  graph.sizes = ["batch"], model = "m", data = @live, fields = ["x"], metrics = [],
  predict_fields = [], predictions = [],
  optimizer = {name = "sgd", lr = {schedule = "linear", peak = 0.1, warmup = #graph.duration<1.0 epochs>}}, settings = {run = #graph.duration<100.0 steps>}}
objective {
^bb0(%x: !graph.tensor<f32[batch]>):
  %w = graph.read @w : !graph.tensor<f32>
  %s = graph.sum %x [0] : !graph.tensor<f32[batch]>
  %loss = graph.mul %s, %w : !graph.tensor<f32>
  graph.yield %loss : !graph.tensor<f32>
}
predict {}

// -----

graph.param @w : !graph.tensor<f32> = <constant(0.0)>
graph.data @live attributes {
  graph.sizes = ["batch"], source = {kind = "none"}, raws = [], fits = [], split = [],
  split_seed = 1, fields = ["x"], field_types = [!graph.tensor<f32[batch]>]} {}
// expected-error @below {{schedule: 'warmup' is longer than the run}}
graph.train @m attributes {
  graph.sizes = ["batch"], model = "m", data = @live, fields = ["x"], metrics = [],
  predict_fields = [], predictions = [],
  optimizer = {name = "sgd", lr = {schedule = "linear", peak = 0.1, warmup = #graph.duration<3.0 epochs>}}, settings = {run = #graph.duration<2.0 epochs>}}
objective {
^bb0(%x: !graph.tensor<f32[batch]>):
  %w = graph.read @w : !graph.tensor<f32>
  %s = graph.sum %x [0] : !graph.tensor<f32[batch]>
  %loss = graph.mul %s, %w : !graph.tensor<f32>
  graph.yield %loss : !graph.tensor<f32>
}
predict {}

// -----

graph.param @w : !graph.tensor<f32> = <constant(0.0)>
graph.data @live attributes {
  graph.sizes = ["batch"], source = {kind = "none"}, raws = [], fits = [], split = [],
  split_seed = 1, fields = ["x"], field_types = [!graph.tensor<f32[batch]>]} {}
// expected-error @below {{settings: 'l2' must be finite and at least 0, not -1}}
graph.train @m attributes {
  graph.sizes = ["batch"], model = "m", data = @live, fields = ["x"], metrics = [],
  predict_fields = [], predictions = [],
  optimizer = {name = "sgd", lr = 1.0}, settings = {l2 = -1.0}}
objective {
^bb0(%x: !graph.tensor<f32[batch]>):
  %w = graph.read @w : !graph.tensor<f32>
  %s = graph.sum %x [0] : !graph.tensor<f32[batch]>
  %loss = graph.mul %s, %w : !graph.tensor<f32>
  graph.yield %loss : !graph.tensor<f32>
}
predict {}

// -----

graph.param @w : !graph.tensor<f32> = <constant(0.0)>
graph.data @live attributes {
  graph.sizes = ["batch"], source = {kind = "none"}, raws = [], fits = [], split = [],
  split_seed = 1, fields = ["x"], field_types = [!graph.tensor<f32[batch]>]} {}
// expected-error @below {{has an objective that reads no parameter: there is nothing to train}}
graph.train @m attributes {
  graph.sizes = ["batch"], model = "m", data = @live, fields = ["x"], metrics = [],
  predict_fields = [], predictions = [],
  optimizer = {name = "sgd", lr = 1.0}, settings = {}}
objective {
^bb0(%x: !graph.tensor<f32[batch]>):
  %loss = graph.sum %x [0] : !graph.tensor<f32[batch]>
  graph.yield %loss : !graph.tensor<f32>
}
predict {}

// -----

graph.param @w : !graph.tensor<f32> = <constant(0.0)>
graph.data @live attributes {
  graph.sizes = ["batch"], source = {kind = "none"}, raws = [], fits = [], split = [],
  split_seed = 1, fields = ["x"], field_types = [!graph.tensor<f32[batch]>]} {}
// expected-error @below {{names 2 fields for a region with 1 arguments}}
graph.train @m attributes {
  graph.sizes = ["batch"], model = "m", data = @live, fields = ["x", "y"], metrics = [],
  predict_fields = [], predictions = [],
  optimizer = {name = "sgd", lr = 1.0}, settings = {}}
objective {
^bb0(%x: !graph.tensor<f32[batch]>):
  %w = graph.read @w : !graph.tensor<f32>
  %s = graph.sum %x [0] : !graph.tensor<f32[batch]>
  %loss = graph.mul %s, %w : !graph.tensor<f32>
  graph.yield %loss : !graph.tensor<f32>
}
predict {}

// -----

graph.param @w : !graph.tensor<f32> = <constant(0.0)>
graph.data @live attributes {
  graph.sizes = ["batch"], source = {kind = "none"}, raws = [], fits = [], split = [],
  split_seed = 1, fields = ["x"], field_types = [!graph.tensor<f32[batch]>]} {}
graph.train @m attributes {
  graph.sizes = ["batch"], model = "m", data = @live, fields = ["x"], metrics = [],
  predict_fields = [], predictions = [],
  optimizer = {name = "sgd", lr = 1.0}, settings = {}}
objective {
^bb0(%x: !graph.tensor<f32[batch]>):
  %w = graph.read @w : !graph.tensor<f32>
  %s = graph.sum %x [0] : !graph.tensor<f32[batch]>
  %loss = graph.mul %s, %w : !graph.tensor<f32>
  // expected-error @below {{cannot stand in a region}}
  graph.write @w, %loss : !graph.tensor<f32>
  graph.yield %loss : !graph.tensor<f32>
}
predict {}

// -----

graph.param @w : !graph.tensor<f32> = <constant(0.0)>
graph.data @live attributes {
  graph.sizes = ["batch"], source = {kind = "none"}, raws = [], fits = [], split = [],
  split_seed = 1, fields = ["x"], field_types = [!graph.tensor<f32[batch]>]} {}
graph.train @m attributes {
  graph.sizes = ["batch"], model = "m", data = @live, fields = ["x"], metrics = [],
  predict_fields = [], predictions = [],
  optimizer = {name = "sgd", lr = 1.0}, settings = {}}
objective {
^bb0(%x: !graph.tensor<f32[batch]>):
  // expected-error @below {{no fit "x.0" of '!graph.tensor<f64[1]>' is known here}}
  %shift, %scale = graph.fit @live "x.0" : !graph.tensor<f64[1]>
  %w = graph.read @w : !graph.tensor<f32>
  %s = graph.sum %x [0] : !graph.tensor<f32[batch]>
  %loss = graph.mul %s, %w : !graph.tensor<f32>
  graph.yield %loss : !graph.tensor<f32>
}
predict {}

// -----

graph.param @w : !graph.tensor<f32> = <constant(0.0)>
graph.data @live attributes {
  graph.sizes = ["batch"], source = {kind = "none"}, raws = [], fits = [], split = [],
  split_seed = 1, fields = ["x"], field_types = [!graph.tensor<f32[batch]>]} {}
// expected-error @below {{is on data block @lost, which is not there}}
graph.train @m attributes {
  graph.sizes = ["batch"], model = "m", data = @lost, fields = ["x"], metrics = [],
  predict_fields = ["x"], predictions = [{name = "p"}],
  optimizer = {name = "sgd", lr = 1.0}, settings = {}}
objective {
^bb0(%x: !graph.tensor<f32[batch]>):
  %w = graph.read @w : !graph.tensor<f32>
  %s = graph.sum %x [0] : !graph.tensor<f32[batch]>
  %loss = graph.mul %s, %w : !graph.tensor<f32>
  graph.yield %loss : !graph.tensor<f32>
}
predict {
^bb0(%x: !graph.tensor<f32[batch]>):
  graph.yield %x : !graph.tensor<f32[batch]>
}

// -----

graph.param @w : !graph.tensor<f32> = <constant(0.0)>
graph.data @live attributes {
  graph.sizes = ["batch"], source = {kind = "none"}, raws = [], fits = [], split = [],
  split_seed = 1, fields = ["x"], field_types = [!graph.tensor<f32[batch]>]} {}
// expected-error @below {{'predictions': entry 0 has no name}}
graph.train @m attributes {
  graph.sizes = ["batch"], model = "m", data = @live, fields = ["x"], metrics = [],
  predict_fields = ["x"], predictions = [{like = "x"}],
  optimizer = {name = "sgd", lr = 1.0}, settings = {}}
objective {
^bb0(%x: !graph.tensor<f32[batch]>):
  %w = graph.read @w : !graph.tensor<f32>
  %s = graph.sum %x [0] : !graph.tensor<f32[batch]>
  %loss = graph.mul %s, %w : !graph.tensor<f32>
  graph.yield %loss : !graph.tensor<f32>
}
predict {
^bb0(%x: !graph.tensor<f32[batch]>):
  graph.yield %x : !graph.tensor<f32[batch]>
}

// -----

graph.param @w : !graph.tensor<f32> = <constant(0.0)>
graph.data @table attributes {
  graph.sizes = ["batch"], source = {kind = "csv", path = "t.csv"}, raws = [{name = "x", columns = [0]}],
  fits = [], split = [], split_seed = 1, fields = ["x"],
  field_types = [!graph.tensor<f32[batch]>]} {
^bb0(%x: !graph.tensor<f64[batch, 1]>):
  %r = graph.reshape %x : !graph.tensor<f64[batch, 1]> -> !graph.tensor<f64[batch]>
  %y = graph.convert %r : !graph.tensor<f64[batch]> -> !graph.tensor<f32[batch]>
  graph.yield %y : !graph.tensor<f32[batch]>
}
// expected-error @below {{predicts from field "z", which data block @table does not have}}
graph.train @m attributes {
  graph.sizes = ["batch"], model = "m", data = @table, fields = ["x"], metrics = [],
  predict_fields = ["z"], predictions = [{name = "p"}],
  optimizer = {name = "sgd", lr = 1.0}, settings = {}}
objective {
^bb0(%x: !graph.tensor<f32[batch]>):
  %w = graph.read @w : !graph.tensor<f32>
  %s = graph.sum %x [0] : !graph.tensor<f32[batch]>
  %loss = graph.mul %s, %w : !graph.tensor<f32>
  graph.yield %loss : !graph.tensor<f32>
}
predict {
^bb0(%x: !graph.tensor<f32[batch]>):
  graph.yield %x : !graph.tensor<f32[batch]>
}

// -----

// expected-error @below {{'fits': entry 0 needs a name and a raw group}}
graph.data @table attributes {
  graph.sizes = ["batch"], source = {kind = "csv", path = "t.csv"}, raws = [{name = "x", columns = [0]}],
  fits = [{name = "x.0", raw = 1 : i64}], split = [], split_seed = 1, fields = ["x"],
  field_types = [!graph.tensor<f32[batch]>]} {
^bb0(%x: !graph.tensor<f64[batch, 1]>):
  %r = graph.reshape %x : !graph.tensor<f64[batch, 1]> -> !graph.tensor<f64[batch]>
  %y = graph.convert %r : !graph.tensor<f64[batch]> -> !graph.tensor<f32[batch]>
  graph.yield %y : !graph.tensor<f32[batch]>
}

// -----

graph.param @w : !graph.tensor<f32> = <constant(0.0)>
graph.data @live attributes {
  graph.sizes = ["batch"], source = {kind = "none"}, raws = [], fits = [], split = [],
  split_seed = 1, fields = ["x"], field_types = [!graph.tensor<f32[batch]>]} {}
// expected-error @below {{schedule: 'factor' must be above 0 and at most 1}}
// expected-error @below {{schedule: 'every' must be more than nothing}}
// expected-error @below {{optimizer: 'alpha' must be at least 0 and below 1, not 1}}
// expected-error @below {{optimizer: 'centered' must be true or false}}
graph.train @m attributes {
  graph.sizes = ["batch"], model = "m", data = @live, fields = ["x"], metrics = [],
  predict_fields = [], predictions = [], settings = {},
  optimizer = {name = "rmsprop", lr = {schedule = "exponential", peak = 0.1, factor = 2.0},
               alpha = 1.0, centered = 1.0}}
objective {
^bb0(%x: !graph.tensor<f32[batch]>):
  %w = graph.read @w : !graph.tensor<f32>
  %s = graph.sum %x [0] : !graph.tensor<f32[batch]>
  %loss = graph.mul %s, %w : !graph.tensor<f32>
  graph.yield %loss : !graph.tensor<f32>
}
predict {}
