#include "tests/oracle/tools/Module.h"
#include "mlir/Parser/Parser.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/SourceMgr.h"
#include "llvm/Support/raw_ostream.h"
#include <cmath>
#include <cstdlib>

using namespace llvm;

namespace tenon::oracle {

static Error error(const Twine &message) {
  return createStringError(inconvertibleErrorCode(), message);
}

void hideLibraryOptions() {
  for (auto &[name, option] : cl::getRegisteredOptions())
    if (is_contained(option->Categories, &cl::getGeneralCategory()))
      option->setHiddenFlag(cl::ReallyHidden);
}

mlir::OwningOpRef<mlir::ModuleOp> readModule(StringRef path, mlir::MLIRContext &context) {
  auto sources = std::make_shared<SourceMgr>();
  mlir::SourceMgrDiagnosticHandler handler(*sources, &context);
  return mlir::parseSourceFile<mlir::ModuleOp>(path, sources, &context);
}

Expected<Sizes> parseSizes(ArrayRef<std::string> texts) {
  Sizes sizes;
  for (StringRef text : texts) {
    auto [name, value] = text.split('=');
    int64_t number;
    if (name.empty() || value.getAsInteger(10, number) || number < 0)
      return error("wants NAME=NUMBER, not '" + text + "'");
    sizes[name.str()] = number;
  }
  return sizes;
}

Expected<Tensor> parseTensor(StringRef text, Element element, Shape shape) {
  Tensor tensor(element, std::move(shape));
  SmallVector<StringRef> parts;
  text.split(parts, ',', /*MaxSplit=*/-1, /*KeepEmpty=*/false);
  if (int64_t(parts.size()) != tensor.count() && parts.size() != 1)
    return error("wants " + Twine(tensor.count()) + " elements, not " + Twine(parts.size()));
  for (int64_t i = 0; i < tensor.count(); ++i) {
    std::string part = parts[parts.size() == 1 ? 0 : i].trim().str();
    char *end = nullptr;
    if (tensor.real())
      tensor.reals[i] = element == Element::F32 ? std::strtof(part.c_str(), &end)
                                                : std::strtod(part.c_str(), &end);
    else
      tensor.ints[i] = wrapped(element, std::strtoll(part.c_str(), &end, 10));
    if (*end)
      return error("'" + part + "' is no number");
  }
  return tensor;
}

std::string toText(const Tensor &tensor) {
  std::string buffer;
  raw_string_ostream os(buffer);
  os << nameOf(tensor.element);
  if (!tensor.shape.empty()) {
    os << '[';
    interleaveComma(tensor.shape, os);
    os << ']';
  }
  os << " = ";
  auto elements = seq<int64_t>(0, tensor.count());
  interleaveComma(elements, os, [&](int64_t i) {
    if (!tensor.real())
      os << tensor.ints[i];
    else if (std::isnan(tensor.reals[i]))
      os << "nan"; // whatever its sign
    else
      os << format(tensor.element == Element::F32 ? "%.9g" : "%.17g", tensor.reals[i]);
  });
  return buffer;
}

} // namespace tenon::oracle
