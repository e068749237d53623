// Every phase and every pass, in order.
#include "compiler/pipeline/Pipeline.h"
#include "compiler/autodiff/Passes.h"
#include "compiler/fusion/Passes.h"
#include "compiler/memory/Passes.h"
#include "compiler/schedule/Passes.h"
#include "compiler/simplify/Passes.h"
#include "mlir/Transforms/Passes.h"
#include <chrono>
#include <deque>

using namespace mlir;
using namespace tenon;
using namespace tenon::pipeline;

void pipeline::addPhase(OpPassManager &passes, Phase phase, unsigned optLevel, StringRef cpu,
                        fusion::Explanation *explanation,
                        const simplify::RecomputePolicy &recompute) {
  switch (phase) {
  case Phase::Graph:
    return; // the frontend's work
  case Phase::Autodiff:
    // Data and train blocks become entries: forward, backward, update.
    passes.addPass(autodiff::createBuildEntriesPass());
    return;
  case Phase::Simplify:
    if (optLevel > 0) {
      passes.addNestedPass<graph::FuncOp>(simplify::createSimplifyPass());
      // Last: equal ops, once for the forward and once for the backward pass, are not merged again.
      simplify::SaveOrRecomputePassOptions options;
      options.segment = recompute.segment;
      options.segments = recompute.segments;
      passes.addNestedPass<graph::FuncOp>(simplify::createSaveOrRecomputePass(options));
    }
    return;
  case Phase::Fuse: {
    if (optLevel > 0)
      passes.addPass(fusion::createChooseLayouts());
    passes.addNestedPass<graph::FuncOp>(fusion::createSplitReductions());
    fusion::FormKernelsOptions options;
    options.fuse = optLevel > 0;
    passes.addNestedPass<graph::FuncOp>(fusion::createFormKernels(options, explanation));
    if (optLevel > 0) {
      fusion::SplitKernelsOptions splitting;
      splitting.cpu = cpu.str();
      passes.addNestedPass<graph::FuncOp>(fusion::createSplitKernels(splitting, explanation));
      fusion::InlineProducersOptions inlining;
      inlining.cpu = cpu.str();
      passes.addNestedPass<graph::FuncOp>(fusion::createInlineProducers(inlining, explanation));
    }
    fusion::MergeKernelsOptions merging;
    merging.merge = optLevel > 0;
    merging.cpu = cpu.str();
    passes.addNestedPass<graph::FuncOp>(fusion::createMergeKernels(merging, explanation));
    passes.addPass(fusion::createOutlineKernels());
    passes.addPass(fusion::createAssignLayouts());
    return;
  }
  case Phase::Schedule: {
    // Loop nests for the target.
    schedule::EmitKernelsOptions options;
    options.cpu = cpu.str();
    passes.addPass(schedule::createEmitKernels(options));
    return;
  }
  case Phase::Exec:
    // An order that needs little memory; then buffers, in-place updates, launches.
    passes.addPass(memory::createOrderKernels());
    passes.addPass(memory::createLowerToExec());
    return;
  }
}

namespace {
constexpr struct {
  Phase phase;
  StringLiteral name;
} phases[] = {{Phase::Graph, "graph"},       {Phase::Autodiff, "autodiff"},
              {Phase::Simplify, "simplify"}, {Phase::Fuse, "fuse"},
              {Phase::Schedule, "schedule"}, {Phase::Exec, "exec"}};
} // namespace

StringRef pipeline::nameOf(Phase phase) { return phases[unsigned(phase)].name; }

std::optional<Phase> pipeline::phaseNamed(StringRef name) {
  for (const auto &entry : phases)
    if (entry.name == name)
      return entry.phase;
  return std::nullopt;
}

void pipeline::registerDialects(DialectRegistry &registry) {
  registry.insert<graph::GraphDialect, fuse::FuseDialect, exec::ExecDialect>();
  cpu::registerKernelDialects(registry);
}

/// The phase that a module is in: that of the last form it contains.
static Phase phaseOf(ModuleOp module) {
  if (!module.getOps<exec::EntryOp>().empty())
    return Phase::Exec;
  for (auto kernel : module.getOps<fuse::FuncOp>())
    return kernel->hasAttr(fuse::kEmittedAttrName) ? Phase::Schedule : Phase::Fuse;
  return Phase::Graph;
}

LogicalResult pipeline::lower(ModuleOp module, Phase last, unsigned optLevel, StringRef cpu,
                              PhaseObserver observer, fusion::Explanation *explanation,
                              const simplify::RecomputePolicy &recompute) {
  Phase first = phaseOf(module);
  for (const auto &[phase, name] : phases) {
    if (phase > last)
      break;
    auto start = std::chrono::steady_clock::now();
    if (phase > first) {
      PassManager passes(module.getContext());
      addPhase(passes, phase, optLevel, cpu, explanation, recompute);
      if (failed(passes.run(module)))
        return failure();
    }
    if (observer)
      observer(name,
               std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start)
                   .count(),
               module);
  }
  return success();
}

FailureOr<std::string> pipeline::compileToArtifact(ModuleOp module, const Options &options,
                                                   const serialize::ArtifactOptions &artifact,
                                                   PhaseObserver observer) {
  // Each variant lowers a copy of its own, before the first overwrites the module.
  SmallVector<OwningOpRef<ModuleOp>> copies;
  SmallVector<ModuleOp> modules{module};
  for (size_t i = 1; i < options.cpus.size(); ++i) {
    copies.push_back(module.clone());
    modules.push_back(*copies.back());
  }

  // Addresses must stay while variants point to them.
  std::deque<targets::TargetInfo> targets;
  std::deque<serialize::CodeImage> images;
  std::vector<serialize::Variant> variants;
  for (auto [variantModule, cpu] : llvm::zip(modules, options.cpus)) {
    FailureOr<targets::TargetInfo> target =
        targets::TargetInfo::getOrReport(cpu, UnknownLoc::get(module.getContext()));
    if (failed(target))
      return failure();
    if (failed(lower(variantModule, Phase::Exec, options.optLevel, cpu, observer, nullptr,
                     options.recompute)))
      return failure();
    auto start = std::chrono::steady_clock::now();
    cpu::CodegenOptions codegen;
    codegen.optLevel = options.optLevel;
    FailureOr<serialize::CodeImage> image =
        serialize::buildCodeImage(variantModule, *target, codegen);
    if (failed(image))
      return failure();
    if (observer)
      observer("codegen",
               std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start)
                   .count(),
               variantModule);
    targets.push_back(std::move(*target));
    images.push_back(std::move(*image));
    variants.push_back({variantModule, &targets.back(), &images.back()});
  }
  return serialize::writeArtifact(variants, artifact);
}
