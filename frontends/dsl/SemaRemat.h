//===- SemaRemat.h - The marks @remat ---------------------------*- C++ -*-===//
//
// A call is under the mark of the member that is called, or else of the function. The operations of
// a call under a mark have a number in common (dialects/graph/Recompute.h), by which passes know
// them, and the module says for each mark which numbers are its.
//
//===----------------------------------------------------------------------===//

#ifndef TENON_FRONTENDS_DSL_SEMAREMAT_H
#define TENON_FRONTENDS_DSL_SEMAREMAT_H

#include "frontends/dsl/SemaScope.h"
#include "mlir/IR/Builders.h"
#include "llvm/ADT/MapVector.h"

namespace tenon::dsl::sema {

/// What came of a mark in the losses of train blocks.
struct RematMark {
  SourceRange place;
  llvm::SmallVector<int64_t> calls; // their numbers
  SourceRange around;               // the mark of a call that one of its calls is part of, or none
};

class RematMarks {
public:
  /// Tells a call, whose function has a mark or null, which mark it is under.
  void enter(Frame &call, const ast::Attr *ofFunction, bool isInLoss);

  /// Gives what the call emitted behind `before` (null: all of the block) its number, if it is under
  /// a mark and not part of a call that is. Reads of parameters have nothing to compute.
  void leave(const Frame &call, mlir::Operation *before, mlir::OpBuilder &builder, bool isInLoss);

  /// Those that a loss has calls of, in the order of the source.
  std::vector<RematMark> inOrder() const;

private:
  int64_t calls = 0; // so far, losses or not
  llvm::MapVector<const ast::Attr *, RematMark> marks;
};

} // namespace tenon::dsl::sema

#endif // TENON_FRONTENDS_DSL_SEMAREMAT_H
