//===- Pointwise.cpp - Every result element on its own --------------------===//
//
// The iteration space is the shape of the results. Where only the position of an element in memory
// matters it is one long row, padding included, cut into tiles of equal length. Else a tile is one
// row along the innermost axis or, if a matrix lies in panels, one panel.
//
//===----------------------------------------------------------------------===//

#include "compiler/targets/cpu/Schedule.h"

using namespace mlir;
using tenon::emit::ElementEmitter;
using tenon::emit::Lanes;
using tenon::emit::Layout;
using tenon::emit::Point;
using tenon::graph::SizeAttr;

namespace tenon::cpu {

static constexpr int64_t kTileElements = 1024;

namespace {

class Pointwise {
public:
  explicit Pointwise(Schedule &schedule)
      : schedule(schedule), kernel(schedule.kernel), lanes(schedule.vectorLanes()),
        type(graph::tensorType(schedule.results[0])) {}

  FailureOr<EmittedKernel> emit() {
    for (Value result : schedule.results)
      if (graph::tensorType(result).getSizes() != type.getSizes())
        kernel.fail(schedule.source, "the results of a pointwise kernel must have one shape");
    if (std::optional<Layout> layout = linearLayout())
      return emitLinear(layout->storageElements(type.getSizes(), schedule.getContext()));
    for (unsigned i = schedule.bufferCount(); i-- > 0;) // results first
      if (kernel.buffer(i).layout.isPacked() && sizesOf(i) == type.getSizes())
        return emitPanels(kernel.buffer(i).layout);
    return emitRowwise();
  }

private:
  ArrayRef<SizeAttr> sizesOf(unsigned buffer) {
    unsigned arguments = schedule.source.getNumArguments();
    Type type = buffer < arguments ? schedule.source.getArgumentTypes()[buffer]
                                   : schedule.source.getResultTypes()[buffer - arguments];
    return cast<graph::SizedTensorType>(type).getSizes();
  }

  /// The layout of all buffers of more than one element, if elements at the same position in memory
  /// are those that belong together.
  std::optional<Layout> linearLayout() {
    if (!llvm::all_of(schedule.results, [](Value x) { return emit::isLinearizable(x); }))
      return std::nullopt;
    std::optional<Layout> common;
    for (unsigned i = 0; i < schedule.bufferCount(); ++i) {
      Layout layout = kernel.buffer(i).layout;
      if (SizeAttr::product(schedule.getContext(), sizesOf(i)).isConstant(1))
        continue;
      if ((common && *common != layout) || (layout.isPacked() && sizesOf(i) != type.getSizes()))
        return std::nullopt;
      common = layout;
    }
    auto namesRowMajorPositions = [](Operation &op) {
      return isa<graph::RandomBitsOp>(op) ||
             cast<graph::FusionInterface>(op).getFusionKind() == graph::FusionKind::View;
    };
    if (common && common->isPacked() &&
        llvm::any_of(schedule.source.getBody().front().without_terminator(),
                     namesRowMajorPositions))
      return std::nullopt;
    return common.value_or(Layout());
  }

  FailureOr<EmittedKernel> emitLinear(SizeAttr count) {
    Value tile = kernel.index(kTileElements);
    Value from = kernel.mul(kernel.tileBegin(), tile);
    Value to = kernel.min(kernel.mul(kernel.tileEnd(), tile), kernel.size(count));
    if (count.isConstant(1))
      lanes = 0;
    kernel.forLanes(from, to, std::nullopt, lanes, {},
                    [&](Value first, const Lanes &active, ValueRange) {
                      Point point;
                      point.index = {first};
                      point.laneAxis = lanes ? 0 : -1;
                      point.isLinear = true;
                      emitElements(point, active);
                      return SmallVector<Value>();
                    });
    promiseTiles(count);
    SizeAttr perTile =
        schedule.constant(std::min(kTileElements, count.getConstant().value_or(kTileElements)));
    return schedule.finish(count.divCeil(kTileElements), perTile);
  }

  /// Every row-major tensor as long as the results is read and written at its own position only.
  void promiseTiles(SizeAttr count) {
    for (unsigned i = 0; i < schedule.bufferCount(); ++i)
      if (!kernel.buffer(i).layout.isPacked() &&
          SizeAttr::product(schedule.getContext(), sizesOf(i)) == count)
        schedule.tileElements[i] = kTileElements;
  }

  FailureOr<EmittedKernel> emitRowwise() {
    int64_t axis = innermostAxis(type.getSizes());
    SmallVector<SizeAttr> outer(type.getSizes());
    SizeAttr inner = schedule.constant(1);
    if (axis >= 0)
      std::swap(inner, outer[axis]);
    kernel.forRange(kernel.tileBegin(), kernel.tileEnd(), 1, [&](Value tile) {
      Point point;
      point.index = kernel.delinearize(tile, outer);
      if (axis < 0)
        return emitElements(point, Lanes());
      point.laneAxis = axis;
      kernel.forLanes(kernel.index(0), kernel.size(inner), inner.getConstant(), lanes, {},
                      [&](Value first, const Lanes &active, ValueRange) {
                        point.index[axis] = first;
                        emitElements(point, active);
                        return SmallVector<Value>();
                      });
    });
    return schedule.finish(SizeAttr::product(schedule.getContext(), outer), inner);
  }

  /// Lanes run along the axis that is cut, so that the elements of a panel are neighbours.
  FailureOr<EmittedKernel> emitPanels(const Layout &layout) {
    SizeAttr cut = type.getSizes()[layout.cutAxis], other = type.getSizes()[1 - layout.cutAxis];
    lanes = std::min(lanes, layout.lanes);
    std::optional<int64_t> extent;
    if (cut.getConstant() && *cut.getConstant() % layout.lanes == 0)
      extent = layout.lanes;
    kernel.forRange(kernel.tileBegin(), kernel.tileEnd(), 1, [&](Value panel) {
      Value first = kernel.mul(panel, kernel.index(layout.lanes));
      Value end = kernel.min(kernel.add(first, kernel.index(layout.lanes)), kernel.size(cut));
      kernel.forRange(kernel.index(0), kernel.size(other), 1, [&](Value j) {
        kernel.forLanes(first, end, extent, lanes, {},
                        [&](Value i, const Lanes &active, ValueRange) {
                          Point point;
                          point.index = layout.cutAxis == 0 ? SmallVector<Value>{i, j}
                                                            : SmallVector<Value>{j, i};
                          point.laneAxis = layout.cutAxis;
                          emitElements(point, active);
                          return SmallVector<Value>();
                        });
      });
    });
    return schedule.finish(layout.panels(type.getSizes()), layout.panelStride(type.getSizes()));
  }

  void emitElements(const Point &point, const Lanes &active) {
    ElementEmitter elements(kernel, active);
    schedule.emitResults(elements, point);
  }

  Schedule &schedule;
  emit::KernelBuilder &kernel;
  unsigned lanes;
  graph::SizedTensorType type; ///< of the results, but for their element types
};

} // namespace

FailureOr<EmittedKernel> emitPointwise(Schedule &schedule) { return Pointwise(schedule).emit(); }

} // namespace tenon::cpu
