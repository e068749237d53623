// What a program takes of memory: liveness from the list of commands, places by the runtime's plan.
#include "compiler/memory/MemoryReport.h"
#include "compiler/memory/SizeBounds.h"
#include "runtime/schema/Plan.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace tenon;
using graph::SizeAttr;
using llvm::Expected;
using memory::EntryMemory;
using memory::MemoryLimits;

namespace {

constexpr uint64_t kAlignment = 64; // of every buffer, see runtime/schema/Plan.h

template <typename... Values> llvm::Error failure(const char *format, Values &&...values) {
  return llvm::createStringError(llvm::formatv(format, std::forward<Values>(values)...).str());
}

bool isOptimizerState(exec::StateOp state) { return state.getSymName().starts_with("optimizer."); }
/// The parameters that are evaluated and deployed in place of those that are trained.
bool isAverage(exec::StateOp state) { return state.getSymName().starts_with("optimizer.average."); }
/// The sum of a parameter's gradients over micro-batches.
bool isAccumulator(exec::StateOp state) {
  return state.getSymName().starts_with("optimizer.accumulated.");
}

template <typename Variable> uint64_t bytesOf(Variable variable) {
  return llvm::alignTo(variable.getStorageType().getBytes().getConstant().value_or(0), kAlignment);
}

class EntryMeasure {
public:
  EntryMeasure(exec::EntryOp entry, const MemoryLimits &limits) : entry(entry), limits(limits) {}

  Expected<EntryMemory> run() {
    for (StringRef name : entry.getSizes().getAsValueRange<StringAttr>())
      if (!limits.sizes.contains(name))
        return failure("'{0}' has a size '{1}' without a value; give one: {1}=N",
                       entry.getSymName(), name);
    measureArena();
    measureWorkspace();
    if (tooLarge)
      return failure("'{0}' takes more memory than there are addresses", entry.getSymName());
    return memory;
  }

private:
  /// The most bytes that a size can be, rounded up. Sets `tooLarge` where there is no such number.
  uint64_t aligned(SizeAttr size) {
    std::optional<memory::SizeBounds> bounds =
        memory::boundsOf(size, [&](StringRef name) -> std::optional<int64_t> {
          auto found = limits.sizes.find(name);
          return found == limits.sizes.end() ? std::nullopt : std::optional(found->second);
        });
    constexpr int64_t most = int64_t(1) << 48; // sums of these stay far below 2^64
    if (!bounds || bounds->high > most) {
      tooLarge = true;
      return 0;
    }
    return llvm::alignTo(std::max<int64_t>(bounds->high, 0), kAlignment);
  }

  /// A temporary lives from the first command that names it, or a view of it, to the last.
  void measureArena() {
    uint32_t command = 0;
    for (Operation &op : entry.getBody().front()) {
      if (!exec::isCommand(op))
        continue;
      for (Value operand : op.getOperands())
        use(operand, command, &op);
      ++command;
    }
    schema::ArenaPlan plan;
    tooLarge |= schema::planArena(buffers, &plan) != schema::PlanError::None;
    if (tooLarge)
      return;
    memory.gradients = gradientsAtPeak(plan.peak);
    memory.activations = plan.bytes - memory.gradients;
  }

  void use(Value operand, uint32_t command, Operation *op) {
    Value root = exec::ViewOp::getRoot(operand);
    if (!root.getDefiningOp<exec::TempOp>())
      return;
    auto [place, isNew] = positions.try_emplace(root, buffers.size());
    if (isNew) {
      buffers.push_back({aligned(cast<exec::BufferType>(root.getType()).getBytes()), command,
                         command, -1});
      isGradient.push_back(false);
    }
    buffers[place->second].last = command;
    isGradient[place->second] = isGradient[place->second] || updatesWith(root, op);
  }

  /// Does a command update a parameter, or the sum of its gradients, of the size of this buffer?
  /// Then it reads its gradient. (The command was told to by the optimizer; nothing here knows
  /// which.)
  bool updatesWith(Value root, Operation *op) {
    auto type = cast<exec::BufferType>(root.getType());
    auto isUpdated = [&](Value operand) {
      auto get = exec::ViewOp::getRoot(operand).getDefiningOp<exec::GetOp>();
      if (!get || cast<exec::BufferType>(get.getType()).getBytes() != type.getBytes())
        return false;
      Operation *variable = SymbolTable::lookupNearestSymbolFrom(entry, get.getVariableAttr());
      auto state = dyn_cast_or_null<exec::StateOp>(variable);
      return isa_and_nonnull<exec::ParamOp>(variable) || (state && isAccumulator(state));
    };
    return type.isStatic() && entry.getKind() == exec::EntryKind::Step &&
           llvm::any_of(op->getOperands(), isUpdated);
  }

  /// The bytes of gradients at the first command where as much lives as ever.
  uint64_t gradientsAtPeak(uint64_t peak) const {
    for (const schema::PlanBuffer &birth : buffers) {
      uint64_t alive = 0, gradients = 0;
      for (auto [i, buffer] : llvm::enumerate(buffers))
        if (buffer.first <= birth.first && birth.first <= buffer.last) {
          alive += buffer.bytes;
          gradients += isGradient[i] ? buffer.bytes : 0;
        }
      if (alive == peak)
        return gradients;
    }
    return 0;
  }

  void measureWorkspace() {
    uint64_t scratch = 0;
    for (auto launch : entry.getBody().front().getOps<exec::LaunchOp>())
      scratch = std::max(scratch, aligned(launch.getScratch()));
    memory.workspace = scratch * limits.threads;
    for (ArrayAttr tensors : {entry.getInputs(), entry.getOutputs()})
      for (auto tensor : tensors.getAsRange<exec::TensorAttr>())
        memory.workspace += aligned(tensor.getType().getBytes());
  }

  exec::EntryOp entry;
  const MemoryLimits &limits;
  EntryMemory memory;
  std::vector<schema::PlanBuffer> buffers;
  std::vector<bool> isGradient; ///< of each buffer
  llvm::DenseMap<Value, size_t> positions;
  bool tooLarge = false;
};

} // namespace

Expected<EntryMemory> memory::measureSession(exec::EntryOp entry, const MemoryLimits &limits) {
  return EntryMeasure(entry, limits).run();
}

/// The limits of micro-batches: the runtime cuts the first axis of all inputs into equal parts.
static MemoryLimits microLimits(exec::TrainOp train, exec::EntryOp step, MemoryLimits limits) {
  auto input = cast<exec::TensorAttr>(step.getInputs()[0]);
  int64_t &batch = limits.sizes[input.getType().getSizes()[0].getName()];
  batch = llvm::divideCeil(batch, train.getMicroBatches());
  return limits;
}

Expected<EntryMemory> memory::measureTrainer(exec::TrainOp train, const MemoryLimits &limits) {
  auto step = SymbolTable::lookupNearestSymbolFrom<exec::EntryOp>(train, train.getStepAttr());
  Expected<EntryMemory> most = measureSession(step, limits);
  for (FlatSymbolRefAttr name : {train.getCountsAttr(), train.getAccumulateAttr()}) {
    if (!most || !name)
      continue;
    auto entry = SymbolTable::lookupNearestSymbolFrom<exec::EntryOp>(train, name);
    Expected<EntryMemory> part = measureSession(entry, microLimits(train, step, limits));
    if (!part || part->total() > most->total())
      most = std::move(part);
  }
  if (!most)
    return most;
  most->workspace += step.getOutputs().size() * kAlignment; // results, each in a line of its own
  auto module = train->getParentOfType<ModuleOp>();
  most->weights = modelWeightBytes(module);
  for (auto state : module.getOps<exec::StateOp>())
    if (isAverage(state))
      most->weights += bytesOf(state);
    else if (isAccumulator(state))
      most->gradients += bytesOf(state);
    else if (isOptimizerState(state))
      most->optimizer += bytesOf(state);
  return most;
}

uint64_t memory::modelWeightBytes(ModuleOp module) {
  uint64_t bytes = 0;
  for (auto param : module.getOps<exec::ParamOp>())
    bytes += bytesOf(param);
  for (auto state : module.getOps<exec::StateOp>())
    if (!isOptimizerState(state))
      bytes += bytesOf(state);
  return bytes;
}

// ---- The table --------------------------------------------------------------------------------

static llvm::Error checkNames(ModuleOp module, const llvm::StringMap<int64_t> &sizes) {
  llvm::SetVector<StringRef> known;
  for (auto entry : module.getOps<exec::EntryOp>())
    for (StringRef name : entry.getSizes().getAsValueRange<StringAttr>())
      known.insert(name);
  std::string unknown; // the first by name
  for (StringRef name : sizes.keys())
    if (!known.contains(name) && (unknown.empty() || name < unknown))
      unknown = name.str();
  if (unknown.empty())
    return llvm::Error::success();
  return failure("no entry has a size '{0}'; there are: {1}", unknown,
                 llvm::join(known.getArrayRef(), ", "));
}

static void printRow(llvm::raw_ostream &os, StringRef name, const EntryMemory &memory) {
  os << llvm::formatv("{0,-24} {1,11} {2,11} {3,11} {4,11} {5,11} {6,11}\n", name, memory.weights,
                      memory.optimizer, memory.activations, memory.gradients, memory.workspace,
                      memory.total());
}

/// "m.step batch=64", "m.step batch=64/4" if the batch is cut into four parts.
static std::string nameWithSizes(exec::EntryOp entry, const MemoryLimits &limits, int64_t parts) {
  std::string name = entry.getSymName().str();
  for (StringRef size : entry.getSizes().getAsValueRange<StringAttr>())
    name += llvm::formatv(" {0}={1}", size, limits.sizes.lookup(size)).str();
  return parts == 1 ? name : name + "/" + std::to_string(parts);
}

llvm::Error memory::printMemory(ModuleOp module, MemoryLimits limits, llvm::raw_ostream &os) {
  if (llvm::Error error = checkNames(module, limits.sizes))
    return error;
  llvm::DenseMap<Operation *, exec::TrainOp> trainers; // by their step
  for (auto train : module.getOps<exec::TrainOp>()) {
    limits.sizes.try_emplace("batch", train.getBatch()); // the first wins
    trainers[SymbolTable::lookupNearestSymbolFrom(train, train.getStepAttr())] = train;
  }
  os << llvm::formatv("{0,-24} {1,11} {2,11} {3,11} {4,11} {5,11} {6,11}\n", "bytes", "weights",
                      "optimizer", "activations", "gradients", "workspace", "total");
  EntryMemory model, session;
  model.weights = modelWeightBytes(module);
  printRow(os, "model", model);
  for (auto entry : module.getOps<exec::EntryOp>()) {
    exec::TrainOp train = trainers.lookup(entry);
    bool isStep = entry.getKind() == exec::EntryKind::Step;
    if (isStep && !train)
      continue; // runs on micro-batches, within a step
    Expected<EntryMemory> memory =
        isStep ? measureTrainer(train, limits) : measureSession(entry, limits);
    if (!memory)
      return memory.takeError();
    printRow(os, nameWithSizes(entry, limits, isStep ? train.getMicroBatches() : 1), *memory);
    if (!isStep && memory->total() > session.total())
      session = *memory;
  }
  printRow(os, "session", session);
  os << llvm::formatv("for {0} thread{1}; a model is loaded once, a session takes its largest "
                      "entry, a step is a trainer\n",
                      limits.threads, limits.threads == 1 ? "" : "s");
  return llvm::Error::success();
}
