// The passes of automatic differentiation and of what is built on it: training.
#ifndef TENON_AUTODIFF_PASSES
#define TENON_AUTODIFF_PASSES

include "mlir/Pass/PassBase.td"

def GradientPass : Pass<"tenon-gradient", "::tenon::graph::FuncOp"> {
  let summary = "Append the gradient of an entry's scalar result to its results";
  let description = [{
    Differentiates the first result that is a floating-point scalar with respect to every
    floating-point argument and every float that the entry reads, in this order. The gradients
    become results named `d.` and the argument's name or the path. No pipeline runs this pass: it
    is how tests look at derivatives.

    Before:
    ```mlir
    graph.func @f(%x: !graph.tensor<f32> {graph.name = "x"})
        -> (!graph.tensor<f32> {graph.name = "y"}) attributes {graph.sizes = []} {
      %y = graph.exp %x : !graph.tensor<f32>
      graph.return %y : !graph.tensor<f32>
    }
    ```
    After:
    ```mlir
    graph.func @f(%x: !graph.tensor<f32> {graph.name = "x"})
        -> (!graph.tensor<f32> {graph.name = "y"}, !graph.tensor<f32> {graph.name = "d.x"})
        attributes {graph.sizes = []} {
      %y = graph.exp %x : !graph.tensor<f32>
      %one = graph.constant 1.0 : f32 -> !graph.tensor<f32>
      %dx = graph.mul %one, %y : !graph.tensor<f32>
      graph.return %y, %dx : !graph.tensor<f32>, !graph.tensor<f32>
    }
    ```
  }];
}

def BuildEntriesPass : Pass<"tenon-build-entries", "::mlir::ModuleOp"> {
  let summary = "Turn the regions of data and train blocks into entries";
  let description = [{
    A data block with a source gives `<data>.prepare`: its arguments are the raw groups, then
    `<fit>.shift` and `<fit>.scale` of every fit; its results are the fields.

    A train block gives
    * `<train>.step`: from fields to `loss` (without penalties), `lr` (f64), then `grad_norm` (f64,
      with `clip`), `l1` and `l2` where they are set. It computes the gradient of the loss with
      respect to every parameter the objective reads, adds the penalties' gradients, clips, and
      writes parameters and optimizer states, which it declares as `optimizer.<slot>.<path>`. When
      the loss or the norm is not finite it writes the old values;
    * `<train>.counts` and `<train>.accumulate`, with `accumulate` above 1: what a step runs on each
      micro-batch before, of kind `step` too and without results. They add to states
      `optimizer.total.*` and `optimizer.accumulated.<path>`, and `<train>.step` reads those;
    * `<train>.evaluate`: from fields to `loss`, then the metrics;
    * `<train>.predict`, when there are predictions: from the raw groups and fitted values that
      they need (or from fields, when the data has no source) to the predictions.

    The regions are emptied; the attributes stay as the description that the artifact carries.
    Forward ops and their adjoints keep the user's line, the update has the train block's.

    Before:
    ```mlir
    graph.param @w : !graph.tensor<f32[4]> = <constant(0.0)>
    graph.train @m attributes {optimizer = {name = "sgd", lr = 0.1}, fields = ["x"], ...}
    objective {
    ^bb0(%x: !graph.tensor<f32[batch, 4]>):
      %w = graph.read @w : !graph.tensor<f32[4]>
      ...
      graph.yield %loss : !graph.tensor<f32>
    } predict {}
    ```
    After:
    ```mlir
    graph.param @w : !graph.tensor<f32[4]> = <constant(0.0)>
    graph.train @m attributes {...} objective {} predict {}
    graph.func @m.step(%x: !graph.tensor<f32[batch, 4]> {graph.name = "x"})
        -> (!graph.tensor<f32> {graph.name = "loss"}, !graph.tensor<f64> {graph.name = "lr"})
        attributes {graph.sizes = ["batch"], kind = "step"} {
      %w = graph.read @w : !graph.tensor<f32[4]>
      ...
      %new = graph.add %w, %change : !graph.tensor<f32[4]>
      %kept = graph.select %finite, %new, %w : !graph.tensor<f32[4]>
      graph.write @w, %kept : !graph.tensor<f32[4]>
      graph.return %loss, %lr : !graph.tensor<f32>, !graph.tensor<f64>
    }
    graph.func @m.evaluate(...) ...
    ```
  }];
}

#endif
