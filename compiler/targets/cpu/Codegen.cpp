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

/// A module of its own with copies of the functions and constants of `module`.
static FailureOr<OwningOpRef<ModuleOp>> extractKernels(ModuleOp module) {
  OwningOpRef<ModuleOp> kernels(ModuleOp::create(module.getLoc(), "kernels"));
  OpBuilder b = OpBuilder::atBlockEnd(kernels->getBody());
  for (Operation &op : *module.getBody()) {
    if (auto function = dyn_cast<func::FuncOp>(op)) {
      if (function.isPublic() && !hasKernelType(function))
        return function.emitError("kernel must have type (!llvm.ptr, i64, i64) -> ()"), failure();
      Operation *copy = b.clone(op);
      if (function.isPrivate() && !function.isExternal()) // a helper: local, not only hidden
        copy->setAttr("llvm.linkage",
                      LLVM::LinkageAttr::get(module.getContext(), LLVM::Linkage::Internal));
    } else if (isa<memref::GlobalOp, LLVM::GlobalOp, LLVM::LLVMFuncOp>(op)) {
      b.clone(op);
    }
  }
  return kernels;
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
  LLVMInitializeX86TargetInfo();
  LLVMInitializeX86Target();
  LLVMInitializeX86TargetMC();
  LLVMInitializeX86AsmPrinter();
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

/// From the LLVM dialect on.
static llvm::Expected<std::string> compileLlvmDialect(ModuleOp module,
                                                      const targets::TargetInfo &target,
                                                      const CodegenOptions &options,
                                                      CodegenOutput output) {
  llvm::LLVMContext context;
  std::unique_ptr<llvm::Module> llvmModule = translateModuleToLLVMIR(module, context, "kernels");
  if (!llvmModule)
    return llvm::createStringError("kernels cannot be translated to LLVM IR");
  auto machine = createTargetMachine(target, options.optLevel);
  if (!machine)
    return machine.takeError();
  prepareModule(*llvmModule, **machine, target, options);
  optimize(*llvmModule, **machine, options.optLevel);
  if (output == CodegenOutput::LlvmIr) {
    std::string text;
    llvm::raw_string_ostream(text) << *llvmModule;
    return text;
  }
  if (output == CodegenOutput::Assembly)
    return generateCode(*llvmModule, **machine, llvm::CodeGenFileType::AssemblyFile);
  auto object = generateCode(*llvmModule, **machine, llvm::CodeGenFileType::ObjectFile);
  if (!object)
    return object.takeError();
  if (llvm::Error error = checkSelfContained(*object))
    return error;
  return object;
}

FailureOr<std::string> compileKernels(ModuleOp module, const targets::TargetInfo &target,
                                      const CodegenOptions &options, CodegenOutput output) {
  FailureOr<OwningOpRef<ModuleOp>> kernels = extractKernels(module);
  if (failed(kernels))
    return failure();
  PassManager passes(module.getContext());
  passes.enableVerifier(false); // conversions of what was verified; tenon-opt checks each of them
  buildKernelLoweringPipeline(passes);
  if (failed(passes.run(**kernels)))
    return failure();
  llvm::Expected<std::string> result = compileLlvmDialect(**kernels, target, options, output);
  if (!result)
    return module.emitError(llvm::toString(result.takeError())), failure();
  return std::move(*result);
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
