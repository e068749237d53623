//===- EmitBroadcast.cpp - Operands of one shape and dtype ----------------------===//
//
// One operand must already have the result's shape; the others may miss leading axes or have
// literal 1s. A run-time size is never 1.
//
//===----------------------------------------------------------------------===//

#include "frontends/dsl/Sema.h"

using namespace llvm;

namespace tenon::dsl::sema {

mlir::Type Sema::commonElementType(ArrayRef<Argument> operands, ArrayRef<bool> isBoolean,
                                   SourceRange range) {
  const Argument *first = nullptr;
  bool hasFloat = false, allBools = true;
  for (auto [operand, boolean] : zip(operands, isBoolean)) {
    if (boolean)
      continue;
    hasFloat |= operand.value.is<double>();
    allBools &= operand.value.is<bool>();
    if (operand.value.is<Tensor>() && !first)
      first = &operand;
  }
  if (!first) {
    if (allBools)
      return builder.getI1Type();
    return hasFloat ? mlir::Type(builder.getF32Type()) : mlir::Type(builder.getI32Type());
  }
  mlir::Type type = first->value.as<Tensor>()->elementType();
  for (auto [operand, boolean] : zip(operands, isBoolean)) {
    if (boolean)
      continue;
    auto *tensor = operand.value.as<Tensor>();
    bool fits = tensor                     ? tensor->elementType() == type
                : operand.value.is<bool>() ? type.isInteger(1)
                                           : !type.isInteger(1) && (!operand.value.is<double>() ||
                                                                    isa<mlir::FloatType>(type));
    if (fits)
      continue;
    // Caret on the operand to convert: the integer.
    bool convertFirst = !isa<mlir::FloatType>(type) && !type.isInteger(1);
    const Argument &convert = convertFirst ? *first : operand;
    const Argument &other = convertFirst ? operand : *first;
    bool inOrder = convert.range.begin <= other.range.begin;
    Diagnostic &d =
        report(diag::NoConversion, convert.range, (inOrder ? convert : other).value.describe(),
               (inOrder ? other : convert).value.describe());
    d.highlight(other.range);
    mlir::Type target = !convertFirst                ? type
                        : tensor                     ? tensor->elementType()
                        : operand.value.is<double>() ? mlir::Type(builder.getF32Type())
                                                     : mlir::Type();
    if (target && isUsers(convert.range) && convert.value.is<Tensor>())
      d.fixIt(convert.range, formatv("{0}({1})", describe(target), convert.range.text()).str());
    return {};
  }
  return type;
}

bool Sema::broadcasts(ArrayRef<graph::SizeAttr> from, ArrayRef<graph::SizeAttr> to) const {
  if (from.size() > to.size())
    return false;
  for (auto [own, wanted] : zip(from, to.take_back(from.size())))
    if (!sameSize(own, wanted) && !own.isConstant(1))
      return false;
  return true;
}

const Tensor *Sema::resultShape(ArrayRef<Argument> operands, SourceRange range) {
  const Tensor *first = nullptr;
  for (const Argument &candidate : operands) {
    auto *shape = candidate.value.as<Tensor>();
    if (!shape)
      continue;
    if (!first)
      first = shape;
    bool isResult = all_of(operands, [&](const Argument &other) {
      auto *tensor = other.value.as<Tensor>();
      return !tensor || broadcasts(tensor->sizes(), shape->sizes());
    });
    if (isResult)
      return shape;
  }
  if (!first)
    return nullptr;
  // Name a pair that does not combine.
  for (const Argument &left : operands)
    for (const Argument &right : operands) {
      auto *a = left.value.as<Tensor>(), *b = right.value.as<Tensor>();
      if (a && b && &left < &right && !broadcasts(a->sizes(), b->sizes()) &&
          !broadcasts(b->sizes(), a->sizes())) {
        reportNoBroadcast(left, right, range);
        return nullptr;
      }
    }
  reportNoBroadcast(operands.front(), operands.back(), range);
  return nullptr;
}

/// The shape NumPy would make; nothing when it refuses as well.
static std::optional<std::string> numpyShape(const Tensor &a, const Tensor &b) {
  size_t rank = std::max(a.rank(), b.rank());
  SmallVector<std::string> sizes(rank);
  for (size_t i = 1; i <= rank; ++i) {
    graph::SizeAttr x = i <= size_t(a.rank()) ? a.sizes()[a.rank() - i] : graph::SizeAttr();
    graph::SizeAttr y = i <= size_t(b.rank()) ? b.sizes()[b.rank() - i] : graph::SizeAttr();
    if (x && y && x != y && !x.isConstant(1) && !y.isConstant(1))
      return std::nullopt;
    sizes[rank - i] = (!x || (y && x.isConstant(1)) ? y : x).str();
  }
  return "[" + join(sizes, ", ") + "]";
}

/// `rearrange(y[b] -> [b, 1])` when `small` only lacks ones at the end of `large`'s shape.
static std::string appendOnes(StringRef text, const Tensor &small, const Tensor &large) {
  size_t rank = small.rank();
  if (rank == 0 || rank >= size_t(large.rank()))
    return {};
  for (auto [index, size] : enumerate(large.sizes()))
    if (index < rank ? size != small.sizes()[index] : !size.isConstant(1))
      return {};
  SmallVector<std::string> labels;
  for (auto [index, axis] : enumerate(small.axes)) {
    std::string label =
        axis.name.empty() ? std::string(1, char('i' + index % 8)) : axis.name.take_front(1).lower();
    if (is_contained(labels, label))
      label += std::to_string(index);
    labels.push_back(label);
  }
  std::string from = join(labels, ", ");
  labels.append(large.rank() - rank, "1");
  return formatv("rearrange({0}[{1}] -> [{2}])", text, from, join(labels, ", "));
}

void Sema::reportNoBroadcast(const Argument &left, const Argument &right, SourceRange range) {
  const Tensor &a = *left.value.as<Tensor>(), &b = *right.value.as<Tensor>();
  if (a.rank() == b.rank())
    for (auto [index, sizes] : enumerate(zip(a.sizes(), b.sizes()))) {
      auto [x, y] = sizes;
      if (x == y || x.isConstant(1) || y.isConstant(1))
        continue;
      if (x.getConstant() || y.getConstant())
        break;
      report(diag::SizesMayDiffer, left.range, x.str(), y.str()).highlight(right.range);
      return;
    }
  Diagnostic &d = report(diag::NoBroadcast, left.range, describe(a.type()), describe(b.type()));
  d.highlight(right.range);
  std::string fix = appendOnes(right.range.text(), b, a);
  const Argument *fixed = &right;
  if (fix.empty()) {
    fix = appendOnes(left.range.text(), a, b);
    fixed = &left;
  }
  if (!fix.empty() && isUsers(fixed->range))
    d.fixIt(fixed->range, fix);
  if (std::optional<std::string> numpy = numpyShape(a, b))
    d.note("NumPy would make " + *numpy);
}

mlir::Value Sema::broadcast(mlir::Value value, graph::SizedTensorType type) {
  graph::SizedTensorType from = graph::tensorType(value);
  if (from.getSizes() == type.getSizes())
    return value;
  size_t offset = type.rank() - from.rank();
  SmallVector<graph::SizeAttr> kept;
  SmallVector<int64_t> axes;
  for (auto [index, size] : enumerate(from.getSizes()))
    if (size == type.getSizes()[offset + index]) {
      kept.push_back(size);
      axes.push_back(offset + index);
    }
  graph::GraphBuilder b(builder, loc());
  operations += 2;
  return b.broadcast(b.reshape(value, kept), type, axes); // the reshape drops literal 1s
}

std::optional<Sema::Unified> Sema::unify(ArrayRef<Argument> operands, ArrayRef<bool> isBoolean,
                                         SourceRange range) {
  mlir::Type element = commonElementType(operands, isBoolean, range);
  if (!element)
    return std::nullopt;
  for (auto [operand, boolean] : zip(operands, isBoolean)) {
    auto *tensor = operand.value.as<Tensor>();
    if (boolean && !operand.value.is<bool>() && !(tensor && tensor->elementType().isInteger(1))) {
      wrongKind(operand.range, "a condition", "bool", operand.value);
      return std::nullopt;
    }
  }
  bool anyTensor = any_of(operands, [](const Argument &o) { return o.value.is<Tensor>(); });
  const Tensor *shape = resultShape(operands, range);
  if (anyTensor && !shape)
    return std::nullopt;
  SmallVector<graph::SizeAttr> sizes;
  Unified unified;
  if (shape) {
    sizes.assign(shape->sizes().begin(), shape->sizes().end());
    unified.axes = shape->axes;
  }
  for (auto [operand, boolean] : zip(operands, isBoolean)) {
    auto type = graph::SizedTensorType::get(boolean ? builder.getI1Type() : element, sizes);
    auto *tensor = operand.value.as<Tensor>();
    if (!tensor) {
      Value made = materialize(operand.value, type, operand.range);
      if (made.isPoison())
        return std::nullopt;
      unified.values.push_back(made.as<Tensor>()->value);
      continue;
    }
    unified.values.push_back(broadcast(tensor->value, type));
    size_t offset = sizes.size() - tensor->rank();
    for (auto [index, axis] : enumerate(tensor->axes))
      if (Axis &result = unified.axes[offset + index];
          result.name.empty() && tensor->sizes()[index] == sizes[offset + index])
        result = axis;
  }
  return unified;
}

} // namespace tenon::dsl::sema
