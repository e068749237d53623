// The passes of the fuse phase.
#ifndef TENON_COMPILER_FUSION_PASSES_H
#define TENON_COMPILER_FUSION_PASSES_H

#include "dialects/fuse/Fuse.h"
#include "dialects/graph/Graph.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/Pass.h"

namespace tenon::fusion {

#define GEN_PASS_DECL
#include "compiler/fusion/Passes.h.inc"
#define GEN_PASS_REGISTRATION
#include "compiler/fusion/Passes.h.inc"

} // namespace tenon::fusion

#endif
