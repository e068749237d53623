#include "tests/oracle/Check.h"

using namespace llvm;

namespace tenon::oracle {

Expected<Builds> Builds::create(mlir::ModuleOp module, StringRef cpu) {
  Expected<Compiled> o0 = Compiled::create(module, 0, cpu);
  if (!o0)
    return o0.takeError();
  Expected<Compiled> o3 = Compiled::create(module, 3, cpu);
  if (!o3)
    return o3.takeError();
  return Builds{std::move(*o0), std::move(*o3)};
}

static bool sameBits(const std::vector<Tensor> &a, const std::vector<Tensor> &b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const Tensor &x, const Tensor &y) {
    return x.toBytes() == y.toBytes();
  });
}

void checkValues(graph::FuncOp function, const Builds &builds, const Case &testCase,
                 Tolerance tolerance, Findings &findings) {
  Expected<Outcome> exact =
      interpret(function, testCase.inputs, testCase.environment, Precision::Exact);
  Expected<Outcome> real =
      interpret(function, testCase.inputs, testCase.environment, Precision::Double);
  if (!exact || !real) {
    findings.fail(testCase.name, "interpreter: " + toString(joinErrors(exact.takeError(),
                                                                       real.takeError())));
    return;
  }
  for (auto [level, build] : {std::pair("-O0", &builds.o0), std::pair("-O3", &builds.o3)}) {
    std::string where = testCase.name + " " + level;
    Expected<std::vector<Tensor>> one = build->run(function.getName(), testCase.inputs,
                                                   testCase.sizes, testCase.environment, 1);
    Expected<std::vector<Tensor>> two = build->run(function.getName(), testCase.inputs,
                                                   testCase.sizes, testCase.environment, 2);
    if (!one || !two) {
      findings.fail(where, toString(joinErrors(one.takeError(), two.takeError())));
      continue;
    }
    if (!sameBits(*one, *two))
      findings.fail(where, "2 threads give other bits than 1");
    for (auto [i, actual] : enumerate(*one)) {
      ++findings.comparisons;
      std::string text = difference(actual, exact->results[i], real->results[i], tolerance,
                                    real->largestPartialSum);
      if (!text.empty())
        findings.fail(where + " " + function.getResultName(i), text);
    }
  }
}

} // namespace tenon::oracle
