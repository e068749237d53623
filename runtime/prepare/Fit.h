// Fitted values of data blocks: computed from raw training rows, kept with the weights.
#ifndef TENON_PREPARE_FIT_H
#define TENON_PREPARE_FIT_H

#include "runtime/program/Program.h"

#include <string>
#include <vector>

namespace tenon::rt {

/// The two vectors of one fit: x becomes (x - shift) / scale, and 0 where scale is 0.
struct FitValues {
  std::vector<double> shift, scale; // of equal length; empty: not fitted

  bool known() const { return !shift.empty(); }
};

/// Every fit of every data block of a program.
using Fits = std::vector<std::vector<FitValues>>; // [data block][fit]

/// Fits that models, trainers and sessions share; never changed while more than one thread may
/// look.
struct FitTable final : RefCounted {
  Fits values;
};

/// As many fits as the program has, none known.
Ref<FitTable> emptyFits(const schema::Artifact &artifact);

/// Fits one group of `rows` x `columns` values, row-major, in two passes of f64 in row order.
/// Standardize: mean and population deviation. MinMax: minimum and maximum - minimum. A constant
/// column has scale 0. `group` is its name, for messages. Errors: INVALID_ARGUMENT for no rows, a
/// value that is not finite (named by row and column) or a result that is not finite.
Status fitColumns(schema::FitKind kind, const std::string &group, const double *values,
                  int64_t rows, uint32_t columns, FitValues *out);

/// The columns of a fit.
uint32_t columnsOf(const schema::Data &data, uint32_t fit);

/// The metadata of a weights file: key, and value as JSON with exact numbers.
constexpr const char *prepareKey = "tenon.prepare";
/// "" if nothing is fitted.
std::string prepareText(const schema::Artifact &artifact, const Fits &fits);
/// Takes over the fits that the text has; the others stay. Errors: MISMATCH for text that is none
/// of ours or fits of another kind or number of columns; then *fits is unchanged.
Status readPrepareText(const schema::Artifact &artifact, const std::string &text, Fits *fits);

} // namespace tenon::rt

#endif
