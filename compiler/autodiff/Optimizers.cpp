// Optimizers, each with the formulas and the roundings of PyTorch's unfused implementation.
#include "compiler/autodiff/Optimizers.h"
#include <limits>

using namespace mlir;
using namespace tenon::autodiff;
using namespace tenon::graph;

static constexpr double infinity = std::numeric_limits<double>::infinity();

Value tenon::autodiff::splatLike(GraphBuilder &b, Value scalar, Value like) {
  return b.splat(b.convert(scalar, tensorType(like).getElementType()), like);
}

Value tenon::autodiff::buildLerp(GraphBuilder &b, Value from, Value to, double weight) {
  Value difference = b.sub(to, from);
  if (weight < 0.5)
    return b.add(from, b.mul(difference, weight));
  return b.sub(to, b.mul(difference, 1 - weight));
}

void Optimizer::begin(GraphBuilder &b, StepStates &states) {
  rate = buildLearningRate(b, schedule);
  buildShared(b, states);
}

Value Optimizer::update(GraphBuilder &b, StepStates &states, TrainedParameter &parameter) {
  Value w = parameter.value;
  if (weightDecay != 0 && parameter.decays()) {
    Value one = b.one(rate);
    Value kept = b.sub(one, b.mul(rate, weightDecay));
    w = b.mul(w, splatLike(b, kept, w));
  }
  return buildUpdate(b, states, w, parameter.gradient, parameter.path());
}

namespace {

// ---- sgd --------------------------------------------------------------------------------------

///   u <- momentum u + g        (from u = 0)
///   w <- w - lr d,             d = g, or u, or with Nesterov g + momentum u
class Sgd : public Optimizer {
public:
  double momentum = 0;
  bool nesterov = false;

protected:
  void buildShared(GraphBuilder &, StepStates &) override {}

  Value buildUpdate(GraphBuilder &b, StepStates &states, Value w, Value gradient,
                    StringRef path) override {
    Value direction = gradient;
    if (momentum != 0) {
      Value old = states.read(b, "momentum." + path, tensorType(w), 0);
      Value velocity = b.add(b.mul(old, momentum), gradient);
      states.set(old, velocity);
      direction = nesterov ? b.add(gradient, b.mul(velocity, momentum)) : velocity;
    }
    return b.sub(w, b.mul(direction, splatLike(b, rate, w)));
  }
};

// ---- adam, adamw ------------------------------------------------------------------------------

///   m <- m + (1 - beta1) (g - m)        v <- beta2 v + (1 - beta2) g g
///   w <- w - s m / (sqrt(v) / r + eps),   s = lr / (1 - beta1^t),   r = sqrt(1 - beta2^t)
/// computed as w - (s r) m / (sqrt(v) + r eps): one division an element less.
/// The powers of the betas are states, so that a step needs no power function.
class Adam : public Optimizer {
public:
  double beta1 = 0, beta2 = 0, eps = 0;

protected:
  void buildShared(GraphBuilder &b, StepStates &states) override {
    Value correction1 = buildCorrection(b, states, "beta1_power", beta1);
    Value correction2 = buildCorrection(b, states, "beta2_power", beta2);
    Value rootCorrection = b.sqrt(correction2);
    stepSize = b.mul(b.div(rate, correction1), rootCorrection);
    correctedEps = b.mul(rootCorrection, eps);
  }

  Value buildUpdate(GraphBuilder &b, StepStates &states, Value w, Value gradient,
                    StringRef path) override {
    Value oldM = states.read(b, "m." + path, tensorType(w), 0);
    Value oldV = states.read(b, "v." + path, tensorType(w), 0);
    Value m = buildLerp(b, oldM, gradient, 1 - beta1);
    Value fadedV = b.mul(oldV, beta2);
    Value v = b.add(fadedV, b.mul(b.mul(gradient, 1 - beta2), gradient));
    states.set(oldM, m);
    states.set(oldV, v);

    Value rootV = b.sqrt(v);
    Value deviation = b.add(rootV, splatLike(b, correctedEps, w));
    Value change = b.mul(m, splatLike(b, stepSize, w));
    return b.sub(w, b.div(change, deviation));
  }

private:
  /// 1 - beta^t at step t.
  static Value buildCorrection(GraphBuilder &b, StepStates &states, StringRef slot, double beta) {
    auto scalar = SizedTensorType::get(b.getBuilder().getF64Type(), {});
    Value old = states.read(b, slot, scalar, 1);
    Value power = b.mul(old, beta);
    states.set(old, power);
    return b.sub(b.one(power), power);
  }

  Value stepSize, correctedEps; // f64 scalars
};

// ---- adagrad ----------------------------------------------------------------------------------

/// Duchi, Hazan and Singer, JMLR 12 (2011), diagonal form:
///   a <- a + g g        w <- w - lr g / (sqrt(a) + eps)
class Adagrad : public Optimizer {
public:
  double eps = 0;

protected:
  void buildShared(GraphBuilder &, StepStates &) override {}

  Value buildUpdate(GraphBuilder &b, StepStates &states, Value w, Value gradient,
                    StringRef path) override {
    Value old = states.read(b, "squares." + path, tensorType(w), 0);
    Value squares = b.add(old, b.mul(gradient, gradient));
    states.set(old, squares);
    Value change = b.mul(gradient, splatLike(b, rate, w));
    Value deviation = b.add(b.sqrt(squares), eps);
    return b.sub(w, b.div(change, deviation));
  }
};

// ---- rmsprop ----------------------------------------------------------------------------------

/// Tieleman and Hinton, lecture 6.5 (2012); centered: Graves, arXiv:1308.0850:
///   v <- alpha v + (1 - alpha) g g
///   c <- c + (1 - alpha) (g - c)                  where it is centered, else 0
///   d  = g / (sqrt(v - c c) + eps)
///   u <- momentum u + d      w <- w - lr u        with momentum, else w <- w - lr d
class RmsProp : public Optimizer {
public:
  double alpha = 0, eps = 0, momentum = 0;
  bool centered = false;

protected:
  void buildShared(GraphBuilder &, StepStates &) override {}

  Value buildUpdate(GraphBuilder &b, StepStates &states, Value w, Value gradient,
                    StringRef path) override {
    Value deviation = b.add(b.sqrt(buildVariance(b, states, gradient, path)), eps);
    if (momentum == 0) {
      Value change = b.mul(gradient, splatLike(b, rate, w));
      return b.sub(w, b.div(change, deviation));
    }
    Value old = states.read(b, "momentum." + path, tensorType(w), 0);
    Value faded = b.mul(old, momentum);
    Value velocity = b.add(faded, b.div(gradient, deviation));
    states.set(old, velocity);
    return b.sub(w, b.mul(velocity, splatLike(b, rate, w)));
  }

private:
  Value buildVariance(GraphBuilder &b, StepStates &states, Value gradient, StringRef path) {
    SizedTensorType type = tensorType(gradient);
    Value oldV = states.read(b, "v." + path, type, 0);
    Value fadedV = b.mul(oldV, alpha);
    Value v = b.add(fadedV, b.mul(b.mul(gradient, 1 - alpha), gradient));
    states.set(oldV, v);
    if (!centered)
      return v;
    Value oldMean = states.read(b, "mean." + path, type, 0);
    Value mean = buildLerp(b, oldMean, gradient, 1 - alpha);
    states.set(oldMean, mean);
    return b.sub(v, b.mul(mean, mean));
  }
};

// ---- lion -------------------------------------------------------------------------------------

/// Chen et al., arXiv:2302.06675, algorithm 2 (there with the decay inside the step's bracket,
/// which is the same):
///   w <- w - lr sign(beta1 m + (1 - beta1) g)        m <- beta2 m + (1 - beta2) g
class Lion : public Optimizer {
public:
  double beta1 = 0, beta2 = 0;

protected:
  void buildShared(GraphBuilder &, StepStates &) override {}

  Value buildUpdate(GraphBuilder &b, StepStates &states, Value w, Value gradient,
                    StringRef path) override {
    Value old = states.read(b, "m." + path, tensorType(w), 0);
    Value direction = b.sign(buildMix(b, old, gradient, beta1));
    states.set(old, buildMix(b, old, gradient, beta2));
    return b.sub(w, b.mul(direction, splatLike(b, rate, w)));
  }

private:
  static Value buildMix(GraphBuilder &b, Value old, Value gradient, double beta) {
    Value faded = b.mul(old, beta);
    return b.add(faded, b.mul(gradient, 1 - beta));
  }
};

} // namespace

// ---- Reading ----------------------------------------------------------------------------------

static std::unique_ptr<Optimizer> readSgd(Settings &settings) {
  auto sgd = std::make_unique<Sgd>();
  sgd->momentum = settings.number("momentum", 0, infinity, 0);
  sgd->nesterov = settings.flag("nesterov", false);
  if (sgd->nesterov && sgd->momentum == 0)
    settings.error("nesterov") << "needs a 'momentum' above 0";
  sgd->weightDecay = settings.number("weight_decay", 0, infinity, 0);
  return sgd;
}

static std::unique_ptr<Optimizer> readAdam(Settings &settings, double defaultDecay) {
  auto adam = std::make_unique<Adam>();
  adam->beta1 = settings.number("beta1", 0, 1, 0.9);
  adam->beta2 = settings.number("beta2", 0, 1, 0.999);
  adam->eps = settings.number("eps", 0, infinity, 1e-8);
  adam->weightDecay = settings.number("weight_decay", 0, infinity, defaultDecay);
  return adam;
}

static std::unique_ptr<Optimizer> readAdagrad(Settings &settings) {
  auto adagrad = std::make_unique<Adagrad>();
  adagrad->eps = settings.number("eps", 0, infinity, 1e-10);
  adagrad->weightDecay = settings.number("weight_decay", 0, infinity, 0);
  return adagrad;
}

static std::unique_ptr<Optimizer> readRmsProp(Settings &settings) {
  auto rmsProp = std::make_unique<RmsProp>();
  rmsProp->alpha = settings.number("alpha", 0, 1, 0.99);
  rmsProp->eps = settings.number("eps", 0, infinity, 1e-8);
  rmsProp->momentum = settings.number("momentum", 0, infinity, 0);
  rmsProp->centered = settings.flag("centered", false);
  rmsProp->weightDecay = settings.number("weight_decay", 0, infinity, 0);
  return rmsProp;
}

static std::unique_ptr<Optimizer> readLion(Settings &settings) {
  auto lion = std::make_unique<Lion>();
  lion->beta1 = settings.number("beta1", 0, 1, 0.9);
  lion->beta2 = settings.number("beta2", 0, 1, 0.99);
  lion->weightDecay = settings.number("weight_decay", 0, infinity, 0);
  return lion;
}

FailureOr<std::unique_ptr<Optimizer>> tenon::autodiff::readOptimizer(TrainOp train) {
  Settings settings(train, "optimizer", train.getOptimizer());
  StringRef name =
      settings.choice("name", {"sgd", "adam", "adamw", "adagrad", "rmsprop", "lion"});
  FailureOr<Schedule> schedule = readSchedule(train, settings);
  std::unique_ptr<Optimizer> optimizer;
  if (name == "adagrad")
    optimizer = readAdagrad(settings);
  else if (name == "rmsprop")
    optimizer = readRmsProp(settings);
  else if (name == "lion")
    optimizer = readLion(settings);
  else if (name == "sgd")
    optimizer = readSgd(settings);
  else
    optimizer = readAdam(settings, name == "adamw" ? 0.01 : 0);
  if (failed(settings.finish()) || failed(schedule))
    return failure();
  optimizer->schedule = *schedule;
  return optimizer;
}
