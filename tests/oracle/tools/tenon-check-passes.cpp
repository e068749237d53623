// Interprets a program before and after every pass up to kernels, and names the passes that change
// a result.
//
//   tenon-check-passes FILE.mlir|FILE.tenon
#include "compiler/fusion/Passes.h"
#include "compiler/pipeline/Pipeline.h"
#include "compiler/simplify/Passes.h"
#include "mlir/Pass/PassRegistry.h"
#include "tests/oracle/PassChecker.h"
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
  cl::opt<unsigned> level{"O", cl::Prefix, cl::init(3), cl::desc("optimisation level, 0 to 3")};
  cl::opt<std::string> passes{"passes", cl::desc("these instead, such as graph.func(tenon-simplify)")};
};
} // namespace

static mlir::LogicalResult addPasses(mlir::PassManager &passes, const Options &options) {
  if (!options.passes.empty()) {
    fusion::registerFusionPasses();
    simplify::registerSimplifyPasses();
    return mlir::parsePassPipeline(options.passes, passes);
  }
  for (pipeline::Phase phase :
       {pipeline::Phase::Autodiff, pipeline::Phase::Simplify, pipeline::Phase::Fuse})
    pipeline::addPhase(passes, phase, options.level, "x86-64-v3");
  return mlir::success();
}

int main(int argc, char **argv) {
  hideLibraryOptions();
  Options options;
  cl::ParseCommandLineOptions(argc, argv, "interprets a program before and after every pass\n");
  mlir::DialectRegistry registry;
  pipeline::registerDialects(registry);
  mlir::MLIRContext context(registry, mlir::MLIRContext::Threading::DISABLED);
  mlir::OwningOpRef<mlir::ModuleOp> module = readProgram(options.file, context);
  if (!module)
    return 1;

  mlir::PassManager passes(&context);
  auto owned = std::make_unique<PassChecker>(*module);
  PassChecker *checker = owned.get(); // the pass manager owns it
  passes.addInstrumentation(std::move(owned));
  if (failed(addPasses(passes, options)) || failed(passes.run(*module)))
    return 1;

  for (const std::string &failure : checker->failures())
    errs() << failure << '\n';
  for (const std::string &pass : checker->passes())
    outs() << "checked: " << pass << '\n';
  outs() << checker->passes().size() << " passes, " << checker->comparisons() << " comparisons, "
         << checker->failures().size() << " failed\n";
  return checker->failures().empty() && checker->comparisons() > 0 ? 0 : 1;
}
