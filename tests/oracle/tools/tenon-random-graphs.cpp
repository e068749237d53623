// Checks random programs, forward and backward: compiled code against the interpreter, gradients
// against finite differences, the interpreter before against after every pass.
//
//   tenon-random-graphs --first 1 --count 20      checks the programs of these seeds
//   tenon-random-graphs --first 7 --print         prints the program of seed 7
#include "compiler/pipeline/Pipeline.h"
#include "mlir/IR/Verifier.h"
#include "tests/oracle/Check.h"
#include "tests/oracle/PassChecker.h"
#include "tests/oracle/RandomGraphs.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;
using namespace tenon;
using namespace tenon::oracle;

namespace {
struct Options {
  cl::opt<uint64_t> first{"first", cl::init(1), cl::desc("seed of the first program")};
  cl::opt<uint64_t> count{"count", cl::init(1), cl::desc("how many")};
  cl::opt<bool> print{"print", cl::desc("print the first program only")};
};
} // namespace

static Case makeCase(graph::FuncOp function, uint64_t seed, int64_t n, int64_t m) {
  Random random(seed);
  Case made;
  made.name = ("seed " + Twine(seed) + " n=" + Twine(n) + " m=" + Twine(m)).str();
  made.sizes = {{"n", n}, {"m", m}};
  made.environment.stored = makeStored(function->getParentOp(), random);
  made.inputs = cantFail(makeInputs(function, made.sizes, Fill::Plain, random));
  return made;
}

static void checkFunction(graph::FuncOp function, uint64_t seed, Findings &findings) {
  Expected<Builds> builds = Builds::create(function->getParentOfType<mlir::ModuleOp>());
  if (!builds)
    return findings.fail("seed " + Twine(seed), toString(builds.takeError()));
  for (auto [n, m] : {std::pair(1, 1), std::pair(5, 2), std::pair(17, 9), std::pair(3, 33)})
    checkValues(function, *builds, makeCase(function, seed, n, m), Tolerance::Tensor, findings);
}

/// Every pass up to kernels keeps the results.
static void checkPasses(mlir::ModuleOp module, uint64_t seed, Findings &findings) {
  mlir::OwningOpRef<mlir::ModuleOp> copy = module.clone();
  mlir::PassManager passes(module.getContext());
  auto owned = std::make_unique<PassChecker>(*copy);
  PassChecker *checker = owned.get(); // the pass manager owns it
  passes.addInstrumentation(std::move(owned));
  for (pipeline::Phase phase : {pipeline::Phase::Simplify, pipeline::Phase::Fuse})
    pipeline::addPhase(passes, phase, /*optLevel=*/3, "x86-64-v3");
  if (failed(passes.run(*copy)))
    return findings.fail("seed " + Twine(seed), "a pass fails");
  findings.comparisons += checker->comparisons();
  for (const std::string &failure : checker->failures())
    findings.fail("seed " + Twine(seed), failure);
}

static void checkSeed(mlir::MLIRContext &context, uint64_t seed, Findings &findings) {
  mlir::OwningOpRef<mlir::ModuleOp> module = makeRandomGraph(context, seed);
  if (failed(mlir::verify(*module)))
    return findings.fail("seed " + Twine(seed), "the program is not valid");
  auto function = *module->getOps<graph::FuncOp>().begin();
  checkFunction(function, seed, findings);
  checkPasses(*module, seed, findings);

  mlir::OwningOpRef<mlir::ModuleOp> gradientModule = buildGradientModule(function);
  if (!gradientModule)
    return findings.fail("seed " + Twine(seed), "does not differentiate");
  auto gradient = *gradientModule->getOps<graph::FuncOp>().begin();
  checkFunction(gradient, seed, findings);
  checkPasses(*gradientModule, seed, findings);
  checkGradients(gradient, makeCase(gradient, seed, 2, 3), findings);
}

int main(int argc, char **argv) {
  Options options;
  cl::ParseCommandLineOptions(argc, argv, "checks random programs\n");
  mlir::DialectRegistry registry;
  pipeline::registerDialects(registry);
  mlir::MLIRContext context(registry, mlir::MLIRContext::Threading::DISABLED);
  context.loadAllAvailableDialects();
  if (options.print) {
    makeRandomGraph(context, options.first)->print(outs());
    return 0;
  }
  Findings findings;
  for (uint64_t seed = options.first; seed < options.first + options.count; ++seed)
    checkSeed(context, seed, findings);
  for (const std::string &failure : findings.failures)
    errs() << failure << '\n';
  outs() << options.count << " programs, " << findings.comparisons << " comparisons, "
         << findings.failures.size() << " failed\n";
  return findings.failures.empty() && findings.comparisons > 0 ? 0 : 1;
}
