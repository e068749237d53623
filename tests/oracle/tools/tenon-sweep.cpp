// Runs f32 functions over the whole range of f32, or over every STRIDE-th bit pattern of it, and
// compares with the interpreter.
//
//   tenon-sweep FILE.mlir --stride 997
//
// Each function takes and returns f32[n].
#include "compiler/pipeline/Pipeline.h"
#include "tests/oracle/Compare.h"
#include "tests/oracle/Compiled.h"
#include "tests/oracle/tools/Module.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/raw_ostream.h"
#include <cmath>
#include <cstring>

using namespace llvm;
using namespace tenon;
using namespace tenon::oracle;

namespace {

struct Options {
  cl::opt<std::string> file{cl::Positional, cl::Required, cl::desc("FILE.mlir")};
  cl::opt<uint64_t> stride{"stride", cl::init(997), cl::desc("between bit patterns")};
};

constexpr uint64_t patterns = uint64_t(1) << 32;
constexpr int64_t chunk = 1 << 20;

/// Of one function.
struct Result {
  uint64_t values = 0;
  double worstUnits = 0; ///< largest error in units in the last place
  double worstAt = 0;
  std::string failure;
};

} // namespace

/// The next `chunk` values from bit pattern `first` on.
static Tensor makeValues(uint64_t first, uint64_t stride) {
  int64_t count = int64_t(std::min<uint64_t>(chunk, (patterns - first + stride - 1) / stride));
  Tensor values(Element::F32, {count});
  for (int64_t i = 0; i < count; ++i) {
    uint32_t bits = uint32_t(first + uint64_t(i) * stride);
    float value;
    std::memcpy(&value, &bits, sizeof(value));
    values.reals[i] = value;
  }
  return values;
}

/// |actual - real| in steps of f32 at `real`, which is finite in f32.
static double unitsOff(double actual, double real) {
  int exponent = std::max(std::ilogb(real), -126) - 23; // zero gives a large negative number
  return std::fabs(actual - real) / std::ldexp(1.0, exponent);
}

static void addChunk(const Tensor &x, const Tensor &actual, const Tensor &exact,
                     const Tensor &real, Result &result) {
  result.values += uint64_t(x.count());
  result.failure = difference(actual, exact, real, Tolerance::Element, /*largest=*/0);
  for (int64_t i = 0; i < x.count(); ++i) {
    if (!std::isfinite(exact.reals[i]) || !std::isfinite(actual.reals[i]))
      continue;
    double units = unitsOff(actual.reals[i], real.reals[i]);
    if (units > result.worstUnits) {
      result.worstUnits = units;
      result.worstAt = x.reals[i];
    }
  }
}

static Result sweep(graph::FuncOp function, const Compiled &compiled, uint64_t stride) {
  Result result;
  Environment none;
  for (uint64_t first = 0; first < patterns && result.failure.empty(); first += stride * chunk) {
    Tensor x = makeValues(first, stride);
    Expected<Outcome> exact = interpret(function, {x}, none, Precision::Exact);
    Expected<Outcome> real = interpret(function, {x}, none, Precision::Double);
    Expected<std::vector<Tensor>> actual =
        compiled.run(function.getName(), {x}, {{"n", x.count()}}, none, /*threads=*/2);
    if (!exact || !real || !actual)
      result.failure = toString(joinErrors(joinErrors(exact.takeError(), real.takeError()),
                                           actual.takeError()));
    else
      addChunk(x, (*actual)[0], exact->results[0], real->results[0], result);
  }
  return result;
}

int main(int argc, char **argv) {
  hideLibraryOptions();
  Options options;
  cl::ParseCommandLineOptions(argc, argv, "compares f32 functions over the range of f32\n");
  mlir::DialectRegistry registry;
  pipeline::registerDialects(registry);
  mlir::MLIRContext context(registry, mlir::MLIRContext::Threading::DISABLED);
  mlir::OwningOpRef<mlir::ModuleOp> module = readModule(options.file, context);
  if (!module)
    return 1;
  ExitOnError exitOnError("tenon-sweep: ");
  Compiled compiled = exitOnError(Compiled::create(*module, /*optLevel=*/3));

  bool failed = false;
  for (auto function : module->getOps<graph::FuncOp>()) {
    Result result = sweep(function, compiled, std::max<uint64_t>(options.stride, 1));
    outs() << '@' << function.getName() << ": " << result.values << " values, at most "
           << format("%.2f", result.worstUnits) << " units in the last place, at "
           << format("%.9g", result.worstAt) << '\n';
    if (!result.failure.empty())
      errs() << '@' << function.getName() << ": " << result.failure << '\n';
    failed |= !result.failure.empty();
  }
  return failed ? 1 : 0;
}
