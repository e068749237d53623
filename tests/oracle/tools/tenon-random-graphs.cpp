// Checks random programs, forward and backward: compiled code against the interpreter, gradients
// against finite differences, the interpreter before against after every pass.
//
//   tenon-random-graphs --first 1 --count 20      checks the programs of these seeds
//   tenon-random-graphs --count 2000 --coverage   says too in how many each op and anchor was met
//   tenon-random-graphs --first 7 --print         prints the program of seed 7
#include "compiler/pipeline/Pipeline.h"
#include "dialects/fuse/Fuse.h"
#include "mlir/IR/Verifier.h"
#include "tests/oracle/Check.h"
#include "tests/oracle/PassChecker.h"
#include "tests/oracle/RandomGraphs.h"
#include "tests/oracle/tools/Module.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/raw_ostream.h"
#include <set>

using namespace llvm;
using namespace tenon;
using namespace tenon::oracle;

namespace {
struct Options {
  cl::opt<uint64_t> first{"first", cl::init(1), cl::desc("seed of the first program")};
  cl::opt<uint64_t> count{"count", cl::init(1), cl::desc("how many")};
  cl::opt<std::string> cpu{"mcpu", cl::init("x86-64-v3"), cl::desc("the processor to compile for")};
  cl::opt<bool> coverage{"coverage", cl::desc("say what was met, and fail if an op never was")};
  cl::opt<bool> print{"print", cl::desc("print the first program only")};
};

/// In how many programs, forward and backward, each op, each anchor and each layout was met.
class Coverage {
public:
  void note(mlir::ModuleOp module) {
    std::set<std::string> met;
    module.walk([&](mlir::Operation *op) {
      met.insert(op->getName().getStringRef().str());
      if (auto kernel = dyn_cast<fuse::FuncOp>(op))
        met.insert(("anchor " + fuse::stringifyAnchor(kernel.getAnchor())).str());
      if (auto layout = op->getAttrOfType<fuse::LayoutAttr>(fuse::kLayoutAttrName))
        met.insert(("layout " + fuse::stringifyLayoutKind(layout.getKind())).str());
    });
    for (const std::string &name : met)
      ++programs[name];
  }

  /// Prints all counts. Returns the ops that compute something which no program has; a gradient that
  /// is stopped on purpose is not what differences give.
  std::vector<std::string> report(mlir::MLIRContext &context, raw_ostream &os) const {
    for (const auto &[name, count] : programs)
      os << format("%6u %s\n", count, name.c_str());
    std::vector<std::string> missing;
    for (mlir::RegisteredOperationName op : context.getRegisteredOperations())
      if (computes(op) && op.getStringRef() != graph::StopGradientOp::getOperationName() &&
          !programs.count(op.getStringRef().str()))
        missing.push_back(op.getStringRef().str());
    return missing;
  }

private:
  static bool computes(mlir::RegisteredOperationName op) {
    return op.hasInterface<graph::ScalarBodyInterface>() ||
           op.hasInterface<graph::ReductionInterface>() ||
           op.hasInterface<graph::IndexMapInterface>() || op.hasInterface<graph::MoveInterface>();
  }

  std::map<std::string, unsigned> programs;
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

static void checkFunction(graph::FuncOp function, uint64_t seed, StringRef cpu,
                          Findings &findings) {
  Expected<Builds> builds = 
      Builds::create(function->getParentOfType<mlir::ModuleOp>(), cpu);
  if (!builds)
    return findings.fail("seed " + Twine(seed), toString(builds.takeError()));
  for (auto [n, m] : {std::pair(1, 1), std::pair(5, 2), std::pair(17, 9), std::pair(3, 33)})
    checkValues(function, *builds, makeCase(function, seed, n, m), Tolerance::Tensor, findings);
}

/// Every pass up to kernels keeps the results.
static void checkPasses(mlir::ModuleOp module, uint64_t seed, StringRef cpu, Findings &findings,
                        Coverage &coverage) {
  mlir::OwningOpRef<mlir::ModuleOp> copy = module.clone();
  mlir::PassManager passes(module.getContext());
  auto owned = std::make_unique<PassChecker>(*copy);
  PassChecker *checker = owned.get(); // the pass manager owns it
  passes.addInstrumentation(std::move(owned));
  for (pipeline::Phase phase : {pipeline::Phase::Simplify, pipeline::Phase::Fuse})
    pipeline::addPhase(passes, phase, /*optLevel=*/3, cpu);
  if (failed(passes.run(*copy)))
    return findings.fail("seed " + Twine(seed), "a pass fails");
  findings.comparisons += checker->comparisons();
  for (const std::string &failure : checker->failures())
    findings.fail("seed " + Twine(seed), failure);
  coverage.note(*copy);
}

static void checkSeed(mlir::MLIRContext &context, uint64_t seed, StringRef cpu, Findings &findings,
                      Coverage &coverage) {
  mlir::OwningOpRef<mlir::ModuleOp> module = makeRandomGraph(context, seed);
  if (failed(mlir::verify(*module)))
    return findings.fail("seed " + Twine(seed), "the program is not valid");
  auto function = *module->getOps<graph::FuncOp>().begin();
  coverage.note(*module);
  checkFunction(function, seed, cpu, findings);
  checkPasses(*module, seed, cpu, findings, coverage);

  mlir::OwningOpRef<mlir::ModuleOp> gradientModule = buildGradientModule(function);
  if (!gradientModule)
    return findings.fail("seed " + Twine(seed), "does not differentiate");
  auto gradient = *gradientModule->getOps<graph::FuncOp>().begin();
  checkFunction(gradient, seed, cpu, findings);
  checkPasses(*gradientModule, seed, cpu, findings, coverage);
  checkGradients(gradient, makeCase(gradient, seed, 2, 3), findings);
}

int main(int argc, char **argv) {
  hideLibraryOptions();
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
  Coverage coverage;
  for (uint64_t seed = options.first; seed < options.first + options.count; ++seed)
    checkSeed(context, seed, options.cpu, findings, coverage);
  if (options.coverage)
    for (const std::string &op : coverage.report(context, outs()))
      findings.fail("coverage", "no program has a " + op);
  for (const std::string &failure : findings.failures)
    errs() << failure << '\n';
  outs() << options.count << " programs, " << findings.comparisons << " comparisons, "
         << findings.failures.size() << " failed\n";
  return findings.failures.empty() && findings.comparisons > 0 ? 0 : 1;
}
