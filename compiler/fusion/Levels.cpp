#include "compiler/fusion/Levels.h"

using namespace mlir;
using namespace tenon;
using namespace tenon::fusion;

Levels::Levels(Block &block) : block(block) {
  for (auto kernel : block.getOps<fuse::KernelOp>()) {
    numberOf[kernel] = kernels.size();
    kernels.push_back(kernel);
  }
  after.resize(kernels.size());
  addReads();
  addUpdates();
  // Edges lead forward in program order.
  earliestLevel.assign(kernels.size(), 0);
  for (unsigned kernel = 0; kernel < kernels.size(); ++kernel) {
    levelCount = std::max(levelCount, earliestLevel[kernel] + 1);
    for (unsigned reader : after[kernel])
      earliestLevel[reader] = std::max(earliestLevel[reader], earliestLevel[kernel] + 1);
  }
}

/// The value that `value` is, looked at through views.
static Value viewed(Value value) {
  Operation *def = value.getDefiningOp();
  while (def && !isa<fuse::KernelOp>(def) && def->getNumOperands() == 1) {
    value = def->getOperand(0);
    def = value.getDefiningOp();
  }
  return value;
}

void Levels::addReads() {
  for (auto [number, kernel] : llvm::enumerate(kernels))
    for (Value input : kernel.getInputs())
      if (auto producer = viewed(input).getDefiningOp<fuse::KernelOp>())
        after[numberOf[producer]].insert(number);
}

void Levels::addUpdates() {
  DenseMap<Attribute, SmallVector<unsigned>> readers;
  for (auto [number, kernel] : llvm::enumerate(kernels))
    for (Value input : kernel.getInputs())
      if (auto read = viewed(input).getDefiningOp<graph::ReadOp>())
        readers[read.getPathAttr()].push_back(number);
  for (auto write : block.getOps<graph::WriteOp>())
    if (auto writer = viewed(write.getX()).getDefiningOp<fuse::KernelOp>())
      for (unsigned reader : readers.lookup(write.getPathAttr()))
        if (reader < numberOf[writer])
          after[reader].insert(numberOf[writer]);
}
