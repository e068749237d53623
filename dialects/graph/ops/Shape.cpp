// Sources and changes of shape.
#include "dialects/graph/Graph.h"

using namespace mlir;
using namespace tenon::graph;

using Values = SmallVector<Value>;

// ---- Sources ----------------------------------------------------------------------------------

OpFoldResult ConstantOp::fold(FoldAdaptor) { return getValue(); }
LogicalResult ConstantOp::verify() {
  if (getValue().getType() != tensorType(getY()).getElementType())
    return emitOpError("(C1) the value is ")
           << getValue().getType() << " for elements of " << getY().getType();
  return success();
}
Values ConstantOp::buildGradient(GraphBuilder &, ValueRange) { return {}; }

LogicalResult IotaOp::verify() {
  if (int64_t(getAxis()) >= tensorType(getY()).rank() || int64_t(getAxis()) < 0)
    return emitOpError("(C1) no axis ") << getAxis() << " in " << getY().getType();
  return success();
}
Values IotaOp::buildGradient(GraphBuilder &, ValueRange) { return {}; }

LogicalResult SizeOp::verify() {
  if (tensorType(getY()).rank() != 0)
    return emitOpError("(C1) the result must have rank 0");
  return success();
}
Values SizeOp::buildGradient(GraphBuilder &, ValueRange) { return {}; }

// ---- broadcast --------------------------------------------------------------------------------

LogicalResult BroadcastOp::verify() {
  SizedTensorType x = tensorType(getX()), y = tensorType(getY());
  ArrayRef<int64_t> axes = getAxes();
  if (x.getElementType() != y.getElementType())
    return emitOpError("(C3) element types differ");
  if (int64_t(axes.size()) != x.rank() ||
      std::adjacent_find(axes.begin(), axes.end(), std::greater_equal<>()) != axes.end() ||
      (!axes.empty() && (axes.front() < 0 || axes.back() >= y.rank())))
    return emitOpError("(C1) axes must name, ascending, one axis of the result per operand axis");
  for (auto [size, axis] : llvm::zip(x.getSizes(), axes))
    if (size != y.getSizes()[axis])
      return emitOpError("(C2) axis ") << axis << " is " << size << " and " << y.getSizes()[axis];
  return success();
}
OpFoldResult BroadcastOp::fold(FoldAdaptor adaptor) {
  if (getX().getType() == getY().getType())
    return getX();
  return adaptor.getX(); // a splat stays one
}
Values BroadcastOp::buildGradient(GraphBuilder &b, ValueRange dy) {
  SmallVector<int64_t> added;
  for (int64_t axis = 0, rank = tensorType(getY()).rank(); axis < rank; ++axis)
    if (!llvm::is_contained(getAxes(), axis))
      added.push_back(axis);
  return {b.sum(dy[0], added)};
}
SmallVector<int64_t> BroadcastOp::getOperandAxes() { return llvm::to_vector(getAxes()); }

// ---- reshape ----------------------------------------------------------------------------------

LogicalResult ReshapeOp::verify() {
  SizedTensorType x = tensorType(getX()), y = tensorType(getY());
  if (x.getElementType() != y.getElementType())
    return emitOpError("(C2) element types differ");
  if (x.numElements() != y.numElements())
    return emitOpError("(C1) ") << x << " and " << y << " differ in their number of elements";
  return success();
}
OpFoldResult ReshapeOp::fold(FoldAdaptor adaptor) {
  if (getX().getType() == getY().getType())
    return getX();
  if (auto inner = getX().getDefiningOp<ReshapeOp>()) {
    getXMutable().assign(inner.getX());
    return getY();
  }
  return adaptor.getX();
}
Values ReshapeOp::buildGradient(GraphBuilder &b, ValueRange dy) {
  return {b.reshape(dy[0], tensorType(getX()).getSizes())};
}

// ---- transpose --------------------------------------------------------------------------------

static SmallVector<int64_t> inverse(ArrayRef<int64_t> permutation) {
  SmallVector<int64_t> result(permutation.size());
  for (auto [to, from] : llvm::enumerate(permutation))
    result[from] = to;
  return result;
}

LogicalResult TransposeOp::inferReturnTypes(MLIRContext *, std::optional<Location> loc,
                                            Adaptor adaptor, SmallVectorImpl<Type> &types) {
  auto x = dyn_cast<SizedTensorType>(adaptor.getX().getType());
  SmallVector<int64_t> sorted = llvm::to_vector(adaptor.getPermutation());
  llvm::sort(sorted);
  if (!x || !llvm::equal(sorted, llvm::seq<int64_t>(0, x.rank())))
    return emitOptionalError(loc, "(C1) not a permutation of the axes of ",
                             adaptor.getX().getType());
  SmallVector<SizeAttr> sizes;
  for (int64_t axis : adaptor.getPermutation())
    sizes.push_back(x.getSizes()[axis]);
  types.push_back(x.withSizes(sizes));
  return success();
}
OpFoldResult TransposeOp::fold(FoldAdaptor adaptor) {
  if (llvm::is_sorted(getPermutation()))
    return getX();
  auto inner = getX().getDefiningOp<TransposeOp>();
  if (inner && llvm::equal(getPermutation(), inverse(inner.getPermutation())))
    return inner.getX();
  return adaptor.getX();
}
Values TransposeOp::buildGradient(GraphBuilder &b, ValueRange dy) {
  return {b.transpose(dy[0], inverse(getPermutation()))};
}
SmallVector<int64_t> TransposeOp::getOperandAxes() { return inverse(getPermutation()); }
