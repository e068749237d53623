// What a program takes of memory: liveness from the list of commands, places by the runtime's plan.
#include "compiler/memory/MemoryReport.h"
#include "runtime/schema/Plan.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace tenon;
using graph::SizeAttr;
using llvm::Expected;
using llvm::StringMap;

namespace {

constexpr uint64_t kAlignment = 64; // of every buffer, see runtime/schema/Plan.h

struct EntryMemory {
  uint64_t temporaries = 0;
  uint64_t scratch = 0; // a thread
  uint64_t arguments = 0;
};

template <typename... Values> llvm::Error failure(const char *format, Values &&...values) {
  return llvm::createStringError(llvm::formatv(format, std::forward<Values>(values)...).str());
}

class EntryMeasure {
public:
  EntryMeasure(exec::EntryOp entry, const StringMap<int64_t> &values)
      : entry(entry), values(values) {}

  Expected<EntryMemory> run() {
    for (StringRef name : entry.getSizes().getAsValueRange<StringAttr>())
      if (!values.contains(name))
        return failure("'{0}' has a size '{1}' without a value; give one: {1}=N",
                       entry.getSymName(), name);
    EntryMemory memory;
    measureScratch(memory);
    for (ArrayAttr tensors : {entry.getInputs(), entry.getOutputs()})
      for (auto tensor : tensors.getAsRange<exec::TensorAttr>())
        memory.arguments += aligned(tensor.getType().getBytes());
    measureTemporaries(memory);
    if (tooLarge)
      return failure("'{0}' takes more memory than there are addresses", entry.getSymName());
    return memory;
  }

private:
  /// The value of a size in bytes, rounded up. Sizes without a value in range set `tooLarge`.
  uint64_t aligned(SizeAttr size) {
    std::optional<int64_t> value = size.evaluate([&](StringRef name) -> std::optional<int64_t> {
      auto found = values.find(name);
      return found == values.end() ? std::nullopt : std::optional(found->second);
    });
    constexpr int64_t most = int64_t(1) << 48; // sums of these stay far below 2^64
    if (!value || *value > most) {
      tooLarge = true;
      return 0;
    }
    return llvm::alignTo(std::max<int64_t>(*value, 0), kAlignment);
  }

  void measureScratch(EntryMemory &memory) {
    for (auto launch : entry.getBody().front().getOps<exec::LaunchOp>())
      memory.scratch = std::max(memory.scratch, aligned(launch.getScratch()));
  }

  /// A temporary lives from the first command that names it, or a view of it, to the last.
  void measureTemporaries(EntryMemory &memory) {
    std::vector<schema::PlanBuffer> buffers;
    llvm::DenseMap<Value, size_t> positions;
    uint32_t command = 0;
    for (Operation &op : entry.getBody().front()) {
      if (!exec::isCommand(op))
        continue;
      for (Value operand : op.getOperands()) {
        Value root = exec::ViewOp::getRoot(operand);
        if (!root.getDefiningOp<exec::TempOp>())
          continue;
        auto [place, isNew] = positions.try_emplace(root, buffers.size());
        if (isNew) {
          SizeAttr bytes = cast<exec::BufferType>(root.getType()).getBytes();
          buffers.push_back({aligned(bytes), command, command, -1});
        }
        buffers[place->second].last = command;
      }
      ++command;
    }
    schema::ArenaPlan plan;
    tooLarge |= schema::planArena(buffers, &plan) != schema::PlanError::None;
    memory.temporaries = plan.bytes;
  }

  exec::EntryOp entry;
  const StringMap<int64_t> &values;
  bool tooLarge = false;
};

} // namespace

static llvm::Error checkNames(ModuleOp module, const StringMap<int64_t> &values) {
  llvm::SetVector<StringRef> known;
  for (auto entry : module.getOps<exec::EntryOp>())
    for (StringRef name : entry.getSizes().getAsValueRange<StringAttr>())
      known.insert(name);
  std::string unknown; // the first by name
  for (StringRef name : values.keys())
    if (!known.contains(name) && (unknown.empty() || name < unknown))
      unknown = name.str();
  if (unknown.empty())
    return llvm::Error::success();
  return failure("no entry has a size '{0}'; there are: {1}", unknown,
                 llvm::join(known.getArrayRef(), ", "));
}

template <typename Declaration> static int64_t bytesOfAll(ModuleOp module) {
  int64_t bytes = 0;
  for (auto declaration : module.getOps<Declaration>())
    bytes += declaration.getType().getBytes().getConstant().value_or(0);
  return bytes;
}

llvm::Error memory::printMemory(ModuleOp module, const StringMap<int64_t> &given,
                                llvm::raw_ostream &os) {
  if (llvm::Error error = checkNames(module, given))
    return error;
  StringMap<int64_t> values = given;
  for (auto train : module.getOps<exec::TrainOp>())
    values.try_emplace("batch", train.getBatch()); // the first wins
  os << llvm::formatv("{0,-24} {1,12} {2,16} {3,12}\n", "bytes", "temporaries", "scratch/thread",
                      "arguments");
  for (auto entry : module.getOps<exec::EntryOp>()) {
    Expected<EntryMemory> memory = EntryMeasure(entry, values).run();
    if (!memory)
      return memory.takeError();
    std::string name = entry.getSymName().str();
    for (StringRef size : entry.getSizes().getAsValueRange<StringAttr>())
      name += llvm::formatv(" {0}={1}", size, values.lookup(size)).str();
    os << llvm::formatv("{0,-24} {1,12} {2,16} {3,12}\n", name, memory->temporaries,
                        memory->scratch, memory->arguments);
  }
  os << llvm::formatv("parameters {0}, states {1}\n", bytesOfAll<exec::ParamOp>(module),
                      bytesOfAll<exec::StateOp>(module));
  return llvm::Error::success();
}
