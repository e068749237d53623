// Learning-rate schedules.
#ifndef TENON_COMPILER_AUTODIFF_SCHEDULES_H
#define TENON_COMPILER_AUTODIFF_SCHEDULES_H

#include "compiler/autodiff/Settings.h"

namespace tenon::autodiff {

/// The learning rate as a function of the step. With s the step (from 1), T the run's steps and
/// W those of the warm-up (not rounded),
///
///   lr(s) = peak * min(1, s / W) * decay(p),   p = clamp((s - 1 - W) / max(T - W, 1), 0, 1)
///
///   constant: decay = 1
///   linear:   decay = 1 - (1 - floor) p
///   cosine:   decay = floor + (1 - floor) (1 + cos(pi p)) / 2
///
/// So the rate rises to its peak at step W, the first step without warm-up has the peak, and
/// beyond the run's end it stays at peak * floor.
struct Schedule {
  enum class Shape { Constant, Linear, Cosine };

  Shape shape = Shape::Constant;
  double peak = 0;
  double floor = 0;       ///< of the peak
  double warmupSteps = 0; ///< W = warmupSteps + warmupFraction * T
  double warmupFraction = 0;
};

/// Reads `lr` of a train block's optimizer: a number, or a dictionary {schedule, peak, warmup,
/// floor}. A warm-up in epochs is that part of the run, which must then be in epochs too: the
/// step knows its total steps only. Reports mistakes at the op; those of a plain number are
/// `optimizer`'s.
mlir::FailureOr<Schedule> readSchedule(graph::TrainOp train, Settings &optimizer);

/// The learning rate of the running step: an f64 scalar.
mlir::Value buildLearningRate(graph::GraphBuilder &b, const Schedule &schedule);

} // namespace tenon::autodiff

#endif
