// C functions on the values of a model: weights and fits.
#include "runtime/hal/cpu/FloatControl.h"
#include "runtime/session/Model.h"

#include <cinttypes>
#include <cmath>
#include <cstring>

using namespace tenon::rt;

namespace {

Status findWeight(const tenon_model &model, const char *path, size_t bytes,
                  const ParameterSpec **out) {
  const ParameterSpec *spec = *out = model.weights->find(path);
  if (!spec)
    return Status::error(
        TENON_STATUS_NOT_FOUND,
        "the model '%s' has no parameter or state '%s'; `tenon inspect` lists them",
        model.program->artifact().name()->c_str(), path);
  if (bytes != spec->bytes)
    return Status::error(
        TENON_STATUS_INVALID_ARGUMENT, "'%s' is %s%s, %" PRIu64 " bytes; %zu were given", path,
        tenon_dtype_name(spec->dtype), spec->shapeText.c_str(), spec->bytes, bytes);
  return {};
}

Status findData(const tenon_model &model, uint32_t index, const tenon::schema::Data **out) {
  const auto *blocks = model.program->artifact().data();
  if (index >= countOf(blocks))
    return Status::error(TENON_STATUS_NOT_FOUND, "data block %u of %u", index, countOf(blocks));
  *out = blocks->Get(index);
  return {};
}

Status findFit(const tenon_model &model, uint32_t data, const char *name, size_t columns,
               uint32_t *out) {
  const tenon::schema::Data *block = nullptr;
  TENON_TRY(findData(model, data, &block));
  for (uint32_t i = 0; i < countOf(block->fits()); ++i) {
    if (block->fits()->Get(i)->name()->str() != name)
      continue;
    if (columns != columnsOf(*block, i))
      return Status::error(TENON_STATUS_INVALID_ARGUMENT,
                           "fit '%s' of '%s' has %u columns, not %zu", name, block->name()->c_str(),
                           columnsOf(*block, i), columns);
    *out = i;
    return {};
  }
  return Status::error(TENON_STATUS_NOT_FOUND, "data block '%s' has no fit '%s'",
                       block->name()->c_str(), name);
}

} // namespace

tenon_status_t tenon_model_get_weight(const tenon_model_t *model, const char *path, void *out_data,
                                      size_t bytes) {
  return atBorder([&]() -> Status {
    TENON_TRY(checkNotNull("tenon_model_get_weight",
                           {{model, "model"}, {path, "path"}, {out_data, "out_data"}}));
    const ParameterSpec *spec = nullptr;
    TENON_TRY(findWeight(*model, path, bytes, &spec));
    model->weights->get(*spec, out_data);
    return {};
  });
}

tenon_status_t tenon_model_set_weight(tenon_model_t *model, const char *path, const void *data,
                                      size_t bytes) {
  return atBorder([&]() -> Status {
    TENON_TRY(
        checkNotNull("tenon_model_set_weight", {{model, "model"}, {path, "path"}, {data, "data"}}));
    TENON_TRY(checkMutable(*model, "tenon_model_set_weight"));
    const ParameterSpec *spec = nullptr;
    TENON_TRY(findWeight(*model, path, bytes, &spec));
    model->weights->set(*spec, data);
    return {};
  });
}

tenon_status_t tenon_model_save(const tenon_model_t *model, const char *path) {
  return atBorder([&]() -> Status {
    TENON_TRY(checkNotNull("tenon_model_save", {{model, "model"}, {path, "path"}}));
    return saveModel(path, *model->program, *model->weights, model->fits->values);
  });
}

tenon_status_t tenon_model_fit(tenon_model_t *model, uint32_t data, const double *const *groups,
                               size_t group_count, int64_t rows) {
  return atBorder([&]() -> Status {
    TENON_TRY(checkNotNull("tenon_model_fit", {{model, "model"}}));
    TENON_TRY(checkMutable(*model, "tenon_model_fit"));
    const tenon::schema::Data *block = nullptr;
    TENON_TRY(findData(*model, data, &block));
    if (group_count != countOf(block->raws()))
      return Status::error(TENON_STATUS_INVALID_ARGUMENT,
                           "tenon_model_fit: data block '%s' has %u raw groups, %zu were given",
                           block->name()->c_str(), countOf(block->raws()), group_count);
    FloatControl control;
    std::vector<FitValues> fitted(countOf(block->fits()));
    for (uint32_t i = 0; i < fitted.size(); ++i) {
      const tenon::schema::Fit &fit = *block->fits()->Get(i);
      std::string group = block->raws()->Get(fit.raw())->name()->str();
      if (!groups || !groups[fit.raw()])
        return Status::error(TENON_STATUS_INVALID_ARGUMENT, "tenon_model_fit: group '%s' is NULL",
                             group.c_str());
      TENON_TRY(
          fitColumns(fit.kind(), group, groups[fit.raw()], rows, columnsOf(*block, i), &fitted[i]));
    }
    model->fits->values[data] = std::move(fitted);
    return {};
  });
}

tenon_status_t tenon_model_get_fit(const tenon_model_t *model, uint32_t data, const char *fit,
                                   double *out_shift, double *out_scale, size_t columns) {
  return atBorder([&]() -> Status {
    TENON_TRY(checkNotNull(
        "tenon_model_get_fit",
        {{model, "model"}, {fit, "fit"}, {out_shift, "out_shift"}, {out_scale, "out_scale"}}));
    uint32_t index = 0;
    TENON_TRY(findFit(*model, data, fit, columns, &index));
    const FitValues &values = model->fits->values[data][index];
    if (!values.known())
      return Status::error(TENON_STATUS_NOT_READY,
                           "fit '%s' has no values yet: call tenon_model_fit, or load weights of a "
                           "trained model",
                           fit);
    std::memcpy(out_shift, values.shift.data(), columns * sizeof(double));
    std::memcpy(out_scale, values.scale.data(), columns * sizeof(double));
    return {};
  });
}

tenon_status_t tenon_model_set_fit(tenon_model_t *model, uint32_t data, const char *fit,
                                   const double *shift, const double *scale, size_t columns) {
  return atBorder([&]() -> Status {
    TENON_TRY(checkNotNull("tenon_model_set_fit",
                           {{model, "model"}, {fit, "fit"}, {shift, "shift"}, {scale, "scale"}}));
    TENON_TRY(checkMutable(*model, "tenon_model_set_fit"));
    uint32_t index = 0;
    TENON_TRY(findFit(*model, data, fit, columns, &index));
    for (size_t i = 0; i < columns; ++i)
      if (!std::isfinite(shift[i]) || !std::isfinite(scale[i]))
        return Status::error(TENON_STATUS_INVALID_ARGUMENT,
                             "tenon_model_set_fit: column %zu of '%s' is not finite", i, fit);
    model->fits->values[data][index] = {{shift, shift + columns}, {scale, scale + columns}};
    return {};
  });
}

int tenon_model_is_fitted(const tenon_model_t *model, uint32_t data) {
  if (!model || data >= model->fits->values.size())
    return 0;
  for (const FitValues &values : model->fits->values[data])
    if (!values.known())
      return 0;
  return 1;
}
