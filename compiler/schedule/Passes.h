// The pass of the schedule phase.
#ifndef TENON_COMPILER_SCHEDULE_PASSES_H
#define TENON_COMPILER_SCHEDULE_PASSES_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Pass/Pass.h"

namespace tenon::schedule {

#define GEN_PASS_DECL
#include "compiler/schedule/Passes.h.inc"
#define GEN_PASS_REGISTRATION
#include "compiler/schedule/Passes.h.inc"

} // namespace tenon::schedule

#endif
