// What training steps compute: schedules, optimizers, penalties and the guard, run by the oracle
// and compared with their formulas.
#include "compiler/autodiff/Passes.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Pass/PassManager.h"
#include "tests/oracle/Interpreter.h"
#include "gtest/gtest.h"
#include <cmath>

using namespace mlir;
using namespace tenon;

namespace {

/// A model with two f64 parameters, whose gradients of the loss are the sum of x: w, and b without
/// decay. Constants of f64 parameters are not rounded, so that formulas hold to rounding errors.
class Training {
public:
  Training(const std::string &optimizer, const std::string &settings = "{}") {
    context.loadDialect<graph::GraphDialect>();
    module = parseSourceString<ModuleOp>(text(optimizer, settings), &context);
    PassManager passes(&context);
    passes.addPass(autodiff::createBuildEntriesPass());
    if (!module || failed(passes.run(*module)))
      llvm::report_fatal_error(llvm::Twine("no step for ") + optimizer);
    step = *llvm::find_if(module->getOps<graph::FuncOp>(),
                          [](graph::FuncOp f) { return f.getName() == "m.step"; });
    for (auto state : module->getOps<graph::StateOp>())
      set(state.getSymName().str(), state.getInit().getA());
    set("w", 0);
    set("b", 0);
  }

  /// One step with `gradient`, from step number 1 on.
  void run(double gradient, int64_t total = 1) {
    oracle::Tensor x(oracle::Element::F32, {1});
    x.reals[0] = gradient;
    environment.totalSteps = total;
    environment.step = ++steps;
    llvm::Expected<oracle::Outcome> outcome =
        oracle::interpret(step, {x}, environment, oracle::Precision::Exact);
    if (!outcome)
      llvm::report_fatal_error(outcome.takeError());
    for (auto &[path, value] : outcome->writes)
      environment.stored[path] = value;
    results.clear();
    for (unsigned i = 0; i < step.getNumResults(); ++i)
      results[step.getResultName(i).str()] = outcome->results[i].reals[0];
  }

  double get(const std::string &path) { return environment.stored.at(path).reals[0]; }
  void set(const std::string &path, double value) {
    environment.stored[path] = oracle::Tensor(oracle::Element::F64, {});
    environment.stored[path].reals[0] = value;
  }

  std::map<std::string, double> results;
  oracle::Environment environment;

private:
  static std::string text(const std::string &optimizer, const std::string &settings) {
    return R"(
graph.param @w : !graph.tensor<f64> = <constant(0.0)>
graph.param @b : !graph.tensor<f64> = <constant(0.0)> nodecay
graph.data @live attributes {
  graph.sizes = ["batch"], source = {kind = "none"}, raws = [], fits = [], split = [],
  split_seed = 1, fields = ["x"], field_types = [!graph.tensor<f32[batch]>]} {}
graph.train @m attributes {
  graph.sizes = ["batch"], model = "m", data = @live, fields = ["x"], metrics = [],
  predict_fields = [], predictions = [], optimizer = )" +
           optimizer + ", settings = " + settings + R"(}
objective {
^bb0(%x: !graph.tensor<f32[batch]>):
  %w = graph.read @w : !graph.tensor<f64>
  %b = graph.read @b : !graph.tensor<f64>
  %s = graph.add %w, %b : !graph.tensor<f64>
  %n = graph.convert %s : !graph.tensor<f64> -> !graph.tensor<f32>
  %t = graph.sum %x [0] : !graph.tensor<f32[batch]>
  %loss = graph.mul %t, %n : !graph.tensor<f32>
  graph.yield %loss : !graph.tensor<f32>
}
predict {})";
  }

  MLIRContext context{MLIRContext::Threading::DISABLED};
  OwningOpRef<ModuleOp> module;
  graph::FuncOp step;
  int64_t steps = 0;
};

void expectClose(double value, double expected) {
  EXPECT_NEAR(value, expected, 1e-14 * std::max(1.0, std::abs(expected)));
}

// ---- Schedules --------------------------------------------------------------------------------

double decay(const std::string &shape, double progress, double floor) {
  if (shape == "linear")
    return 1 - (1 - floor) * progress;
  if (shape == "cosine")
    return floor + (1 - floor) * (1 + std::cos(M_PI * progress)) / 2;
  return 1;
}

/// Compares the rate of each step of a run, and of three steps beyond it, with the formula.
void checkSchedule(const std::string &shape, int64_t total, const std::string &warmup,
                   double warmupSteps, double floor = 0) {
  std::string lr = "{schedule = \"" + shape + "\", peak = 0.5" + warmup;
  if (floor != 0)
    lr += ", floor = " + std::to_string(floor);
  Training training("{name = \"sgd\", lr = " + lr + "}}", "{run = #graph.duration<10.0 epochs>}");
  double w = 0;
  for (int64_t s = 1; s <= total + 3; ++s) {
    double rise = warmupSteps > 0 ? std::min(1.0, s / warmupSteps) : 1;
    double progress = (s - 1 - warmupSteps) / std::max(total - warmupSteps, 1.0);
    progress = std::min(1.0, std::max(0.0, progress));
    training.run(1, total);
    expectClose(w - training.get("w"), 0.5 * rise * decay(shape, progress, floor));
    w = training.get("w");
  }
}

TEST(Schedules, ConstantWarmsUp) {
  checkSchedule("constant", 20, "", 0);
  checkSchedule("constant", 20, ", warmup = #graph.duration<7.0 steps>", 7);
}

TEST(Schedules, LinearFallsToItsFloor) {
  for (int64_t total : {1, 2, 7, 50})
    checkSchedule("linear", total, "", 0);
  checkSchedule("linear", 50, ", warmup = #graph.duration<0.1 fraction>", 5, 0.25);
}

TEST(Schedules, CosineFallsToItsFloor) {
  for (int64_t total : {1, 2, 7, 200})
    checkSchedule("cosine", total, "", 0);
  checkSchedule("cosine", 200, ", warmup = #graph.duration<1.0 epochs>", 20, 0.125);
}

/// Compares the rate of each step with `decay`, a function of the step from 1.
template <typename Decay>
void checkRates(const std::string &lr, int64_t total, int64_t steps, Decay decay) {
  Training training("{name = \"sgd\", lr = {peak = 0.5, " + lr + "}}",
                    "{run = #graph.duration<10.0 epochs>}");
  double w = 0;
  for (int64_t s = 1; s <= steps; ++s) {
    training.run(1, total);
    expectClose(training.results.at("lr"), 0.5 * decay(s));
    expectClose(w - training.get("w"), 0.5 * decay(s));
    w = training.get("w");
  }
}

TEST(Schedules, StepFallsEveryInterval) {
  checkRates("schedule = \"step\", factor = 0.1, every = #graph.duration<3.0 steps>", 20, 25,
             [](int64_t s) { return std::pow(0.1, (s - 1) / 3); });
  // 0.75 epochs of 10 in 50 steps are 3.75 steps, rounded to 4; the floor is a tenth.
  checkRates("schedule = \"step\", factor = 0.5, every = #graph.duration<0.75 epochs>, floor = 0.1",
             50, 50, [](int64_t s) { return std::max(0.1, std::pow(0.5, (s - 1) / 4)); });
  checkRates("schedule = \"step\", factor = 0.5, every = #graph.duration<0.01 fraction>, "
             "warmup = #graph.duration<5.0 steps>",
             10, 20, [](int64_t s) { return s <= 5 ? s / 5.0 : std::pow(0.5, std::max(s - 6.0, 0.0)); });
}

TEST(Schedules, ExponentialFallsSmoothly) {
  checkRates("schedule = \"exponential\", factor = 0.9, every = #graph.duration<1.0 epochs>", 40,
             50, [](int64_t s) { return std::pow(0.9, (s - 1) / 4.0); });
  checkRates("schedule = \"exponential\", factor = 1.0e-3, every = #graph.duration<2.0 steps>, "
             "floor = 1.0e-30",
             40, 40, [](int64_t s) { return std::max(1e-30, std::pow(1e-3, (s - 1) / 2.0)); });
  // Far below what f64 can tell from 0.
  checkRates("schedule = \"exponential\", factor = 1.0e-300, every = #graph.duration<1.0 steps>",
             40, 6, [](int64_t s) { return std::pow(1e-300, s - 1.0); });
}

TEST(Schedules, InverseSqrtFallsFromTheEndOfTheWarmUp) {
  checkRates("schedule = \"inverse_sqrt\"", 40, 40, [](int64_t s) { return 1 / std::sqrt(s); });
  checkRates("schedule = \"inverse_sqrt\", warmup = #graph.duration<0.1 fraction>", 40, 50,
             [](int64_t s) { return std::min(s / 4.0, std::sqrt(4.0 / s)); });
}

TEST(Schedules, WarmUpNeedNotBeWholeStepsNorShorterThanTheRun) {
  checkSchedule("cosine", 25, ", warmup = #graph.duration<0.1 fraction>", 2.5);
  checkSchedule("linear", 5, ", warmup = #graph.duration<12.0 steps>", 12);
  checkSchedule("linear", 5, ", warmup = #graph.duration<5.0 steps>", 5);
}

TEST(Schedules, FirstStepHasThePeakAndTheLastIsAboveTheFloor) {
  Training training(R"({name = "sgd", lr = {schedule = "cosine", peak = 1.0, floor = 0.5}})");
  training.run(1, 2);
  expectClose(training.get("w"), -1);
  training.run(1, 2);
  expectClose(training.get("w"), -1.75);
}

// ---- Optimizers -------------------------------------------------------------------------------

const double gradients[] = {1, -0.5, 0.25, 4, 0, 0, -3, 0.125};

TEST(Optimizers, Sgd) {
  Training training(R"({name = "sgd", lr = 0.1, weight_decay = 0.5})");
  double w = 0, b = 0;
  for (double g : gradients) {
    training.run(g);
    w = w * (1 - 0.1 * 0.5) - 0.1 * g;
    b = b - 0.1 * g;
    expectClose(training.get("w"), w);
    expectClose(training.get("b"), b);
  }
}

TEST(Optimizers, SgdWithMomentum) {
  for (bool nesterov : {false, true}) {
    Training training("{name = \"sgd\", lr = 0.1, momentum = 0.75, nesterov = " +
                      std::string(nesterov ? "true}" : "false}"));
    double w = 0, velocity = 0;
    for (double g : gradients) {
      training.run(g);
      velocity = 0.75 * velocity + g;
      w -= 0.1 * (nesterov ? g + 0.75 * velocity : velocity);
      expectClose(training.get("w"), w);
      expectClose(training.get("optimizer.momentum.w"), velocity);
    }
  }
}

void checkAdam(const std::string &settings, double beta1, double beta2, double eps, double decay) {
  Training training("{lr = 0.01, " + settings + "}");
  double w = 1, b = 1, m = 0, v = 0;
  training.set("w", w);
  training.set("b", b);
  int t = 0;
  for (double g : gradients) {
    training.run(g);
    ++t;
    m = beta1 * m + (1 - beta1) * g;
    v = beta2 * v + (1 - beta2) * g * g;
    double change =
        0.01 * (m / (1 - std::pow(beta1, t))) / (std::sqrt(v / (1 - std::pow(beta2, t))) + eps);
    w = w * (1 - 0.01 * decay) - change;
    b = b - change;
    expectClose(training.get("w"), w);
    expectClose(training.get("b"), b);
    expectClose(training.get("optimizer.m.w"), m);
    expectClose(training.get("optimizer.v.w"), v);
    expectClose(training.get("optimizer.beta1_power"), std::pow(beta1, t));
  }
}

TEST(Optimizers, Adam) {
  checkAdam(R"(name = "adam")", 0.9, 0.999, 1e-8, 0);
  checkAdam(R"(name = "adam", beta1 = 0.25, beta2 = 0.5, eps = 0.125)", 0.25, 0.5, 0.125, 0);
  checkAdam(R"(name = "adam", beta1 = 0.0, weight_decay = 0.5)", 0, 0.999, 1e-8, 0.5);
}

TEST(Optimizers, AdamWDecaysByDefault) {
  checkAdam(R"(name = "adamw")", 0.9, 0.999, 1e-8, 0.01);
  checkAdam(R"(name = "adamw", weight_decay = 0.25)", 0.9, 0.999, 1e-8, 0.25);
}

TEST(Optimizers, Adagrad) {
  Training training(R"({name = "adagrad", lr = 0.1, eps = 0.125, weight_decay = 0.5})");
  double w = 1, squares = 0;
  training.set("w", w);
  for (double g : gradients) {
    training.run(g);
    squares += g * g;
    w = w * (1 - 0.1 * 0.5) - 0.1 * g / (std::sqrt(squares) + 0.125);
    expectClose(training.get("w"), w);
    expectClose(training.get("optimizer.squares.w"), squares);
  }
}

void checkRmsProp(double momentum, bool centered) {
  Training training("{name = \"rmsprop\", lr = 0.1, alpha = 0.75, eps = 0.125, momentum = " +
                    std::to_string(momentum) + ", centered = " +
                    std::string(centered ? "true}" : "false}"));
  double w = 1, v = 0, mean = 0, velocity = 0;
  training.set("w", w);
  for (double g : gradients) {
    training.run(g);
    v = 0.75 * v + 0.25 * g * g;
    mean = centered ? 0.75 * mean + 0.25 * g : 0;
    velocity = momentum * velocity + g / (std::sqrt(v - mean * mean) + 0.125);
    w -= 0.1 * velocity;
    expectClose(training.get("w"), w);
    EXPECT_EQ(training.environment.stored.count("optimizer.momentum.w"), momentum != 0);
    EXPECT_EQ(training.environment.stored.count("optimizer.mean.w"), centered);
  }
}

TEST(Optimizers, RmsProp) {
  for (double momentum : {0.0, 0.5})
    for (bool centered : {false, true})
      checkRmsProp(momentum, centered);
}

TEST(Optimizers, Lion) {
  Training training(R"({name = "lion", lr = 0.1, beta1 = 0.5, beta2 = 0.75, weight_decay = 0.5})");
  double w = 1, m = 0;
  training.set("w", w);
  for (double g : gradients) {
    training.run(g);
    double direction = 0.5 * m + 0.5 * g;
    w = w * (1 - 0.1 * 0.5) - 0.1 * ((direction > 0) - (direction < 0));
    m = 0.75 * m + 0.25 * g;
    expectClose(training.get("w"), w);
    expectClose(training.get("optimizer.m.w"), m);
  }
}

// ---- Penalties --------------------------------------------------------------------------------

TEST(Penalties, AreReportedApartAndMoveDecayingParametersOnly) {
  Training training(R"({name = "sgd", lr = 0.5})", "{l1 = 0.25, l2 = 0.125}");
  training.set("w", -2);
  training.set("b", 3);
  training.run(1);
  expectClose(training.results.at("loss"), 1); // (-2 + 3) * 1
  expectClose(training.results.at("l1"), 0.25 * 2);
  expectClose(training.results.at("l2"), 0.125 / 2 * 4);
  expectClose(training.get("w"), -2 - 0.5 * (1 - 0.25 - 0.125 * 2));
  expectClose(training.get("b"), 3 - 0.5);
}

TEST(Penalties, AreNoResultsWhenNotSet) {
  Training training(R"({name = "sgd", lr = 0.5})", "{l1 = 0.0}");
  training.run(1);
  EXPECT_EQ(training.results.count("l1"), 0u);
  EXPECT_EQ(training.results.count("l2"), 0u);
}

// ---- Clipping and averages --------------------------------------------------------------------

TEST(Clipping, ScalesAllGradientsToOneNorm) {
  Training training(R"({name = "sgd", lr = 0.5})", "{clip = 1.0}");
  for (double g : {3.0, 0.5, -2.0, 0.0}) { // the gradient is g for w and for b
    training.set("w", 0);
    training.set("b", 0);
    training.run(g);
    double norm = std::sqrt(2 * g * g);
    expectClose(training.results.at("grad_norm"), norm);
    expectClose(training.get("w"), -0.5 * g * std::min(1.0, 1.0 / (norm + 1e-6)));
    expectClose(training.get("b"), training.get("w"));
  }
}

TEST(Clipping, ComesAfterPenalties) {
  Training training(R"({name = "sgd", lr = 1.0})", "{clip = 1.0, l2 = 0.5}");
  training.set("w", 4);
  training.run(1);
  double norm = std::hypot(1 + 0.5 * 4, 1.0);
  expectClose(training.results.at("grad_norm"), norm);
  expectClose(training.get("w"), 4 - 3 / (norm + 1e-6));
}

TEST(Averages, BeginWithTheFirstStepAndFollow) {
  Training training(R"({name = "sgd", lr = 0.5})", "{average = 0.75}");
  training.set("w", 100);
  double w = 100, average = 0;
  int step = 0;
  for (double g : gradients) {
    training.run(g);
    w -= 0.5 * g;
    average = step++ == 0 ? w : 0.75 * average + 0.25 * w;
    expectClose(training.get("w"), w);
    expectClose(training.get("optimizer.average.w"), average);
  }
}

// ---- The guard --------------------------------------------------------------------------------

TEST(Guard, LossThatIsNotFiniteChangesNothing) {
  for (double bad : {std::numeric_limits<double>::infinity(),
                     -std::numeric_limits<double>::infinity(), std::nan("")}) {
    Training training(R"({name = "adam", lr = 0.01})");
    training.set("w", 1);
    training.run(0.5);
    auto before = training.environment.stored;
    training.run(bad);
    EXPECT_FALSE(std::isfinite(training.results.at("loss")));
    for (auto &[path, value] : before)
      EXPECT_EQ(training.environment.stored.at(path).reals, value.reals) << path;
  }
}

} // namespace
