#include "tests/oracle/PassChecker.h"
#include "mlir/Pass/Pass.h"
#include "tests/oracle/Compare.h"
#include "tests/oracle/EdgeSizes.h"

using namespace llvm;

namespace tenon::oracle {

/// Passes that only hold others.
static bool isAdaptor(mlir::Pass *pass) { return pass->getArgument().empty(); }

static bool isGraph(mlir::ModuleOp module) { return !module.getOps<graph::FuncOp>().empty(); }

PassChecker::Outcomes PassChecker::interpretAll() {
  Random random(1);
  Environment environment;
  environment.stored = makeStored(module, random);
  environment.step = 3;
  environment.totalSteps = 10;
  Outcomes outcomes;
  for (auto function : module.getOps<graph::FuncOp>()) {
    std::string name = function.getName().str();
    for (const Sizes &sizes : smallSizes(function)) {
      Random inputRandom(2);
      std::vector<Tensor> inputs =
          cantFail(makeInputs(function, sizes, Fill::Plain, inputRandom));
      Expected<Outcome> outcome = interpret(function, inputs, environment, Precision::Double);
      if (outcome)
        outcomes[name].push_back(std::move(*outcome));
      else
        failureTexts.push_back(toString(outcome.takeError()));
    }
  }
  return outcomes;
}

void PassChecker::runBeforePass(mlir::Pass *pass, mlir::Operation *) {
  if (!isAdaptor(pass) && passNames.empty() && isGraph(module))
    before = interpretAll();
}

void PassChecker::runAfterPass(mlir::Pass *pass, mlir::Operation *) {
  if (isAdaptor(pass) || !isGraph(module))
    return;
  passNames.push_back(pass->getArgument().str());
  Outcomes after = interpretAll();
  compare(after, passNames.back());
  before = std::move(after);
}

void PassChecker::compare(const Outcomes &after, StringRef passName) {
  auto fail = [&](const std::string &function, const Twine &what) {
    failureTexts.push_back((passName + " changes @" + function + ": " + what).str());
  };
  for (const auto &[function, expected] : before) {
    auto found = after.find(function);
    if (found == after.end() || found->second.size() != expected.size()) {
      fail(function, "it is gone or fails");
      continue;
    }
    for (auto [was, is] : zip(expected, found->second)) {
      for (auto [i, result] : enumerate(was.results)) {
        ++comparisonCount;
        if (std::string text = difference(is.results[i], result); !text.empty())
          fail(function, "result " + Twine(i) + ", " + text);
      }
      for (const auto &[path, value] : was.writes) {
        ++comparisonCount;
        auto written = is.writes.find(path);
        if (written == is.writes.end())
          fail(function, path + " is not written any more");
        else if (std::string text = difference(written->second, value); !text.empty())
          fail(function, path + ", " + text);
      }
    }
  }
}

} // namespace tenon::oracle
