// Moves: slices, pads, concatenations, gathers and what gathers scatter back.
#include "dialects/graph/Graph.h"

using namespace mlir;
using namespace tenon::graph;

using Values = SmallVector<Value>;

static SmallVector<SizeAttr> sizesIn(ArrayAttr list) {
  return llvm::map_to_vector(list, [](Attribute size) { return cast<SizeAttr>(size); });
}

static SizeAttr zeroSize(MLIRContext *context) { return SizeAttr::constant(context, 0); }

/// Every index is that of the result.
static SmallVector<AxisIndex> sameIndices(SizedTensorType type) {
  SmallVector<AxisIndex> axes;
  for (int64_t axis = 0; axis < type.rank(); ++axis) {
    axes.emplace_back();
    axes.back().axis = axis;
    axes.back().offset = zeroSize(type.getContext());
  }
  return axes;
}

/// The three constraints of slice and pad: `inner` lies in `outer` from `starts` on.
static LogicalResult verifyBlock(Operation *op, SizedTensorType inner, SizedTensorType outer,
                                 ArrayAttr starts, StringRef name) {
  if (inner.getElementType() != outer.getElementType() || inner.rank() != outer.rank() ||
      int64_t(starts.size()) != outer.rank())
    return op->emitOpError("(C1) want one rank and element type, and one ")
           << name << " per axis: " << inner << ", " << outer;
  for (auto [axis, start] : llvm::enumerate(sizesIn(starts))) {
    if (start.getConstant().value_or(0) < 0)
      return op->emitOpError("(C2) ") << name << " " << start.str() << " of axis " << axis;
    SizeAttr rest = outer.getSizes()[axis].sub(start.add(inner.getSizes()[axis]));
    if (!rest || rest.getConstant().value_or(0) < 0)
      return op->emitOpError("(C3) axis ")
             << axis << ": " << start.str() << " + " << inner.getSizes()[axis].str()
             << " is more than " << outer.getSizes()[axis].str();
  }
  return success();
}

// ---- slice ------------------------------------------------------------------------------------

LogicalResult SliceOp::verify() {
  return verifyBlock(*this, tensorType(getY()), tensorType(getX()), getStarts(), "start");
}
OpFoldResult SliceOp::fold(FoldAdaptor adaptor) {
  if (getX().getType() == getY().getType())
    return getX();
  return adaptor.getX(); // a splat stays one
}
Values SliceOp::buildGradient(GraphBuilder &b, ValueRange dy) {
  return {b.pad(dy[0], tensorType(getX()).getSizes(), sizesIn(getStarts()))};
}
SmallVector<Piece> SliceOp::getPieces() {
  Piece piece{0, sameIndices(tensorType(getY()))};
  for (auto [axis, start] : llvm::zip(piece.axes, sizesIn(getStarts())))
    axis.offset = start;
  return {piece};
}

// ---- pad --------------------------------------------------------------------------------------

LogicalResult PadOp::verify() {
  return verifyBlock(*this, tensorType(getX()), tensorType(getY()), getLow(), "low");
}
OpFoldResult PadOp::fold(FoldAdaptor adaptor) {
  if (getX().getType() == getY().getType())
    return getX();
  Attribute x = adaptor.getX();
  auto real = dyn_cast_if_present<FloatAttr>(x);
  auto integer = dyn_cast_if_present<IntegerAttr>(x);
  bool isZero = (real && real.getValue().isPosZero()) || (integer && integer.getValue().isZero());
  return isZero ? x : Attribute();
}
Values PadOp::buildGradient(GraphBuilder &b, ValueRange dy) {
  return {b.slice(dy[0], tensorType(getX()).getSizes(), sizesIn(getLow()))};
}
SmallVector<Piece> PadOp::getPieces() {
  SizedTensorType x = tensorType(getX()), y = tensorType(getY());
  Piece piece{0, sameIndices(y)};
  for (auto [i, low] : llvm::enumerate(sizesIn(getLow()))) {
    piece.axes[i].offset = zeroSize(getContext()).sub(low);
    piece.axes[i].mayMiss = x.getSizes()[i] != y.getSizes()[i];
  }
  return {piece};
}

// ---- concat -----------------------------------------------------------------------------------

LogicalResult ConcatOp::inferReturnTypes(MLIRContext *, std::optional<Location> loc, Adaptor adaptor,
                                         SmallVectorImpl<Type> &types) {
  ValueRange inputs = adaptor.getInputs();
  auto first = inputs.empty() ? SizedTensorType() : dyn_cast<SizedTensorType>(inputs[0].getType());
  if (!first)
    return emitOptionalError(loc, "(C1) want at least one tensor");
  int64_t along = adaptor.getAxis();
  if (along < 0 || along >= first.rank())
    return emitOptionalError(loc, "(C2) no axis ", along, " in ", first);
  SmallVector<SizeAttr> sizes(first.getSizes());
  for (Value input : inputs.drop_front()) {
    auto type = dyn_cast<SizedTensorType>(input.getType());
    if (!type || type.rank() != first.rank() || type.getElementType() != first.getElementType())
      return emitOptionalError(loc, "(C1) operands of different rank or element type: ", first,
                               " and ", input.getType());
    for (auto [axis, size] : llvm::enumerate(type.getSizes()))
      if (int64_t(axis) == along)
        sizes[axis] = sizes[axis].add(size);
      else if (size != sizes[axis])
        return emitOptionalError(loc, "(C3) axis ", axis, " is ", sizes[axis].str(), " and ",
                                 size.str());
  }
  types.push_back(first.withSizes(sizes));
  return success();
}
OpFoldResult ConcatOp::fold(FoldAdaptor adaptor) {
  if (getInputs().size() == 1)
    return getInputs()[0];
  ArrayRef<Attribute> inputs = adaptor.getInputs();
  return llvm::all_equal(inputs) ? inputs[0] : Attribute();
}
Values ConcatOp::buildGradient(GraphBuilder &b, ValueRange dy) {
  Values adjoints;
  SmallVector<SizeAttr> starts(tensorType(getY()).rank(), zeroSize(getContext()));
  for (Value input : getInputs()) {
    ArrayRef<SizeAttr> sizes = tensorType(input).getSizes();
    adjoints.push_back(b.slice(dy[0], sizes, starts));
    starts[getAxis()] = starts[getAxis()].add(sizes[getAxis()]);
  }
  return adjoints;
}
SmallVector<Piece> ConcatOp::getPieces() {
  SmallVector<Piece> pieces;
  SizeAttr start = zeroSize(getContext());
  for (auto [i, input] : llvm::enumerate(getInputs())) {
    Piece piece{unsigned(i), sameIndices(tensorType(input))};
    piece.axes[getAxis()].offset = zeroSize(getContext()).sub(start);
    piece.axes[getAxis()].mayMiss = getInputs().size() > 1;
    pieces.push_back(piece);
    start = start.add(tensorType(input).getSizes()[getAxis()]);
  }
  return pieces;
}

// ---- reverse ----------------------------------------------------------------------------------

LogicalResult ReverseOp::inferReturnTypes(MLIRContext *, std::optional<Location> loc,
                                          Adaptor adaptor, SmallVectorImpl<Type> &types) {
  auto x = dyn_cast<SizedTensorType>(adaptor.getX().getType());
  ArrayRef<int64_t> axes = adaptor.getAxes();
  if (!x || axes.empty() || axes.front() < 0 || axes.back() >= x.rank() ||
      std::adjacent_find(axes.begin(), axes.end(), std::greater_equal<>()) != axes.end())
    return emitOptionalError(loc, "(C1) axes must be ascending axes of ", adaptor.getX().getType());
  types.push_back(x);
  return success();
}
OpFoldResult ReverseOp::fold(FoldAdaptor adaptor) {
  auto inner = getX().getDefiningOp<ReverseOp>();
  if (inner && inner.getAxes() == getAxes())
    return inner.getX();
  return adaptor.getX();
}
Values ReverseOp::buildGradient(GraphBuilder &b, ValueRange dy) {
  return {ReverseOp::create(b.getBuilder(), b.getLoc(), dy[0], getAxes())};
}
SmallVector<Piece> ReverseOp::getPieces() {
  SizedTensorType x = tensorType(getX());
  Piece piece{0, sameIndices(x)};
  for (int64_t axis : getAxes()) {
    piece.axes[axis].offset = x.getSizes()[axis].sub(SizeAttr::constant(getContext(), 1));
    piece.axes[axis].isReversed = true;
  }
  return {piece};
}

// ---- gather -----------------------------------------------------------------------------------

LogicalResult GatherOp::inferReturnTypes(MLIRContext *, std::optional<Location> loc, Adaptor adaptor,
                                         SmallVectorImpl<Type> &types) {
  auto x = dyn_cast<SizedTensorType>(adaptor.getX().getType());
  auto ids = dyn_cast<SizedTensorType>(adaptor.getIds().getType());
  int64_t axis = adaptor.getAxis();
  if (!x || axis < 0 || axis >= x.rank())
    return emitOptionalError(loc, "(C1) no axis ", axis, " in ", adaptor.getX().getType());
  if (!ids || ids.rank() < axis ||
      ids.getSizes().take_front(axis) != x.getSizes().take_front(axis))
    return emitOptionalError(loc, "(C2) ids must begin with the axes before axis ", axis, " of ", x,
                             ": ", adaptor.getIds().getType());
  SmallVector<SizeAttr> sizes(ids.getSizes());
  llvm::append_range(sizes, x.getSizes().drop_front(axis + 1));
  types.push_back(x.withSizes(sizes));
  return success();
}
Values GatherOp::buildGradient(GraphBuilder &b, ValueRange dy) {
  return {b.scatterAdd(dy[0], getIds(), getAxis(), tensorType(getX()).getSizes()), Value()};
}
SmallVector<Piece> GatherOp::getPieces() {
  int64_t after = tensorType(getIds()).rank() - getAxis() - 1; // how far the last axes move
  Piece piece{0, sameIndices(tensorType(getX()))};
  piece.axes[getAxis()].ids = getIds();
  for (AxisIndex &index : llvm::drop_begin(piece.axes, getAxis() + 1))
    index.axis += after;
  return {piece};
}

// ---- scatter_add ------------------------------------------------------------------------------

LogicalResult ScatterAddOp::verify() {
  SizedTensorType x = tensorType(getX()), ids = tensorType(getIds()), y = tensorType(getY());
  int64_t axis = getAxis();
  if (axis < 0 || axis >= y.rank())
    return emitOpError("(C1) no axis ") << axis << " in " << y;
  SmallVector<SizeAttr> sizes(ids.getSizes());
  llvm::append_range(sizes, y.getSizes().drop_front(axis + 1));
  if (ids.rank() < axis || ids.getSizes().take_front(axis) != y.getSizes().take_front(axis) ||
      x.getSizes() != ArrayRef<SizeAttr>(sizes))
    return emitOpError("(C2) ") << x << " and " << ids << " do not go to axis " << axis << " of "
                                << y;
  if (x.getElementType() != y.getElementType())
    return emitOpError("(C3) element types differ");
  return success();
}
Values ScatterAddOp::buildGradient(GraphBuilder &b, ValueRange dy) {
  return {b.gather(dy[0], getIds(), getAxis()), Value()};
}
int64_t ScatterAddOp::getScatterAxis() { return getAxis(); }
