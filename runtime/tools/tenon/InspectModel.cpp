// An artifact in words: entries, parameters, data, training, code.
#include "runtime/tools/tenon/Inspect.h"
#include "runtime/train/Blocks.h"

#include <algorithm>
#include <cinttypes>
#include <cstdio>
#include <vector>

namespace tenon::tool {

using rt::Status;

std::string showCount(uint64_t count) {
  std::string digits = std::to_string(count);
  for (size_t i = digits.size(); i > 3; i -= 3)
    digits.insert(i - 3, ",");
  return digits;
}

std::string showBytes(uint64_t bytes) {
  char text[32];
  const char *const units[] = {"KiB", "MiB", "GiB", "TiB"};
  if (bytes < 1024)
    return std::to_string(bytes) + " B";
  double value = static_cast<double>(bytes);
  size_t unit = 0;
  for (value /= 1024; value >= 1024 && unit < 3; value /= 1024)
    ++unit;
  std::snprintf(text, sizeof text, "%.1f %s", value, units[unit]);
  return text;
}

static std::string showTensor(const tenon_tensor_info &info) {
  return std::string(info.name) + ": " + tenon_dtype_name(info.dtype) +
         (info.rank == 0 ? "" : info.shape);
}

static const char *kindInWords(tenon_entry_kind kind) {
  switch (kind) {
  case TENON_ENTRY_STEP:
    return "one training step";
  case TENON_ENTRY_EVALUATE:
    return "loss and metrics of a batch";
  case TENON_ENTRY_PREDICT:
    return "predictions";
  case TENON_ENTRY_PREPARE:
    return "raw rows to fields";
  default:
    return "";
  }
}

/// The batch that memory is told for: that of the first train block.
static int64_t batchFor(const schema::Artifact &artifact) {
  if (artifact.trains() && artifact.trains()->size() != 0)
    return static_cast<int64_t>(artifact.trains()->Get(0)->batch());
  return 1;
}

/// The train block that runs an entry, as its step or on the parts of its batches; null for others.
static const schema::Train *trainOf(const schema::Artifact &artifact, uint32_t entry) {
  if (artifact.trains())
    for (const schema::Train *train : *artifact.trains())
      if (train->step() == entry || train->counts() == int64_t(entry) ||
          train->accumulate() == int64_t(entry))
        return train;
  return nullptr;
}

/// Bytes that an entry takes to run with every size `size`; 0 if there is no such number.
static uint64_t memoryAt(const tenon_model_t *model, uint32_t index, int64_t size) {
  tenon_entry_info entry;
  uint64_t bytes = 0;
  Status status = Status::adopt(tenon_model_entry(model, index, &entry));
  std::vector<int64_t> sizes(status.ok() ? entry.size_count : 0, size);
  if (status.ok())
    status = Status::adopt(
        tenon_model_entry_memory(model, index, sizes.data(), sizes.size(), &bytes));
  return status.ok() ? bytes : 0;
}

/// What an entry is for, and the memory that it takes: a step once for itself and for what it runs
/// on the parts of its batch.
static std::string remarkOn(const tenon_model_t *model, uint32_t index,
                            const tenon_entry_info &entry, const schema::Artifact &artifact) {
  std::string remark = kindInWords(entry.kind);
  int64_t batch = batchFor(artifact), parts = 1;
  const schema::Train *train = trainOf(artifact, index);
  if (train && train->micro_batches() > 1)
    parts = train->micro_batches();
  int64_t rows = (batch - 1) / parts + 1;
  uint64_t bytes = 0;
  if (parts == 1) {
    bytes = memoryAt(model, index, batch);
  } else if (train->step() == index) {
    remark += ", its batch in " + std::to_string(parts) + " parts";
    bytes = memoryAt(model, index, batch);
    for (int64_t part : {train->counts(), train->accumulate()})
      if (part >= 0)
        bytes = std::max(bytes, memoryAt(model, static_cast<uint32_t>(part), rows));
  } else {
    remark = "runs on each of the " + std::to_string(parts) + " parts of a step's batch";
    batch = rows;
    bytes = memoryAt(model, index, rows);
  }
  // A size other than the batch has no value here, so only the common case is told.
  if (entry.size_count <= 1 && bytes != 0)
    remark += (remark.empty() ? "" : "; ") + showBytes(bytes) + " of memory" +
              (entry.size_count == 0
                   ? ""
                   : " at " + std::string(entry.sizes[0]) + " = " + std::to_string(batch));
  return remark;
}

static Status printEntry(const tenon_model_t *model, uint32_t index,
                         const schema::Artifact &artifact) {
  tenon_entry_info entry;
  TENON_TRY(Status::adopt(tenon_model_entry(model, index, &entry)));
  std::string inputs, outputs;
  for (uint32_t i = 0; i < entry.input_count; ++i) {
    tenon_tensor_info info;
    TENON_TRY(Status::adopt(tenon_model_input(model, index, i, &info)));
    inputs += (inputs.empty() ? "" : ", ") + showTensor(info);
  }
  for (uint32_t i = 0; i < entry.output_count; ++i) {
    tenon_tensor_info info;
    TENON_TRY(Status::adopt(tenon_model_output(model, index, i, &info)));
    outputs += (outputs.empty() ? "" : ", ") + showTensor(info);
  }
  std::printf("  %s(%s) -> %s\n", entry.name, inputs.c_str(), outputs.c_str());
  std::string remark = remarkOn(model, index, entry, artifact);
  if (!remark.empty())
    std::printf("      %s\n", remark.c_str());
  return Status();
}

/// How it lies in memory; files and the C API show it row-major.
static std::string showLayout(const schema::Parameter &parameter) {
  switch (parameter.layout()) {
  case schema::LayoutKind::Packed:
    return ", packed " + std::to_string(parameter.lanes());
  case schema::LayoutKind::PackedTransposed:
    return ", packed transposed " + std::to_string(parameter.lanes());
  default:
    return "";
  }
}

static Status printParameters(const tenon_model_t *model, const schema::Artifact &artifact) {
  uint64_t elements = 0, bytes = 0;
  uint32_t count = tenon_model_parameter_count(model);
  std::string lines;
  for (uint32_t i = 0; i < count; ++i) {
    tenon_parameter_info info;
    TENON_TRY(Status::adopt(tenon_model_parameter(model, i, &info)));
    elements += info.bytes / tenon_dtype_size(info.dtype);
    bytes += info.bytes;
    lines += std::string("  ") + info.path + ": " + tenon_dtype_name(info.dtype) + info.shape +
             showLayout(*artifact.parameters()->Get(i)) +
             (info.nodecay ? ", never decayed" : "") + "\n";
  }
  std::printf("%s parameters in %u tensors, %s\n%s", showCount(elements).c_str(), count,
              showBytes(bytes).c_str(), lines.c_str());
  uint64_t optimizerBytes = 0;
  uint32_t own = 0;
  for (uint32_t i = 0; i < tenon_model_state_count(model); ++i) {
    tenon_parameter_info info;
    TENON_TRY(Status::adopt(tenon_model_state(model, i, &info)));
    if (info.optimizer)
      optimizerBytes += info.bytes;
    else
      ++own;
  }
  if (own != 0)
    std::printf("%u states beside them\n", own);
  if (optimizerBytes != 0)
    std::printf("the optimizer keeps %s while training\n", showBytes(optimizerBytes).c_str());
  return Status();
}

static void printData(const schema::Data &data) {
  std::printf("data '%s'", data.name()->c_str());
  if (data.source()->kind() == schema::SourceKind::None)
    std::printf(": fed by a program");
  else
    std::printf(": %s", data.source()->path() ? data.source()->path()->c_str() : "");
  if (data.split())
    for (const schema::SplitPart *part : *data.split())
      std::printf(", %s %.4g%%", part->name()->c_str(), 100 * part->fraction());
  std::printf("\n");
}

static std::string showDuration(const schema::Duration &duration) {
  const char *unit = duration.unit() == schema::DurationUnit::Steps    ? " steps"
                     : duration.unit() == schema::DurationUnit::Epochs ? " epochs"
                                                                       : " of the run";
  char text[64];
  std::snprintf(text, sizeof text, "%.6g%s", duration.value(), unit);
  return text;
}

static void printTrain(const schema::Train &train, const schema::Artifact &artifact) {
  std::printf("train '%s' on '%s': batch %" PRIu64 ", %s, seed %" PRIu64 "\n",
              train.name()->c_str(), artifact.data()->Get(train.data())->name()->c_str(),
              train.batch(), showDuration(*train.run()).c_str(), train.seed());
  if (train.predictions())
    for (const schema::Prediction *prediction : *train.predictions())
      std::printf("  predicts '%s'\n", prediction->name()->c_str());
}

static void printVariant(const schema::Variant &variant, bool runsHere) {
  std::printf(
      "code for %s, %s%s: %u kernels, %s\n", variant.target()->c_str(), variant.arch()->c_str(),
      runsHere ? " (runs here)" : "", variant.kernels() ? variant.kernels()->size() : 0,
      showBytes(variant.code() && variant.code()->bytes() ? variant.code()->bytes()->size() : 0)
          .c_str());
  if (variant.kernels())
    for (const schema::Kernel *kernel : *variant.kernels())
      std::printf("  %s, %s\n", kernel->name()->c_str(), showBytes(kernel->size()).c_str());
}

Status inspectModel(const tenon_model_t *model) {
  const schema::Artifact &artifact = train::artifactOf(model);
  size_t size = 0;
  tenon_model_artifact(model, &size);
  std::printf("model '%s', %s, made by %s", artifact.name()->c_str(), showBytes(size).c_str(),
              artifact.producer() ? artifact.producer()->c_str() : "an unknown compiler");
  if (artifact.source_name() && artifact.source_name()->size() != 0)
    std::printf(" from %s", artifact.source_name()->c_str());
  std::printf("\n");
  if (artifact.defines())
    for (const auto *define : *artifact.defines())
      std::printf("  -D %s\n", define->c_str());
  TENON_TRY(printParameters(model, artifact));
  std::printf("entries\n");
  for (uint32_t i = 0; i < tenon_model_entry_count(model); ++i)
    TENON_TRY(printEntry(model, i, artifact));
  if (artifact.data())
    for (const schema::Data *data : *artifact.data())
      printData(*data);
  if (artifact.trains())
    for (const schema::Train *train : *artifact.trains())
      printTrain(*train, artifact);
  if (artifact.variants())
    for (uint32_t i = 0; i < artifact.variants()->size(); ++i)
      printVariant(*artifact.variants()->Get(i), i == tenon_model_variant(model));
  return Status();
}

} // namespace tenon::tool
