#include "tests/oracle/PassChecker.h"
#include "mlir/Pass/Pass.h"
#include "tests/oracle/Compare.h"
#include "tests/oracle/EdgeSizes.h"

using namespace llvm;

namespace tenon::oracle {

/// Passes that only hold others.
static bool isAdaptor(mlir::Pass *pass) { return pass->getArgument().empty(); }

static bool isGraph(mlir::ModuleOp module) { return !module.getOps<graph::FuncOp>().empty(); }

PassChecker::Runs PassChecker::interpretAll() {
  Random random(1);
  Environment environment;
  environment.stored = makeStored(module, random);
  environment.step = 3;
  environment.totalSteps = 10;
  Runs runs;
  for (auto function : module.getOps<graph::FuncOp>()) {
    for (const Sizes &sizes : smallSizes(function)) {
      Random inputRandom(2);
      std::vector<Tensor> inputs =
          cantFail(makeInputs(function, sizes, Fill::Plain, inputRandom));
      Expected<Outcome> exact = interpret(function, inputs, environment, Precision::Exact);
      Expected<Outcome> real = interpret(function, inputs, environment, Precision::Double);
      if (exact && real)
        runs[function.getName().str()].push_back({std::move(*exact), std::move(*real)});
      else
        failureTexts.push_back(toString(joinErrors(exact.takeError(), real.takeError())));
    }
  }
  return runs;
}

void PassChecker::runBeforePass(mlir::Pass *pass, mlir::Operation *) {
  if (!isAdaptor(pass) && passNames.empty() && isGraph(module))
    before = interpretAll();
}

void PassChecker::runAfterPass(mlir::Pass *pass, mlir::Operation *) {
  if (isAdaptor(pass) || !isGraph(module))
    return;
  passNames.push_back(pass->getArgument().str());
  Runs after = interpretAll();
  compare(after, passNames.back());
  before = std::move(after);
}

/// Empty if a tensor is what it was in one of both precisions.
static std::string change(const Tensor &exactWas, const Tensor &exactIs, const Tensor &realWas,
                          const Tensor &realIs) {
  std::string text = difference(realIs, realWas);
  return text.empty() || difference(exactIs, exactWas).empty() ? "" : text;
}

void PassChecker::compare(const Runs &after, StringRef passName) {
  auto fail = [&](const std::string &function, const Twine &what) {
    failureTexts.push_back((passName + " changes @" + function + ": " + what).str());
  };
  for (const auto &[function, expected] : before) {
    auto found = after.find(function);
    if (found == after.end() || found->second.size() != expected.size()) {
      fail(function, "it is gone or fails");
      continue;
    }
    for (const auto &[was, is] : zip(expected, found->second)) {
      for (size_t i = 0; i < was.real.results.size(); ++i) {
        ++comparisonCount;
        std::string text = change(was.exact.results[i], is.exact.results[i], was.real.results[i],
                                  is.real.results[i]);
        if (!text.empty())
          fail(function, "result " + Twine(i) + ", " + text);
      }
      for (const auto &[path, realWas] : was.real.writes) {
        ++comparisonCount;
        if (!is.real.writes.count(path)) {
          fail(function, path + " is not written any more");
          continue;
        }
        std::string text = change(was.exact.writes.at(path), is.exact.writes.at(path), realWas,
                                  is.real.writes.at(path));
        if (!text.empty())
          fail(function, path + ", " + text);
      }
    }
  }
}

} // namespace tenon::oracle
