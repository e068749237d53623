// Checks every function of a module: compiled code against the interpreter over edge shapes and
// kinds of inputs, and gradients against finite differences.
//
//   tenon-check-ops FILE.mlir --values plain,extreme --gradients apart
#include "compiler/pipeline/Pipeline.h"
#include "tests/oracle/Check.h"
#include "tests/oracle/EdgeSizes.h"
#include "tests/oracle/tools/Module.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;
using namespace tenon;
using namespace tenon::oracle;

namespace {

struct Options {
  cl::opt<std::string> file{cl::Positional, cl::Required, cl::desc("FILE.mlir")};
  cl::list<std::string> values{"values", cl::CommaSeparated,
                               cl::desc("kinds of inputs: plain positive apart extreme sprinkled")};
  cl::opt<std::string> gradients{"gradients", cl::desc("kind of inputs to differentiate at")};
  cl::opt<std::string> tolerance{"tolerance", cl::init("element"), cl::desc("element or tensor")};
  cl::list<std::string> sizes{"size", cl::desc("NAME=VALUE instead of the edge shapes")};
  cl::list<int64_t> borders{"borders", cl::CommaSeparated,
                            cl::desc("sizes around these instead of the edge shapes")};
  cl::opt<std::string> cpu{"mcpu", cl::init("x86-64-v3"), cl::desc("the processor to compile for")};
  cl::list<std::string> functions{"function", cl::desc("only these")};
};

class Checker {
public:
  Checker(mlir::ModuleOp module, const Options &options)
      : module(module), options(options), random(1),
        tolerance(options.tolerance == "tensor" ? Tolerance::Tensor : Tolerance::Element),
        givenSizes(cantFail(parseSizes(options.sizes))) {}

  Findings run() {
    std::vector<Fill> fills;
    for (const std::string &name : options.values)
      fills.push_back(fillOf(name));
    if (fills.empty())
      fills = {Fill::Plain};
    Expected<Builds> builds = Builds::create(module, options.cpu);
    if (!builds) {
      findings.fail(options.file, toString(builds.takeError()));
      return findings;
    }
    for (auto function : module.getOps<graph::FuncOp>()) {
      if (!options.functions.empty() && !is_contained(options.functions, function.getName()))
        continue;
      for (Fill fill : fills)
        checkFunction(function, *builds, fill);
      if (!options.gradients.empty())
        checkGradient(function, fillOf(options.gradients));
    }
    return findings;
  }

private:
  static Fill fillOf(StringRef name) {
    std::optional<Fill> fill = fillNamed(name);
    if (!fill) {
      errs() << "tenon-check-ops: no kind of inputs '" << name << "'\n";
      std::exit(1);
    }
    return *fill;
  }

  std::vector<Sizes> sizesFor(graph::FuncOp function, Fill fill) const {
    if (!givenSizes.empty())
      return {givenSizes};
    if (!options.borders.empty())
      return borderSizes(function, options.borders);
    std::vector<Sizes> sizes = edgeSizes(function);
    auto names = function->getAttrOfType<mlir::ArrayAttr>(graph::sizesAttrName);
    if (fill == Fill::Extreme && names.size() == 1) // room for every combination of values
      sizes = {{{cast<mlir::StringAttr>(names[0]).str(), extremeCount(function.getNumArguments())}}};
    return sizes;
  }

  Case makeCase(graph::FuncOp function, const Sizes &sizes, Fill fill, StringRef kind) {
    Case made;
    made.name = ("@" + function.getName() + " " + kind).str();
    for (const auto &[name, value] : sizes)
      made.name += " " + name + "=" + std::to_string(value);
    made.sizes = sizes;
    made.inputs = cantFail(makeInputs(function, sizes, fill, random));
    made.environment.stored = makeStored(module, random);
    made.environment.seed = 0x1F3DC0DE9B7A5511;
    made.environment.step = (int64_t(1) << 33) + 5; // of which 32 bits matter to random numbers
    made.environment.exampleOffset = 13;
    made.environment.totalSteps = 0; // as for every entry that is not a training step
    return made;
  }

  void checkFunction(graph::FuncOp function, const Builds &builds, Fill fill) {
    for (const Sizes &sizes : sizesFor(function, fill))
      checkValues(function, builds, makeCase(function, sizes, fill, "values"), tolerance, findings);
  }

  void checkGradient(graph::FuncOp function, Fill fill) {
    mlir::OwningOpRef<mlir::ModuleOp> gradientModule = buildGradientModule(function);
    if (!gradientModule)
      return; // no float result
    auto gradient = *gradientModule->getOps<graph::FuncOp>().begin();
    for (const Sizes &sizes : smallSizes(gradient))
      checkGradients(gradient, makeCase(gradient, sizes, fill, "gradient"), findings);

    Expected<Builds> builds = Builds::create(*gradientModule, options.cpu);
    if (!builds)
      return findings.fail("gradient of @" + function.getName(), toString(builds.takeError()));
    for (const Sizes &sizes : sizesFor(gradient, fill)) // adjoints are sums: of whole tensors
      checkValues(gradient, *builds, makeCase(gradient, sizes, fill, "gradient"),
                  Tolerance::Tensor, findings);
  }

  mlir::ModuleOp module;
  const Options &options;
  Random random;
  Tolerance tolerance;
  Sizes givenSizes;
  Findings findings;
};

} // namespace

int main(int argc, char **argv) {
  hideLibraryOptions();
  Options options;
  cl::ParseCommandLineOptions(argc, argv, "checks compiled code against the interpreter\n");
  mlir::DialectRegistry registry;
  pipeline::registerDialects(registry);
  mlir::MLIRContext context(registry, mlir::MLIRContext::Threading::DISABLED);
  mlir::OwningOpRef<mlir::ModuleOp> module = readModule(options.file, context);
  if (!module)
    return 1;

  Findings findings = Checker(*module, options).run();
  for (const std::string &failure : ArrayRef(findings.failures).take_front(40))
    errs() << failure << '\n';
  outs() << findings.comparisons << " comparisons, " << findings.failures.size() << " failed\n";
  return findings.failures.empty() && findings.comparisons > 0 ? 0 : 1;
}
