// Trains every train block of a program for a few steps, compiled and by the interpreter, and
// compares.
//
//   tenon-check-training FILE.tenon --batch 33 --steps 8
#include "compiler/pipeline/Pipeline.h"
#include "tests/oracle/CheckTraining.h"
#include "tests/oracle/tools/Module.h"
#include "tests/oracle/tools/Program.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;
using namespace tenon;
using namespace tenon::oracle;

namespace {
struct Options {
  cl::opt<std::string> file{cl::Positional, cl::Required, cl::desc("FILE.mlir|FILE.tenon")};
  cl::opt<int64_t> batch{"batch", cl::init(33), cl::desc("rows of most batches")};
  cl::opt<int64_t> steps{"steps", cl::init(8), cl::desc("how many")};
};
} // namespace

int main(int argc, char **argv) {
  hideLibraryOptions();
  Options options;
  cl::ParseCommandLineOptions(argc, argv, "compares training with the interpreter\n");
  mlir::DialectRegistry registry;
  pipeline::registerDialects(registry);
  mlir::MLIRContext context(registry, mlir::MLIRContext::Threading::DISABLED);
  mlir::OwningOpRef<mlir::ModuleOp> module = readProgram(options.file, context);
  if (!module)
    return 1;
  Findings findings;
  checkTraining(*module, options.batch, options.steps, findings);
  for (const std::string &failure : findings.failures)
    errs() << failure << '\n';
  outs() << findings.comparisons << " comparisons, " << findings.failures.size() << " failed\n";
  return findings.failures.empty() && findings.comparisons > 0 ? 0 : 1;
}
