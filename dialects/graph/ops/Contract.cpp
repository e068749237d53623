// Contraction: sums of products over labelled axes.
#include "dialects/graph/Graph.h"

using namespace mlir;
using namespace tenon::graph;

LogicalResult ContractOp::inferReturnTypes(MLIRContext *, std::optional<Location> loc,
                                           Adaptor adaptor, SmallVectorImpl<Type> &types) {
  auto a = dyn_cast<SizedTensorType>(adaptor.getA().getType());
  auto b = dyn_cast<SizedTensorType>(adaptor.getB().getType());
  if (!a || !b || a.getElementType() != b.getElementType())
    return emitOptionalError(loc, "(C5) operands must be tensors of one element type");

  llvm::SmallDenseMap<int64_t, SizeAttr> sizeOf;
  auto bind = [&](SizedTensorType type, ArrayRef<int64_t> labels) -> LogicalResult {
    if (int64_t(labels.size()) != type.rank() ||
        DenseSet<int64_t>(labels.begin(), labels.end()).size() != labels.size())
      return emitOptionalError(loc, "(C1) want one distinct label per axis of ", type);
    for (auto [label, size] : llvm::zip(labels, type.getSizes()))
      if (SizeAttr known = sizeOf.try_emplace(label, size).first->second; known != size)
        return emitOptionalError(loc, "(C2) label ", label, " is ", known, " and ", size);
    return success();
  };
  if (failed(bind(a, adaptor.getLhs())) || failed(bind(b, adaptor.getRhs())))
    return failure();

  ArrayRef<int64_t> lhs = adaptor.getLhs(), rhs = adaptor.getRhs(), out = adaptor.getOut();
  if (DenseSet<int64_t>(out.begin(), out.end()).size() != out.size())
    return emitOptionalError(loc, "(C1) a label stands twice in the result");
  SmallVector<SizeAttr> sizes;
  for (int64_t label : out) {
    if (!sizeOf.contains(label))
      return emitOptionalError(loc, "(C3) label ", label, " of the result is in no operand");
    sizes.push_back(sizeOf[label]);
  }
  for (ArrayRef<int64_t> side : {lhs, rhs})
    for (int64_t label : side)
      if (!llvm::is_contained(out, label) &&
          !(llvm::is_contained(lhs, label) && llvm::is_contained(rhs, label)))
        return emitOptionalError(loc, "(C4) summed label ", label, " is in one operand only");
  types.push_back(SizedTensorType::get(a.getElementType(), sizes));
  return success();
}

SmallVector<Value> ContractOp::buildGradient(GraphBuilder &b, ValueRange dy) {
  return {b.contract(dy[0], getB(), getOut(), getRhs(), getLhs()),
          b.contract(dy[0], getA(), getOut(), getLhs(), getRhs())};
}
