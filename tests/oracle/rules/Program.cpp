// Reads, writes and what a function knows of its call.
#include "tests/oracle/Rules.h"

using namespace mlir;
using namespace tenon::graph;

namespace tenon::oracle {

static void read(ReadOp op, Frame &frame) {
  auto found = frame.environment.stored.find(op.getPath().str());
  if (found == frame.environment.stored.end())
    return frame.fail(op, "no value for " + op.getPath());
  frame.set(op.getY(), found->second);
}

static void step(StepOp op, Frame &frame) {
  Tensor y = frame.make(op.getY());
  auto value = [&]() -> int64_t {
    switch (op.getField()) {
    case StepField::Seed: return frame.environment.seed;
    case StepField::Step: return frame.environment.step;
    case StepField::TotalSteps: return frame.environment.totalSteps;
    case StepField::ExampleOffset: return frame.environment.exampleOffset;
    }
    llvm_unreachable("no such field");
  };
  frame.put(y, 0, value());
  frame.set(op.getY(), std::move(y));
}

static void require(RequireOp op, Frame &frame) {
  int64_t left = frame.evaluate(op.getLeft()), right = frame.evaluate(op.getRight());
  bool holds = false;
  switch (op.getPredicate()) {
  case ComparePredicate::eq: holds = left == right; break;
  case ComparePredicate::ne: holds = left != right; break;
  case ComparePredicate::lt: holds = left < right; break;
  case ComparePredicate::le: holds = left <= right; break;
  case ComparePredicate::gt: holds = left > right; break;
  case ComparePredicate::ge: holds = left >= right; break;
  }
  if (!holds)
    frame.fail(op, op.getMessage());
}

void addProgramRules(RuleTable &table) {
  table.on<ReadOp>(read);
  table.on<StepOp>(step);
  table.on<RequireOp>(require);
  table.on<WriteOp>([](WriteOp op, Frame &frame) {
    frame.outcome.writes[op.getPath().str()] = frame.get(op.getX());
  });
}

} // namespace tenon::oracle
