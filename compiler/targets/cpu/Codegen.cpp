//===- Codegen.cpp - Kernels to machine code, in process ------------------===//

#include "compiler/targets/cpu/Codegen.h"
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
#include "llvm/Analysis/TargetLibraryInfo.h"
#include "llvm/IR/LegacyPassManager.h"
#include "llvm/IR/Module.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/Object/ELFObjectFile.h"
#include "llvm/Passes/PassBuilder.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/Target/TargetMachine.h"
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
// LLVM: from the LLVM dialect to bytes
//===----------------------------------------------------------------------===//

static llvm::CodeGenOptLevel codeGenOptLevel(unsigned level) {
  static constexpr llvm::CodeGenOptLevel levels[] = {
      llvm::CodeGenOptLevel::None, llvm::CodeGenOptLevel::Less, llvm::CodeGenOptLevel::Default,
      llvm::CodeGenOptLevel::Aggressive};
  return levels[std::min(level, 3u)];
}

static llvm::OptimizationLevel optimizationLevel(unsigned level) {
  static const llvm::OptimizationLevel levels[] = {
      llvm::OptimizationLevel::O0, llvm::OptimizationLevel::O1, llvm::OptimizationLevel::O2,
      llvm::OptimizationLevel::O3};
  return levels[std::min(level, 3u)];
}

/// The code generator for exactly the features of `target`: the processor is named only as what to
/// tune for (see prepareModule), so that it brings in no feature by the back door.
static llvm::Expected<std::unique_ptr<llvm::TargetMachine>>
createTargetMachine(const targets::TargetInfo &target, unsigned optLevel) {
  static const bool isInitialised = [] {
    LLVMInitializeX86TargetInfo();
    LLVMInitializeX86Target();
    LLVMInitializeX86TargetMC();
    LLVMInitializeX86AsmPrinter();
    return true;
  }();
  (void)isInitialised;
  std::string error;
  llvm::Triple triple(target.triple);
  const llvm::Target *found = llvm::TargetRegistry::lookupTarget(triple, error);
  if (!found)
    return llvm::createStringError(error);
  std::string features;
  for (StringRef feature : target.features)
    features += (features.empty() ? "+" : ",+") + feature.str();
  llvm::TargetOptions options;
  options.AllowFPOpFusion = llvm::FPOpFusion::Standard; // contract only what carries the flag
  return std::unique_ptr<llvm::TargetMachine>(
      found->createTargetMachine(triple, "x86-64", features, options, llvm::Reloc::PIC_,
                                 /*CM=*/std::nullopt, codeGenOptLevel(optLevel)));
}

/// Gives the module its target, and each function the attributes that loading and debugging need.
static void prepareModule(llvm::Module &module, llvm::TargetMachine &machine,
                          const targets::TargetInfo &target, const CodegenOptions &options) {
  module.setTargetTriple(machine.getTargetTriple());
  module.setDataLayout(machine.createDataLayout());
  module.setPICLevel(llvm::PICLevel::BigPIC);
  for (llvm::Function &function : module) {
    if (function.isDeclaration())
      continue;
    function.addFnAttr(llvm::Attribute::NoUnwind);
    function.setUWTableKind(llvm::UWTableKind::Async); // backtraces through kernels
    function.addFnAttr("frame-pointer", "all");
    function.addFnAttr("tune-cpu", target.cpu);
    function.addFnAttr("reciprocal-estimates", "none");
    if (function.hasLocalLinkage())
      continue;
    function.setName(options.symbolPrefix + function.getName().str());
    function.setVisibility(llvm::GlobalValue::HiddenVisibility); // reached without a GOT
  }
}

/// No C library is there to call: forbids turning loops into memset and memcpy.
static llvm::TargetLibraryInfoImpl noLibrary(const llvm::Triple &triple) {
  llvm::TargetLibraryInfoImpl library(triple);
  library.disableAllFunctions();
  return library;
}

static void optimize(llvm::Module &module, llvm::TargetMachine &machine, unsigned optLevel) {
  llvm::PipelineTuningOptions tuning;
  tuning.LoopVectorization = false;
  tuning.SLPVectorization = false;
  tuning.LoopUnrolling = false;
  llvm::LoopAnalysisManager loops;
  llvm::FunctionAnalysisManager functions;
  llvm::CGSCCAnalysisManager components;
  llvm::ModuleAnalysisManager modules;
  llvm::PassBuilder builder(&machine, tuning);
  llvm::TargetLibraryInfoImpl library = noLibrary(machine.getTargetTriple());
  functions.registerPass([&] { return llvm::TargetLibraryAnalysis(library); });
  builder.registerModuleAnalyses(modules);
  builder.registerCGSCCAnalyses(components);
  builder.registerFunctionAnalyses(functions);
  builder.registerLoopAnalyses(loops);
  builder.crossRegisterProxies(loops, functions, components, modules);
  llvm::OptimizationLevel level = optimizationLevel(optLevel);
  llvm::ModulePassManager passes = level == llvm::OptimizationLevel::O0
                                       ? builder.buildO0DefaultPipeline(level)
                                       : builder.buildPerModuleDefaultPipeline(level);
  passes.run(module, modules);
}

static llvm::Expected<std::string> generateCode(llvm::Module &module, llvm::TargetMachine &machine,
                                                llvm::CodeGenFileType fileType) {
  llvm::SmallVector<char, 0> bytes;
  llvm::raw_svector_ostream stream(bytes);
  llvm::legacy::PassManager passes;
  passes.add(new llvm::TargetLibraryInfoWrapperPass(noLibrary(machine.getTargetTriple())));
  if (machine.addPassesToEmitFile(passes, stream, /*DwoOut=*/nullptr, fileType))
    return llvm::createStringError("LLVM cannot write this kind of file for " +
                                   machine.getTargetTriple().str());
  passes.run(module);
  return std::string(bytes.data(), bytes.size());
}

/// Succeeds if the object needs no symbol from outside, else an error with their names.
static llvm::Error checkSelfContained(StringRef object) {
  auto file = llvm::object::ObjectFile::createObjectFile(llvm::MemoryBufferRef(object, "kernels"));
  if (!file)
    return file.takeError();
  std::string missing;
  for (const llvm::object::SymbolRef &symbol : (*file)->symbols()) {
    auto flags = symbol.getFlags();
    if (!flags)
      return flags.takeError();
    auto name = symbol.getName();
    if (!name)
      return name.takeError();
    if ((*flags & llvm::object::SymbolRef::SF_Undefined) && !name->empty())
      missing += (missing.empty() ? "" : ", ") + name->str();
  }
  if (missing.empty())
    return llvm::Error::success();
  return llvm::createStringError("kernels call functions that do not exist at run time: " +
                                 missing);
}

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

static llvm::Expected<std::string> compilePiece(llvm::Module &module,
                                                const targets::TargetInfo &target,
                                                const CodegenOptions &options,
                                                CodegenOutput output) {
  auto machine = createTargetMachine(target, options.optLevel);
  if (!machine)
    return machine.takeError();
  prepareModule(module, **machine, target, options);
  optimize(module, **machine, options.optLevel);
  if (output == CodegenOutput::LlvmIr) {
    std::string text;
    llvm::raw_string_ostream(text) << module;
    return text;
  }
  if (output == CodegenOutput::Assembly)
    return generateCode(module, **machine, llvm::CodeGenFileType::AssemblyFile);
  auto object = generateCode(module, **machine, llvm::CodeGenFileType::ObjectFile);
  if (!object)
    return object.takeError();
  if (llvm::Error error = checkSelfContained(*object))
    return error;
  return object;
}

FailureOr<std::string> compileKernels(ModuleOp module, const targets::TargetInfo &target,
                                      const CodegenOptions &options, CodegenOutput output) {
  if (failed(checkKernelTypes(module)))
    return failure();
  OwningOpRef<ModuleOp> kernels = copyKernels(module, [](func::FuncOp) { return true; });
  FailureOr<Piece> piece = translate(*kernels);
  if (failed(piece))
    return failure();
  llvm::Expected<std::string> result = compilePiece(*piece->module, target, options, output);
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
          compilePiece(*pieces[i].module, target, options, CodegenOutput::Object));
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

//===----------------------------------------------------------------------===//
// The table of a linked model
//===----------------------------------------------------------------------===//

/// The constant `tenon_linked_model` and what it points to.
static std::unique_ptr<llvm::Module> buildLinkTable(llvm::LLVMContext &context,
                                                    const llvm::TargetMachine &machine,
                                                    const LinkTable &table) {
  auto module = std::make_unique<llvm::Module>("table", context);
  module->setTargetTriple(machine.getTargetTriple());
  module->setDataLayout(machine.createDataLayout());
  module->setPICLevel(llvm::PICLevel::BigPIC);
  auto *pointer = llvm::PointerType::get(context, 0);
  auto *i32 = llvm::Type::getInt32Ty(context), *i64 = llvm::Type::getInt64Ty(context);
  auto addConstant = [&](llvm::Constant *value, const llvm::Twine &name,
                         llvm::GlobalValue::LinkageTypes linkage) {
    return new llvm::GlobalVariable(*module, value->getType(), /*isConstant=*/true, linkage, value,
                                    name);
  };

  auto *kernelType =
      llvm::FunctionType::get(llvm::Type::getVoidTy(context), {pointer, i64, i64}, false);
  SmallVector<llvm::Constant *> addresses;
  for (const std::string &kernel : table.kernels) {
    auto *function =
        llvm::Function::Create(kernelType, llvm::GlobalValue::ExternalLinkage, kernel, *module);
    function->setVisibility(llvm::GlobalValue::HiddenVisibility);
    addresses.push_back(function);
  }
  auto *kernels = addConstant(
      llvm::ConstantArray::get(llvm::ArrayType::get(pointer, addresses.size()), addresses),
      "kernels", llvm::GlobalValue::InternalLinkage);
  auto *artifact =
      addConstant(llvm::ConstantDataArray::getString(context, table.artifact, /*AddNull=*/false),
                  "artifact", llvm::GlobalValue::InternalLinkage);
  artifact->setAlignment(llvm::Align(64));
  addConstant(
      llvm::ConstantStruct::getAnon({llvm::ConstantInt::get(i32, table.abiVersion),
                                     llvm::ConstantInt::get(i32, addresses.size()), kernels,
                                     artifact, llvm::ConstantInt::get(i64, table.artifact.size())}),
      table.symbol, llvm::GlobalValue::ExternalLinkage);
  return module;
}

FailureOr<std::string> compileLinkTable(Location loc, const targets::TargetInfo &target,
                                        const LinkTable &table) {
  auto machine = createTargetMachine(target, /*optLevel=*/2);
  if (!machine)
    return emitError(loc, llvm::toString(machine.takeError())), failure();
  llvm::LLVMContext context;
  std::unique_ptr<llvm::Module> module = buildLinkTable(context, **machine, table);
  auto object = generateCode(*module, **machine, llvm::CodeGenFileType::ObjectFile);
  if (!object)
    return emitError(loc, llvm::toString(object.takeError())), failure();
  return std::move(*object);
}

} // namespace tenon::cpu
