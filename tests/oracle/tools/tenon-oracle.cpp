// Interprets one function of a module and prints its results.
//
//   tenon-oracle FILE.mlir --size batch=2 --input "x=1,2,nan,-0.0"
//
// Arguments without --input, parameters and states are made from --seed.
#include "dialects/fuse/Fuse.h"
#include "tests/oracle/Inputs.h"
#include "tests/oracle/tools/Module.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;
using namespace tenon;
using namespace tenon::oracle;

namespace {
struct Options {
  cl::opt<std::string> file{cl::Positional, cl::Required, cl::desc("FILE.mlir")};
  cl::opt<std::string> entry{"entry", cl::desc("the function; default: the first")};
  cl::list<std::string> sizes{"size", cl::desc("NAME=VALUE of a size name")};
  cl::list<std::string> inputs{"input", cl::desc("NAME=ELEMENTS of an argument")};
  cl::opt<uint64_t> seed{"seed", cl::init(1), cl::desc("of everything not given")};
  cl::opt<bool> inDouble{"double", cl::desc("compute all floats in double precision")};
};
} // namespace

static graph::FuncOp findFunction(mlir::ModuleOp module, StringRef name) {
  for (auto function : module.getOps<graph::FuncOp>())
    if (name.empty() || function.getName() == name)
      return function;
  return {};
}

/// Made inputs, with those that the command line gives put in.
static Expected<std::vector<Tensor>> takeInputs(graph::FuncOp function, const Sizes &sizes,
                                                ArrayRef<std::string> given, Random &random) {
  Expected<std::vector<Tensor>> inputs = makeInputs(function, sizes, Fill::Plain, random);
  if (!inputs)
    return inputs;
  for (StringRef text : given) {
    auto [name, elements] = text.split('=');
    unsigned i = 0;
    while (i < inputs->size() && function.getArgName(i) != name)
      ++i;
    if (i == inputs->size())
      return createStringError("no argument '" + name + "'");
    Expected<Tensor> tensor = parseTensor(elements, (*inputs)[i].element, (*inputs)[i].shape);
    if (!tensor)
      return tensor.takeError();
    (*inputs)[i] = std::move(*tensor);
  }
  return inputs;
}

int main(int argc, char **argv) {
  hideLibraryOptions();
  Options options;
  cl::ParseCommandLineOptions(argc, argv, "interprets a function of the graph dialect\n");
  ExitOnError exitOnError("tenon-oracle: ");

  mlir::MLIRContext context;
  context.loadDialect<graph::GraphDialect, fuse::FuseDialect>();
  mlir::OwningOpRef<mlir::ModuleOp> module = readModule(options.file, context);
  if (!module)
    return 1;
  graph::FuncOp function = findFunction(*module, options.entry);
  if (!function) {
    errs() << "tenon-oracle: no such function\n";
    return 1;
  }

  Random random(options.seed);
  Environment environment;
  environment.stored = makeStored(*module, random);
  Sizes sizes = exitOnError(parseSizes(options.sizes));
  std::vector<Tensor> inputs =
      exitOnError(takeInputs(function, sizes, options.inputs, random));
  Outcome outcome =
      exitOnError(interpret(function, inputs, environment,
                            options.inDouble ? Precision::Double : Precision::Exact));
  for (auto [i, result] : enumerate(outcome.results))
    outs() << function.getResultName(i) << ": " << toText(result) << '\n';
  for (const auto &[path, value] : outcome.writes)
    outs() << path << " := " << toText(value) << '\n';
  return 0;
}
