// The passes of the exec phase.
#ifndef TENON_COMPILER_MEMORY_PASSES_H
#define TENON_COMPILER_MEMORY_PASSES_H

#include "dialects/exec/Exec.h"
#include "dialects/fuse/Fuse.h"
#include "dialects/graph/Graph.h"
#include "mlir/Pass/Pass.h"

namespace tenon::memory {

#define GEN_PASS_DECL
#include "compiler/memory/Passes.h.inc"
#define GEN_PASS_REGISTRATION
#include "compiler/memory/Passes.h.inc"

} // namespace tenon::memory

#endif
