//===- SemaTypes.cpp - Types and sizes ------------------------------------------===//

#include "frontends/dsl/Sema.h"

using namespace llvm;
using namespace tenon::dsl::ast;

namespace tenon::dsl::sema {

graph::SizeAttr Sema::evaluateSize(const Expr *expr) {
  Value value = evaluate(expr);
  graph::SizeAttr size = value.asSize(&context);
  if (!size) {
    wrongKind(expr->range, "a size", "an int or the name of an axis", value);
    return {};
  }
  if (std::optional<int64_t> constant = size.getConstant(); constant && *constant < 0) {
    report(diag::NegativeSize, expr->range, *constant);
    return {};
  }
  return size;
}

const Name *Sema::unboundName(const Dim &dim) {
  auto *name = dyn_cast<NameExpr>(dim.size);
  if (!name || name->name.isDiscard())
    return nullptr;
  StringRef text = name->name.text;
  if (frame->sizes.contains(text) || frame->local(text))
    return nullptr;
  if (frame->self && (frame->self->hyper(text) || frame->self->members.contains(text)))
    return nullptr;
  auto declared = frame->file->names.find(text);
  if (declared != frame->file->names.end() && isa<ConstantDecl>(declared->second))
    return nullptr;
  return &name->name;
}

Axis Sema::axisOf(const Dim &dim) {
  Axis axis;
  auto *name = dyn_cast<NameExpr>(dim.size);
  if (name && !name->name.isDiscard()) {
    axis.name = name->name.text;
    if (auto it = frame->sizes.find(axis.name); it != frame->sizes.end())
      axis.origin = it->second.axis.origin;
    const Bound *hyper = frame->self ? frame->self->hyper(axis.name) : nullptr;
    if (hyper)
      axis.origin = originOf(*frame->self, *hyper);
  }
  if (dim.axis)
    axis.name = dim.axis->text;
  return axis;
}

const Origin *Sema::originOf(const Instance &instance, const Bound &hyper) {
  return &origins.emplace_back(Origin{hyper.name.str(), instance.name, hyper.place});
}

graph::SizedTensorType Sema::resolveType(const Type *type, Axes *axes) {
  mlir::Type element = elementType(type->element, type->elementRange);
  SmallVector<graph::SizeAttr> sizes;
  bool failed = !element;
  if (type->leadingAxes) {
    if (!frame->leading) {
      report(diag::NoLeadingAxes, type->leadingRange);
      return {};
    }
    llvm::append_range(sizes, frame->leading->sizes);
    if (axes)
      llvm::append_range(*axes, frame->leading->axes);
  }
  for (const Dim &dim : type->dims) {
    auto *name = dyn_cast<NameExpr>(dim.size);
    if (name && name->name.isDiscard()) {
      report(diag::InferredSize, dim.range);
      return {};
    }
    sizes.push_back(evaluateSize(dim.size));
    failed |= !sizes.back();
    if (axes)
      axes->push_back(axisOf(dim));
  }
  if (failed)
    return {};
  auto tensor = graph::SizedTensorType::get(element, sizes);
  return checkBytes(tensor, type->range) ? tensor : graph::SizedTensorType();
}

bool Sema::checkBytes(graph::SizedTensorType type, SourceRange place) {
  graph::SizeAttr elements = type.numElements();
  if (elements && elements.mul(graph::SizeAttr::constant(&context, 8)))
    return true;
  report(diag::TensorTooLarge, place, describe(type));
  return false;
}

std::string Sema::declared(const Type *type) {
  mlir::Type element = elementType(type->element, type->elementRange);
  std::string text = element ? describe(element) : ast::spelling(type->element).str();
  if (!type->leadingAxes && type->dims.empty())
    return text;
  text += '[';
  ListSeparator comma;
  if (type->leadingAxes)
    text += std::string(StringRef(comma)) + "...";
  for (const Dim &dim : type->dims) {
    text += StringRef(comma);
    auto *name = dyn_cast<NameExpr>(dim.size);
    if (name && (name->name.isDiscard() || unboundName(dim))) {
      text += name->name.text;
      continue;
    }
    graph::SizeAttr size = evaluateSize(dim.size);
    text += size ? size.str() : dim.size->range.text().str();
  }
  return text + ']';
}

/// Whether a size came out of a division that only holds for some hyper-parameters.
static bool hasDivision(graph::SizeAttr size) {
  for (graph::MonomialAttr term : size.getTerms())
    for (mlir::Attribute atom : term.getAtoms())
      if (isa<graph::FloorDivAttr>(atom))
        return true;
  return false;
}

bool Sema::isUnsure(graph::SizeAttr size) const { return symbolic && hasDivision(size); }

bool Sema::sameSize(graph::SizeAttr a, graph::SizeAttr b) const {
  return a == b || isUnsure(a) || isUnsure(b);
}

void Sema::noteSizes(Diagnostic &d, graph::SizedTensorType type, ArrayRef<Axis> axes,
                     ArrayRef<graph::SizeAttr> expected) {
  // From the last axis back, as shapes are compared.
  for (size_t i = 1; i <= expected.size() && i <= axes.size(); ++i) {
    graph::SizeAttr size = type.getSizes()[axes.size() - i];
    const Origin *origin = axes[axes.size() - i].origin;
    if (!origin || sameSize(size, expected[expected.size() - i]))
      continue;
    d.note(visible(origin->place), formatv("{0} is '{1}' of '{2}' ({3})", size.str(), origin->hyper,
                                           origin->module, place(visible(origin->place)))
                                       .str());
    return;
  }
}

Value Sema::materialize(const Value &value, graph::SizedTensorType type, SourceRange range) {
  graph::GraphBuilder b(builder, loc());
  mlir::Type element = type.getElementType();
  if (auto *flag = value.as<bool>(); flag && element.isInteger(1)) {
    ++operations;
    return Tensor{b.constant(*flag, type), Axes(type.rank())};
  }
  bool isFloat = isa<mlir::FloatType>(element);
  if (!value.isNumber() || element.isInteger(1) || (value.is<double>() && !isFloat)) {
    report(diag::NoConversion, range, value.describe(), describe(type));
    return Poison();
  }
  ++operations;
  if (auto *size = value.as<graph::SizeAttr>())
    return Tensor{broadcast(b.size(*size, element), type), Axes(type.rank())};
  if (auto *integer = value.as<int64_t>(); integer && !isFloat) {
    if (element.isInteger(32) && !isInt<32>(*integer)) {
      report(diag::IntegerRange, range, *integer, describe(element));
      return Poison();
    }
    auto number = builder.getIntegerAttr(element, *integer); // exact, unlike a double
    return Tensor{graph::ConstantOp::create(builder, loc(), type, number), Axes(type.rank())};
  }
  return Tensor{b.constant(*value.asFloat(), type), Axes(type.rank())};
}

} // namespace tenon::dsl::sema
