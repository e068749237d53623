//===- ElementEmitter.h - The value of any tensor at any index --*- C++ -*-===//
//
// Inside a kernel no tensor but its arguments exists in memory. The emitter gives the value that a
// tensor of the kernel's body has at some indices: it follows the definitions back to loads, so
// that what lies between the arguments and the results stays in registers.
//
//===----------------------------------------------------------------------===//
#ifndef TENON_COMPILER_TARGETS_EMIT_ELEMENTEMITTER_H
#define TENON_COMPILER_TARGETS_EMIT_ELEMENTEMITTER_H

#include "compiler/targets/emit/KernelBuilder.h"

namespace tenon::emit {

/// Indices into a tensor. With `laneAxis` set, the elements are those from `index` on along it, as
/// many as the emitter has lanes; without, there is one element. A linear point has one index, the
/// position in memory, in tensors of any shape that have as many elements as the kernel's results
/// and the same layout.
struct Point {
  llvm::SmallVector<mlir::Value> index;
  int64_t laneAxis = -1;
  bool isLinear = false;

  bool hasLanes() const { return laneAxis >= 0; }
  bool operator==(const Point &other) const {
    return index == other.index && laneAxis == other.laneAxis && isLinear == other.isLinear;
  }
};

/// Is the row-major position all that `value` depends on, so that linear points do for it? The
/// schedule provides the elements of `provided` at such points.
bool isLinearizable(mlir::Value value, mlir::Value provided = {});

/// Emits at the kernel's insertion point, so one emitter serves one block. What an emitter of a
/// surrounding block has computed is used again.
class ElementEmitter {
public:
  using Value = mlir::Value;

  ElementEmitter(KernelBuilder &kernel, const Lanes &lanes, const ElementEmitter *outer = nullptr)
      : kernel(kernel), lanes(lanes), outer(outer) {}

  /// Makes known what the schedule itself computes: reductions and contractions.
  void provide(Value tensor, const Point &point, Value element) {
    known[tensor].push_back({point, element});
  }

  /// A scalar, or a vector if the point has lanes and the element depends on them.
  Value at(Value tensor, const Point &point);

  /// Stores into buffer `buffer`, which holds a tensor of type `type`.
  void store(unsigned buffer, graph::SizedTensorType type, const Point &point, Value element);

private:
  Value lookup(Value tensor, const Point &point) const;
  Value compute(Value tensor, const Point &point);
  Value loadArgument(const Memory &memory, graph::SizedTensorType type, const Point &point);
  Value elementwise(mlir::Operation *op, const Point &point);
  /// Reports what of `x`, the operand of `op`, its result `y` does not hold.
  void check(graph::CheckedConvertOp op, Value x, Value y, const Point &point);
  /// For faults: where lane `lane` of the point is, the point itself if that is null.
  KernelBuilder::Place placeOf(graph::SizedTensorType type, const Point &point, Value lane);
  /// For each lane that exists and is set in the vector `chosen`; rare, so that they are in one branch.
  void forLanesIn(Value chosen, llvm::function_ref<void(Value lane)> body);
  Value source(mlir::Operation *op, const Point &point);
  Value indexMap(mlir::Operation *op, const Point &point);
  Value view(mlir::Operation *op, const Point &point);

  // Moves, in Moves.cpp.
  struct Access;
  Value move(mlir::Operation *op, const Point &point);
  Value pieces(mlir::Operation *op, llvm::ArrayRef<graph::Piece> pieces, const Point &point);
  Access accessOf(graph::SizedTensorType type, const graph::Piece &piece, const Point &point);
  Value reach(Value operand, const Access &access, Value rest);
  Value gathered(mlir::Operation *op, const graph::Piece &piece, const Point &point);
  Value gatheredLanes(Value operand, int64_t axis, Value id, const Access &access,
                      llvm::function_ref<KernelBuilder::Place(Value lane)> placeOfLane);
  /// The type of a tensor's elements at a point where lanes may differ, and an element as that.
  mlir::Type typeAt(Value tensor, const Point &point) const;
  Value spread(Value element, mlir::Type type);

  /// The position of the point's first lane and the distance of the lanes in memory.
  std::pair<Value, Value> addressOf(const Layout &layout, graph::SizedTensorType type,
                                    const Point &point);
  /// May the point's lanes lie in more than one panel?
  bool crossesPanels(const Layout &layout, const Point &point) const;
  /// The point of lane number `lane` alone.
  Point laneOf(const Point &point, Value lane);

  KernelBuilder &kernel;
  Lanes lanes;
  const ElementEmitter *outer;
  llvm::DenseMap<Value, llvm::SmallVector<std::pair<Point, Value>, 1>> known;
};

} // namespace tenon::emit

#endif // TENON_COMPILER_TARGETS_EMIT_ELEMENTEMITTER_H
