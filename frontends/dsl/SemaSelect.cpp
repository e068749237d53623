//===- SemaSelect.cpp - x[seq: 0], x[1 .. n] --------------------------------------===//
//
// A selection cuts along some axes: an index drops its axis, a range keeps it. Indices count from
// 0, negative ones from the end. What is known at compile time is checked then; a size that only
// the call knows becomes a check of the entry, and an index that is a value is checked by its
// kernel.
//
//===----------------------------------------------------------------------===//

#include "frontends/dsl/Sema.h"

using namespace llvm;
using namespace tenon::dsl::ast;
using tenon::graph::ComparePredicate;
using tenon::graph::SizeAttr;

namespace tenon::dsl::sema {

/// What is left of a tensor.
struct Sema::Cut {
  const Tensor &tensor;
  SmallVector<SizeAttr> starts, sizes; // of the block
  SmallVector<bool> dropped;           // axes an index was given for
  SmallVector<mlir::Value> indices;    // of an axis, if it is a value
};

Value Sema::evaluateSelect(const SelectExpr *expr) {
  Value base = evaluate(expr->base);
  if (base.isPoison())
    return base;
  if (auto *tensor = base.as<Tensor>())
    return selectFromTensor(*tensor, expr->selection);
  auto *list = base.as<List>();
  if (!list) {
    wrongKind(expr->base->range, "what is selected from", "a list or a tensor", base);
    return Poison();
  }
  ArrayRef<SelectItem> items = expr->selection.items;
  if (items.size() != 1 || items.front().axis) {
    report(diag::ListIndex, expr->selection.range);
    return Poison();
  }
  std::optional<int64_t> index = staticInt(items.front().index, "the index of a list");
  if (!index)
    return Poison();
  int64_t size = list->elements.size(), at = *index < 0 ? *index + size : *index;
  if (at < 0 || at >= size) {
    report(diag::ListRange, items.front().range, *index, size);
    return Poison();
  }
  return list->elements[at];
}

Value Sema::selectFromTensor(const Tensor &tensor, const Selection &selection) {
  size_t rank = tensor.rank();
  SizeAttr zero = SizeAttr::constant(&context, 0);
  Cut cut{tensor, SmallVector<SizeAttr>(rank, zero), SmallVector<SizeAttr>(tensor.sizes()),
          SmallVector<bool>(rank), SmallVector<mlir::Value>(rank)};
  SmallVector<bool> seen(rank);
  for (auto [position, item] : enumerate(selection.items)) {
    std::optional<int64_t> axis = item.axis ? axisByName(*item.axis, tensor, /*mayMiss=*/false)
                                            : checkAxis(position, tensor, item.range);
    if (!axis)
      return Poison();
    if (seen[*axis]) {
      report(diag::AxisTwice, item.range, *axis);
      return Poison();
    }
    seen[*axis] = true;
    if (!cutAlong(cut, *axis, item))
      return Poison();
  }
  return finishCut(cut);
}

bool Sema::cutAlong(Cut &cut, int64_t axis, const SelectItem &item) {
  const Expr *index = ignoreParens(item.index);
  SizeAttr extent = cut.tensor.sizes()[axis], one = SizeAttr::constant(&context, 1);
  if (auto *range = dyn_cast<RangeExpr>(index)) {
    Value first = evaluate(range->begin), last = evaluate(range->end);
    if (first.is<Tensor>() || last.is<Tensor>()) {
      notSupported(range->range, "a range of run-time values");
      return false;
    }
    SizeAttr begin = cutPlace(first, extent, range->begin->range);
    SizeAttr end = cutPlace(last, extent, range->end->range);
    return begin && end && cutBlock(cut, axis, begin, end, item.range);
  }
  Value value = evaluate(item.index);
  auto *scalar = value.as<Tensor>();
  if (scalar && scalar->rank() == 0 && scalar->elementType().isInteger() &&
      !scalar->elementType().isInteger(1)) {
    cut.indices[axis] = scalar->value;
    return true;
  }
  if (auto *range = value.as<Range>()) {
    SizeAttr begin = cutPlace(range->begin, extent, item.range);
    SizeAttr end = cutPlace(range->end, extent, item.range);
    return begin && end && cutBlock(cut, axis, begin, end, item.range);
  }
  if (scalar) {
    wrongKind(item.range, "an index", "an int, a size, a range or a scalar i32", value);
    return false;
  }
  SizeAttr at = cutPlace(value, extent, item.range);
  cut.dropped[axis] = true;
  return at && cutBlock(cut, axis, at, at.add(one), item.range);
}

/// A place along an axis; null after an error.
SizeAttr Sema::cutPlace(const Value &value, SizeAttr extent, SourceRange range) {
  if (value.isPoison())
    return {};
  SizeAttr place = value.asSize(&context);
  if (!place)
    wrongKind(range, "an index", "an int, a size, a range or a scalar i32", value);
  else if (place.getConstant().value_or(0) < 0)
    place = place.add(extent); // from the end
  return place;
}

bool Sema::cutBlock(Cut &cut, int64_t axis, SizeAttr begin, SizeAttr end, SourceRange range) {
  SizeAttr extent = cut.tensor.sizes()[axis], zero = SizeAttr::constant(&context, 0);
  if (!holds(zero, begin, extent, range) || !holds(begin, end, extent, range) ||
      !holds(end, extent, extent, range))
    return false;
  cut.starts[axis] = begin;
  cut.sizes[axis] = end.sub(begin);
  return true;
}

/// low <= high, now or when the entry is called.
bool Sema::holds(SizeAttr low, SizeAttr high, SizeAttr extent, SourceRange range) {
  SizeAttr room = low && high ? high.sub(low) : SizeAttr();
  if (!room) {
    report(diag::Overflow, range);
    return false;
  }
  if (std::optional<int64_t> known = room.getConstant()) {
    if (*known >= 0)
      return true;
    report(diag::OutsideAxis, range, range.text(), extent.str());
    return false;
  }
  // A sum of sizes cannot be negative.
  bool isSum = all_of(room.getTerms(), [](graph::MonomialAttr term) {
    return term.getCoefficient() >= 0 && all_of(term.getAtoms(), [](mlir::Attribute atom) {
             return isa<mlir::StringAttr>(atom);
           });
  });
  if (isSum || symbolic)
    return true;
  ++operations;
  graph::RequireOp::create(
      builder, loc(isUsers(range) ? range : userRange), low, ComparePredicate::le, high,
      formatv("'{0}' must lie within an axis of size {1}", range.text(), extent.str()).str());
  return true;
}

Value Sema::finishCut(const Cut &cut) {
  graph::GraphBuilder b(builder, loc());
  operations += 2;
  mlir::Value value = b.slice(cut.tensor.value, cut.sizes, cut.starts);
  SmallVector<SizeAttr> sizes(cut.sizes);
  Axes axes = cut.tensor.axes;
  // The last first, so that the axes before it stay where they are.
  for (int64_t axis = cut.tensor.rank() - 1; axis >= 0; --axis) {
    if (mlir::Value index = cut.indices[axis]) {
      auto type = graph::SizedTensorType::get(graph::tensorType(index).getElementType(),
                                              ArrayRef(sizes).take_front(axis));
      value = b.gather(value, b.broadcast(index, type, {}), axis);
      ++operations;
    } else if (cut.dropped[axis]) {
      SmallVector<SizeAttr> fewer(graph::tensorType(value).getSizes());
      fewer.erase(fewer.begin() + axis);
      value = b.reshape(value, fewer);
    } else {
      if (cut.sizes[axis] != cut.tensor.sizes()[axis])
        axes[axis].origin = nullptr;
      continue;
    }
    axes.erase(axes.begin() + axis);
  }
  return Tensor{value, axes};
}

} // namespace tenon::dsl::sema
