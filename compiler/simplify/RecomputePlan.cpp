// The minimum cut between what is stored and what is computed again.
#include "compiler/simplify/RecomputePlan.h"
#include "compiler/simplify/MaxFlow.h"
#include "dialects/graph/Recompute.h"
#include "dialects/graph/SizeHints.h"
#include "dialects/graph/Work.h"

using namespace mlir;
using namespace tenon;
using namespace tenon::simplify;
using graph::FusionKind;

// Costs are in 1/1024 byte. While all that could be stored fits the second-level cache, a vector
// operation takes about as long as to store and load 1/2 byte per element (8 operations an f32);
// where memory has to be written it is 1/16 byte (64 operations).
static constexpr int64_t kByte = 1024;
static constexpr int64_t kFlopInCache = kByte / 2, kFlopInMemory = kByte / 16;
static constexpr uint64_t kCacheBytes = 512 << 10;

static FusionKind kindOf(Operation *op) {
  return cast<graph::FusionInterface>(op).getFusionKind();
}

/// Values that kernels compute where they read them, so that storing them was never a question.
static bool isComputedInside(Value value) {
  FusionKind kind = kindOf(value.getDefiningOp());
  return kind == FusionKind::Source || kind == FusionKind::IndexMap;
}

RecomputePlan::RecomputePlan(graph::FuncOp entry, Value loss, const RecomputePolicy &policy)
    : entry(entry), policy(policy) {
  findForward(loss);
  markRegions();
  findRelevant();
  cut();
}

// ---- Sides ------------------------------------------------------------------------------------

void RecomputePlan::findForward(Value loss) {
  SmallVector<Value> queue{loss};
  while (!queue.empty()) {
    Operation *op = queue.pop_back_val().getDefiningOp();
    if (op && ancestors.insert(op).second)
      llvm::append_range(queue, op->getOperands());
  }
  // How many contractions lie before a value. An op that the loss does not depend on and that reads
  // values behind different numbers of them goes back: it meets an earlier layer after a later one.
  llvm::DenseMap<Operation *, unsigned> layerOf;
  auto layersBefore = [&](Operation &op) {
    llvm::SmallSetVector<unsigned, 4> layers;
    for (Value operand : op.getOperands())
      if (unsigned layer = layerOf.lookup(operand.getDefiningOp()))
        layers.insert(layer);
    return layers;
  };
  // Parameters, constants and what only repeats them can be had on both sides.
  llvm::DenseSet<Operation *> onBothSides;
  auto isOnBothSides = [&](Value value) {
    Operation *def = value.getDefiningOp();
    return def && onBothSides.contains(def);
  };
  auto dependsOnBackward = [&](Value value) {
    Operation *def = value.getDefiningOp();
    return def && backward.contains(def);
  };
  for (Operation &op : entry.getBody().front().without_terminator()) {
    FusionKind kind = kindOf(&op);
    bool isCopy = kind == FusionKind::IndexMap || kind == FusionKind::View;
    if (kind == FusionKind::Program || kind == FusionKind::Source ||
        (isCopy && isOnBothSides(op.getOperand(0))))
      onBothSides.insert(&op);
    auto layers = layersBefore(op);
    unsigned last = layers.empty() ? 0 : *llvm::max_element(layers);
    layerOf[&op] = last + (kind == FusionKind::Contraction);
    bool follows = kind != FusionKind::Contraction && layers.size() <= 1 &&
                   !onBothSides.contains(&op) &&
                   !llvm::all_of(op.getOperands(), isOnBothSides) &&
                   llvm::all_of(op.getOperands(), [&](Value operand) {
                     Operation *def = operand.getDefiningOp();
                     return !def || forward.contains(def) || onBothSides.contains(def);
                   });
    if (ancestors.contains(&op) || (follows && op.getNumResults() != 0))
      forward.insert(&op);
    else if (op.getNumResults() != 0 && (kind == FusionKind::Contraction || layers.size() > 1 ||
                                         llvm::any_of(op.getOperands(), dependsOnBackward)))
      backward.insert(&op);
  }
}

/// Besides the ops that the frontend has marked, a call owns what simplification put between them,
/// and what the backward pass derives from values inside the call.
void RecomputePlan::markRegions() {
  Block &block = entry.getBody().front();
  for (Operation &op : block)
    if (auto mark = op.getAttrOfType<IntegerAttr>(graph::rematAttrName))
      regions[&op] = mark.getInt();
  if (policy.segment > 0)
    markSegments();
  if (regions.empty())
    return;
  auto regionBefore = [&](Operation &op) {
    int64_t region = -1;
    for (Value operand : op.getOperands())
      region = std::max(region, regionOf(operand.getDefiningOp()));
    return region;
  };
  for (Operation &op : llvm::reverse(block)) {
    int64_t region = regionBefore(op);
    if (ancestors.contains(&op) && region >= 0 && regionOf(&op) < 0 &&
        llvm::all_of(op.getUsers(), [&](Operation *user) { return regionOf(user) == region; }))
      regions[&op] = region;
  }
  for (Operation &op : block)
    if (int64_t region = regionBefore(op);
        region >= 0 && forward.contains(&op) && !ancestors.contains(&op))
      regions[&op] = region;
}

/// Each `policy.segment` contractions of the forward pass, with what follows them, are like a @remat
/// call, unless they are in one: those segments first that free most bytes per operation. The last
/// is left out, since the backward pass begins with it.
void RecomputePlan::markSegments() {
  struct Segment {
    SmallVector<Operation *> ops;
    double bytes = 0, flops = 0; // of its contractions
  };
  std::vector<Segment> segments(1);
  unsigned contractions = 0;
  for (Operation &op : entry.getBody().front()) {
    if (!ancestors.contains(&op) || regionOf(&op) >= 0 || kindOf(&op) == FusionKind::Program)
      continue;
    if (kindOf(&op) == FusionKind::Contraction) {
      if (contractions++ % policy.segment == 0)
        segments.emplace_back();
      segments.back().bytes += graph::expectedBytes(entry, op.getResult(0));
      segments.back().flops += graph::expectedValue(entry, graph::countFlops(&op));
    }
    segments.back().ops.push_back(&op);
  }
  segments.pop_back();
  llvm::stable_sort(segments, [](const Segment &a, const Segment &b) {
    return a.bytes * b.flops > b.bytes * a.flops;
  });
  // Numbers that no call has.
  int64_t number = 0;
  for (auto [op, region] : regions)
    number = std::max(number, region + 1);
  for (const Segment &segment : llvm::ArrayRef(segments).take_front(policy.segments))
    for (Operation *op : segment.ops)
      regions[op] = number + (&segment - segments.data());
}

int64_t RecomputePlan::regionOf(Operation *op) const {
  auto found = regions.find(op);
  return found == regions.end() ? -1 : found->second;
}

/// Inside a @remat call: computed by it, and not read by the forward pass after it.
bool RecomputePlan::isInsideCall(Value value) const {
  int64_t region = regionOf(value.getDefiningOp());
  return region >= 0 && llvm::none_of(value.getUsers(), [&](Operation *user) {
           return ancestors.contains(user) && regionOf(user) != region;
         });
}

/// Values that the backward side reads, and those that they could be computed again from.
void RecomputePlan::findRelevant() {
  uint64_t bytes = 0;
  auto add = [&](Value value) {
    Operation *def = value.getDefiningOp();
    return def && forward.contains(def) && relevant.insert(value);
  };
  for (Operation &op : entry.getBody().front())
    if (backward.contains(&op))
      for (Value operand : op.getOperands())
        if (add(operand) && !isComputedInside(operand) &&
            kindOf(operand.getDefiningOp()) != FusionKind::Program)
          bytes += graph::expectedBytes(entry, operand);
  for (size_t i = 0; i < relevant.size(); ++i) {
    Operation *def = relevant[i].getDefiningOp();
    FusionKind kind = kindOf(def);
    if ((kind != FusionKind::Program && kind != FusionKind::Contraction) ||
        isInsideCall(relevant[i]))
      for (Value operand : def->getOperands())
        add(operand);
  }
  costPerFlop = bytes <= kCacheBytes ? kFlopInCache : kFlopInMemory;
}

// ---- What may be computed again ---------------------------------------------------------------

/// Does a kernel that computes the value again have to write it to memory, because a reader on the
/// backward side reads other elements of it than the one at hand?
bool RecomputePlan::isReadFromMemory(Value value) const {
  return llvm::any_of(value.getUsers(), [&](Operation *user) {
    bool isRead = backward.contains(user) ||
                  (forward.contains(user) && relevant.contains(user->getResult(0)));
    if (!isRead)
      return false; // only by the forward pass
    FusionKind kind = kindOf(user);
    if (kind == FusionKind::IndexMap && isComputedInside(value))
      return isReadFromMemory(user->getResult(0));
    if (kind == FusionKind::Contraction && forward.contains(user))
      return isInsideCall(user->getResult(0));
    return kind != FusionKind::Elementwise && kind != FusionKind::Reduction;
  });
}

/// Results and new values of variables are in memory until the end.
bool RecomputePlan::isKeptAnyway(Value value) const {
  return llvm::any_of(value.getUsers(), [](Operation *user) { return user->getNumResults() == 0; });
}

bool RecomputePlan::mayRecompute(Value value) const {
  Operation *def = value.getDefiningOp();
  if (isKeptAnyway(value))
    return false;
  bool atAnyPrice = isInsideCall(value);
  switch (kindOf(def)) {
  case FusionKind::Program:
    return false;
  case FusionKind::View:
    return true;
  case FusionKind::Source:
  case FusionKind::IndexMap:
  case FusionKind::Elementwise:
    return atAnyPrice || !isReadFromMemory(value);
  default:
    return atAnyPrice;
  }
}

bool RecomputePlan::isSharedCopy(Value value) const {
  switch (kindOf(value.getDefiningOp())) {
  case FusionKind::View:
    return false;
  case FusionKind::Source:
  case FusionKind::IndexMap:
  case FusionKind::Elementwise:
    return isReadFromMemory(value);
  default:
    return true;
  }
}

// ---- The cut ----------------------------------------------------------------------------------

int64_t RecomputePlan::costOfStoring(Value value) const {
  constexpr uint64_t most = uint64_t(1) << 38; // so that sums stay below FlowNetwork::kInfinite
  FusionKind kind = kindOf(value.getDefiningOp());
  if (kind == FusionKind::Program || isKeptAnyway(value))
    return 0;
  return std::min(graph::expectedBytes(entry, value), most) * kByte;
}

int64_t RecomputePlan::costOfRecomputing(Value value) const {
  constexpr uint64_t most = uint64_t(1) << 38;
  graph::SizeAttr flops = graph::countFlops(value.getDefiningOp());
  return std::min(graph::expectedValue(entry, flops), most) * costPerFlop;
}

void RecomputePlan::cut() {
  unsigned source = 2 * relevant.size(), sink = source + 1;
  FlowNetwork network(sink + 1);
  llvm::DenseMap<Value, unsigned> indexOf;
  for (auto [i, value] : llvm::enumerate(relevant))
    indexOf[value] = i;
  for (auto [i, value] : llvm::enumerate(relevant)) {
    unsigned in = 2 * i, out = in + 1;
    bool may = mayRecompute(value);
    network.addEdge(source, in, may ? costOfRecomputing(value) : FlowNetwork::kInfinite);
    bool mayStore = !may || !isInsideCall(value);
    network.addEdge(in, out, mayStore ? costOfStoring(value) : FlowNetwork::kInfinite);
    if (may)
      for (Value operand : value.getDefiningOp()->getOperands())
        if (auto found = indexOf.find(operand); found != indexOf.end())
          network.addEdge(2 * found->second + 1, in, FlowNetwork::kInfinite);
    if (llvm::any_of(value.getUsers(), [&](Operation *user) { return backward.contains(user); }))
      network.addEdge(out, sink, FlowNetwork::kInfinite);
  }
  std::vector<bool> onSinkSide = network.cutNearSink(source, sink);
  for (auto [i, value] : llvm::enumerate(relevant))
    if (onSinkSide[2 * i] && onSinkSide[2 * i + 1])
      recomputed.insert(value);
}
