//===- Kernels.cpp - Kernels for CPUs -------------------------------------===//

#include "compiler/targets/cpu/Kernels.h"
#include "compiler/targets/cpu/Schedule.h"

using namespace mlir;
using tenon::graph::SizeAttr;

namespace tenon::cpu {

/// Elements that are worth waking a thread for: some ten microseconds of work.
static constexpr int64_t kGrainElements = 32768;

static SmallVector<StringAttr> sizeNames(fuse::FuncOp source) {
  SmallVector<StringAttr> names;
  for (Attribute name : source->getAttrOfType<ArrayAttr>(graph::sizesAttrName))
    names.push_back(cast<StringAttr>(name));
  return names;
}

static SmallVector<Type> bufferTypes(fuse::FuncOp source) {
  SmallVector<Type> types(source.getArgumentTypes());
  llvm::append_range(types, source.getResultTypes());
  return types;
}

static SmallVector<emit::Layout> bufferLayouts(fuse::FuncOp source) {
  SmallVector<emit::Layout> layouts;
  for (unsigned i = 0; i < source.getNumArguments(); ++i)
    layouts.push_back(emit::Layout::of(source.getArgAttr(i, fuse::kLayoutAttrName)));
  for (unsigned i = 0; i < source.getNumResults(); ++i)
    layouts.push_back(emit::Layout::of(source.getResultAttr(i, fuse::kLayoutAttrName)));
  return layouts;
}

Schedule::Schedule(fuse::FuncOp source, const targets::TargetInfo &target, OpBuilder &builder)
    : source(source), target(target),
      kernel(builder, source.getLoc(), source.getSymName(), sizeNames(source), bufferTypes(source),
             bufferLayouts(source)),
      results(source.getBody().front().getTerminator()->getOperands()),
      tileElements(source.getNumArguments() + source.getNumResults(), 0) {}

bool Schedule::isRowMajor(ArrayRef<Value> others) {
  for (unsigned i = 0; i < bufferCount(); ++i) {
    bool isOther =
        i < source.getNumArguments() && llvm::is_contained(others, Value(source.getArgument(i)));
    if (!isOther && kernel.buffer(i).layout.isPacked())
      return false;
  }
  return true;
}

void Schedule::emitResults(emit::ElementEmitter &elements, const emit::Point &point) {
  SmallVector<Value> values;
  for (Value result : results)
    values.push_back(elements.at(result, point));
  for (auto [i, value] : llvm::enumerate(values))
    elements.store(bufferOfResult(i), graph::tensorType(results[i]), point, value);
}

std::optional<int64_t> Schedule::expected(SizeAttr size) const {
  auto hints = source->getAttrOfType<DictionaryAttr>("graph.size_hints");
  return size.evaluate([&](StringRef name) -> std::optional<int64_t> {
    auto hint = hints ? hints.getAs<IntegerAttr>(name) : IntegerAttr();
    return hint ? std::optional(hint.getInt()) : std::nullopt;
  });
}

bool Schedule::isLarge(Value tensor) const {
  graph::SizedTensorType type = graph::tensorType(tensor);
  auto elements = expected(SizeAttr::product(tensor.getContext(), type.getSizes()));
  int64_t bits = type.getElementType().getIntOrFloatBitWidth();
  return !elements || *elements > target.l2Bytes / 2 * 8 / bits;
}

FailureOr<EmittedKernel> Schedule::finish(SizeAttr tiles, SizeAttr elementsPerTile,
                                          SizeAttr scratch) {
  // One more than the elements, so that empty tiles divide too.
  SizeAttr grain = constant(kGrainElements).divFloor(elementsPerTile.add(constant(1)));
  return finishWithGrain(tiles, grain.add(constant(1)), scratch ? scratch : constant(0));
}

FailureOr<EmittedKernel> Schedule::finishWithGrain(SizeAttr tiles, SizeAttr grain,
                                                   SizeAttr scratch) {
  FailureOr<func::FuncOp> function = kernel.finish();
  if (failed(function))
    return failure();
  return EmittedKernel{*function, tiles, grain, scratch, tileElements};
}

int64_t innermostAxis(ArrayRef<SizeAttr> sizes) {
  int64_t axis = int64_t(sizes.size()) - 1;
  while (axis >= 0 && sizes[axis].isConstant(1))
    --axis;
  return axis;
}

FailureOr<EmittedKernel> emitKernel(fuse::FuncOp kernel, const targets::TargetInfo &target,
                                    OpBuilder &builder) {
  Schedule schedule(kernel, target, builder);
  switch (kernel.getAnchor()) {
  case fuse::Anchor::pointwise:
    return emitPointwise(schedule);
  case fuse::Anchor::rows:
    return emitRows(schedule);
  case fuse::Anchor::columns:
    return emitColumns(schedule);
  case fuse::Anchor::contract:
    return emitContract(schedule);
  case fuse::Anchor::multi_tensor:
    return emitMultiTensor(schedule);
  case fuse::Anchor::scatter:
    return emitScatter(schedule);
  }
  llvm_unreachable("unknown anchor");
}

} // namespace tenon::cpu
