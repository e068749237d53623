//===- tenon-translate.cpp - exec text to what tenonc emits ---------------===//
//
// Tests write exec modules by hand; this tool runs the last two phases on them.
//
//===----------------------------------------------------------------------===//

#include "compiler/serialize/Library.h"
#include "compiler/targets/cpu/Codegen.h"
#include "dialects/exec/Exec.h"
#include "dialects/graph/Graph.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Support/FileUtilities.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/SourceMgr.h"
#include "llvm/Support/ToolOutputFile.h"

using namespace mlir;
using namespace tenon;

namespace {
enum class Output { Artifact, Library, Object, Assembly, LlvmIr };

llvm::cl::opt<std::string> inputName(llvm::cl::Positional, llvm::cl::Required);
llvm::cl::opt<std::string> outputName("o", llvm::cl::init("-"));
llvm::cl::opt<std::string> modelName("name", llvm::cl::init("model"));
llvm::cl::opt<std::string> processor("mcpu", llvm::cl::init(targets::kDefaultCpu.str()));
llvm::cl::opt<unsigned> optLevel("O", llvm::cl::Prefix, llvm::cl::init(3));
llvm::cl::opt<Output> emit(
    "emit", llvm::cl::init(Output::Artifact),
    llvm::cl::values(clEnumValN(Output::Artifact, "module", "a .tnm"),
                     clEnumValN(Output::Library, "lib", "libNAME.a and NAME.h in the folder -o"),
                     clEnumValN(Output::Object, "obj", "a relocatable object"),
                     clEnumValN(Output::Assembly, "asm", "assembly"),
                     clEnumValN(Output::LlvmIr, "llvm", "optimised LLVM IR")));
} // namespace

static LogicalResult write(StringRef path, StringRef bytes) {
  std::string error;
  std::unique_ptr<llvm::ToolOutputFile> file = openOutputFile(path, &error);
  if (!file)
    return llvm::errs() << "error: " << error << '\n', failure();
  file->os() << bytes;
  file->keep();
  return success();
}

static LogicalResult translateToLibrary(ModuleOp module, const targets::TargetInfo &target,
                                        const cpu::CodegenOptions &codegen,
                                        const serialize::ArtifactOptions &options) {
  auto library = serialize::buildLibrary(module, target, codegen, options, modelName);
  if (failed(library))
    return failure();
  return success(succeeded(write(outputName + "/lib" + modelName + ".a", library->archive)) &&
                 succeeded(write(outputName + "/" + modelName + ".h", library->header)));
}

static LogicalResult translate(ModuleOp module, const targets::TargetInfo &target) {
  cpu::CodegenOptions codegen;
  codegen.optLevel = optLevel;
  serialize::ArtifactOptions options = {modelName, inputName, /*source=*/"", /*defines=*/{}};
  if (emit == Output::Library)
    return translateToLibrary(module, target, codegen, options);
  FailureOr<std::string> bytes = failure();
  if (emit == Output::Artifact)
    bytes = serialize::translateToArtifact(module, target, codegen, options);
  else
    bytes = cpu::compileKernels(module, target, codegen,
                                emit == Output::Object     ? cpu::CodegenOutput::Object
                                : emit == Output::Assembly ? cpu::CodegenOutput::Assembly
                                                           : cpu::CodegenOutput::LlvmIr);
  return failed(bytes) ? failure() : write(outputName, *bytes);
}

int main(int argc, char **argv) {
  llvm::cl::ParseCommandLineOptions(argc, argv, "exec text to what tenonc emits\n");
  llvm::Expected<targets::TargetInfo> target =
      targets::TargetInfo::get(targets::kDefaultTriple, processor);
  if (!target) {
    llvm::errs() << "error: " << llvm::toString(target.takeError()) << '\n';
    return 1;
  }
  DialectRegistry registry;
  registry.insert<graph::GraphDialect, exec::ExecDialect>();
  cpu::registerKernelDialects(registry);
  MLIRContext context(registry, MLIRContext::Threading::DISABLED);
  llvm::SourceMgr sources;
  SourceMgrDiagnosticHandler diagnostics(sources, &context);
  OwningOpRef<ModuleOp> module = parseSourceFile<ModuleOp>(inputName, sources, &context);
  return module && succeeded(translate(*module, *target)) ? 0 : 1;
}
