//===- Scatter.cpp - Sums over places that are data -----------------------===//
//
// y[b…, v, d…] = sum of x[b…, k…, d…] over the k… with ids[b…, k…] = v. Places are shared out,
// never added to by two tiles: a tile owns some rows v of one b…, goes over all ids of b… in
// row-major order, and adds the rows of x that are sent to its own. So the order of every sum is
// that of the ids, at any number of threads, without atomics. Without axes b there are 16 tiles,
// and reading the ids costs 16 times what it must: little beside writing every row of y once.
//
//===----------------------------------------------------------------------===//

#include "compiler/targets/cpu/Schedule.h"
#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;
using tenon::emit::ElementEmitter;
using tenon::emit::Lanes;
using tenon::emit::Point;
using tenon::graph::SizeAttr;

namespace tenon::cpu {

static constexpr int64_t kRowBlocks = 16;

namespace {

class Scatter {
public:
  Scatter(Schedule &schedule, graph::ScatterInterface op)
      : schedule(schedule), kernel(schedule.kernel), x(op->getOperand(0)), ids(op->getOperand(1)),
        type(graph::tensorType(op->getResult(0))), axis(op.getScatterAxis()),
        batch(type.getSizes().take_front(axis)), inner(type.getSizes().drop_front(axis + 1)),
        places(graph::tensorType(ids).getSizes().drop_front(axis)) {
    blocks = batch.empty() ? kRowBlocks : 1;
    rowsPerBlock = type.getSizes()[axis].divCeil(blocks);
    if (!inner.empty())
      std::tie(outer, row) = std::make_pair(inner.drop_back(), inner.back());
  }

  FailureOr<EmittedKernel> emit() {
    kernel.forRange(kernel.tileBegin(), kernel.tileEnd(), 1, [&](Value tile) {
      SmallVector<Value> index = kernel.delinearize(kernel.div(tile, kernel.index(blocks)), batch);
      emitTile(index, kernel.rem(tile, kernel.index(blocks)));
    });
    MLIRContext *context = schedule.getContext();
    SizeAttr tiles = SizeAttr::product(context, batch).mul(schedule.constant(blocks));
    SizeAttr rows = rowsPerBlock.add(SizeAttr::product(context, places));
    return schedule.finish(tiles, rows.mul(SizeAttr::product(context, inner)));
  }

private:
  void emitTile(ArrayRef<Value> index, Value block) {
    Value extent = kernel.size(type.getSizes()[axis]), count = kernel.size(rowsPerBlock);
    Value from = kernel.min(kernel.mul(block, count), extent);
    Value to = kernel.min(kernel.add(from, count), extent);
    Value first = kernel.mul(kernel.linearize(index, batch), extent);
    clear(kernel.add(first, from), kernel.add(first, to));
    kernel.forEach(places, {}, [&](ValueRange place, ValueRange) {
      Point point;
      point.index.assign(index.begin(), index.end());
      point.index.append(place.begin(), place.end());
      addRow(point, first, from, to, extent);
      return SmallVector<Value>();
    });
  }

  /// Rows [from, to) of all y are 0.
  void clear(Value from, Value to) {
    Value length = kernel.size(inner);
    Value zero = kernel.arithmetic().constant(0, type.getElementType());
    kernel.forLanes(kernel.mul(from, length), kernel.mul(to, length), std::nullopt,
                    schedule.vectorLanes(), {}, [&](Value offset, const Lanes &lanes, ValueRange) {
                      kernel.storeLanes(result(), offset, zero, lanes);
                      return SmallVector<Value>();
                    });
  }

  /// Adds the row of x at `place` to its place, if that is one of [from, to).
  void addRow(const Point &place, Value first, Value from, Value to, Value extent) {
    OpBuilder &b = kernel.getBuilder();
    auto isBelow = [&](Value number, Value end) -> Value {
      return arith::CmpIOp::create(b, kernel.getLoc(), arith::CmpIPredicate::ult, number, end);
    };
    Value id = ElementEmitter(kernel, Lanes()).at(ids, place);
    Value v = arith::IndexCastOp::create(b, kernel.getLoc(), b.getIndexType(), id);
    kernel.ifThen(
        isBelow(kernel.sub(v, from), kernel.sub(to, from)),
        [&] { addElements(place, kernel.add(first, v)); },
        [&] {
          auto report = [&] {
            emit::KernelBuilder::Place where;
            if (!place.index.empty())
              where = kernel.placeAt(place.index[0], graph::tensorType(ids).getSizes());
            kernel.reportIndex(kernel.toInteger(v, b.getI64Type()), extent, where);
          };
          kernel.ifThen(isBelow(v, extent), [] {}, report);
        });
  }

  void addElements(const Point &place, Value target) {
    kernel.forEach(outer, {}, [&](ValueRange index, ValueRange) {
      Value start =
          kernel.add(kernel.mul(target, kernel.size(outer)), kernel.linearize(index, outer));
      Point point = place;
      point.index.append(index.begin(), index.end());
      auto add = [&](Value offset, const Lanes &lanes) {
        Value sum = kernel.loadLanes(result(), offset, lanes);
        Value element = ElementEmitter(kernel, lanes).at(x, point);
        kernel.storeLanes(result(), offset, kernel.arithmetic().add(sum, element), lanes);
        return SmallVector<Value>();
      };
      if (!row)
        return add(start, Lanes());
      point.laneAxis = point.index.size();
      point.index.emplace_back();
      start = kernel.mul(start, kernel.size(row));
      kernel.forLanes(kernel.index(0), kernel.size(row), row.getConstant(), schedule.vectorLanes(),
                      {}, [&](Value i, const Lanes &lanes, ValueRange) {
                        point.index.back() = i;
                        return add(kernel.add(start, i), lanes);
                      });
      return SmallVector<Value>();
    });
  }

  emit::Memory result() { return kernel.buffer(schedule.bufferOfResult(0)); }

  Schedule &schedule;
  emit::KernelBuilder &kernel;
  Value x, ids;
  graph::SizedTensorType type; ///< of y
  int64_t axis;
  ArrayRef<SizeAttr> batch, inner, places; ///< the sizes of b…, d… and k…
  ArrayRef<SizeAttr> outer;                ///< those of d… but the last,
  SizeAttr row;                            ///< and the last; null if there is none
  int64_t blocks;
  SizeAttr rowsPerBlock;
};

} // namespace

FailureOr<EmittedKernel> emitScatter(Schedule &schedule) {
  auto op = schedule.results[0].getDefiningOp<graph::ScatterInterface>();
  if (!op || schedule.results.size() != 1) {
    schedule.kernel.fail(schedule.source, "the kernel's one result must be a sum over places");
    return schedule.finish(schedule.constant(0), schedule.constant(0));
  }
  return Scatter(schedule, op).emit();
}

} // namespace tenon::cpu
