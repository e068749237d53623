// Emits the code of every kernel and notes on it how it is launched.
#include "compiler/schedule/KernelLabel.h"
#include "compiler/schedule/Passes.h"
#include "compiler/targets/TargetInfo.h"
#include "compiler/targets/cpu/Codegen.h"
#include "compiler/targets/cpu/Kernels.h"
#include "dialects/exec/Exec.h"
#include "dialects/graph/Graph.h"
#include "dialects/graph/Work.h"

namespace tenon::schedule {
#define GEN_PASS_DEF_EMITKERNELS
#include "compiler/schedule/Passes.h.inc"
} // namespace tenon::schedule

using namespace mlir;
using namespace tenon;

namespace {

struct EmitKernels : schedule::impl::EmitKernelsBase<EmitKernels> {
  using EmitKernelsBase::EmitKernelsBase;

  void getDependentDialects(DialectRegistry &registry) const override {
    EmitKernelsBase::getDependentDialects(registry);
    cpu::registerKernelDialects(registry);
  }

  void runOnOperation() override {
    ModuleOp module = getOperation();
    FailureOr<targets::TargetInfo> target = targets::TargetInfo::getOrReport(cpu, module.getLoc());
    if (failed(target))
      return signalPassFailure();
    for (auto kernel : llvm::make_early_inc_range(module.getOps<fuse::FuncOp>()))
      if (failed(emit(kernel, *target)))
        return signalPassFailure();
    hideMembers();
  }

  /// Functions that only other kernels call are no kernels of the program.
  void hideMembers() {
    llvm::SmallDenseSet<StringAttr> launched, called;
    getOperation().walk([&](fuse::LaunchOp launch) {
      bool isMember = launch->getParentOfType<fuse::FuncOp>();
      (isMember ? called : launched).insert(launch.getKernelAttr().getAttr());
    });
    SymbolTable symbols(getOperation());
    for (auto kernel : getOperation().getOps<fuse::FuncOp>()) {
      StringAttr name = kernel.getSymNameAttr();
      if (!called.contains(name) || launched.contains(name))
        continue;
      auto emitted = kernel->getAttrOfType<FlatSymbolRefAttr>(fuse::kEmittedAttrName);
      auto function = symbols.lookup<func::FuncOp>(emitted.getAttr());
      function.setPrivate();
      function->removeAttr(exec::kWritesAttrName);
    }
  }

  LogicalResult emit(fuse::FuncOp kernel, const targets::TargetInfo &target) {
    OpBuilder builder = OpBuilder::atBlockEnd(getOperation().getBody());
    FailureOr<cpu::EmittedKernel> emitted = cpu::emitKernel(kernel, target, builder);
    if (failed(emitted))
      return failure();

    SmallVector<bool> writes(kernel.getNumArguments(), false);
    writes.append(kernel.getNumResults(), true);
    emitted->function.setSymName((kernel.getSymName() + ".cpu").str());
    emitted->function->setAttr(exec::kWritesAttrName, builder.getDenseBoolArrayAttr(writes));
    kernel->setAttr(fuse::kEmittedAttrName, FlatSymbolRefAttr::get(emitted->function));
    kernel->setAttr(fuse::kTilesAttrName, emitted->tiles);
    kernel->setAttr(fuse::kGrainAttrName, emitted->grain);
    kernel->setAttr(fuse::kScratchAttrName, emitted->scratch);
    noteWork(kernel);
    noteTileBytes(kernel, emitted->tileElements);
    emitted->function->setAttr(exec::kLabelAttrName, builder.getStringAttr(labelOf(kernel)));
    return success();
  }

  SmallVector<fuse::FuncOp> membersOf(fuse::FuncOp kernel) {
    SmallVector<fuse::FuncOp> members;
    for (auto launch : kernel.getBody().front().getOps<fuse::LaunchOp>())
      members.push_back(getOperation().lookupSymbol<fuse::FuncOp>(launch.getKernel()));
    return members;
  }

  /// In words; of a merged kernel, what its first member is and how many there are.
  std::string labelOf(fuse::FuncOp kernel) {
    SmallVector<fuse::FuncOp> members = membersOf(kernel);
    if (members.empty())
      return schedule::kernelLabel(kernel);
    return std::to_string(members.size()) + " kernels: " + schedule::kernelLabel(members[0]) + ", ...";
  }

  /// The work of a kernel's ops, or of its members, at the sizes that they are given.
  void noteWork(fuse::FuncOp kernel) {
    Block &body = kernel.getBody().front();
    graph::Work work = graph::countWork(body);
    for (auto [launch, member] : llvm::zip(body.getOps<fuse::LaunchOp>(), membersOf(kernel))) {
      graph::SizeAttr flops = graph::countWork(member.getBody().front()).flops;
      work.flops = work.flops.add(launch.atLaunch(member, flops));
    }
    if (work.flops)
      kernel->setAttr(fuse::kFlopsAttrName, work.flops);
    if (work.bytes)
      kernel->setAttr(fuse::kBytesAttrName, work.bytes);
  }

  void noteTileBytes(fuse::FuncOp kernel, ArrayRef<int64_t> tileElements) {
    if (llvm::none_of(tileElements, [](int64_t elements) { return elements != 0; }))
      return;
    SmallVector<int64_t> bytes;
    for (auto [type, elements] :
         llvm::zip(llvm::concat<const Type>(kernel.getArgumentTypes(), kernel.getResultTypes()),
                   tileElements))
      bytes.push_back(elements * ((cast<ShapedType>(type).getElementTypeBitWidth() + 7) / 8));
    kernel->setAttr(fuse::kTileBytesAttrName, DenseI64ArrayAttr::get(&getContext(), bytes));
  }
};

} // namespace
