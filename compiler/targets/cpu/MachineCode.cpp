//===- MachineCode.cpp - One LLVM module to bytes -------------------------===//

#include "compiler/targets/cpu/MachineCode.h"
#include "llvm/Analysis/TargetLibraryInfo.h"
#include "llvm/IR/LegacyPassManager.h"
#include "llvm/IR/Module.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/Object/ELFObjectFile.h"
#include "llvm/Passes/PassBuilder.h"
#include "llvm/Support/TargetSelect.h"

using namespace mlir;

namespace tenon::cpu {

static llvm::CodeGenOptLevel codeGenOptLevel(unsigned level) {
  static constexpr llvm::CodeGenOptLevel levels[] = {
      llvm::CodeGenOptLevel::None, llvm::CodeGenOptLevel::Less, llvm::CodeGenOptLevel::Default,
      llvm::CodeGenOptLevel::Aggressive};
  return levels[std::min(level, 3u)];
}

// The processor is named only as what to tune for (see prepareModule), so that it brings in no
// feature by the back door.
llvm::Expected<std::unique_ptr<llvm::TargetMachine>>
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

/// What kernels need of LLVM's optimizer. Loops are vectorized, unrolled and blocked when they get here,
/// and nothing lies on the stack; what is left are constants that members of a launch are called with,
/// address arithmetic that repeats, and what does not change in a loop. LLVM's own pipelines take two
/// to three times as long and give code that is no faster (../README.md).
static constexpr llvm::StringLiteral kKernelPasses =
    "ipsccp,cgscc(inline),"
    "function(early-cse<memssa>,instcombine<no-verify-fixpoint>,"
    "loop-simplify,lcssa,loop-mssa(loop-rotate,licm),loop(indvars),"
    "early-cse<memssa>,instcombine<no-verify-fixpoint>,simplifycfg),"
    "globaldce";

static void optimize(llvm::Module &module, llvm::TargetMachine &machine, unsigned optLevel) {
  llvm::LoopAnalysisManager loops;
  llvm::FunctionAnalysisManager functions;
  llvm::CGSCCAnalysisManager components;
  llvm::ModuleAnalysisManager modules;
  llvm::PassBuilder builder(&machine);
  llvm::TargetLibraryInfoImpl library = noLibrary(machine.getTargetTriple());
  functions.registerPass([&] { return llvm::TargetLibraryAnalysis(library); });
  builder.registerModuleAnalyses(modules);
  builder.registerCGSCCAnalyses(components);
  builder.registerFunctionAnalyses(functions);
  builder.registerLoopAnalyses(loops);
  builder.crossRegisterProxies(loops, functions, components, modules);
  llvm::ModulePassManager passes;
  if (optLevel == 0)
    passes = builder.buildO0DefaultPipeline(llvm::OptimizationLevel::O0);
  else
    llvm::cantFail(builder.parsePassPipeline(passes, kKernelPasses));
  passes.run(module, modules);
}

llvm::Expected<std::string> generateCode(llvm::Module &module, llvm::TargetMachine &machine,
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

llvm::Expected<std::string> compileModule(llvm::Module &module, const targets::TargetInfo &target,
                                          const CodegenOptions &options, CodegenOutput output) {
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

} // namespace tenon::cpu
