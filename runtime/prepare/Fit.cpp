#include "runtime/prepare/Fit.h"

#include <algorithm>
#include <cmath>

namespace tenon::rt {
namespace {

/// min, max and mean of one column; `stride` values lie between two rows.
struct ColumnPass {
  double low, high, mean;

  ColumnPass(const double *values, int64_t rows, uint32_t stride)
      : low(values[0]), high(values[0]), mean(0) {
    for (int64_t row = 0; row < rows; ++row) {
      double value = values[row * stride];
      low = std::min(low, value);
      high = std::max(high, value);
      mean += value;
    }
    mean /= static_cast<double>(rows);
  }
};

double populationDeviation(const double *values, int64_t rows, uint32_t stride, double mean) {
  double squares = 0;
  for (int64_t row = 0; row < rows; ++row) {
    double difference = values[row * stride] - mean;
    squares += difference * difference;
  }
  return std::sqrt(squares / static_cast<double>(rows));
}

} // namespace

Ref<FitTable> emptyFits(const schema::Artifact &artifact) {
  Ref<FitTable> fits = Ref<FitTable>::adopt(new FitTable);
  for (uint32_t i = 0; i < countOf(artifact.data()); ++i)
    fits->values.emplace_back(countOf(artifact.data()->Get(i)->fits()));
  return fits;
}

uint32_t columnsOf(const schema::Data &data, uint32_t fit) {
  return data.raws()->Get(data.fits()->Get(fit)->raw())->columns()->size();
}

Status fitColumns(schema::FitKind kind, const std::string &group, const double *values,
                  int64_t rows, uint32_t columns, FitValues *out) {
  if (rows <= 0)
    return Status::error(TENON_STATUS_INVALID_ARGUMENT, "there are no rows to fit '%s' on",
                         group.c_str());
  for (int64_t i = 0; i < rows * columns; ++i)
    if (!std::isfinite(values[i]))
      return Status::error(TENON_STATUS_INVALID_ARGUMENT,
                           "row %lld, column %lld of '%s' is %g: fits need finite numbers",
                           static_cast<long long>(i / columns), static_cast<long long>(i % columns),
                           group.c_str(), std::isnan(values[i]) ? std::fabs(values[i]) : values[i]);
  FitValues fitted;
  for (uint32_t column = 0; column < columns; ++column) {
    ColumnPass pass(values + column, rows, columns);
    bool standardize = kind == schema::FitKind::Standardize;
    // Said by comparison: the mean of equal values need not be that value in floating point.
    bool isConstant = pass.low == pass.high;
    double shift = standardize && !isConstant ? pass.mean : pass.low;
    double scale = isConstant    ? 0
                   : standardize ? populationDeviation(values + column, rows, columns, pass.mean)
                                 : pass.high - pass.low;
    if (!std::isfinite(shift) || !std::isfinite(scale))
      return Status::error(TENON_STATUS_INVALID_ARGUMENT,
                           "column %u of '%s' has values too large to fit", column, group.c_str());
    fitted.shift.push_back(shift);
    fitted.scale.push_back(scale);
  }
  *out = std::move(fitted);
  return {};
}

} // namespace tenon::rt
