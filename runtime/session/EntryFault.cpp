// EntryRunner: what a kernel found wrong in the data of a run, in words.
#include "runtime/session/EntryRunner.h"

#include <charconv>
#include <cmath>
#include <cstring>

namespace tenon::rt {
namespace {

/// As few digits as give the number back.
std::string shortest(double value) {
  if (std::isnan(value))
    return "nan"; // its sign says nothing
  char text[32];
  return {text, std::to_chars(text, text + sizeof text, value).ptr};
}

/// Why `value` is no number of type `type`.
std::string refusal(double value, tenon_dtype type) {
  std::string shown = shortest(value);
  if (std::isnan(value))
    return shown + " is no number";
  switch (type) {
  case TENON_DTYPE_BOOL:
    return shown + " is no bool; it takes 0 and 1";
  case TENON_DTYPE_F32:
    return shown + " is beyond what f32 holds, 3.4e38";
  case TENON_DTYPE_F64:
    return shown + " is beyond what f64 holds, 1.8e308";
  case TENON_DTYPE_I32:
  case TENON_DTYPE_I64:
    if (value != std::trunc(value))
      return shown + " is no " + tenon_dtype_name(type) +
             "; it takes whole numbers, f32 takes fractions";
    return type == TENON_DTYPE_I32 ? shown + " is beyond what i32 holds; i64 holds more"
                                   : shown + " is beyond 2^53, up to where fields are exact";
  default: // no type of fields
    return shown + " is no " + tenon_dtype_name(type);
  }
}

/// The data block whose fields the entry computes; null if there is none.
const schema::Data *dataOf(const schema::Artifact &artifact, uint32_t entry) {
  int64_t wanted = entry;
  for (uint32_t i = 0; i < countOf(artifact.data()); ++i)
    if (artifact.data()->Get(i)->prepare() == wanted)
      return artifact.data()->Get(i);
  for (uint32_t i = 0; i < countOf(artifact.trains()); ++i)
    if (artifact.trains()->Get(i)->predict() == wanted)
      return artifact.data()->Get(artifact.trains()->Get(i)->data());
  return nullptr;
}

/// Where the columns are named that a field is computed from. A kernel may compute several fields, so its
/// own line may be that of another one.
uint32_t lineOf(const schema::Data &data, const std::string &field) {
  for (uint32_t i = 0; i < countOf(data.raws()); ++i)
    if (data.raws()->Get(i)->name()->str() == field)
      return data.raws()->Get(i)->line();
  return data.line();
}

} // namespace

std::string EntryRunner::faultReason(const tenon_fault &found, uint32_t *line) const {
  if (found.found == TENON_FAULT_INDEX)
    return "index " + std::to_string(found.value) + " is out of range for an axis of size " +
           std::to_string(found.bound) + "; indices count from 0";
  double number;
  std::memcpy(&number, &found.value, sizeof number);
  const schema::Data *data = dataOf(program.artifact(), index);
  if (!data || found.bound < 0 || found.bound >= int64_t{countOf(data->fields())})
    return shortest(number) + " is no number of its field";
  const schema::Tensor &field = *data->fields()->Get(static_cast<uint32_t>(found.bound));
  *line = lineOf(*data, field.name()->str());
  return "field '" + field.name()->str() +
         "': " + refusal(number, static_cast<tenon_dtype>(field.dtype()));
}

Status EntryRunner::faultFailure() const {
  const tenon_fault &found = fault.fault();
  const CommandSpec &command = entry.commands[list.launches[fault.launch()].command];
  std::string where = "entry '" + entry.name + "'";
  int64_t example = -1;
  // Sizes of the entry have names that mean something to the caller; others do not.
  for (uint32_t name = 0; name < entry.sizes.size(); ++name) {
    if (found.size < 0 || found.size >= static_cast<int64_t>(command.sizes.size()) ||
        !command.sizes[static_cast<size_t>(found.size)].isName(name))
      continue;
    int64_t at = found.place; // in a micro-batch the whole batch is meant
    if (entry.kind == schema::EntryKind::Step)
      at += step.example_offset;
    where += " at [" + entry.sizes[name] + ": " + std::to_string(at) + "]";
    if (entry.sizes.size() == 1)
      example = at;
  }
  uint32_t line = command.line;
  std::string reason = faultReason(found, &line);
  return Status::errorAt(line, TENON_STATUS_REQUIREMENT, "%s: %s", where.c_str(), reason.c_str())
      .withExample(example);
}

} // namespace tenon::rt
