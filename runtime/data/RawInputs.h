// Feeds raw rows to an entry, block by block.
#ifndef TENON_DATA_RAWINPUTS_H
#define TENON_DATA_RAWINPUTS_H

#include "runtime/base/Status.h"
#include "runtime/data/Entries.h"
#include "runtime/data/RawGroups.h"

#include <cstdint>
#include <vector>

namespace tenon::data {

/// Which raw groups `entry` takes, one flag per group of `data`. An input that is neither a raw
/// group of f64 nor a fitted value is an error: only a program can give it.
rt::Status neededGroups(const RowEntry &entry, const schema::Data &data, std::vector<bool> &out);

/// Runs `entry`, which takes raw groups and fitted values (the model's own), on the given rows of
/// `raw`. outputs[i] receives output i for all rows.
rt::Status runOnRawRows(tenon_model_t *model, const RowEntry &entry, const schema::Data &data,
                        const RawGroups &raw, const std::vector<int64_t> &rows,
                        const std::vector<unsigned char *> &outputs);

} // namespace tenon::data

#endif // TENON_DATA_RAWINPUTS_H
