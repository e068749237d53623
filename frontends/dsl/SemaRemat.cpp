//===- SemaRemat.cpp - The marks @remat -----------------------------------------===//

#include "frontends/dsl/SemaRemat.h"
#include "dialects/graph/Graph.h"
#include "dialects/graph/Recompute.h"
#include "frontends/dsl/Sema.h"

using namespace llvm;
using namespace tenon::dsl::ast;

namespace tenon::dsl::sema {

/// The mark of the outermost call that `call` is part of, or null.
static const Attr *outermostMark(const Frame &call) {
  const Attr *mark = nullptr;
  for (const Frame *outer = call.caller; outer; outer = outer->caller)
    if (outer->remat)
      mark = outer->remat;
  return mark;
}

void RematMarks::enter(Frame &call, const Attr *ofFunction, bool isInLoss) {
  const Attr *ofMember = call.self ? call.self->remat : nullptr;
  call.remat = ofMember ? ofMember : ofFunction;
  if (!isInLoss)
    return;
  const Attr *around = outermostMark(call);
  for (const Attr *mark : {ofMember, ofFunction}) {
    if (!mark)
      continue;
    RematMark &told = marks[mark];
    told.place = mark->range;
    if (const Attr *counts = around ? around : call.remat; counts != mark)
      told.around = counts->range;
  }
}

void RematMarks::leave(const Frame &call, mlir::Operation *before, mlir::OpBuilder &builder,
                       bool isInLoss) {
  if (!call.remat || outermostMark(call))
    return;
  int64_t number = calls++;
  if (isInLoss)
    marks[call.remat].calls.push_back(number);
  mlir::Block *block = builder.getInsertionBlock();
  auto first = before ? std::next(before->getIterator()) : block->begin();
  for (mlir::Operation &op : make_range(first, builder.getInsertionPoint()))
    if (!isa<graph::ReadOp>(op))
      op.setAttr(graph::rematAttrName, builder.getI64IntegerAttr(number));
}

std::vector<RematMark> RematMarks::inOrder() const {
  std::vector<RematMark> list;
  for (const auto &entry : marks)
    list.push_back(entry.second);
  llvm::sort(list, [](const RematMark &a, const RematMark &b) {
    return a.place.begin < b.place.begin;
  });
  return list;
}

/// Tells passes of the marks, and the user of those that another one makes needless.
void Sema::tellRemat() {
  SmallVector<mlir::Attribute> list;
  for (const RematMark &mark : remat.inOrder()) {
    if (!mark.calls.empty())
      list.push_back(builder.getDictionaryAttr(
          {builder.getNamedAttr("at", loc(mark.place)),
           builder.getNamedAttr("calls", builder.getDenseI64ArrayAttr(mark.calls))}));
    else if (mark.around)
      report(diag::RematInside, mark.place).note(mark.around, "the mark that counts");
  }
  if (!list.empty())
    module->getOperation()->setAttr(graph::rematMarksAttrName, builder.getArrayAttr(list));
}

} // namespace tenon::dsl::sema
