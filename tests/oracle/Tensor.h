// The values of the interpreter: dense tensors held as doubles or 64-bit integers, whatever their
// element type, so that every rule is plain arithmetic.
#ifndef TENON_TESTS_ORACLE_TENSOR_H
#define TENON_TESTS_ORACLE_TENSOR_H

#include "mlir/IR/Types.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include <cstdint>
#include <string>
#include <vector>

namespace tenon::oracle {

enum class Element { F32, F64, I32, I64, I1 };

Element elementOf(mlir::Type type);
llvm::StringRef nameOf(Element element);
inline bool isReal(Element element) { return element == Element::F32 || element == Element::F64; }
/// Bytes of one element in memory; booleans take one.
int64_t bytesOf(Element element);

/// An integer wrapped around to the width of its element type; booleans are 0 or 1.
int64_t wrapped(Element element, int64_t value);

using Shape = std::vector<int64_t>;
int64_t countOf(llvm::ArrayRef<int64_t> shape);

/// Calls `visit` with every index of a shape, in row-major order.
void forEachIndex(llvm::ArrayRef<int64_t> shape,
                  llvm::function_ref<void(llvm::ArrayRef<int64_t> index)> visit);

struct Tensor {
  Tensor() = default;
  /// All zero.
  Tensor(Element element, Shape shape);

  int64_t count() const { return countOf(shape); }
  bool real() const { return isReal(element); }
  /// The row-major position of an index.
  int64_t offset(llvm::ArrayRef<int64_t> index) const;
  /// Element i as a double, whatever the type.
  double at(int64_t i) const { return real() ? reals[i] : double(ints[i]); }

  /// The dense row-major memory that compiled code reads and writes, and back.
  std::vector<char> toBytes() const;
  static Tensor fromBytes(Element element, Shape shape, const void *bytes);

  Element element = Element::F32;
  Shape shape;
  std::vector<double> reals;  ///< the elements of a float tensor
  std::vector<int64_t> ints;  ///< the elements of any other
};

} // namespace tenon::oracle

#endif
