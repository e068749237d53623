// Compiles fuse.func text in process and runs it on arrays.
#include "KernelRunner.h"
#include "compiler/targets/cpu/Codegen.h"
#include "compiler/targets/cpu/Kernels.h"
#include "dialects/graph/Graph.h"
#include "runtime/schema/KernelAbi.h"
#include "mlir/Parser/Parser.h"
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

struct KernelRunner::Implementation {
  std::unique_ptr<MLIRContext> context;
  OwningOpRef<ModuleOp> module;
  std::unique_ptr<llvm::orc::LLJIT> jit;
  std::map<std::string, Kernel> kernels;

  static int64_t evaluate(graph::SizeAttr size, const std::map<std::string, int64_t> &sizes) {
    auto value = size.evaluate([&](StringRef name) -> std::optional<int64_t> {
      auto it = sizes.find(name.str());
      return it == sizes.end() ? std::nullopt : std::optional<int64_t>(it->second);
    });
    if (!value)
      die("size " + size.str() + " cannot be evaluated");
    return *value;
  }
};

template <class T> static T check(llvm::Expected<T> value) {
  if (!value)
    die(llvm::toString(value.takeError()));
  return std::move(*value);
}

KernelRunner::KernelRunner(const std::string &text) : implementation(new Implementation) {
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
  if (getenv("TENON_TEST_PRINT"))
    llvm::errs() << *code;
  auto object = cpu::compileKernels(*code, target, {}, cpu::CodegenOutput::Object);
  if (failed(object))
    die("compilation failed");
  self.jit = check(llvm::orc::LLJITBuilder().create());
  if (auto error = self.jit->addObjectFile(llvm::MemoryBuffer::getMemBufferCopy(*object)))
    die(llvm::toString(std::move(error)));
  for (auto &[name, kernel] : self.kernels)
    kernel.function = check(self.jit->lookup(name)).toPtr<tenon_kernel_fn>();
}

KernelRunner::~KernelRunner() = default;

void KernelRunner::run(const std::string &name, const std::map<std::string, int64_t> &sizes,
                       std::vector<Array> buffers, int pieces, StepFields step) {
  const Kernel &kernel = implementation->kernels.at(name);
  std::vector<void *> pointers;
  for (Array &buffer : buffers)
    pointers.push_back(buffer.data<void>());
  std::vector<int64_t> values;
  for (const std::string &size : kernel.sizeNames)
    values.push_back(sizes.at(size));
  int64_t scratchBytes = Implementation::evaluate(kernel.scratch, sizes);
  Array scratch = Array::of(std::vector<uint8_t>(scratchBytes, 0xff)); // NaN, if read too early
  tenon_step fields{step.seed, step.step, step.total_steps, step.example_offset};
  tenon_kernel_args args{pointers.data(), values.data(), &fields, 0, scratch.data<void>()};

  int64_t tiles = Implementation::evaluate(kernel.tiles, sizes);
  for (int piece = 0; piece < pieces; ++piece)
    if (int64_t from = tiles * piece / pieces, to = tiles * (piece + 1) / pieces; from < to)
      kernel.function(&args, from, to);
}

double KernelRunner::time(const std::string &name, const std::map<std::string, int64_t> &sizes,
                          std::vector<Array> buffers, int repetitions) {
  auto now = [] { return std::chrono::steady_clock::now(); };
  double best = 1e30;
  for (int i = 0; i < repetitions; ++i) {
    auto start = now();
    run(name, sizes, buffers, 1);
    best = std::min(best, std::chrono::duration<double>(now() - start).count());
  }
  return best;
}
