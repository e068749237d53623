//===- tenon-translate.cpp - exec text to what tenonc emits ---------------===//
//
// Tests write exec modules by hand; this tool runs the last two phases on them.
//
//===----------------------------------------------------------------------===//

#include "compiler/serialize/Artifact.h"
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
enum class Output { Artifact, Object, Assembly, LlvmIr };

llvm::cl::opt<std::string> inputName(llvm::cl::Positional, llvm::cl::Required);
llvm::cl::opt<std::string> outputName("o", llvm::cl::init("-"));
llvm::cl::opt<std::string> modelName("name", llvm::cl::init("model"));
llvm::cl::opt<std::string> processor("mcpu", llvm::cl::init(targets::kDefaultCpu.str()));
llvm::cl::opt<unsigned> optLevel("O", llvm::cl::Prefix, llvm::cl::init(3));
llvm::cl::opt<Output>
    emit("emit", llvm::cl::init(Output::Artifact),
         llvm::cl::values(clEnumValN(Output::Artifact, "module", "a .tnm"),
                          clEnumValN(Output::Object, "obj", "a relocatable object"),
                          clEnumValN(Output::Assembly, "asm", "assembly"),
                          clEnumValN(Output::LlvmIr, "llvm", "optimised LLVM IR")));
} // namespace

static FailureOr<std::string> translate(ModuleOp module, const targets::TargetInfo &target) {
  cpu::CodegenOptions codegen;
  codegen.optLevel = optLevel;
  switch (emit) {
  case Output::Artifact:
    return serialize::translateToArtifact(module, target, codegen,
                                          {modelName, inputName, /*source=*/"", /*defines=*/{}});
  case Output::Object:
    return cpu::compileKernels(module, target, codegen, cpu::CodegenOutput::Object);
  case Output::Assembly:
    return cpu::compileKernels(module, target, codegen, cpu::CodegenOutput::Assembly);
  case Output::LlvmIr:
    return cpu::compileKernels(module, target, codegen, cpu::CodegenOutput::LlvmIr);
  }
  return failure();
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
  if (!module)
    return 1;
  FailureOr<std::string> bytes = translate(*module, *target);
  if (failed(bytes))
    return 1;
  std::string error;
  std::unique_ptr<llvm::ToolOutputFile> file = openOutputFile(outputName, &error);
  if (!file) {
    llvm::errs() << "error: " << error << '\n';
    return 1;
  }
  file->os() << *bytes;
  file->keep();
  return 0;
}
