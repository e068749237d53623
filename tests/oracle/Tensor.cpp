#include "tests/oracle/Tensor.h"
#include "mlir/IR/BuiltinTypes.h"
#include "llvm/Support/ErrorHandling.h"
#include <cstring>

using namespace llvm;

namespace tenon::oracle {

Element elementOf(mlir::Type type) {
  if (type.isF32())
    return Element::F32;
  if (type.isF64())
    return Element::F64;
  return type.isInteger(32) ? Element::I32 : type.isInteger(64) ? Element::I64 : Element::I1;
}

StringRef nameOf(Element element) {
  switch (element) {
  case Element::F32: return "f32";
  case Element::F64: return "f64";
  case Element::I32: return "i32";
  case Element::I64: return "i64";
  case Element::I1: return "i1";
  }
  llvm_unreachable("no such element type");
}

int64_t bytesOf(Element element) {
  switch (element) {
  case Element::F32:
  case Element::I32: return 4;
  case Element::F64:
  case Element::I64: return 8;
  case Element::I1: return 1;
  }
  llvm_unreachable("no such element type");
}

int64_t wrapped(Element element, int64_t value) {
  if (element == Element::I1)
    return value != 0;
  return element == Element::I32 ? int64_t(int32_t(value)) : value;
}

int64_t countOf(ArrayRef<int64_t> shape) {
  int64_t count = 1;
  for (int64_t extent : shape)
    count *= extent;
  return count;
}

void forEachIndex(ArrayRef<int64_t> shape, function_ref<void(ArrayRef<int64_t>)> visit) {
  std::vector<int64_t> index(shape.size(), 0);
  for (int64_t left = countOf(shape); left > 0; --left) {
    visit(index);
    for (size_t axis = shape.size(); axis-- > 0;) {
      if (++index[axis] < shape[axis])
        break;
      index[axis] = 0;
    }
  }
}

Tensor::Tensor(Element element, Shape shape) : element(element), shape(std::move(shape)) {
  if (real())
    reals.resize(count());
  else
    ints.resize(count());
}

int64_t Tensor::offset(ArrayRef<int64_t> index) const {
  int64_t offset = 0;
  for (size_t axis = 0; axis < shape.size(); ++axis)
    offset = offset * shape[axis] + index[axis];
  return offset;
}

template <typename Memory, typename Held>
static void copyElements(char *to, const std::vector<Held> &from) {
  for (size_t i = 0; i < from.size(); ++i) {
    Memory value = Memory(from[i]);
    std::memcpy(to + i * sizeof(Memory), &value, sizeof(Memory));
  }
}

template <typename Memory, typename Held>
static void copyElements(std::vector<Held> &to, const char *from) {
  for (size_t i = 0; i < to.size(); ++i) {
    Memory value;
    std::memcpy(&value, from + i * sizeof(Memory), sizeof(Memory));
    to[i] = Held(value);
  }
}

std::vector<char> Tensor::toBytes() const {
  std::vector<char> bytes(count() * bytesOf(element));
  switch (element) {
  case Element::F32: copyElements<float>(bytes.data(), reals); break;
  case Element::F64: copyElements<double>(bytes.data(), reals); break;
  case Element::I32: copyElements<int32_t>(bytes.data(), ints); break;
  case Element::I64: copyElements<int64_t>(bytes.data(), ints); break;
  case Element::I1: copyElements<uint8_t>(bytes.data(), ints); break;
  }
  return bytes;
}

Tensor Tensor::fromBytes(Element element, Shape shape, const void *bytes) {
  Tensor tensor(element, std::move(shape));
  auto *from = static_cast<const char *>(bytes);
  switch (element) {
  case Element::F32: copyElements<float>(tensor.reals, from); break;
  case Element::F64: copyElements<double>(tensor.reals, from); break;
  case Element::I32: copyElements<int32_t>(tensor.ints, from); break;
  case Element::I64: copyElements<int64_t>(tensor.ints, from); break;
  case Element::I1: copyElements<uint8_t>(tensor.ints, from); break;
  }
  return tensor;
}

} // namespace tenon::oracle
