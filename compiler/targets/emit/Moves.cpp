//===- Moves.cpp - Elements taken from elsewhere --------------------------===//
//
// An element of a slice, pad, concatenation, reversal or gather is an element of an operand at
// other indices. Lanes stay lanes where they run along an axis of the operand too: then a piece
// that ends within a vector is a vector some of whose lanes do not exist, and nothing outside the
// operand is read. Where an index is data, it is checked before it is used.
//
//===----------------------------------------------------------------------===//

#include "compiler/targets/emit/ElementEmitter.h"
#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;
using tenon::graph::AxisIndex;
using tenon::graph::ComparePredicate;
using tenon::graph::Piece;
using tenon::graph::SizedTensorType;

namespace tenon::emit {

/// Where in an operand the elements of a point are.
struct ElementEmitter::Access {
  Point point;
  Value condition;         ///< they are in the piece; null: always
  Value first, end;        ///< the lanes that are in the piece; null: all that exist
  bool isReversed = false; ///< lanes run backwards along the operand's axis
};

/// 0 <= x < end, of numbers of one integer type or indices.
static Value isBelow(KernelBuilder &kernel, Value x, Value end) {
  return arith::CmpIOp::create(kernel.getBuilder(), kernel.getLoc(), arith::CmpIPredicate::ult, x,
                               end);
}

static Value toIndex(KernelBuilder &kernel, Value x) {
  OpBuilder &b = kernel.getBuilder();
  return arith::IndexCastOp::create(b, kernel.getLoc(), b.getIndexType(), x);
}

Type ElementEmitter::typeAt(Value tensor, const Point &point) const {
  Type element = graph::tensorType(tensor).getElementType();
  return point.hasLanes() && lanes.count ? VectorType::get({lanes.count}, element) : element;
}

Value ElementEmitter::spread(Value element, Type type) {
  return kernel.arithmetic().broadcast(element, isa<VectorType>(type) ? lanes.count : 0);
}

Value ElementEmitter::move(Operation *op, const Point &point) {
  return pieces(op, cast<graph::MoveInterface>(op).getPieces(), point);
}

Value ElementEmitter::pieces(Operation *op, ArrayRef<Piece> list, const Point &point) {
  Value result = op->getResult(0);
  Type type = typeAt(result, point);
  if (list.empty())
    return spread(kernel.arithmetic().constant(0, graph::tensorType(result).getElementType()),
                  type);
  const Piece &piece = list.front();
  if (llvm::any_of(piece.axes, [](const AxisIndex &axis) { return bool(axis.ids); }))
    return gathered(op, piece, point);

  Value operand = op->getOperand(piece.operand);
  Access access = accessOf(graph::tensorType(operand), piece, point);
  if (!access.condition)
    return reach(operand, access, Value());
  auto others = [&] {
    return spread(ElementEmitter(kernel, lanes, this).pieces(op, list.drop_front(), point), type);
  };
  // A vector may take lanes from several pieces.
  Value rest = access.first ? others() : Value();
  return kernel.ifThen(
      access.condition, type,
      [&] { return KernelBuilder::Values{spread(reach(operand, access, rest), type)}; },
      [&] { return KernelBuilder::Values{rest ? rest : others()}; })[0];
}

ElementEmitter::Access ElementEmitter::accessOf(SizedTensorType type, const Piece &piece,
                                                const Point &point) {
  Access access;
  auto require = [&](Value condition) {
    access.condition =
        access.condition ? kernel.arithmetic().bitAnd(access.condition, condition) : condition;
  };
  for (auto [axis, from] : llvm::enumerate(piece.axes)) {
    if (from.ids) {
      access.point.index.push_back(kernel.index(0));
      continue;
    }
    bool hasLanes = point.laneAxis == from.axis && lanes.count;
    Value offset = kernel.size(from.offset), index = point.index[from.axis];
    if (hasLanes) {
      access.point.laneAxis = axis;
      access.isReversed = from.isReversed;
    }
    index = from.isReversed ? kernel.sub(offset, index) : kernel.add(index, offset);
    if (hasLanes && from.isReversed) // where the last lane is
      index = kernel.sub(index, kernel.index(lanes.count - 1));
    access.point.index.push_back(index);
    if (!from.mayMiss)
      continue;
    Value extent = kernel.size(type.getSizes()[axis]);
    if (!hasLanes) {
      require(isBelow(kernel, index, extent));
      continue;
    }
    Value none = kernel.index(0), all = lanes.active ? lanes.active : kernel.index(lanes.count);
    access.first = kernel.max(lanes.first ? lanes.first : none, kernel.sub(none, index));
    access.end = kernel.min(all, kernel.sub(extent, index));
    require(kernel.lessThan(access.first, access.end));
  }
  return access;
}

/// The elements, with those of `rest` in lanes outside the piece.
Value ElementEmitter::reach(Value operand, const Access &access, Value rest) {
  Lanes inner = access.first ? kernel.between(lanes.count, access.first, access.end) : lanes;
  Value mask = inner.mask;
  bool isReversed = access.isReversed && access.point.hasLanes();
  if (isReversed && inner.mask) {
    Value count = kernel.index(lanes.count);
    Value end = inner.first ? kernel.sub(count, inner.first) : count;
    inner = kernel.between(lanes.count, kernel.sub(count, inner.active), end);
  }
  if (!access.first && !isReversed && !access.condition)
    return at(operand, access.point); // in this block, so that others find it again
  Value element = ElementEmitter(kernel, inner, this).at(operand, access.point);
  if (isReversed && isa<VectorType>(element.getType()))
    element = kernel.reversed(element);
  return rest ? kernel.arithmetic().select(mask, element, rest) : element;
}

//===----------------------------------------------------------------------===//
// Indices that are data
//===----------------------------------------------------------------------===//

Value ElementEmitter::gathered(Operation *op, const Piece &piece, const Point &point) {
  Value operand = op->getOperand(piece.operand), result = op->getResult(0);
  SizedTensorType type = graph::tensorType(operand);
  int64_t axis = llvm::find_if(piece.axes, [](const AxisIndex &a) { return bool(a.ids); }) -
                 piece.axes.begin();
  Value ids = piece.axes[axis].ids;
  int64_t rank = graph::tensorType(ids).rank();
  Point where;
  where.index.assign(point.index.begin(), point.index.begin() + rank);
  where.laneAxis = point.laneAxis < rank ? point.laneAxis : -1;
  Arithmetic a = kernel.arithmetic();
  Value id = a.convert(at(ids, where), kernel.getBuilder().getI64Type());
  Value extent = kernel.size(type.getSizes()[axis]);

  Access access = accessOf(type, piece, point);
  if (isa<VectorType>(id.getType()))
    return gatheredLanes(operand, axis, id, access, [&](Value lane) {
      return placeOf(graph::tensorType(ids), where, lane);
    });
  access.point.index[axis] = toIndex(kernel, id);
  access.condition = isBelow(kernel, access.point.index[axis], extent);
  Type resultType = typeAt(result, point);
  return kernel.ifThen(
      access.condition, resultType,
      [&] { return KernelBuilder::Values{spread(reach(operand, access, Value()), resultType)}; },
      [&] {
        kernel.reportIndex(id, extent, placeOf(graph::tensorType(ids), where, Value()));
        return KernelBuilder::Values{spread(a.constant(0, type.getElementType()), resultType)};
      })[0];
}

/// One index a lane.
Value ElementEmitter::gatheredLanes(Value operand, int64_t axis, Value id, const Access &access,
                                    function_ref<KernelBuilder::Place(Value)> placeOfLane) {
  SizedTensorType type = graph::tensorType(operand);
  Arithmetic a = kernel.arithmetic();
  Type i64 = kernel.getBuilder().getI64Type();
  Value extent = kernel.size(type.getSizes()[axis]);
  Value inside = a.bitAnd(a.compare(ComparePredicate::ge, id, a.constantInt(0, i64)),
                          a.compare(ComparePredicate::lt, id, kernel.toInteger(extent, i64)));
  Value outside = a.bitXor(inside, a.intLike(1, inside));
  if (lanes.mask)
    inside = a.bitAnd(inside, lanes.mask);
  forLanesIn(outside, [&](Value lane) {
    kernel.reportIndex(kernel.extract(id, lane), extent, placeOfLane(lane));
  });

  auto argument = dyn_cast<BlockArgument>(operand);
  if (argument && !kernel.buffer(argument.getArgNumber()).layout.isPacked()) {
    auto strideOf = [&](int64_t of) {
      return kernel.toInteger(kernel.size(type.getSizes().drop_front(of + 1)), i64);
    };
    Value start = kernel.toInteger(kernel.linearize(access.point.index, type.getSizes()), i64);
    Value offsets = a.add(a.mul(id, strideOf(axis)), start);
    if (access.point.hasLanes()) // an axis before it runs along
      offsets = a.add(offsets,
                      a.mul(kernel.laneNumbers(lanes.count, i64), strideOf(access.point.laneAxis)));
    return kernel.gatherAt(kernel.buffer(argument.getArgNumber()), offsets, inside);
  }
  KernelBuilder::Values elements;
  for (unsigned lane = 0; lane < lanes.count; ++lane) {
    Point one;
    one.index = access.point.index;
    if (access.point.hasLanes())
      one.index[access.point.laneAxis] =
          kernel.add(one.index[access.point.laneAxis], kernel.index(lane));
    one.index[axis] = toIndex(kernel, kernel.extract(id, lane));
    elements.push_back(kernel.ifThen(
        kernel.extract(inside, lane), type.getElementType(),
        [&] {
          return KernelBuilder::Values{ElementEmitter(kernel, Lanes(), this).at(operand, one)};
        },
        [&] { return KernelBuilder::Values{a.constant(0, type.getElementType())}; })[0]);
  }
  return kernel.fromElements(elements);
}

} // namespace tenon::emit
