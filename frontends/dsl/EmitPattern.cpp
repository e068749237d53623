//===- EmitPattern.cpp - einsum and rearrange as graph ops ----------------------===//

#include "frontends/dsl/SemaPattern.h"

using namespace llvm;
using namespace tenon::dsl::ast;

namespace tenon::dsl::sema {

bool Sema::checkFactors(ArrayRef<Labelled> operands, StringRef what) {
  auto first = graph::tensorType(operands.front().value);
  for (const Labelled &operand : operands) {
    auto type = graph::tensorType(operand.value);
    if (!isa<mlir::FloatType>(type.getElementType())) {
      reportRefused(what, operand.range, operand.value);
      return false;
    }
    if (type.getElementType() != first.getElementType()) {
      report(diag::NoConversion, operand.range, describe(first), describe(type));
      return false;
    }
  }
  return true;
}

Sema::Labelled Sema::contract(const Labelled &a, const Labelled &b, ArrayRef<int64_t> keep) {
  ++operations;
  graph::GraphBuilder build(builder, loc());
  return {build.contract(a.value, b.value, a.labels, b.labels, keep), SmallVector<int64_t>(keep),
          a.range};
}

Value Sema::joinResult(const Pattern &pattern, PatternScope &scope, const Labelled &operand,
                       ArrayRef<int64_t> result) {
  graph::GraphBuilder b(builder, loc());
  SmallVector<int64_t> permutation;
  for (int64_t label : result)
    permutation.push_back(llvm::find(operand.labels, label) - operand.labels.begin());
  operations += 2;
  mlir::Value moved = b.transpose(operand.value, permutation);

  SmallVector<graph::SizeAttr> sizes;
  Axes axes;
  if (pattern.leadingAxes)
    for (int64_t label : *scope.leading) {
      sizes.push_back(scope.labels[label].size);
      axes.push_back(scope.labels[label].axis);
    }
  for (const PatternItem &item : pattern.items) {
    graph::SizeAttr size = graph::SizeAttr::constant(&context, 1);
    Axis axis;
    for (const PatternFactor &factor : item.factors)
      if (factor.name) {
        const PatternScope::Label &label = scope.labels[*scope.find(factor.name->text)];
        size = size.mul(label.size);
        if (item.factors.size() == 1)
          axis = label.axis;
      }
    if (!size) {
      report(diag::Overflow, item.range);
      return Poison();
    }
    sizes.push_back(size);
    axes.push_back(axis);
  }
  return Tensor{b.reshape(moved, sizes), axes};
}

} // namespace tenon::dsl::sema
