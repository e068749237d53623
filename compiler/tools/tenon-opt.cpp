//===- tenon-opt.cpp - Runs single passes on text -------------------------===//

#include "compiler/autodiff/Passes.h"
#include "compiler/fusion/Passes.h"
#include "compiler/memory/Passes.h"
#include "compiler/schedule/Passes.h"
#include "compiler/simplify/Passes.h"
#include "compiler/targets/cpu/Codegen.h"
#include "dialects/exec/Exec.h"
#include "dialects/fuse/Fuse.h"
#include "dialects/graph/Graph.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Tools/mlir-opt/MlirOptMain.h"
#include "mlir/Transforms/Passes.h"

int main(int argc, char **argv) {
  mlir::DialectRegistry registry;
  registry.insert<tenon::graph::GraphDialect, tenon::fuse::FuseDialect, tenon::exec::ExecDialect>();
  tenon::cpu::registerKernelDialects(registry);

  mlir::registerTransformsPasses();
  tenon::autodiff::registerAutodiffPasses();
  tenon::fusion::registerFusionPasses();
  tenon::memory::registerMemoryPasses();
  tenon::schedule::registerSchedulePasses();
  tenon::simplify::registerSimplifyPasses();
  mlir::PassPipelineRegistration<> lowerKernels("tenon-lower-kernels",
                                                "From kernels to the LLVM dialect",
                                                tenon::cpu::buildKernelLoweringPipeline);
  return mlir::asMainReturnCode(
      mlir::MlirOptMain(argc, argv, "Tenon's passes, one at a time\n", registry));
}
