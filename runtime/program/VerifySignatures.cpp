// Entries, parameters and states.
#include "runtime/base/Checked.h"
#include "runtime/program/Layout.h"
#include "runtime/program/SizeExpr.h"
#include "runtime/program/Verify.h"

#include <cmath>
#include <set>

namespace tenon::rt {
namespace {

constexpr uint32_t largestRank = 8;
constexpr uint64_t largestTensor = uint64_t{1} << 48; // elements

template <typename Enum> bool isKnown(Enum value) { return value <= Enum::MAX; }

Status verifyTensor(const schema::Tensor &tensor, uint32_t sizeCount, const std::string &where) {
  if (!isKnown(tensor.dtype()))
    return corrupt(at(where, "dtype"), "%d is no element type", static_cast<int>(tensor.dtype()));
  if (countOf(tensor.shape()) > largestRank)
    return corrupt(at(where, "shape"), "%u axes; at most %u are possible", countOf(tensor.shape()),
                   largestRank);
  for (uint32_t i = 0; i < countOf(tensor.shape()); ++i) {
    SizeExpr axis;
    if (const char *reason = SizeExpr::decode(tensor.shape()->Get(i), sizeCount, &axis))
      return corrupt(at(where, "shape", i), "the size %s", reason);
  }
  return {};
}

/// Whether some axis of some input is exactly the size name, so that callers can tell its value.
bool isBound(const schema::Entry &entry, uint32_t name) {
  for (const schema::Tensor *input : *entry.inputs())
    for (uint32_t i = 0; i < countOf(input->shape()); ++i) {
      SizeExpr axis;
      if (!SizeExpr::decode(input->shape()->Get(i), countOf(entry.sizes()), &axis) &&
          axis.isName(name))
        return true;
    }
  return false;
}

Status verifyRequire(const schema::Require &require, uint32_t sizeCount, const std::string &where) {
  SizeExpr side;
  if (const char *reason = SizeExpr::decode(require.left(), sizeCount, &side))
    return corrupt(at(where, "left"), "the size %s", reason);
  if (const char *reason = SizeExpr::decode(require.right(), sizeCount, &side))
    return corrupt(at(where, "right"), "the size %s", reason);
  std::string op = textOf(require.op());
  for (const char *known : {"==", "<=", "<", ">=", ">", "!="})
    if (op == known)
      return {};
  return corrupt(at(where, "op"), "'%s' is no comparison", op.c_str());
}

Status verifyEntry(const schema::Entry &entry, const std::string &where) {
  if (!isKnown(entry.kind()))
    return corrupt(at(where, "kind"), "%d is no kind of entry", static_cast<int>(entry.kind()));
  uint32_t sizeCount = countOf(entry.sizes());
  TENON_TRY(verifyUniqueNames(entry.sizes(), "sizes", where,
                              [](const flatbuffers::String *name) { return name; }));
  auto nameOf = [](const schema::Tensor *tensor) { return tensor->name(); };
  TENON_TRY(verifyUniqueNames(entry.inputs(), "inputs", where, nameOf));
  TENON_TRY(verifyUniqueNames(entry.outputs(), "outputs", where, nameOf));
  for (uint32_t i = 0; i < countOf(entry.inputs()); ++i)
    TENON_TRY(verifyTensor(*entry.inputs()->Get(i), sizeCount, at(where, "inputs", i)));
  for (uint32_t i = 0; i < countOf(entry.outputs()); ++i)
    TENON_TRY(verifyTensor(*entry.outputs()->Get(i), sizeCount, at(where, "outputs", i)));
  for (uint32_t i = 0; i < sizeCount; ++i)
    if (!entry.inputs() || !isBound(entry, i))
      return corrupt(at(where, "sizes", i), "no input has an axis that is exactly '%s'",
                     entry.sizes()->Get(i)->c_str());
  for (uint32_t i = 0; i < countOf(entry.requires_()); ++i)
    TENON_TRY(verifyRequire(*entry.requires_()->Get(i), sizeCount, at(where, "requires", i)));
  if (entry.kind() != schema::EntryKind::Step)
    return {};
  for (uint32_t i = 0; i < countOf(entry.outputs()); ++i) {
    const schema::Tensor *output = entry.outputs()->Get(i);
    if (countOf(output->shape()) != 0 || output->dtype() > schema::DType::F64)
      return corrupt(at(where, "outputs", i),
                     "an output of a training step is no f32 or f64 scalar");
  }
  return {};
}

Status verifyInit(const schema::Parameter &parameter, const std::string &where) {
  const schema::Init &init = *parameter.init();
  if (!isKnown(init.kind()))
    return corrupt(at(where, "kind"), "%d is no initialiser", static_cast<int>(init.kind()));
  if (!std::isfinite(init.a()) || !std::isfinite(init.b()))
    return corrupt(where, "an initialiser has a number that is not finite");
  if (init.kind() == schema::InitKind::Constant) {
    if (parameter.dtype() > schema::DType::F64 && std::fabs(init.a()) > 0x7fffffff)
      return corrupt(at(where, "a"), "the constant does not fit the element type");
    return {};
  }
  if (parameter.dtype() > schema::DType::F64)
    return corrupt(at(where, "kind"), "only f32 and f64 can start with random values");
  if (init.kind() == schema::InitKind::Uniform ? init.b() < init.a() : init.b() < 0)
    return corrupt(at(where, "b"), "the range of the initialiser is empty");
  return {};
}

Status verifyLayout(const schema::Parameter &parameter, const std::string &where) {
  if (!isKnown(parameter.layout()))
    return corrupt(at(where, "layout"), "%d is no layout", static_cast<int>(parameter.layout()));
  uint32_t lanes = parameter.lanes();
  if (parameter.layout() == schema::LayoutKind::RowMajor) {
    if (lanes != 0)
      return corrupt(at(where, "lanes"), "%u lanes of a row-major tensor", lanes);
    return {};
  }
  if (countOf(parameter.shape()) != 2)
    return corrupt(at(where, "layout"), "a tensor of %u axes cannot be packed",
                   countOf(parameter.shape()));
  if (lanes < 4 || lanes > 64 || (lanes & (lanes - 1)) != 0)
    return corrupt(at(where, "lanes"), "%u is no power of two from 4 to 64", lanes);
  uint64_t elements;
  if (!storageElementsOf(parameter, &elements) || elements > largestTensor)
    return corrupt(at(where, "lanes"), "with padding the tensor is too large");
  return {};
}

Status verifyParameter(const schema::Parameter &parameter, const std::string &where) {
  if (!isKnown(parameter.dtype()))
    return corrupt(at(where, "dtype"), "%d is no element type",
                   static_cast<int>(parameter.dtype()));
  if (countOf(parameter.shape()) > largestRank)
    return corrupt(at(where, "shape"), "%u axes; at most %u are possible",
                   countOf(parameter.shape()), largestRank);
  uint64_t elements = 1;
  for (uint32_t i = 0; i < countOf(parameter.shape()); ++i) {
    int64_t extent = parameter.shape()->Get(i);
    if (extent < 0 || !checkedMul(elements, static_cast<uint64_t>(extent), &elements) ||
        elements > largestTensor)
      return corrupt(at(where, "shape", i), "%lld is negative or makes the tensor too large",
                     static_cast<long long>(extent));
  }
  TENON_TRY(verifyLayout(parameter, where));
  return verifyInit(parameter, at(where, "init"));
}

bool isOptimizerPath(const std::string &path) { return path.compare(0, 10, "optimizer.") == 0; }

} // namespace

Status verifySignatures(const schema::Artifact &artifact) {
  TENON_TRY(verifyUniqueNames(artifact.entries(), "entries", "",
                              [](const schema::Entry *entry) { return entry->name(); }));
  for (uint32_t i = 0; i < countOf(artifact.entries()); ++i)
    TENON_TRY(verifyEntry(*artifact.entries()->Get(i), at("", "entries", i)));

  auto pathOf = [](const schema::Parameter *parameter) { return parameter->path(); };
  TENON_TRY(verifyUniqueNames(artifact.parameters(), "parameters", "", pathOf));
  TENON_TRY(verifyUniqueNames(artifact.states(), "states", "", pathOf));
  std::set<std::string> paths;
  for (uint32_t i = 0; i < countOf(artifact.parameters()); ++i) {
    const schema::Parameter &parameter = *artifact.parameters()->Get(i);
    std::string where = at("", "parameters", i);
    if (isOptimizerPath(parameter.path()->str()))
      return corrupt(at(where, "path"), "'optimizer.' is for states of the optimizer");
    paths.insert(parameter.path()->str());
    TENON_TRY(verifyParameter(parameter, where));
  }
  for (uint32_t i = 0; i < countOf(artifact.states()); ++i) {
    const schema::Parameter &state = *artifact.states()->Get(i);
    std::string where = at("", "states", i);
    if (paths.count(state.path()->str()))
      return corrupt(at(where, "path"), "'%s' is a parameter too", state.path()->c_str());
    TENON_TRY(verifyParameter(state, where));
  }
  return {};
}

} // namespace tenon::rt
