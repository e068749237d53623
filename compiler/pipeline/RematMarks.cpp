// Compares the program with what it would be without a mark.
#include "compiler/pipeline/RematMarks.h"
#include "compiler/pipeline/Pipeline.h"
#include "dialects/graph/Graph.h"
#include "dialects/graph/Recompute.h"
#include "dialects/graph/SizeHints.h"
#include "llvm/Support/FormatVariadic.h"

using namespace mlir;
using namespace tenon;
using namespace tenon::pipeline;

namespace {

/// The training steps of a program.
struct Steps {
  struct Step {
    std::string name;
    uint64_t bytes; ///< that its trainer takes: its line of --print-memory
  };
  std::string ops;         ///< what they compute, as text
  std::vector<Step> steps; ///< for each processor; those that can be addressed
};

class MarkTrial {
public:
  MarkTrial(ModuleOp module, const Options &options, const memory::MemoryLimits &limits)
      : module(module), options(options), limits(limits) {}

  FailureOr<std::vector<UselessMark>> run(ArrayAttr marks) {
    std::vector<UselessMark> useless;
    FailureOr<Steps> with = lowerWithout({});
    if (failed(with))
      return failure();
    for (auto mark : marks.getAsRange<DictionaryAttr>()) {
      FailureOr<Steps> without = lowerWithout(mark.getAs<DenseI64ArrayAttr>("calls"));
      if (failed(without))
        return failure();
      if (std::string reason = compare(*with, *without); !reason.empty())
        useless.push_back({mark.getAs<LocationAttr>("at"), reason});
    }
    return useless;
  }

private:
  FailureOr<Steps> lowerWithout(ArrayRef<int64_t> calls) {
    Steps found;
    llvm::raw_string_ostream ops(found.ops);
    auto observe = [&](StringRef phase, double, ModuleOp lowered) {
      if (phase == nameOf(Phase::Simplify))
        for (auto entry : lowered.getOps<graph::FuncOp>())
          if (entry.getKind() == "step")
            ops << entry;
    };
    for (const std::string &cpu : options.cpus) {
      OwningOpRef<ModuleOp> copy = module.clone();
      copy->walk([&](Operation *op) {
        auto call = op->getAttrOfType<IntegerAttr>(graph::rematAttrName);
        if (call && llvm::is_contained(calls, call.getInt()))
          op->removeAttr(graph::rematAttrName);
      });
      if (failed(lower(*copy, Phase::Exec, options.optLevel, cpu, observe, nullptr,
                       options.recompute)))
        return failure();
      measure(*copy, found);
    }
    return found;
  }

  void measure(ModuleOp lowered, Steps &found) {
    memory::MemoryLimits all = limits;
    for (auto train : lowered.getOps<exec::TrainOp>())
      all.sizes.try_emplace("batch", train.getBatch()); // the first wins
    for (auto entry : lowered.getOps<exec::EntryOp>())
      for (StringRef name : entry.getSizes().getAsValueRange<StringAttr>())
        all.sizes.try_emplace(name, graph::kUnknownSize);
    for (auto train : lowered.getOps<exec::TrainOp>()) {
      llvm::Expected<memory::EntryMemory> memory = memory::measureTrainer(train, all);
      if (memory)
        found.steps.push_back({train.getStep().str(), memory->total()});
      else
        llvm::consumeError(memory.takeError()); // too large for any machine
    }
  }

  /// What is wrong with a mark, or nothing.
  static std::string compare(const Steps &with, const Steps &without) {
    if (with.ops == without.ops)
      return "@remat has nothing to drop here: of what these calls compute, the backward pass "
             "stores only what they return; mark a call that holds several layers";
    bool saves = false;
    for (auto [marked, bare] : llvm::zip(with.steps, without.steps)) {
      if (marked.bytes > bare.bytes)
        return llvm::formatv("with this @remat '{0}' takes {1} bytes, without it {2}: what is "
                             "stored to compute the rest from takes more than it saves; mark other calls, "
                             "such as whole layers, or take the mark away",
                             marked.name, marked.bytes, bare.bytes);
      saves |= marked.bytes < bare.bytes;
    }
    if (saves || with.steps.empty())
      return "";
    const Steps::Step &largest = *llvm::max_element(
        with.steps, [](const Steps::Step &a, const Steps::Step &b) { return a.bytes < b.bytes; });
    return llvm::formatv("@remat saves nothing here: '{0}' takes {1} bytes with it and without it, "
                         "since other values are in memory when it takes most; mark calls that "
                         "compute those, or take the mark away",
                         largest.name, largest.bytes);
  }

  ModuleOp module;
  const Options &options;
  const memory::MemoryLimits &limits;
};

} // namespace

FailureOr<std::vector<UselessMark>>
pipeline::findUselessMarks(ModuleOp module, const Options &options,
                           const memory::MemoryLimits &limits) {
  auto marks = module->getAttrOfType<ArrayAttr>(graph::rematMarksAttrName);
  std::vector<UselessMark> useless;
  if (!marks)
    return useless;
  if (options.optLevel > 0)
    return MarkTrial(module, options, limits).run(marks);
  for (auto mark : marks.getAsRange<DictionaryAttr>())
    useless.push_back({mark.getAs<LocationAttr>("at"),
                       "@remat does nothing at -O0, where every value is stored; compile with "
                       "-O1 or more"});
  return useless;
}
