// The passes of automatic differentiation; see Passes.td for what each does.
#ifndef TENON_COMPILER_AUTODIFF_PASSES_H
#define TENON_COMPILER_AUTODIFF_PASSES_H

#include "dialects/graph/Graph.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/Pass.h"

namespace tenon::autodiff {
#define GEN_PASS_DECL
#define GEN_PASS_REGISTRATION
#include "compiler/autodiff/Passes.h.inc"
} // namespace tenon::autodiff

#endif
