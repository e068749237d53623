// Compiles fuse.func text in process and runs it on arrays.
#include "KernelRunner.h"
#include "compiler/targets/cpu/Codegen.h"
#include "compiler/targets/cpu/Kernels.h"
#include "dialects/graph/Graph.h"
#include "mlir/Parser/Parser.h"
#include "runtime/schema/KernelAbi.h"
#include "llvm/ExecutionEngine/Orc/LLJIT.h"
#include <chrono>
#include <cstdlib>
#include <sys/mman.h>

using namespace mlir;
using namespace tenon;
using namespace tenon::test;

[[noreturn]] static void die(const llvm::Twine &what) {
  llvm::errs() << "KernelRunner: " << what << '\n';
  exit(1);
}

static constexpr size_t kPage = 4096;

Array::Array(size_t bytes) : size(bytes) {
  size_t readable = (bytes + kPage - 1) / kPage * kPage, all = readable + kPage;
  void *memory = mmap(nullptr, all, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED || mprotect(static_cast<char *>(memory) + readable, kPage, PROT_NONE))
    die("no memory");
  mapping = std::shared_ptr<void>(memory, [all](void *p) { munmap(p, all); });
  this->bytes = static_cast<char *>(memory) + readable - bytes;
}

namespace {
struct Kernel {
  tenon_kernel_fn function;
  std::vector<std::string> sizeNames;
  graph::SizeAttr tiles, scratch;
};
} // namespace

static int64_t evaluate(graph::SizeAttr size, const std::map<std::string, int64_t> &sizes) {
  auto value = size.evaluate([&](StringRef name) -> std::optional<int64_t> {
    auto it = sizes.find(name.str());
    return it == sizes.end() ? std::nullopt : std::optional<int64_t>(it->second);
  });
  if (!value)
    die("size " + size.str() + " cannot be evaluated");
  return *value;
}

struct KernelRunner::Implementation {
  std::unique_ptr<MLIRContext> context;
  OwningOpRef<ModuleOp> module;
  std::unique_ptr<llvm::orc::LLJIT> jit;
  std::map<std::string, Kernel> kernels;
};

template <class T> static T check(llvm::Expected<T> value) {
  if (!value)
    die(llvm::toString(value.takeError()));
  return std::move(*value);
}

KernelRunner::KernelRunner(const std::string &text, unsigned optLevel)
    : implementation(new Implementation) {
  DialectRegistry registry;
  registry.insert<graph::GraphDialect, fuse::FuseDialect>();
  cpu::registerKernelDialects(registry);
  auto &self = *implementation;
  self.context = std::make_unique<MLIRContext>(registry, MLIRContext::Threading::DISABLED);
  self.context->loadAllAvailableDialects();
  self.module = parseSourceString<ModuleOp>(text, self.context.get());
  if (!self.module)
    die("the text does not parse");

  targets::TargetInfo target = check(targets::TargetInfo::get());
  OwningOpRef<ModuleOp> code(ModuleOp::create(self.module->getLoc()));
  for (fuse::FuncOp source : self.module->getOps<fuse::FuncOp>()) {
    OpBuilder builder = OpBuilder::atBlockEnd(code->getBody());
    auto emitted = cpu::emitKernel(source, target, builder);
    if (failed(emitted))
      die("emission failed");
    Kernel kernel{nullptr, {}, emitted->tiles, emitted->scratch};
    for (Attribute name : source->getAttrOfType<ArrayAttr>(graph::sizesAttrName))
      kernel.sizeNames.push_back(cast<StringAttr>(name).str());
    self.kernels[source.getSymName().str()] = kernel;
  }
  cpu::CodegenOptions options;
  options.optLevel = optLevel;
  auto object = cpu::compileKernels(*code, target, options, cpu::CodegenOutput::Object);
  if (failed(object))
    die("compilation failed");
  self.jit = check(llvm::orc::LLJITBuilder().create());
  if (auto error = self.jit->addObjectFile(llvm::MemoryBuffer::getMemBufferCopy(*object)))
    die(llvm::toString(std::move(error)));
  for (auto &[name, kernel] : self.kernels)
    kernel.function = check(self.jit->lookup(name)).toPtr<tenon_kernel_fn>();
}

KernelRunner::~KernelRunner() = default;

namespace {
/// The arguments of a kernel, alive as long as this is.
struct Call {
  Call(const Kernel &kernel, const std::map<std::string, int64_t> &sizes,
       std::vector<Array> &buffers, StepFields step)
      // NaN, if scratch memory is read before it is written.
      : kernel(kernel), tiles(evaluate(kernel.tiles, sizes)),
        scratch(Array::of(std::vector<uint8_t>(evaluate(kernel.scratch, sizes), 0xff))),
        step{step.seed, step.step, step.total_steps, step.example_offset} {
    for (Array &buffer : buffers)
      pointers.push_back(buffer.data<void>());
    for (const std::string &size : kernel.sizeNames)
      values.push_back(sizes.at(size));
  }

  void run(int64_t from, int64_t to) {
    tenon_fault fault = {};
    tenon_kernel_args args{pointers.data(), values.data(), &step, 0, scratch.data<void>(), &fault};
    kernel.function(&args, from, to);
  }

  const Kernel &kernel;
  int64_t tiles;
  Array scratch;
  tenon_step step;
  std::vector<void *> pointers;
  std::vector<int64_t> values;
};
} // namespace

void KernelRunner::run(const std::string &name, const std::map<std::string, int64_t> &sizes,
                       std::vector<Array> buffers, int pieces, StepFields step) {
  for (int piece = 0; piece < pieces; ++piece)
    runPiece(name, sizes, buffers, piece, pieces, step);
}

void KernelRunner::runPiece(const std::string &name, const std::map<std::string, int64_t> &sizes,
                            std::vector<Array> buffers, int piece, int pieces, StepFields step) {
  Call call(implementation->kernels.at(name), sizes, buffers, step);
  int64_t from = call.tiles * piece / pieces, to = call.tiles * (piece + 1) / pieces;
  if (from < to)
    call.run(from, to);
}

double KernelRunner::time(const std::string &name, const std::map<std::string, int64_t> &sizes,
                          std::vector<Array> buffers, int repetitions) {
  using Clock = std::chrono::steady_clock;
  Call call(implementation->kernels.at(name), sizes, buffers, {});
  double best = 1e30;
  for (int i = 0; i < repetitions; ++i) {
    Clock::time_point start = Clock::now();
    call.run(0, call.tiles);
    best = std::min(best, std::chrono::duration<double>(Clock::now() - start).count());
  }
  return best;
}
