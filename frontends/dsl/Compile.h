//===- Compile.h - From text to the graph dialect ---------------*- C++ -*-===//
//
// The whole frontend in one call: parse, check, emit. The result follows the contracts written in
// dialects/graph/ops/Program.td: a `graph.param` per parameter, a `graph.func` per entry, a
// `graph.data` and a `graph.train` per block. Operations carry the place in the user's file they
// compute; for code of the library that is the place of the call.
//
//===----------------------------------------------------------------------===//

#ifndef TENON_FRONTENDS_DSL_COMPILE_H
#define TENON_FRONTENDS_DSL_COMPILE_H

#include "frontends/dsl/Diagnostics.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"

#include <string>
#include <vector>

namespace tenon::dsl {

struct CompileOptions {
  /// `name=value` as given to -D: a file constant `past=48`, a hyper-parameter `bert.layers=24` or
  /// a setting of a train block `finetune.optimizer.lr=1e-4`. Values are written as in the
  /// language.
  std::vector<std::string> defines;
  /// The functions to emit, by entry name; empty: all. Data and train blocks are always emitted.
  std::vector<std::string> entries;
};

/// Compiles `source`, which `diags` owns. Returns a module that verifies, or null after reporting
/// at least one error. Loads the graph dialect into `context`. Warnings may be reported either way.
mlir::OwningOpRef<mlir::ModuleOp> compileToGraph(mlir::MLIRContext &context,
                                                 const SourceFile &source,
                                                 const CompileOptions &options,
                                                 DiagnosticEngine &diags);

} // namespace tenon::dsl

#endif // TENON_FRONTENDS_DSL_COMPILE_H
