// The fields of a data block after preparation, in memory, and batches of them.
#ifndef TENON_DATA_FIELDS_H
#define TENON_DATA_FIELDS_H

#include "runtime/base/Status.h"
#include "runtime/data/RawGroups.h"
#include "tenon/tenon.h"

#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

namespace tenon::data {

/// Bytes aligned as kernels like them, so that calls use them in place.
class AlignedBytes {
public:
  static constexpr size_t Alignment = 64;
  /// Null on failure to allocate, which `resize` reports. Contents are zero.
  bool resize(size_t size);
  unsigned char *data() const { return memory.get(); }
  size_t size() const { return bytes; }

private:
  struct Free {
    void operator()(unsigned char *pointer) const { std::free(pointer); }
  };
  std::unique_ptr<unsigned char, Free> memory;
  size_t bytes = 0;
};

/// One value per row: `rowBytes` bytes each.
struct FieldValues {
  std::string name;
  size_t rowBytes = 0;
  AlignedBytes bytes;
};

struct FieldTable {
  int64_t rows = 0;
  RowPlaces places;
  std::vector<FieldValues> fields;
};

/// Runs the preparation of `data` on the given rows of `raw`: afterwards field row i belongs to raw
/// row rows[i]. Fitted values are the model's own. Fields have the order of the entry's outputs.
rt::Status prepareFields(tenon_model_t *model, const schema::Data &data, const RawGroups &raw,
                         const std::vector<int64_t> &rows, FieldTable &out);

/// Buffers for one batch of the fields that an entry takes, in the order of its inputs.
class FieldBatch {
public:
  /// `entry` takes fields by name; a name that `table` lacks is an error. The table must outlive
  /// the batch.
  static rt::Status create(const tenon_model_t *model, uint32_t entry, const FieldTable &table,
                           int64_t maxRows, FieldBatch &out);

  /// Copies field rows order[0 … count) into the buffers.
  void gather(const int64_t *order, int64_t count);

  const void *const *inputs() const { return pointers.data(); }
  size_t inputCount() const { return pointers.size(); }

private:
  std::vector<const FieldValues *> sources;
  std::vector<AlignedBytes> buffers;
  std::vector<const void *> pointers;
};

/// The number of batches that `rows` rows make. The last one may be smaller, or is dropped.
int64_t batchCount(int64_t rows, int64_t batch, bool dropRemainder);

} // namespace tenon::data

#endif // TENON_DATA_FIELDS_H
