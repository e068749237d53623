// How many bytes values take for the sizes that an entry expects.
#ifndef TENON_COMPILER_MEMORY_EXPECTED_H
#define TENON_COMPILER_MEMORY_EXPECTED_H

#include "dialects/graph/Graph.h"

namespace tenon::memory {

/// Looks up the sizes of one entry in its `graph.size_hints`. For decisions about cost only: what
/// a call really takes is planned when its limits are known.
class ExpectedBytes {
public:
  /// Sizes without a hint are taken to be `kUnknownSize`.
  static constexpr int64_t kUnknownSize = 64;

  explicit ExpectedBytes(graph::FuncOp entry) : entry(entry) {}

  /// Elements of a value, at least 0; a number that saturates at 2^48.
  uint64_t elementsOf(mlir::Value value) const;
  uint64_t of(mlir::Value value) const;

private:
  graph::FuncOp entry;
};

} // namespace tenon::memory

#endif
