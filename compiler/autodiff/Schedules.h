// Learning-rate schedules.
#ifndef TENON_COMPILER_AUTODIFF_SCHEDULES_H
#define TENON_COMPILER_AUTODIFF_SCHEDULES_H

#include "compiler/autodiff/Settings.h"

namespace tenon::autodiff {

/// A length of time in steps: `steps + fraction * T`, with T the run's steps; not rounded.
struct Span {
  double steps = 0;
  double fraction = 0;

  bool isZero() const { return steps == 0 && fraction == 0; }
};

/// The learning rate as a function of the step. With s the step (from 1), T the run's steps, W
/// those of the warm-up and E those of `every`,
///
///   lr(s) = peak * min(1, s / W) * decay       d = max(s - 1 - W, 0)
///                                              p = min(d / max(T - W, 1), 1)
///   constant:     decay = 1
///   linear:       decay = 1 - (1 - floor) p
///   cosine:       decay = floor + (1 - floor) (1 + cos(pi p)) / 2
///   step:         decay = max(floor, factor^floor(d / max(round(E), 1)))
///   exponential:  decay = max(floor, factor^(d / E))
///   inverse_sqrt: decay = max(floor, sqrt(max(W, 1) / max(W, s, 1)))
///
/// So the rate rises to its peak at step W, the first step without warm-up has the peak, and
/// beyond the run's end linear and cosine stay at peak * floor.
struct Schedule {
  enum class Shape { Constant, Linear, Cosine, Step, Exponential, InverseSqrt };

  Shape shape = Shape::Constant;
  double peak = 0;
  double floor = 0; ///< of the peak
  Span warmup;
  double factor = 1; ///< above 0, at most 1
  Span every;        ///< not zero where it is used
};

/// Reads `lr` of a train block's optimizer: a number, or a dictionary {schedule, peak, warmup,
/// floor, factor, every}. A duration in epochs is that part of the run, which must then be in
/// epochs too: the step knows its total steps only. Reports mistakes at the op; those of a plain
/// number are `optimizer`'s.
mlir::FailureOr<Schedule> readSchedule(graph::TrainOp train, Settings &optimizer);

/// The learning rate of the running step: an f64 scalar.
mlir::Value buildLearningRate(graph::GraphBuilder &b, const Schedule &schedule);

} // namespace tenon::autodiff

#endif
