// From the layouts of declarations to those of kernel arguments and results.
#include "compiler/fusion/Passes.h"
#include "mlir/IR/SymbolTable.h"
#include "llvm/ADT/MapVector.h"

namespace tenon::fusion {
#define GEN_PASS_DEF_ASSIGNLAYOUTS
#include "compiler/fusion/Passes.h.inc"
} // namespace tenon::fusion

using namespace mlir;
using namespace tenon;
using fuse::kLayoutAttrName;

namespace {

/// The layouts of a kernel's arguments, then results; null entries are row-major.
using Signature = SmallVector<Attribute>;

struct AssignLayouts : fusion::impl::AssignLayoutsBase<AssignLayouts> {
  void runOnOperation() override {
    SymbolTable symbols(getOperation());
    for (auto entry : getOperation().getOps<graph::FuncOp>())
      if (!entry.isExternal() && failed(visit(entry, symbols)))
        return signalPassFailure();
    for (auto &[kernel, copies] : variants)
      for (auto &[signature, function] : copies)
        setLayouts(function, signature);
  }

  LogicalResult visit(graph::FuncOp entry, SymbolTable &symbols) {
    auto layoutOf = [&](FlatSymbolRefAttr path) {
      return symbols.lookup(path.getValue())->getAttr(kLayoutAttrName);
    };
    DenseMap<Value, Attribute> layouts;
    auto setLayout = [&](Operation *op, Value value, Attribute layout) -> LogicalResult {
      auto [place, isNew] = layouts.try_emplace(value, layout);
      if (!isNew && place->second != layout)
        return op->emitOpError("stands for a value that lies elsewhere in another layout");
      return success();
    };
    for (Operation &op : entry.getBody().front()) {
      LogicalResult result = success();
      if (auto read = dyn_cast<graph::ReadOp>(op))
        result = setLayout(read, read.getY(), layoutOf(read.getPathAttr()));
      else if (auto write = dyn_cast<graph::WriteOp>(op))
        result = setLayout(write, write.getX(), layoutOf(write.getPathAttr()));
      if (failed(result))
        return failure();
    }
    for (Operation &op : entry.getBody().front()) {
      if (auto launch = dyn_cast<fuse::LaunchOp>(op)) {
        visitLaunch(launch, layouts, symbols);
        continue;
      }
      if (isa<graph::WriteOp>(op))
        continue;
      for (Value operand : op.getOperands())
        if (layouts.lookup(operand))
          return op.emitOpError("wants row-major memory of a value that lies in panels");
    }
    return success();
  }

  void visitLaunch(fuse::LaunchOp launch, const DenseMap<Value, Attribute> &layouts,
                   SymbolTable &symbols) {
    Signature signature;
    for (ValueRange values : {ValueRange(launch.getInputs()), ValueRange(launch.getOutputs())})
      for (Value value : values)
        signature.push_back(layouts.lookup(value));
    launch.setKernel(variantOf(launch, signature, symbols).getSymName());
  }

  /// The launch's kernel for these layouts; the first are those of the kernel itself.
  fuse::FuncOp variantOf(fuse::LaunchOp launch, const Signature &signature, SymbolTable &symbols) {
    auto kernel = symbols.lookup<fuse::FuncOp>(launch.getKernel());
    if (fuse::FuncOp original = originals.lookup(kernel))
      kernel = original; // the launch stands in a copy
    auto &copies = variants[kernel];
    for (auto &[known, function] : copies)
      if (known == signature)
        return function;
    fuse::FuncOp function = kernel;
    if (!copies.empty()) {
      function = kernel.clone();
      function.setSymName((kernel.getSymName() + "_" + Twine(copies.size())).str());
      symbols.insert(function, std::next(Block::iterator(copies.back().second)));
      originals[function] = kernel;
    }
    copies.push_back({signature, function});
    visitMembers(function, signature, symbols);
    return function;
  }

  /// The members of a merged kernel get the layouts of its arguments and results.
  void visitMembers(fuse::FuncOp function, ArrayRef<Attribute> signature, SymbolTable &symbols) {
    Block &body = function.getBody().front();
    DenseMap<Value, Attribute> layouts;
    for (auto [argument, layout] : llvm::zip(body.getArguments(), signature))
      layouts[argument] = layout;
    for (auto [result, layout] : llvm::zip(body.getTerminator()->getOperands(),
                                           signature.drop_front(body.getNumArguments())))
      layouts[result] = layout;
    for (auto member : body.getOps<fuse::LaunchOp>())
      visitLaunch(member, layouts, symbols);
  }

  static void setLayouts(fuse::FuncOp function, ArrayRef<Attribute> signature) {
    for (auto [i, layout] : llvm::enumerate(signature)) {
      if (!layout)
        continue;
      if (i < function.getNumArguments())
        function.setArgAttr(i, kLayoutAttrName, layout);
      else
        function.setResultAttr(i - function.getNumArguments(), kLayoutAttrName, layout);
    }
  }

  llvm::MapVector<fuse::FuncOp, SmallVector<std::pair<Signature, fuse::FuncOp>>> variants;
  DenseMap<fuse::FuncOp, fuse::FuncOp> originals; ///< of copies
};

} // namespace
