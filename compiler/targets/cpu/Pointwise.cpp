//===- Pointwise.cpp - Every result element on its own --------------------===//
//
// The iteration space is the shape of the results. Where only the row-major position of an element
// matters it is one long row, cut into tiles of equal length; else a tile is one row along the
// innermost axis.
//
//===----------------------------------------------------------------------===//

#include "compiler/targets/cpu/Schedule.h"

using namespace mlir;
using tenon::emit::ElementEmitter;
using tenon::emit::Lanes;
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
    if (llvm::all_of(schedule.results, [](Value x) { return emit::isLinearizable(x); }))
      return emitLinear();
    return emitRowwise();
  }

private:
  FailureOr<EmittedKernel> emitLinear() {
    SizeAttr count = type.numElements();
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
    fuse::FuncOp source = schedule.source;
    unsigned arguments = source.getNumArguments();
    for (unsigned i = 0; i < schedule.tileElements.size(); ++i) {
      bool isArgument = i < arguments;
      Type type = isArgument ? source.getArgumentTypes()[i] : source.getResultTypes()[i - arguments];
      Attribute layout = isArgument ? source.getArgAttr(i, "fuse.layout")
                                    : source.getResultAttr(i - arguments, "fuse.layout");
      if (!layout && cast<graph::SizedTensorType>(type).numElements() == count)
        schedule.tileElements[i] = kTileElements;
    }
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

  /// Computes every result before it stores the first, see emitKernel.
  void emitElements(const Point &point, const Lanes &active) {
    ElementEmitter elements(kernel, active);
    SmallVector<Value> values;
    for (Value result : schedule.results)
      values.push_back(elements.at(result, point));
    for (auto [i, value] : llvm::enumerate(values))
      elements.store(schedule.bufferOfResult(i), graph::tensorType(schedule.results[i]), point,
                     value);
  }

  Schedule &schedule;
  emit::KernelBuilder &kernel;
  unsigned lanes;
  graph::SizedTensorType type; ///< of the results, but for their element types
};

} // namespace

FailureOr<EmittedKernel> emitPointwise(Schedule &schedule) { return Pointwise(schedule).emit(); }

} // namespace tenon::cpu
