// Places: outputs first, then variables in place, then operands that die, then the arena.
#include "compiler/memory/Places.h"
#include "dialects/graph/SizeHints.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace tenon;
using namespace tenon::memory;

// ---- Kernels ----------------------------------------------------------------------------------

/// Does every use of `value` compute an element from the same element, up to the kernel's results and
/// its reductions? A transpose or a slice on the way reads another one.
static bool isUsedInPlace(Value value) {
  return llvm::all_of(value.getUsers(), [](Operation *user) {
    auto fusion = dyn_cast<graph::FusionInterface>(user);
    if (!fusion)
      return user->hasTrait<OpTrait::IsTerminator>();
    graph::FusionKind kind = fusion.getFusionKind();
    return isa<graph::ReductionInterface>(user) ||
           (kind == graph::FusionKind::Elementwise && llvm::all_of(user->getResults(), isUsedInPlace));
  });
}

/// Inputs of `output`'s type of which the kernel reads each element only to compute the same
/// element of its results: nothing is read too late, whatever the loops and threads.
static SmallVector<unsigned, 2> findOverwritable(ArrayRef<Value> inputs, Value output, Block &body) {
  SmallVector<unsigned, 2> found;
  for (auto [i, input] : llvm::enumerate(inputs)) {
    bool elementwise = llvm::all_of(body.getArgument(i).getUsers(), [](Operation *user) {
      auto fusion = dyn_cast<graph::FusionInterface>(user);
      return fusion && fusion.getFusionKind() == graph::FusionKind::Elementwise;
    });
    if (elementwise && input.getType() == output.getType() && isUsedInPlace(body.getArgument(i)))
      found.push_back(i);
  }
  return found;
}

/// `describeMember` describes a kernel in a multi_tensor kernel, whose values are those of `body`.
static Kernel describe(ValueRange inputs, ValueRange outputs, Block &body,
                       function_ref<Kernel(Operation *)> describeMember) {
  Kernel kernel{SmallVector<Value>(inputs), SmallVector<Value>(outputs), {}};
  for (auto [output, returned] : llvm::zip_equal(outputs, body.getTerminator()->getOperands())) {
    Operation *member = returned.getDefiningOp();
    if (!isa_and_present<fuse::KernelOp, fuse::LaunchOp>(member)) {
      kernel.overwritable.push_back(findOverwritable(kernel.inputs, output, body));
      continue;
    }
    Kernel inner = describeMember(member);
    SmallVector<unsigned, 2> &found = kernel.overwritable.emplace_back();
    for (unsigned input : inner.overwritable[cast<OpResult>(returned).getResultNumber()])
      if (auto argument = cast<BlockArgument>(inner.inputs[input]); argument.hasOneUse())
        found.push_back(argument.getArgNumber()); // no other member may still have to read it
  }
  return kernel;
}

Kernel memory::describeKernel(fuse::LaunchOp launch, const SymbolTable &symbols) {
  auto function = symbols.lookup<fuse::FuncOp>(launch.getKernel());
  Kernel kernel = describe(launch.getInputs(), launch.getOutputs(), function.getBody().front(),
                           [&](Operation *member) {
                             return describeKernel(cast<fuse::LaunchOp>(member), symbols);
                           });
  // The same element must be in the same place, too.
  for (auto [output, inputs] : llvm::enumerate(kernel.overwritable))
    llvm::erase_if(inputs, [&](unsigned input) {
      return function.getArgAttr(input, fuse::kLayoutAttrName) !=
             function.getResultAttr(output, fuse::kLayoutAttrName);
    });
  return kernel;
}

Kernel memory::describeKernel(fuse::KernelOp kernel) {
  return describe(kernel.getInputs(), kernel.getOutputs(), kernel.getBody().front(),
                  [](Operation *member) { return describeKernel(cast<fuse::KernelOp>(member)); });
}

Value memory::memoryRoot(Value value) {
  while (auto reshape = value.getDefiningOp<graph::ReshapeOp>())
    value = reshape.getX();
  return value;
}

// ---- Places -----------------------------------------------------------------------------------

Places::Places(Block &block, ArrayRef<Kernel> kernels) : kernels(kernels) {
  number(block);
  for (unsigned at = 0; at < kernels.size(); ++at)
    place(at);
}

/// For each memory root the last kernel that reads it. What is written to a variable is read at the
/// end, if it must be copied; so is what the entry returns.
void Places::number(Block &block) {
  for (auto [at, kernel] : llvm::enumerate(kernels))
    for (Value input : kernel.inputs)
      lastRead[memoryRoot(input)] = at;
  for (Operation &op : block) {
    if (auto read = dyn_cast<graph::ReadOp>(op))
      readsOf[read.getPathAttr()].push_back(read.getY());
    if (isa<graph::WriteOp, graph::ReturnOp>(op))
      for (Value operand : op.getOperands())
        lastRead[memoryRoot(operand)] = kernels.size();
  }
}

void Places::place(unsigned at) {
  llvm::SmallDenseSet<unsigned> reused;
  for (auto [output, value] : llvm::enumerate(kernels[at].outputs)) {
    std::optional<Place> found = placeInOutput(value);
    if (!found)
      found = placeInVariable(at, output);
    if (!found) {
      found = placeOverOperand(at, output, reused);
      temporaries[value] = {at, std::max(at, lastRead.lookup(value))};
    }
    places[value] = found.value_or(Place());
  }
}

/// The output that `value` is returned as, itself or reshaped; each output is given away once.
std::optional<Place> Places::placeInOutput(Value value) {
  for (OpOperand &use : value.getUses()) {
    if (isa<graph::ReturnOp>(use.getOwner())) {
      unsigned index = use.getOperandNumber();
      if (takenOutputs.insert(index).second)
        return Place{Place::Output, index, {}};
    } else if (auto reshape = dyn_cast<graph::ReshapeOp>(use.getOwner())) {
      if (std::optional<Place> output = placeInOutput(reshape.getY()))
        return output;
    }
  }
  return std::nullopt;
}

std::optional<Place> Places::placeInVariable(unsigned at, unsigned output) {
  for (Operation *user : kernels[at].outputs[output].getUsers())
    if (auto write = dyn_cast<graph::WriteOp>(user))
      if (canUpdate(at, output, write)) {
        updated.insert(write);
        return Place{Place::Variable, 0, write};
      }
  return std::nullopt;
}

std::optional<Place> Places::placeOverOperand(unsigned at, unsigned output,
                                              llvm::SmallDenseSet<unsigned> &reused) {
  for (auto [i, input] : llvm::enumerate(kernels[at].inputs)) {
    Value memory = memoryRoot(input);
    bool dies = temporaries.contains(memory) && lastRead.lookup(memory) == at;
    if (dies && !reused.contains(i) && mayOverwrite(at, output, i) &&
        llvm::count(kernels[at].inputs, input) == 1) {
      reused.insert(i);
      return Place{Place::Operand, unsigned(i), {}};
    }
  }
  return std::nullopt;
}

bool Places::mayOverwrite(unsigned at, unsigned output, unsigned input) const {
  ArrayRef<SmallVector<unsigned, 2>> overwritable = kernels[at].overwritable;
  return !overwritable.empty() && llvm::is_contained(overwritable[output], input);
}

/// May the kernel update the variable in place? If nothing reads its old value later, and it
/// itself only element by element.
bool Places::canUpdate(unsigned at, unsigned output, graph::WriteOp write) const {
  for (Value old : readsOf.lookup(write.getPathAttr())) {
    if (lastRead.lookup(old) > at)
      return false;
    for (auto [i, input] : llvm::enumerate(kernels[at].inputs))
      if (memoryRoot(input) == old && (input != old || !mayOverwrite(at, output, i)))
        return false;
  }
  return true;
}

// ---- Peak -------------------------------------------------------------------------------------

uint64_t Places::peakBytes(function_ref<uint64_t(Value)> bytesOf) const {
  std::vector<int64_t> change(kernels.size() + 2); // bytes more than at the kernel before
  for (const auto &[value, life] : temporaries) {
    int64_t bytes = llvm::alignTo(bytesOf(value), 64);
    // What is written over an operand begins to need memory of its own after the operand dies.
    change[life.first + (places.lookup(value).kind == Place::Operand)] += bytes;
    change[life.last + 1] -= bytes;
  }
  int64_t now = 0, peak = 0;
  for (int64_t step : change)
    peak = std::max(peak, now += step);
  return peak;
}

uint64_t memory::peakBytes(graph::FuncOp entry, ArrayRef<Kernel> kernels) {
  return Places(entry.getBody().front(), kernels).peakBytes([&](Value value) {
    return graph::expectedBytes(entry, value);
  });
}

uint64_t memory::peakBytes(graph::FuncOp entry, const SymbolTable &symbols) {
  std::vector<Kernel> kernels;
  for (Operation &op : entry.getBody().front()) {
    if (auto launch = dyn_cast<fuse::LaunchOp>(op))
      kernels.push_back(describeKernel(launch, symbols));
    else if (auto kernel = dyn_cast<fuse::KernelOp>(op))
      kernels.push_back(describeKernel(kernel));
  }
  return peakBytes(entry, kernels);
}
