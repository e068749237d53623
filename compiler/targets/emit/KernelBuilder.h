//===- KernelBuilder.h - The structured builder of kernels ------*- C++ -*-===//
//
// A function with the kernel ABI under construction: its sizes, its memory, loops over ranges and
// over lanes. Schedules are written in terms of this class.
//
// Memory is linear: a buffer is a row of elements, and tensors lie in it as its layout says. Booleans
// are bytes of 0 and 1 in memory and i1 in values; loads and stores convert.
//
//===----------------------------------------------------------------------===//
#ifndef TENON_COMPILER_TARGETS_EMIT_KERNELBUILDER_H
#define TENON_COMPILER_TARGETS_EMIT_KERNELBUILDER_H

#include "compiler/targets/emit/Arithmetic.h"
#include "compiler/targets/emit/Layout.h"
#include "dialects/graph/Graph.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"

namespace tenon::emit {

/// How many neighbouring elements are computed at once.
struct Lanes {
  unsigned count = 0; ///< 0: one element, as a scalar
  mlir::Value first;  ///< the first that exists, an index; null: 0
  mlir::Value active; ///< the end of those that exist, at least one, an index; null: all
  mlir::Value mask;   ///< the same as a vector of i1; null: all

  /// `count` lanes, all of which exist.
  static Lanes all(unsigned count) {
    Lanes lanes;
    lanes.count = count;
    return lanes;
  }
};

/// A row of elements in memory.
struct Memory {
  mlir::Value row;        ///< a memref of rank 1
  mlir::Type elementType; ///< of the values; i1 is stored as i8
  Layout layout;          ///< of the tensor in it
};

class KernelBuilder {
public:
  using Value = mlir::Value;
  using ValueRange = mlir::ValueRange;
  using Values = llvm::SmallVector<Value>;
  using Sizes = llvm::ArrayRef<graph::SizeAttr>;

  /// Starts function `name` at the builder's insertion point, with one buffer per type. `sizeNames`
  /// are the names whose values the kernel is given, in order; `layouts` are those of the buffers.
  KernelBuilder(mlir::OpBuilder &builder, mlir::Location loc, llvm::StringRef name,
                llvm::ArrayRef<mlir::StringAttr> sizeNames, mlir::TypeRange buffers,
                llvm::ArrayRef<Layout> layouts);

  mlir::OpBuilder &getBuilder() { return b; }
  mlir::Location getLoc() { return b.getLoc(); }
  mlir::MLIRContext *getContext() { return b.getContext(); }
  mlir::func::FuncOp getFunction() const { return function; }
  Arithmetic arithmetic() { return Arithmetic(b, b.getLoc()); }

  /// Ends the function. Fails, and leaves no function behind, if `fail` was called.
  mlir::FailureOr<mlir::func::FuncOp> finish();
  /// Reports why `op` cannot be emitted. The builder may be used on; what it builds is thrown away.
  void fail(mlir::Operation *op, const llvm::Twine &reason);

  // ---- Indices ----------------------------------------------------------------------------------

  Value tileBegin() const { return begin; }
  Value tileEnd() const { return end; }
  Value index(int64_t value);
  Value add(Value x, Value y);
  Value sub(Value x, Value y);
  Value mul(Value x, Value y);
  Value min(Value x, Value y);
  Value max(Value x, Value y);
  /// x / y and x % y of numbers that are not negative.
  Value div(Value x, Value y);
  Value rem(Value x, Value y);
  Value lessThan(Value x, Value y);
  Value equal(Value x, Value y);
  Value logicalAnd(Value x, Value y);
  /// As an integer, and back.
  Value toInteger(Value index, mlir::Type type);

  /// The value of a size; computed once, at the start of the function.
  Value size(graph::SizeAttr size);
  Value size(Sizes sizes) { return size(graph::SizeAttr::product(getContext(), sizes)); }
  /// A field of the training step, an i64.
  Value stepField(graph::StepField field);
  /// The site of the launch, an i32: what the sites of random numbers are relative to.
  Value site();
  /// Where in a tensor something is: its index along the first axis, and which of the kernel's sizes
  /// is the extent of that axis; -1: none is.
  struct Place {
    Value index;
    int64_t size = -1;
  };
  /// The place of index `first` along the first axis of a tensor of these sizes.
  Place placeAt(Value first, Sizes sizes);
  /// Says that the i64 `index`, read from data, is out of range for an axis of size `extent`.
  void reportIndex(Value index, Value extent, const Place &place);
  /// Says that the f64 `number` is none of the type of field `field`.
  void reportNumber(Value number, int64_t field, const Place &place);

  /// Is this index known to be a multiple of `divisor`?
  bool isMultiple(Value index, int64_t divisor) const;

  /// Where the element at `indices` of a tensor of these sizes lies in its memory.
  Value position(const Layout &layout, ValueRange indices, Sizes sizes);
  /// The row-major position of `indices` in a tensor of these sizes, and back.
  Value linearize(ValueRange indices, Sizes sizes);
  Values delinearize(Value position, Sizes sizes);

  // ---- Control flow -----------------------------------------------------------------------------

  using LoopBody = llvm::function_ref<Values(Value i, ValueRange carried)>;
  using LaneBody = llvm::function_ref<Values(Value first, const Lanes &lanes, ValueRange carried)>;

  /// for (i = from; i < to; i += step), with values carried from one round to the next.
  Values forRange(Value from, Value to, int64_t step, ValueRange initial, LoopBody body);
  void forRange(Value from, Value to, int64_t step, llvm::function_ref<void(Value)> body);
  /// Nested loops from 0 over all sizes, the last one innermost.
  Values forEach(Sizes sizes, ValueRange initial,
                 llvm::function_ref<Values(ValueRange indices, ValueRange carried)> body);
  /// [from, to) in steps of `lanes`: a loop over whole vectors, then once what remains, masked.
  /// `extent` is to - from where it is known. With lanes 0, element by element.
  Values forLanes(Value from, Value to, std::optional<int64_t> extent, unsigned lanes,
                  ValueRange initial, LaneBody body);
  void ifThen(Value condition, llvm::function_ref<void()> then,
              llvm::function_ref<void()> otherwise = nullptr);
  Values ifThen(Value condition, mlir::TypeRange types, llvm::function_ref<Values()> then,
                llvm::function_ref<Values()> otherwise);
  /// Lanes of which the first `active` exist.
  Lanes partial(unsigned count, Value active);
  /// Lanes of which [first, end) exist, at least one.
  Lanes between(unsigned count, Value first, Value end);

  /// Runs tiles [from, to) of another kernel, whose buffers are the given ones of this and whose
  /// sizes have the given values. Its random-number site is `site` beyond that of this kernel; step
  /// and scratch memory are those of this kernel.
  void call(llvm::StringRef kernel, llvm::ArrayRef<unsigned> buffers, Sizes sizes, uint32_t site,
            Value from, Value to);

  // ---- Memory -----------------------------------------------------------------------------------

  Memory buffer(unsigned i) const { return buffers[i]; }
  /// `count` elements of this thread's scratch memory, `offset` bytes from its start.
  Memory scratch(Value offset, mlir::Type elementType, Value count);

  Value load(const Memory &memory, Value offset);
  void store(const Memory &memory, Value offset, Value element);
  /// Asks for the cache line of an element, into the second cache; it need not exist.
  void prefetch(const Memory &memory, Value offset);
  /// Elements next to each other.
  Value loadLanes(const Memory &memory, Value offset, const Lanes &lanes);
  void storeLanes(const Memory &memory, Value offset, Value elements, const Lanes &lanes);
  /// Elements `stride` apart. Lanes that do not exist repeat the nearest one that does.
  Value gatherLanes(const Memory &memory, Value offset, Value stride, const Lanes &lanes);
  /// Elements at a vector of i64 offsets, 0 where `mask` is false: nothing is read there.
  Value gatherAt(const Memory &memory, Value offsets, Value mask);
  void scatterLanes(const Memory &memory, Value offset, Value stride, Value elements,
                    const Lanes &lanes);

  // ---- Vectors ----------------------------------------------------------------------------------

  /// 0, 1, 2, … in `type`.
  Value laneNumbers(unsigned lanes, mlir::Type type);
  Value fromElements(ValueRange elements);
  Value extract(Value vector, unsigned lane);
  Value extract(Value vector, Value lane);
  /// Is any lane of a vector of i1 true?
  Value anyOf(Value mask);
  /// The lanes in the opposite order.
  Value reversed(Value vector);
  /// The number of each lane that exists, clamped to those that do.
  Value existing(const Lanes &lanes, unsigned lane);
  /// Lanes [first, first + count).
  Value slice(Value vector, unsigned first, unsigned count);
  /// The lanes of a vector again and again, `lanes` in all: a b a b of a b.
  Value repeat(Value vector, unsigned lanes);
  /// Of such a vector, which repeats `period` lanes, number `lane` of them in every lane. No lane
  /// crosses into another repetition: one shuffle inside 128 bits, if they are so long.
  Value splatOfRepeated(Value vector, unsigned period, unsigned lane);
  /// Element j of vector i becomes element i of vector j; as many vectors as lanes, a power of 2.
  void transpose(llvm::MutableArrayRef<Value> vectors);

private:
  Value wordAddress(Value base, int64_t word);
  /// The first `count` elements of a vector as stores of powers of 2: on some processors a masked
  /// store takes longer than all of them.
  void storePieces(const Memory &memory, Value offset, Value stored, int64_t count);
  int64_t factorOf(Value index) const;
  Value field(Value base, int64_t word, mlir::Type type);
  Value tableOf(ValueRange words);
  Memory rowAt(Value pointer, mlir::Type elementType, Value count);
  Value emitSize(graph::SizeAttr size);
  Value emitAtom(mlir::Attribute atom);
  /// Leaves a tenon_fault of kind `found`.
  void report(int64_t found, Value value, Value bound, const Place &place);
  /// Runs `body` where the values that the whole function needs are computed.
  Value atEntry(llvm::function_ref<Value()> body);

  mlir::ImplicitLocOpBuilder b;
  mlir::func::FuncOp function;
  mlir::Operation *lastAtEntry = nullptr;
  bool hasFailed = false;
  Value arguments, begin, end, bufferTable, sizeTable;
  llvm::SmallVector<mlir::StringAttr> sizeNames;
  llvm::SmallVector<Memory> buffers;
  llvm::DenseMap<mlir::Attribute, Value> sizeValues;
  llvm::DenseMap<int64_t, Value> indexConstants;
  llvm::DenseMap<Value, int64_t> loopFactors; ///< of induction variables: what divides them
};

} // namespace tenon::emit

#endif // TENON_COMPILER_TARGETS_EMIT_KERNELBUILDER_H
