// Puts small kernels that do not depend on each other into one launch.
#include "compiler/fusion/CostModel.h"
#include "compiler/fusion/Explanation.h"
#include "compiler/fusion/Levels.h"
#include "compiler/fusion/Passes.h"
#include "compiler/memory/Places.h"
#include "mlir/IR/IRMapping.h"
#include "llvm/Support/FormatVariadic.h"
#include <queue>

namespace tenon::fusion {
#define GEN_PASS_DEF_MERGEKERNELS
#include "compiler/fusion/Passes.h.inc"
} // namespace tenon::fusion

using namespace mlir;
using namespace tenon;
using namespace tenon::fusion;

/// Above this a launch costs less than one part in a hundred.
static constexpr double kSmallNs = 5000;
/// What may be kept alive, per kernel, so that it can run later, together with others.
static constexpr double kKeptBytes = 32 << 10;
/// How much the peak of temporaries may grow where it does not fit the second cache.
static constexpr double kMorePeak = 1.005;

namespace {

/// The ops of a block as they will be run: those of one unit are one launch, or one op.
using Unit = SmallVector<Operation *, 1>;
using Order = std::vector<Unit>;

class Merger {
public:
  Merger(graph::FuncOp function, const CostModel &costs, Explanation *explanation)
      : function(function), block(function.getBody().front()), costs(costs),
        explanation(explanation), levels(block) {}

  void run() {
    Order separate = sorted({});
    double peakBefore = peakBytes(separate);
    double allowed = std::max<double>(peakBefore * kMorePeak, costs.getTarget().l2Bytes);
    for (bool mayDelay : {true, false}) {
      Order merged = sorted(chooseSets(mayDelay));
      double peak = peakBytes(merged);
      if (peak <= allowed)
        return build(merged);
      if (explanation)
        explanation->refuse(function,
                            llvm::formatv("merging small kernels{0} would raise the peak of "
                                          "temporaries from {1:F0} to {2:F0} kB",
                                          mayDelay ? " where the last of them can run" : "",
                                          peakBefore / 1000, peak / 1000)
                                .str());
    }
  }

private:
  // ---- What runs together -----------------------------------------------------------------------

  /// At which level each kernel runs: small ones as late as they can, if that keeps little alive;
  /// there they meet the others that nothing waits for, such as the updates of an optimizer.
  SmallVector<unsigned> chooseLevels(bool mayDelay) {
    ArrayRef<fuse::KernelOp> kernels = levels.getKernels();
    SmallVector<unsigned> chosen(kernels.size());
    for (unsigned i = kernels.size(); i-- > 0;) {
      fuse::KernelOp kernel = kernels[i];
      unsigned latest = levels.depth() - 1;
      for (unsigned reader : levels.readersOf(i))
        latest = std::min(latest, chosen[reader] - 1);
      double kept = 0;
      for (Value input : kernel.getInputs())
        if (input.getDefiningOp<fuse::KernelOp>())
          kept += costs.bytesOf(input);
      bool waits = mayDelay && isSmall(kernel) && kept <= kKeptBytes;
      chosen[i] = waits ? latest : levels.earliest(i);
    }
    return chosen;
  }

  bool isSmall(fuse::KernelOp kernel) { return costs.costOf(kernel).workNs() <= kSmallNs; }

  std::vector<Unit> chooseSets(bool mayDelay) {
    SmallVector<unsigned> chosen = chooseLevels(mayDelay);
    std::vector<Unit> sets(levels.depth());
    for (auto [kernel, level] : llvm::zip_equal(levels.getKernels(), chosen))
      if (isSmall(kernel))
        sets[level].push_back(kernel);
    llvm::erase_if(sets, [](const Unit &set) { return set.size() < 2; });
    return sets;
  }

  // ---- Order ------------------------------------------------------------------------------------

  /// All ops in the order of the program, but each set together: where its last member stands or,
  /// if something reads a member before that, right before this reader. Filled from the end, so
  /// that only what the set needs moves before the reader with it: were all that stands between
  /// done there, too, what is computed again would live from there on.
  Order sorted(std::vector<Unit> sets) {
    DenseMap<Operation *, unsigned> unitOf;
    Order units = std::move(sets);
    for (auto [number, unit] : llvm::enumerate(units))
      for (Operation *op : unit)
        unitOf[op] = number;
    SmallVector<unsigned> position(units.size());
    for (auto [at, op] : llvm::enumerate(block.without_terminator())) {
      auto [it, isAlone] = unitOf.try_emplace(&op, units.size());
      if (isAlone) {
        units.push_back({&op});
        position.push_back(at);
      }
      position[it->second] = at;
    }

    std::vector<llvm::SmallSetVector<unsigned, 4>> before(units.size());
    auto addEdge = [&](Operation *producer, Operation *reader) {
      if (unitOf.lookup(producer) != unitOf.lookup(reader))
        before[unitOf.lookup(reader)].insert(unitOf.lookup(producer));
    };
    for (Operation &op : block.without_terminator())
      for (Value operand : op.getOperands())
        if (Operation *def = operand.getDefiningOp())
          addEdge(def, &op);
    for (auto [number, kernel] : llvm::enumerate(levels.getKernels()))
      for (unsigned reader : levels.readersOf(number))
        addEdge(kernel, levels.getKernels()[reader]);

    std::vector<unsigned> readersLeft(units.size());
    for (const auto &producers : before)
      for (unsigned producer : producers)
        ++readersLeft[producer];
    using Entry = std::pair<unsigned, unsigned>; // position, unit
    std::priority_queue<Entry> ready;
    for (unsigned unit = 0; unit < units.size(); ++unit)
      if (readersLeft[unit] == 0)
        ready.push({position[unit], unit});
    Order order;
    while (!ready.empty()) {
      unsigned unit = ready.top().second;
      ready.pop();
      order.push_back(units[unit]);
      for (unsigned producer : before[unit])
        if (--readersLeft[producer] == 0)
          ready.push({position[producer], producer});
    }
    assert(order.size() == units.size() && "kernels of one level depend on each other");
    std::reverse(order.begin(), order.end());
    return order;
  }

  // ---- Memory -----------------------------------------------------------------------------------

  double peakBytes(const Order &order) {
    std::vector<memory::Kernel> kernels;
    for (const Unit &unit : order)
      if (isa<fuse::KernelOp>(unit.front()))
        kernels.push_back(planned(unit));
    return memory::peakBytes(function, kernels);
  }

  /// What `buildMerged` would make of the unit.
  static memory::Kernel planned(const Unit &members) {
    memory::Kernel merged;
    llvm::SetVector<Value> inputs;
    for (Operation *member : members)
      inputs.insert_range(member->getOperands());
    merged.inputs = inputs.takeVector();
    for (Operation *member : members) {
      memory::Kernel kernel = memory::describeKernel(cast<fuse::KernelOp>(member));
      llvm::append_range(merged.outputs, kernel.outputs);
      for (ArrayRef<unsigned> overwritable : kernel.overwritable) {
        SmallVector<unsigned, 2> &found = merged.overwritable.emplace_back();
        for (unsigned input : overwritable)
          if (llvm::count_if(members, [&](Operation *other) {
                return llvm::is_contained(other->getOperands(), kernel.inputs[input]);
              }) == 1)
            found.push_back(llvm::find(merged.inputs, kernel.inputs[input]) -
                            merged.inputs.begin());
      }
    }
    return merged;
  }

  // ---- Building ---------------------------------------------------------------------------------

  void build(const Order &order) {
    for (const Unit &unit : order) {
      if (unit.size() == 1)
        unit.front()->moveBefore(block.getTerminator());
      else
        buildMerged(unit);
    }
  }

  void buildMerged(const Unit &members) {
    llvm::SetVector<Value> inputs;
    SmallVector<Value> outputs, inner;
    Operation *costliest = members.front();
    for (Operation *member : members) {
      inputs.insert_range(member->getOperands());
      llvm::append_range(outputs, member->getResults());
      if (costs.costOf(cast<fuse::KernelOp>(member)).workNs() >
          costs.costOf(cast<fuse::KernelOp>(costliest)).workNs())
        costliest = member;
    }
    Location loc = costliest->getLoc();
    OpBuilder builder(block.getTerminator());
    auto merged = fuse::KernelOp::create(builder, loc, ValueRange(outputs).getTypes(),
                                         fuse::Anchor::multi_tensor, inputs.getArrayRef());
    Block &body = merged.getBody().emplaceBlock();
    IRMapping inside;
    for (Value input : inputs)
      inside.map(input, body.addArgument(input.getType(), loc));
    builder.setInsertionPointToEnd(&body);
    for (Operation *member : members)
      llvm::append_range(inner, builder.clone(*member, inside)->getResults());
    fuse::ReturnOp::create(builder, loc, inner);
    for (auto [output, result] : llvm::zip_equal(outputs, merged.getOutputs()))
      output.replaceAllUsesWith(result);
    for (Operation *member : members)
      member->erase();
  }

  graph::FuncOp function;
  Block &block;
  const CostModel &costs;
  Explanation *explanation;
  Levels levels;
};

struct MergeKernels : fusion::impl::MergeKernelsBase<MergeKernels> {
  using MergeKernelsBase::MergeKernelsBase;
  MergeKernels(MergeKernelsOptions options, Explanation *explanation)
      : MergeKernelsBase(options), explanation(explanation) {}

  void runOnOperation() override {
    if (getOperation().isExternal())
      return;
    FailureOr<targets::TargetInfo> target =
        targets::TargetInfo::getOrReport(cpu, getOperation().getLoc());
    if (failed(target))
      return signalPassFailure();
    CostModel costs(*target, getOperation());
    if (merge)
      Merger(getOperation(), costs, explanation).run();
    if (explanation)
      explanation->describe(getOperation(), costs);
  }

  Explanation *explanation = nullptr;
};

} // namespace

std::unique_ptr<Pass> fusion::createMergeKernels(MergeKernelsOptions options,
                                                 Explanation *explanation) {
  return std::make_unique<MergeKernels>(std::move(options), explanation);
}
