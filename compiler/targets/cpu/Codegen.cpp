//===- Codegen.cpp - Kernels to machine code, in process ------------------===//

#include "compiler/targets/cpu/MachineCode.h"
#include "mlir/Conversion/ArithToLLVM/ArithToLLVM.h"
#include "mlir/Conversion/ControlFlowToLLVM/ControlFlowToLLVM.h"
#include "mlir/Conversion/FuncToLLVM/ConvertFuncToLLVMPass.h"
#include "mlir/Conversion/IndexToLLVM/IndexToLLVM.h"
#include "mlir/Conversion/MathToLLVM/MathToLLVM.h"
#include "mlir/Conversion/MemRefToLLVM/MemRefToLLVM.h"
#include "mlir/Conversion/ReconcileUnrealizedCasts/ReconcileUnrealizedCasts.h"
#include "mlir/Conversion/SCFToControlFlow/SCFToControlFlow.h"
#include "mlir/Conversion/VectorToLLVM/ConvertVectorToLLVMPass.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlow.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Index/IR/IndexDialect.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/MemRef/Transforms/Passes.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Target/LLVMIR/Dialect/Builtin/BuiltinToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Dialect/LLVMIR/LLVMToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Export.h"
#include "llvm/IR/Module.h"
#include <atomic>
#include <thread>

using namespace mlir;

namespace tenon::cpu {

//===----------------------------------------------------------------------===//
// MLIR: from kernels to the LLVM dialect
//===----------------------------------------------------------------------===//

void registerKernelDialects(DialectRegistry &registry) {
  registry.insert<arith::ArithDialect, cf::ControlFlowDialect, func::FuncDialect,
                  index::IndexDialect, LLVM::LLVMDialect, math::MathDialect, memref::MemRefDialect,
                  scf::SCFDialect, vector::VectorDialect>();
  registerBuiltinDialectTranslation(registry);
  registerLLVMDialectTranslation(registry);
}

void buildKernelLoweringPipeline(OpPassManager &passes) {
  ConvertVectorToLLVMPassOptions vectorOptions;
  vectorOptions.force32BitVectorIndices = false; // a mask's bound may exceed 2^31
  passes.addPass(createConvertVectorToLLVMPass(vectorOptions));
  passes.addPass(createSCFToControlFlowPass());
  passes.addPass(memref::createExpandStridedMetadataPass());
  passes.addPass(createFinalizeMemRefToLLVMConversionPass());
  passes.addPass(createConvertMathToLLVMPass());
  passes.addPass(createConvertFuncToLLVMPass());
  passes.addPass(createConvertControlFlowToLLVMPass());
  passes.addPass(createArithToLLVMConversionPass());
  passes.addPass(createConvertIndexToLLVMPass());
  passes.addPass(createReconcileUnrealizedCastsPass());
}

/// C type of a kernel: see KernelAbi.h.
static bool hasKernelType(func::FuncOp function) {
  FunctionType type = function.getFunctionType();
  return type.getNumInputs() == 3 && type.getNumResults() == 0 &&
         isa<LLVM::LLVMPointerType>(type.getInput(0)) && type.getInput(1).isInteger(64) &&
         type.getInput(2).isInteger(64);
}

/// The functions chosen by `isChosen` and those that they call, one through another.
static DenseSet<Operation *> withCallees(ModuleOp module,
                                         function_ref<bool(func::FuncOp)> isChosen) {
  DenseSet<Operation *> found;
  SmallVector<func::FuncOp> rest;
  for (auto function : module.getOps<func::FuncOp>())
    if (function.isPublic() && isChosen(function))
      rest.push_back(function);
  while (!rest.empty()) {
    func::FuncOp function = rest.pop_back_val();
    if (!found.insert(function).second)
      continue;
    function.walk([&](func::CallOp call) {
      if (auto callee = module.lookupSymbol<func::FuncOp>(call.getCallee()))
        rest.push_back(callee);
    });
  }
  return found;
}

/// Copies of the kernels chosen by `isChosen`, and of all that kernels may refer to, in a module of
/// their own. A kernel that another one calls, as its share of a launch, is a helper there.
static OwningOpRef<ModuleOp> copyKernels(ModuleOp module,
                                         function_ref<bool(func::FuncOp)> isChosen) {
  OwningOpRef<ModuleOp> kernels(ModuleOp::create(module.getLoc(), "kernels"));
  OpBuilder b = OpBuilder::atBlockEnd(kernels->getBody());
  DenseSet<Operation *> needed = withCallees(module, isChosen);
  for (Operation &op : *module.getBody()) {
    if (auto function = dyn_cast<func::FuncOp>(op)) {
      if (!needed.contains(function))
        continue;
      auto copy = cast<func::FuncOp>(b.clone(op));
      bool isHelper = function.isPrivate() || !isChosen(function);
      if (isHelper && !function.isExternal()) { // local, not only hidden
        copy.setPrivate();
        copy->setAttr("llvm.linkage",
                      LLVM::LinkageAttr::get(module.getContext(), LLVM::Linkage::Internal));
      }
    } else if (isa<memref::GlobalOp, LLVM::GlobalOp, LLVM::LLVMFuncOp>(op)) {
      b.clone(op);
    }
  }
  return kernels;
}

static LogicalResult checkKernelTypes(ModuleOp module) {
  for (auto function : module.getOps<func::FuncOp>())
    if (function.isPublic() && !hasKernelType(function))
      return function.emitError("kernel must have type (!llvm.ptr, i64, i64) -> ()"), failure();
  return success();
}

/// Which of `count` pieces each kernel belongs to: the largest first, each to the smallest piece.
/// How large a kernel is, is how many ops it has.
static DenseMap<Operation *, unsigned> dealOut(ModuleOp module, unsigned count) {
  SmallVector<std::pair<size_t, func::FuncOp>> kernels;
  for (auto function : module.getOps<func::FuncOp>()) {
    size_t ops = 0;
    function.walk([&](Operation *) { ++ops; });
    if (function.isPublic())
      kernels.push_back({ops, function});
  }
  llvm::stable_sort(kernels, [](const auto &a, const auto &b) { return a.first > b.first; });
  SmallVector<size_t> sizes(count, 0);
  DenseMap<Operation *, unsigned> pieceOf;
  for (auto [ops, function] : kernels) {
    unsigned smallest = std::min_element(sizes.begin(), sizes.end()) - sizes.begin();
    pieceOf[function] = smallest;
    sizes[smallest] += ops;
  }
  return pieceOf;
}

static LogicalResult lowerToLlvmDialect(ModuleOp kernels) {
  PassManager passes(kernels.getContext());
  passes.enableVerifier(false); // conversions of what was verified; tenon-opt checks each of them
  buildKernelLoweringPipeline(passes);
  return passes.run(kernels);
}

//===----------------------------------------------------------------------===//
// LLVM: from the LLVM dialect to code
//===----------------------------------------------------------------------===//

/// Some of the kernels in LLVM IR. Pieces share nothing, so that each can be compiled on a thread of
/// its own.
struct Piece {
  std::unique_ptr<llvm::LLVMContext> context;
  std::unique_ptr<llvm::Module> module;
};

static FailureOr<Piece> translate(ModuleOp kernels) {
  if (failed(lowerToLlvmDialect(kernels)))
    return failure();
  Piece piece;
  piece.context = std::make_unique<llvm::LLVMContext>();
  piece.module = translateModuleToLLVMIR(kernels, *piece.context, "kernels");
  if (!piece.module)
    return kernels.emitError("kernels cannot be translated to LLVM IR"), failure();
  return piece;
}

FailureOr<std::string> compileKernels(ModuleOp module, const targets::TargetInfo &target,
                                      const CodegenOptions &options, CodegenOutput output) {
  if (failed(checkKernelTypes(module)))
    return failure();
  OwningOpRef<ModuleOp> kernels = copyKernels(module, [](func::FuncOp) { return true; });
  FailureOr<Piece> piece = translate(*kernels);
  if (failed(piece))
    return failure();
  llvm::Expected<std::string> result = compileModule(*piece->module, target, options, output);
  if (!result)
    return module.emitError(llvm::toString(result.takeError())), failure();
  return std::move(*result);
}

//===----------------------------------------------------------------------===//
// Several pieces at the same time
//===----------------------------------------------------------------------===//

/// Compiles the pieces on as many threads as the machine has.
static std::vector<llvm::Expected<std::string>> compilePieces(ArrayRef<Piece> pieces,
                                                              const targets::TargetInfo &target,
                                                              const CodegenOptions &options) {
  std::vector<std::optional<llvm::Expected<std::string>>> results(pieces.size());
  std::atomic<size_t> next{0};
  auto work = [&] {
    for (size_t i = next++; i < pieces.size(); i = next++)
      results[i].emplace(
          compileModule(*pieces[i].module, target, options, CodegenOutput::Object));
  };
  std::vector<std::thread> helpers;
  size_t threads = std::min<size_t>(pieces.size(), std::thread::hardware_concurrency());
  while (helpers.size() + 1 < threads)
    helpers.emplace_back(work);
  work();
  for (std::thread &helper : helpers)
    helper.join();
  std::vector<llvm::Expected<std::string>> objects;
  for (auto &result : results)
    objects.push_back(std::move(*result));
  return objects;
}

FailureOr<std::vector<std::string>> compileKernelObjects(ModuleOp module,
                                                         const targets::TargetInfo &target,
                                                         const CodegenOptions &options) {
  if (failed(checkKernelTypes(module)))
    return failure();
  unsigned count = std::clamp<size_t>(llvm::count_if(module.getOps<func::FuncOp>(), [](auto function) {
                                        return function.isPublic();
                                      }),
                                      1, kMostObjects);
  DenseMap<Operation *, unsigned> pieceOf = dealOut(module, count);
  SmallVector<Piece> pieces;
  for (unsigned i = 0; i < count; ++i) {
    OwningOpRef<ModuleOp> kernels =
        copyKernels(module, [&](func::FuncOp function) { return pieceOf.lookup(function) == i; });
    FailureOr<Piece> piece = translate(*kernels);
    if (failed(piece))
      return failure();
    pieces.push_back(std::move(*piece));
  }
  std::vector<std::string> objects;
  std::string errors; // all of them: an error that is not looked at aborts
  for (llvm::Expected<std::string> &object : compilePieces(pieces, target, options)) {
    if (object)
      objects.push_back(std::move(*object));
    else
      errors += (errors.empty() ? "" : "\n") + llvm::toString(object.takeError());
  }
  if (!errors.empty())
    return module.emitError(errors), failure();
  return objects;
}

} // namespace tenon::cpu
