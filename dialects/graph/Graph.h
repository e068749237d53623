// The graph dialect: everything a user of it includes.
#ifndef TENON_DIALECTS_GRAPH_GRAPH_H
#define TENON_DIALECTS_GRAPH_GRAPH_H

#include "dialects/graph/GraphBuilder.h"
#include "dialects/graph/ScalarBuilder.h"
#include "dialects/graph/Size.h"
#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/Interfaces/FunctionInterfaces.h"
#include "mlir/Interfaces/InferTypeOpInterface.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

namespace tenon::graph {

/// How fusion and code generation treat an op.
enum class FusionKind {
  Source,      ///< no tensor operand, cheap: cloned into every kernel that uses it
  Elementwise, ///< one result element from the operands' elements at the same index
  IndexMap,    ///< a result element is an operand element at permuted or dropped indices
  Move,        ///< a result element is an element of some operand, where an index leads, or 0
  View,        ///< the same bytes under another shape
  Reduction,   ///< some axes folded by a monoid
  Contraction, ///< sums of products over labelled axes
  Scatter,     ///< elements added up at places that are data
  Program      ///< reads, writes and structure: never inside a kernel
};

/// Where the index along one axis of an operand comes from, for an element of a result: from the
/// result's index i along `axis`, as offset + i, or offset - i if reversed; or, if there are `ids`,
/// from their element at the result's first indices.
struct AxisIndex {
  int64_t axis = -1;
  SizeAttr offset;
  bool isReversed = false;
  /// The index may lie outside the operand: then the element is not in the piece. Else it is known
  /// to lie inside, except that ids can be anything: one outside is an error of the call.
  bool mayMiss = false;
  mlir::Value ids;
};

/// Elements of a result that are elements of one operand.
struct Piece {
  unsigned operand = 0;
  llvm::SmallVector<AxisIndex> axes; ///< one for each axis of the operand
};

/// The attribute of a function, train or data op that lists the size names its body may use.
inline constexpr llvm::StringLiteral sizesAttrName = "graph.sizes";

} // namespace tenon::graph

#include "dialects/graph/GraphDialect.h.inc"

namespace tenon::graph::detail {
struct SizedTensorStorage;
}
#define GET_TYPEDEF_CLASSES
#include "dialects/graph/GraphTypes.h.inc"

#include "dialects/graph/GraphInterfaces.h.inc"

#define GET_OP_CLASSES
#include "dialects/graph/GraphOps.h.inc"

namespace tenon::graph {
inline SizedTensorType tensorType(mlir::Value value) {
  return llvm::cast<SizedTensorType>(value.getType());
}
} // namespace tenon::graph

#endif
