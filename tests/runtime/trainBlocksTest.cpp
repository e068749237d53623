// Loading of artifacts with train blocks that are damaged, each field with its exact message.
#include "BrokenArtifact.h"

using namespace tenon;
using namespace tenon::test;
using schema::ArtifactT;

namespace {

std::vector<Case> trainCases() {
  return {
      {"TrainData", [](ArtifactT &a) { a.trains[0]->data = 1; },
       "trains[0].data: data block 1 of 1"},
      {"TrainBatch", [](ArtifactT &a) { a.trains[0]->batch = 0; },
       "trains[0].batch: the batch is 0 or too large"},
      {"TrainRunUnit", [](ArtifactT &a) { a.trains[0]->run->unit = wrong<schema::DurationUnit>(); },
       "trains[0].run.unit: 9 is no unit"},
      {"TrainRunValue", [](ArtifactT &a) { a.trains[0]->run->value = 0; },
       "trains[0].run.value: a duration is not above 0"},
      {"TrainStep", [](ArtifactT &a) { a.trains[0]->step = 5; }, "trains[0].step: entry 5 of 5"},
      {"TrainStepKind", [](ArtifactT &a) { a.trains[0]->step = 0; },
       "trains[0].step: 'forward' is an entry of another kind"},
      {"TrainField", [](ArtifactT &a) { a.entries[1]->inputs[1]->name = "z"; },
       "trains[0].step: 'linear.step' takes 'z', which is no field of 'rows'"},
      {"TrainMetrics", [](ArtifactT &a) { a.trains[0]->metrics.clear(); },
       "trains[0].metrics: 'linear.evaluate' gives 2 values for the loss and 0 metrics"},
      {"TrainEvaluateOn", [](ArtifactT &a) { a.trains[0]->evaluate_on = "val"; },
       "trains[0].evaluate_on: 'val' is no part of the split of 'rows'"},
      {"TrainPredict", [](ArtifactT &a) { a.trains[0]->predict = -2; },
       "trains[0].predict: entry -2 of 5"},
      {"TrainPredictions", [](ArtifactT &a) { a.trains[0]->predictions.clear(); },
       "trains[0].predictions: 0 predictions for 1 outputs of 'linear.predict'"},
      {"TrainLike", [](ArtifactT &a) { a.trains[0]->predictions[0]->like_raw = 2; },
       "trains[0].predictions[0]: raw group 2 of 2"},
      {"TrainPredictInput", [](ArtifactT &a) { a.entries[3]->inputs[0]->name = "z"; },
       "entries[3].inputs[0]: 'z' is no raw group, fitted value or field of 'rows'"},
      {"TrainNoLoss", [](ArtifactT &a) { a.entries[1]->outputs.clear(); },
       "trains[0].step: a training step has no loss"},
      {"TrainStopBest", [](ArtifactT &a) { a.trains[0]->stop_best = "loss"; },
       "trains[0].stop_best: 'loss' is no min(…) or max(…) of the loss or a metric"},
      {"TrainStopAfter", [](ArtifactT &a) { a.trains[0]->stop_best = "min(loss)"; },
       "trains[0].stop_after: 'stop_after' and 'stop_best' do not stand together"},
      {"TrainAverage", [](ArtifactT &a) { a.trains[0]->average = 1; },
       "trains[0].average: 1 is no decay"},
      {"TrainAverageShape",
       [](ArtifactT &a) {
         a.states.push_back(std::make_unique<schema::ParameterT>(*a.parameters[1]));
         a.states.back()->path = "optimizer.average.weight";
       },
       "states[3]: 'optimizer.average.weight' is not like its parameter"},
      {"TrainMicroBatches", [](ArtifactT &a) { a.trains[0]->micro_batches = 2; },
       "trains[0].micro_batches: 2 micro-batches do not fit the entries"},
      {"TrainNoMicroBatches", [](ArtifactT &a) { a.trains[0]->micro_batches = 0; },
       "trains[0].micro_batches: 0 micro-batches do not fit the entries"},
      {"TrainAccumulateKind",
       [](ArtifactT &a) {
         a.trains[0]->micro_batches = 2;
         a.trains[0]->accumulate = 0;
       },
       "trains[0].accumulate: 'forward' is an entry of another kind"},
      {"TrainAccumulateInputs",
       [](ArtifactT &a) {
         cutBatches(a, 2);
         a.entries.back()->inputs.pop_back();
       },
       "trains[0].accumulate: 'linear.accumulate' is no part of 'linear.step'"},
      {"TrainBest", [](ArtifactT &a) { a.trains[0]->best = "min(f1)"; },
       "trains[0].best: 'min(f1)' is no min(…) or max(…) of the loss or a metric"},
  };
}

INSTANTIATE_TEST_SUITE_P(Train, BrokenArtifact, testing::ValuesIn(trainCases()), nameOf);

} // namespace
