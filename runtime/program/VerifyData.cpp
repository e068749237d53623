// Data blocks: what is read, fitted and split, and that it fits the prepare entry.
#include "runtime/program/SizeExpr.h"
#include "runtime/program/Verify.h"

namespace tenon::rt {
namespace {

Status verifySource(const schema::Source &source, const std::string &where) {
  if (source.kind() > schema::SourceKind::MAX)
    return corrupt(at(where, "kind"), "%d is no kind of source", static_cast<int>(source.kind()));
  if (source.kind() == schema::SourceKind::Csv && textOf(source.path()).empty())
    return corrupt(at(where, "path"), "a CSV source has no path");
  if (textOf(source.separator()).size() > 1)
    return corrupt(at(where, "separator"), "a separator has one byte");
  if (textOf(source.decimal()).size() > 1)
    return corrupt(at(where, "decimal"), "a decimal mark has one byte");
  return {};
}

Status verifyRawGroup(const schema::RawGroup &group, const std::string &where) {
  if (countOf(group.columns()) == 0)
    return corrupt(at(where, "columns"), "a raw group has no column");
  if (group.dtype() > schema::DType::MAX)
    return corrupt(at(where, "dtype"), "%d is no element type", static_cast<int>(group.dtype()));
  for (uint32_t i = 0; i < group.columns()->size(); ++i) {
    const schema::Column &column = *group.columns()->Get(i);
    if (textOf(column.name()).empty() && column.index() < 0)
      return corrupt(at(where, "columns", i), "a column has neither name nor position");
  }
  return {};
}

Status verifyFit(const schema::Fit &fit, const schema::Data &data, const std::string &where) {
  if (fit.kind() > schema::FitKind::MAX)
    return corrupt(at(where, "kind"), "%d is no kind of fit", static_cast<int>(fit.kind()));
  if (fit.raw() >= countOf(data.raws()))
    return corrupt(at(where, "raw"), "raw group %u of %u", fit.raw(), countOf(data.raws()));
  return {};
}

Status verifyField(const schema::Tensor &field, const std::string &where) {
  if (field.dtype() > schema::DType::MAX)
    return corrupt(at(where, "dtype"), "%d is no element type", static_cast<int>(field.dtype()));
  if (countOf(field.shape()) == 0 || field.shape()->size() > 8)
    return corrupt(at(where, "shape"), "%u axes; a field has 1 to 8, the batch first",
                   countOf(field.shape()));
  return {};
}

Status verifySplit(const schema::Data &data, const std::string &where) {
  TENON_TRY(verifyUniqueNames(data.split(), "split", where,
                              [](const schema::SplitPart *part) { return part->name(); }));
  double sum = 0;
  for (uint32_t i = 0; i < countOf(data.split()); ++i) {
    const schema::SplitPart &part = *data.split()->Get(i);
    std::string name = part.name()->str();
    if (name != "train" && name != "val" && name != "test")
      return corrupt(at(where, "split", i), "'%s' is none of train, val, test", name.c_str());
    if (!(part.fraction() > 0 && part.fraction() <= 1))
      return corrupt(at(where, "split", i), "the fraction is not in (0, 1]");
    sum += part.fraction();
  }
  if (sum > 1 + 1e-9)
    return corrupt(at(where, "split"), "the fractions add up to more than 1");
  return {};
}

Status verifyPrepare(const schema::Artifact &artifact, const schema::Data &data,
                     const std::string &where) {
  if (data.prepare() == -1)
    return {};
  if (data.prepare() < -1 || data.prepare() >= static_cast<int64_t>(countOf(artifact.entries())))
    return corrupt(at(where, "prepare"), "entry %d of %u", data.prepare(),
                   countOf(artifact.entries()));
  const schema::Entry &entry = *artifact.entries()->Get(data.prepare());
  if (entry.kind() != schema::EntryKind::Prepare)
    return corrupt(at(where, "prepare"), "'%s' is no prepare entry", entry.name()->c_str());
  std::string entryPlace = at("", "entries", data.prepare());
  for (uint32_t i = 0; i < countOf(entry.inputs()); ++i) {
    const schema::Tensor &input = *entry.inputs()->Get(i);
    bool known;
    TENON_TRY(verifyRowInput(input, entry, data, at(entryPlace, "inputs", i), &known));
    if (!known)
      return corrupt(at(entryPlace, "inputs", i),
                     "'%s' is neither a raw group nor a fitted value of '%s'",
                     input.name()->c_str(), data.name()->c_str());
  }
  if (countOf(entry.outputs()) != countOf(data.fields()))
    return corrupt(at(entryPlace, "outputs"), "%u outputs for %u fields", countOf(entry.outputs()),
                   countOf(data.fields()));
  for (uint32_t i = 0; i < countOf(data.fields()); ++i)
    if (entry.outputs()->Get(i)->name()->str() != data.fields()->Get(i)->name()->str())
      return corrupt(at(entryPlace, "outputs", i), "expected the field '%s'",
                     data.fields()->Get(i)->name()->c_str());
  return {};
}

Status verifyData(const schema::Artifact &artifact, const schema::Data &data,
                  const std::string &where) {
  TENON_TRY(verifySource(*data.source(), at(where, "source")));
  TENON_TRY(verifyUniqueNames(data.raws(), "raws", where,
                              [](const schema::RawGroup *group) { return group->name(); }));
  TENON_TRY(verifyUniqueNames(data.fits(), "fits", where,
                              [](const schema::Fit *fit) { return fit->name(); }));
  TENON_TRY(verifyUniqueNames(data.fields(), "fields", where,
                              [](const schema::Tensor *field) { return field->name(); }));
  for (uint32_t i = 0; i < countOf(data.raws()); ++i)
    TENON_TRY(verifyRawGroup(*data.raws()->Get(i), at(where, "raws", i)));
  for (uint32_t i = 0; i < countOf(data.fits()); ++i)
    TENON_TRY(verifyFit(*data.fits()->Get(i), data, at(where, "fits", i)));
  for (uint32_t i = 0; i < countOf(data.fields()); ++i)
    TENON_TRY(verifyField(*data.fields()->Get(i), at(where, "fields", i)));
  TENON_TRY(verifySplit(data, where));
  return verifyPrepare(artifact, data, where);
}

} // namespace

Status verifyRowInput(const schema::Tensor &input, const schema::Entry &entry,
                      const schema::Data &data, const std::string &where, bool *known) {
  uint32_t columns = 0;
  bool isGroup = false;
  for (uint32_t i = 0; i < countOf(data.raws()); ++i)
    if (data.raws()->Get(i)->name()->str() == input.name()->str()) {
      columns = data.raws()->Get(i)->columns()->size();
      isGroup = true;
    }
  for (uint32_t i = 0; i < countOf(data.fits()); ++i) {
    const schema::Fit &fit = *data.fits()->Get(i);
    if (input.name()->str() == fit.name()->str() + ".shift" ||
        input.name()->str() == fit.name()->str() + ".scale")
      columns = data.raws()->Get(fit.raw())->columns()->size();
  }
  *known = columns != 0;
  if (!*known)
    return {};
  uint32_t rank = isGroup ? 2 : 1;
  SizeExpr last;
  int64_t extent = -1;
  if (input.dtype() != schema::DType::F64 || countOf(input.shape()) != rank ||
      SizeExpr::decode(input.shape()->Get(rank - 1), countOf(entry.sizes()), &last) ||
      !last.isConstant(&extent) || extent != static_cast<int64_t>(columns))
    return corrupt(where, "expected f64[%s%u]", isGroup ? "rows, " : "", columns);
  return {};
}

Status verifyDataBlocks(const schema::Artifact &artifact) {
  TENON_TRY(verifyUniqueNames(artifact.data(), "data", "",
                              [](const schema::Data *data) { return data->name(); }));
  for (uint32_t i = 0; i < countOf(artifact.data()); ++i)
    TENON_TRY(verifyData(artifact, *artifact.data()->Get(i), at("", "data", i)));
  return {};
}

} // namespace tenon::rt
