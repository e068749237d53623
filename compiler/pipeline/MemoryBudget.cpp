// A search over policies: the one that computes nothing again, then longer and longer chains.
#include "compiler/pipeline/MemoryBudget.h"
#include "compiler/pipeline/Pipeline.h"
#include "dialects/graph/Graph.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace tenon;
using namespace tenon::pipeline;
using llvm::Expected;
using simplify::RecomputePolicy;

namespace {

template <typename... Values> llvm::Error failure(const char *format, Values &&...values) {
  return llvm::createStringError(llvm::formatv(format, std::forward<Values>(values)...).str());
}

class BudgetSearch {
public:
  BudgetSearch(ModuleOp module, const Options &options, const memory::MemoryLimits &limits)
      : module(module), options(options), limits(limits) {
    for (auto train : module.getOps<graph::TrainOp>()) {
      this->limits.sizes.try_emplace("batch", batchOf(train)); // the first wins
      unsigned count = 0;
      train.getObjective().walk([&](graph::ContractOp) { ++count; });
      contractions = std::max(contractions, count);
    }
  }

  Expected<BudgetPlan> run() {
    if (module.getOps<graph::TrainOp>().empty())
      return failure("there is no train block, and without one nothing can be computed again");
    for (RecomputePolicy policy : policies()) {
      if (llvm::Error error = attempt(policy))
        return error;
      if (fits())
        return policy.segment ? withFewestSegments() : latest;
    }
    return withSomeSegments();
  }

private:
  static int64_t batchOf(graph::TrainOp train) {
    auto batch = train.getSettings().getAs<IntegerAttr>("batch");
    return batch ? batch.getInt() : 1;
  }

  bool fits() const { return latest.bytes <= options.memoryBudget; }

  /// The most segments that there can be of a length.
  unsigned countOf(unsigned segment) const { return llvm::divideCeil(contractions, segment); }

  /// Where all segments of no length fit: more of them may take more, since what one computes again
  /// has to live beside what the next needs. All that is left is tried, so that what a refusal names
  /// is the least that there is.
  Expected<BudgetPlan> withSomeSegments() {
    for (RecomputePolicy policy : policies())
      for (unsigned count = 1; policy.segment != 0 && count < countOf(policy.segment); ++count) {
        if (llvm::Error error = attempt({policy.segment, count}))
          return error;
        if (fits())
          return latest;
      }
    return failure("'{0}' takes at least {1} bytes: {2} of weights, {3} of the optimizer, {4} of "
                   "activations, {5} of gradients and {6} of workspace, whatever is computed again; "
                   "a budget of {1} would do, or a smaller batch",
                   least.entry, least.bytes, leastMemory.weights, leastMemory.optimizer,
                   leastMemory.activations, leastMemory.gradients, leastMemory.workspace);
  }

  SmallVector<RecomputePolicy> policies() const {
    SmallVector<RecomputePolicy> list = {{0, ~0u}};
    // Segments of n contractions store one in n and need the others once more at a time: the best
    // length is about the root of their number, and lengths in between bring little.
    for (unsigned segment = 1; segment <= contractions; segment += std::max(1u, segment / 2))
      list.push_back({segment, ~0u});
    return list;
  }

  /// Fewer segments than those that fit, while they still do.
  Expected<BudgetPlan> withFewestSegments() {
    BudgetPlan best = latest;
    unsigned segment = best.policy.segment;
    unsigned tooFew = 0, enough = countOf(segment);
    while (tooFew + 1 < enough) {
      unsigned middle = (tooFew + enough) / 2;
      if (llvm::Error error = attempt({segment, middle}))
        return error;
      if (fits()) {
        enough = middle;
        best = latest;
      } else {
        tooFew = middle;
      }
    }
    best.compiled = latest.compiled;
    return best;
  }

  /// Measures the step that takes most with a policy: `latest`.
  llvm::Error attempt(RecomputePolicy policy) {
    latest = {policy, "", 0, latest.compiled};
    for (const std::string &cpu : options.cpus) {
      OwningOpRef<ModuleOp> copy = module.clone();
      if (failed(lower(*copy, Phase::Exec, options.optLevel, cpu, nullptr, nullptr, policy)))
        return failure("the program cannot be compiled");
      ++latest.compiled;
      for (auto train : copy->getOps<exec::TrainOp>()) {
        Expected<memory::EntryMemory> memory = memory::measureTrainer(train, limits);
        if (!memory)
          return memory.takeError();
        if (memory->total() > latest.bytes) {
          latest.entry = train.getStep().str();
          latest.bytes = memory->total();
          latestMemory = *memory;
        }
      }
    }
    if (least.bytes == 0 || latest.bytes < least.bytes) {
      least = latest;
      leastMemory = latestMemory;
    }
    return llvm::Error::success();
  }

  ModuleOp module;
  const Options &options;
  memory::MemoryLimits limits;
  unsigned contractions = 0; // of the objective that has most
  BudgetPlan latest, least;
  memory::EntryMemory latestMemory, leastMemory;
};

} // namespace

Expected<BudgetPlan> pipeline::fitMemoryBudget(ModuleOp module, const Options &options,
                                               const memory::MemoryLimits &limits) {
  return BudgetSearch(module, options, limits).run();
}
