#include "LinearModel.h"

#include "runtime/base/Sha256.h"
#include "runtime/schema/KernelAbi.h"

#include <cmath>

namespace tenon::test {
namespace {

using namespace schema;

// ---- Kernels: buf[] as the artifact below lists them ----

/// p[row] = x[row]·w + b; one tile a row. Fails visibly if scratch memory is shared or unaligned.
void predictKernel(const tenon_kernel_args *args, int64_t begin, int64_t end) {
  auto *x = static_cast<const float *>(args->buf[0]);
  auto *w = static_cast<const float *>(args->buf[1]);
  auto *b = static_cast<const float *>(args->buf[2]);
  auto *p = static_cast<float *>(args->buf[3]);
  auto *scratch = static_cast<float *>(args->scratch);
  for (int64_t row = begin; row < end; ++row) {
    for (int k = 0; k < 4; ++k)
      scratch[k] = x[row * 4 + k] * w[k];
    float sum = b[0];
    for (int k = 0; k < 4; ++k)
      sum += scratch[k];
    p[row] = sum;
  }
}

/// loss = mean((p - y)^2), mae = mean(|p - y|) if it is asked for; one tile.
void lossKernel(const tenon_kernel_args *args, int64_t, int64_t) {
  auto *p = static_cast<const float *>(args->buf[0]);
  auto *y = static_cast<const float *>(args->buf[1]);
  int64_t rows = args->size[0];
  float squares = 0;
  for (int64_t row = 0; row < rows; ++row)
    squares += (p[row] - y[row]) * (p[row] - y[row]);
  *static_cast<float *>(args->buf[2]) = squares / static_cast<float>(rows);
}

void maeKernel(const tenon_kernel_args *args, int64_t, int64_t) {
  auto *p = static_cast<const float *>(args->buf[0]);
  auto *y = static_cast<const float *>(args->buf[1]);
  float sum = 0;
  for (int64_t row = 0; row < args->size[0]; ++row)
    sum += std::fabs(p[row] - y[row]);
  *static_cast<float *>(args->buf[2]) = sum / static_cast<float>(args->size[0]);
}

/// Gradient and momentum update with lr = 0.1 * (1 - step / total); nothing if the loss is not
/// finite. buf: p, y, x, loss | weight, bias, velocity, steps, calls.
void updateKernel(const tenon_kernel_args *args, int64_t, int64_t) {
  auto *p = static_cast<const float *>(args->buf[0]);
  auto *y = static_cast<const float *>(args->buf[1]);
  auto *x = static_cast<const float *>(args->buf[2]);
  if (!std::isfinite(*static_cast<const float *>(args->buf[3])))
    return;
  auto *w = static_cast<float *>(args->buf[4]);
  auto *b = static_cast<float *>(args->buf[5]);
  auto *velocity = static_cast<float *>(args->buf[6]);
  int64_t rows = args->size[0];
  float gradient[5] = {};
  for (int64_t row = 0; row < rows; ++row) {
    float difference = 2 * (p[row] - y[row]) / static_cast<float>(rows);
    for (int k = 0; k < 4; ++k)
      gradient[k] += difference * x[row * 4 + k];
    gradient[4] += difference;
  }
  float lr = 0.1f * (1 - static_cast<float>(args->step->step) /
                             static_cast<float>(args->step->total_steps + 1));
  for (int k = 0; k < 5; ++k) {
    velocity[k] = 0.5f * velocity[k] + gradient[k];
    (k < 4 ? w[k] : b[0]) -= lr * velocity[k];
  }
  *static_cast<double *>(args->buf[7]) += 1;
  *static_cast<int64_t *>(args->buf[8]) += static_cast<int64_t>(args->step->seed);
}

/// Adds up what a step over micro-batches needs. buf: p, y, x | sums f64[8]: 5 gradients, squares,
/// rows, and 1 if the micro-batches do not follow each other.
void sumKernel(const tenon_kernel_args *args, int64_t, int64_t) {
  auto *p = static_cast<const float *>(args->buf[0]);
  auto *y = static_cast<const float *>(args->buf[1]);
  auto *x = static_cast<const float *>(args->buf[2]);
  auto *sums = static_cast<double *>(args->buf[3]);
  if (sums[6] != static_cast<double>(args->step->example_offset))
    sums[7] = 1;
  for (int64_t row = 0; row < args->size[0]; ++row) {
    double difference = p[row] - y[row];
    for (int k = 0; k < 4; ++k)
      sums[k] += 2 * difference * x[row * 4 + k];
    sums[4] += 2 * difference;
    sums[5] += difference * difference;
  }
  sums[6] += static_cast<double>(args->size[0]);
}

/// The update from sums, else as updateKernel. buf: sums | loss, weight, bias, velocity, steps,
/// calls.
void applyKernel(const tenon_kernel_args *args, int64_t, int64_t) {
  auto *sums = static_cast<const double *>(args->buf[0]);
  auto *loss = static_cast<float *>(args->buf[1]);
  *loss = sums[7] != 0 ? -NAN : static_cast<float>(sums[5] / sums[6]);
  if (!std::isfinite(*loss))
    return;
  auto *w = static_cast<float *>(args->buf[2]);
  auto *b = static_cast<float *>(args->buf[3]);
  auto *velocity = static_cast<float *>(args->buf[4]);
  float lr = 0.1f * (1 - static_cast<float>(args->step->step) /
                             static_cast<float>(args->step->total_steps + 1));
  for (int k = 0; k < 5; ++k) {
    velocity[k] = 0.5f * velocity[k] + static_cast<float>(sums[k] / sums[6]);
    (k < 4 ? w[k] : b[0]) -= lr * velocity[k];
  }
  *static_cast<double *>(args->buf[5]) += 1;
  *static_cast<int64_t *>(args->buf[6]) += static_cast<int64_t>(args->step->seed);
}

/// x f32[rows, 4] = (raw - shift) / scale, 0 where scale is 0; one tile a row.
void standardizeKernel(const tenon_kernel_args *args, int64_t begin, int64_t end) {
  auto *raw = static_cast<const double *>(args->buf[0]);
  auto *shift = static_cast<const double *>(args->buf[1]);
  auto *scale = static_cast<const double *>(args->buf[2]);
  auto *x = static_cast<float *>(args->buf[3]);
  for (int64_t i = begin * 4; i < end * 4; ++i)
    x[i] = scale[i % 4] == 0 ? 0 : static_cast<float>((raw[i] - shift[i % 4]) / scale[i % 4]);
}

void narrowKernel(const tenon_kernel_args *args, int64_t begin, int64_t end) {
  for (int64_t i = begin; i < end; ++i)
    static_cast<float *>(args->buf[1])[i] =
        static_cast<float>(static_cast<const double *>(args->buf[0])[i]);
}

enum Kernel : uint32_t { PredictK, LossK, MaeK, UpdateK, StandardizeK, NarrowK, SumK, ApplyK };
constexpr tenon_kernel_fn kernels[] = {predictKernel,     lossKernel,   maeKernel, updateKernel,
                                       standardizeKernel, narrowKernel, sumKernel, applyKernel};

// ---- The artifact ----

/// Marks an axis that is the entry's only run-time size.
constexpr int64_t batchAxis = -1;

std::vector<std::unique_ptr<SizeExprT>> shape(std::vector<int64_t> axes) {
  std::vector<std::unique_ptr<SizeExprT>> out;
  for (int64_t axis : axes)
    out.push_back(axis == batchAxis ? sizeOf(0) : size(axis));
  return out;
}

std::unique_ptr<TensorT> tensor(const char *name, DType dtype, std::vector<int64_t> axes) {
  auto out = std::make_unique<TensorT>();
  out->name = name;
  out->dtype = dtype;
  out->shape = shape(std::move(axes));
  return out;
}

std::unique_ptr<EntryT> entry(const char *name, EntryKind kind, const char *sizeName) {
  auto out = std::make_unique<EntryT>();
  out->name = name;
  out->kind = kind;
  out->sizes = {sizeName};
  out->line = 10 + static_cast<uint32_t>(kind);
  return out;
}

std::unique_ptr<ParameterT> parameter(const char *path, DType dtype, std::vector<int64_t> dims,
                                      InitKind kind, double a, double b) {
  auto out = std::make_unique<ParameterT>();
  out->path = path;
  out->dtype = dtype;
  out->shape = std::move(dims);
  out->init = std::make_unique<InitT>();
  out->init->kind = kind;
  out->init->a = a;
  out->init->b = b;
  out->line = 3;
  return out;
}

/// Adds buffers and launches to a program.
class ProgramBuilder {
public:
  explicit ProgramBuilder(uint32_t entry) : program(std::make_unique<ProgramT>()) {
    program->entry = entry;
  }

  uint32_t buffer(BufferKind kind, uint32_t index, std::unique_ptr<SizeExprT> bytes,
                  uint32_t first = 0, uint32_t last = 0) {
    auto out = std::make_unique<BufferT>();
    out->kind = kind;
    out->index = index;
    out->bytes = std::move(bytes);
    out->first = first;
    out->last = last;
    program->buffers.push_back(std::move(out));
    return static_cast<uint32_t>(program->buffers.size() - 1);
  }

  void launch(uint32_t kernel, std::vector<uint32_t> buffers, std::unique_ptr<SizeExprT> tiles) {
    auto out = std::make_unique<CommandT>();
    out->kernel = kernel;
    out->buffers = std::move(buffers);
    out->sizes.push_back(sizeOf(0));
    out->tiles = std::move(tiles);
    out->grain = size(1);
    if (kernel == PredictK)
      out->scratch = size(16);
    out->line = 20;
    program->commands.push_back(std::move(out));
  }

  std::unique_ptr<ProgramT> program;
};

std::unique_ptr<ProgramT> forwardProgram() {
  ProgramBuilder b(Forward);
  b.buffer(BufferKind::Input, 0, sizeOf(0, 16));
  b.buffer(BufferKind::Param, 0, size(16));
  b.buffer(BufferKind::Param, 1, size(4));
  b.buffer(BufferKind::Output, 0, sizeOf(0, 4));
  b.launch(PredictK, {0, 1, 2, 3}, sizeOf(0));
  return std::move(b.program);
}

std::unique_ptr<ProgramT> stepProgram() {
  ProgramBuilder b(Step);
  b.buffer(BufferKind::Input, 0, sizeOf(0, 16));
  b.buffer(BufferKind::Input, 1, sizeOf(0, 4));
  b.buffer(BufferKind::Param, 0, size(16));
  b.buffer(BufferKind::Param, 1, size(4));
  b.buffer(BufferKind::Temp, 0, sizeOf(0, 4), 0, 2);
  b.buffer(BufferKind::Output, 0, size(4));
  b.buffer(BufferKind::State, 1, size(20));
  b.buffer(BufferKind::State, 2, size(8));
  b.buffer(BufferKind::State, 0, size(8));
  b.launch(PredictK, {0, 2, 3, 4}, sizeOf(0));
  b.launch(LossK, {4, 1, 5}, size(1));
  b.launch(UpdateK, {4, 1, 0, 5, 2, 3, 6, 7, 8}, size(1));
  return std::move(b.program);
}

std::unique_ptr<ProgramT> accumulateProgram(uint32_t entry, uint32_t sums) {
  ProgramBuilder b(entry);
  b.buffer(BufferKind::Input, 0, sizeOf(0, 16));
  b.buffer(BufferKind::Input, 1, sizeOf(0, 4));
  b.buffer(BufferKind::Param, 0, size(16));
  b.buffer(BufferKind::Param, 1, size(4));
  b.buffer(BufferKind::Temp, 0, sizeOf(0, 4), 0, 1);
  b.buffer(BufferKind::State, sums, size(64));
  b.launch(PredictK, {0, 2, 3, 4}, sizeOf(0));
  b.launch(SumK, {4, 1, 0, 5}, size(1));
  return std::move(b.program);
}

std::unique_ptr<ProgramT> applyProgram(uint32_t sums) {
  ProgramBuilder b(Step);
  b.buffer(BufferKind::State, sums, size(64));
  b.buffer(BufferKind::Output, 0, size(4));
  b.buffer(BufferKind::Param, 0, size(16));
  b.buffer(BufferKind::Param, 1, size(4));
  b.buffer(BufferKind::State, 1, size(20));
  b.buffer(BufferKind::State, 2, size(8));
  b.buffer(BufferKind::State, 0, size(8));
  b.launch(ApplyK, {0, 1, 2, 3, 4, 5, 6}, size(1));
  return std::move(b.program);
}

std::unique_ptr<ProgramT> evaluateProgram() {
  ProgramBuilder b(Evaluate);
  b.buffer(BufferKind::Input, 0, sizeOf(0, 16));
  b.buffer(BufferKind::Input, 1, sizeOf(0, 4));
  b.buffer(BufferKind::Param, 0, size(16));
  b.buffer(BufferKind::Param, 1, size(4));
  b.buffer(BufferKind::Temp, 0, sizeOf(0, 4), 0, 2);
  b.buffer(BufferKind::Output, 0, size(4));
  b.buffer(BufferKind::Output, 1, size(4));
  b.launch(PredictK, {0, 2, 3, 4}, sizeOf(0));
  b.launch(LossK, {4, 1, 5}, size(1));
  b.launch(MaeK, {4, 1, 6}, size(1));
  return std::move(b.program);
}

std::unique_ptr<ProgramT> predictProgram() {
  ProgramBuilder b(Predict);
  b.buffer(BufferKind::Input, 0, sizeOf(0, 32));
  b.buffer(BufferKind::Input, 1, size(32));
  b.buffer(BufferKind::Input, 2, size(32));
  b.buffer(BufferKind::Temp, 0, sizeOf(0, 16), 0, 1);
  b.buffer(BufferKind::Param, 0, size(16));
  b.buffer(BufferKind::Param, 1, size(4));
  b.buffer(BufferKind::Output, 0, sizeOf(0, 4));
  b.launch(StandardizeK, {0, 1, 2, 3}, sizeOf(0));
  b.launch(PredictK, {3, 4, 5, 6}, sizeOf(0));
  return std::move(b.program);
}

std::unique_ptr<ProgramT> prepareProgram() {
  ProgramBuilder b(Prepare);
  b.buffer(BufferKind::Input, 0, sizeOf(0, 32));
  b.buffer(BufferKind::Input, 1, size(32));
  b.buffer(BufferKind::Input, 2, size(32));
  b.buffer(BufferKind::Input, 3, sizeOf(0, 8));
  b.buffer(BufferKind::Output, 0, sizeOf(0, 16));
  b.buffer(BufferKind::Output, 1, sizeOf(0, 4));
  b.launch(StandardizeK, {0, 1, 2, 4}, sizeOf(0));
  b.launch(NarrowK, {3, 5}, sizeOf(0));
  return std::move(b.program);
}

std::vector<std::unique_ptr<EntryT>> entries() {
  std::vector<std::unique_ptr<EntryT>> out;
  out.push_back(entry("forward", EntryKind::Function, "batch"));
  out[Forward]->inputs.push_back(tensor("x", DType::F32, {batchAxis, 4}));
  out[Forward]->outputs.push_back(tensor("p", DType::F32, {batchAxis}));
  auto require = std::make_unique<RequireT>();
  require->left = sizeOf(0);
  require->op = "<=";
  require->right = size(1000);
  require->message = "at most 1000 rows";
  require->line = 12;
  out[Forward]->requires_.push_back(std::move(require));

  out.push_back(entry("linear.step", EntryKind::Step, "batch"));
  out.push_back(entry("linear.evaluate", EntryKind::Evaluate, "batch"));
  for (uint32_t i : {Step, Evaluate}) {
    out[i]->inputs.push_back(tensor("x", DType::F32, {batchAxis, 4}));
    out[i]->inputs.push_back(tensor("y", DType::F32, {batchAxis}));
    out[i]->outputs.push_back(tensor("loss", DType::F32, {}));
  }
  out[Evaluate]->outputs.push_back(tensor("mae", DType::F32, {}));

  out.push_back(entry("linear.predict", EntryKind::Predict, "rows"));
  out.push_back(entry("rows.prepare", EntryKind::Prepare, "rows"));
  for (uint32_t i : {Predict, Prepare}) {
    out[i]->inputs.push_back(tensor("x", DType::F64, {batchAxis, 4}));
    out[i]->inputs.push_back(tensor("x.0.shift", DType::F64, {4}));
    out[i]->inputs.push_back(tensor("x.0.scale", DType::F64, {4}));
  }
  out[Predict]->outputs.push_back(tensor("p", DType::F32, {batchAxis}));
  out[Prepare]->inputs.push_back(tensor("y", DType::F64, {batchAxis, 1}));
  out[Prepare]->outputs.push_back(tensor("x", DType::F32, {batchAxis, 4}));
  out[Prepare]->outputs.push_back(tensor("y", DType::F32, {batchAxis}));
  return out;
}

std::unique_ptr<DataT> dataBlock() {
  auto data = std::make_unique<DataT>();
  data->name = "rows";
  data->source = std::make_unique<SourceT>();
  data->source->kind = SourceKind::Csv;
  data->source->path = "rows.csv";
  for (const char *name : {"x", "y"}) {
    auto group = std::make_unique<RawGroupT>();
    group->name = name;
    for (int i = 0; i < (*name == 'x' ? 4 : 1); ++i) {
      group->columns.push_back(std::make_unique<ColumnT>());
      group->columns.back()->name = std::string(name) + std::to_string(i);
    }
    data->raws.push_back(std::move(group));
  }
  data->fits.push_back(std::make_unique<FitT>());
  data->fits[0]->name = "x.0";
  data->fits[0]->kind = FitKind::Standardize;
  data->fields.push_back(tensor("x", DType::F32, {batchAxis, 4}));
  data->fields.push_back(tensor("y", DType::F32, {batchAxis}));
  for (const char *name : {"train", "test"}) {
    data->split.push_back(std::make_unique<SplitPartT>());
    data->split.back()->name = name;
    data->split.back()->fraction = 0.5;
  }
  data->prepare = Prepare;
  return data;
}

std::unique_ptr<DurationT> duration(double value, DurationUnit unit) {
  auto out = std::make_unique<DurationT>();
  out->value = value;
  out->unit = unit;
  return out;
}

std::unique_ptr<TrainT> trainBlock() {
  auto train = std::make_unique<TrainT>();
  train->name = train->model = "linear";
  train->batch = 8;
  train->run = duration(5, DurationUnit::Epochs);
  train->log_every = duration(10, DurationUnit::Steps);
  train->evaluate_on = "test";
  train->metrics = {"mae"};
  train->predictions.push_back(std::make_unique<PredictionT>());
  train->predictions[0]->name = "p";
  train->predictions[0]->like_raw = 1;
  train->step = Step;
  train->evaluate = Evaluate;
  train->predict = Predict;
  train->best = "min(mae)";
  return train;
}

std::unique_ptr<VariantT> variant() {
  auto out = std::make_unique<VariantT>();
  out->target = "cpu";
  out->arch = "x86-64";
  out->programs.push_back(forwardProgram());
  out->programs.push_back(stepProgram());
  out->programs.push_back(evaluateProgram());
  out->programs.push_back(predictProgram());
  out->programs.push_back(prepareProgram());
  const std::vector<std::vector<uint8_t>> writes = {
      {0, 0, 0, 1}, {0, 0, 1},          {0, 0, 1}, {0, 0, 0, 0, 1, 1, 1, 1, 1}, {0, 0, 0, 1},
      {0, 1},       {0, 0, 0, 1}, {0, 1, 1, 1, 1, 1, 1}};
  const char *names[] = {"predict",     "loss",   "mae", "update",
                         "standardize", "narrow", "sum", "apply"};
  for (size_t i = 0; i < writes.size(); ++i) {
    out->kernels.push_back(std::make_unique<KernelT>());
    out->kernels[i]->name = names[i];
    out->kernels[i]->writes = writes[i];
  }
  return out;
}

} // namespace

std::unique_ptr<SizeExprT> size(int64_t constant) {
  auto out = std::make_unique<SizeExprT>();
  if (constant != 0) {
    out->terms.push_back(std::make_unique<MonomialT>());
    out->terms[0]->coefficient = constant;
  }
  return out;
}

std::unique_ptr<SizeExprT> sizeOf(int32_t name, int64_t coefficient, int64_t constant) {
  auto out = std::make_unique<SizeExprT>();
  out->terms.push_back(std::make_unique<MonomialT>());
  out->terms[0]->coefficient = coefficient;
  out->terms[0]->atoms.push_back(std::make_unique<SizeAtomT>());
  out->terms[0]->atoms[0]->name = name;
  if (constant != 0) {
    out->terms.push_back(std::make_unique<MonomialT>());
    out->terms[1]->coefficient = constant;
  }
  return out;
}

std::unique_ptr<ArtifactT> linearArtifact() {
  auto out = std::make_unique<ArtifactT>();
  out->version = 4;
  out->name = "linear";
  out->producer = "a test";
  out->entries = entries();
  out->parameters.push_back(parameter("weight", DType::F32, {4}, InitKind::Uniform, -0.5, 0.5));
  out->parameters.push_back(parameter("bias", DType::F32, {1}, InitKind::Constant, 0.25, 0));
  out->states.push_back(parameter("calls", DType::I64, {1}, InitKind::Constant, 0, 0));
  out->states.push_back(parameter("optimizer.velocity", DType::F32, {5}, InitKind::Constant, 0, 0));
  out->states.push_back(parameter("optimizer.steps", DType::F64, {1}, InitKind::Constant, 0, 0));
  out->data.push_back(dataBlock());
  out->trains.push_back(trainBlock());
  out->variants.push_back(variant());
  return out;
}

void cutBatches(ArtifactT &artifact, uint32_t microBatches) {
  auto accumulate = static_cast<uint32_t>(artifact.entries.size());
  auto sums = static_cast<uint32_t>(artifact.states.size());
  artifact.states.push_back(
      parameter("optimizer.accumulated.sums", DType::F64, {8}, InitKind::Constant, 0, 0));
  artifact.entries.push_back(entry("linear.accumulate", EntryKind::Step, "batch"));
  artifact.entries.back()->inputs.push_back(tensor("x", DType::F32, {batchAxis, 4}));
  artifact.entries.back()->inputs.push_back(tensor("y", DType::F32, {batchAxis}));
  artifact.variants[0]->programs[Step] = applyProgram(sums);
  artifact.variants[0]->programs.push_back(accumulateProgram(accumulate, sums));
  artifact.trains[0]->micro_batches = microBatches;
  artifact.trains[0]->accumulate = static_cast<int32_t>(accumulate);
}

std::vector<uint8_t> pack(const ArtifactT &artifact) {
  flatbuffers::FlatBufferBuilder builder;
  FinishArtifactBuffer(builder, CreateArtifact(builder, &artifact));
  return withDigest({builder.GetBufferPointer(), builder.GetBufferPointer() + builder.GetSize()});
}

std::vector<uint8_t> withDigest(std::vector<uint8_t> tables) {
  rt::Sha256Digest digest = rt::Sha256::of(tables.data(), tables.size());
  tables.insert(tables.end(), digest.begin(), digest.end());
  return tables;
}

tenon_linked_model linked(const std::vector<uint8_t> &artifact) {
  return {TENON_ABI_VERSION, sizeof kernels / sizeof *kernels, kernels, artifact.data(),
          artifact.size()};
}

std::string messageOf(tenon_status_t status) {
  std::string message = status ? tenon_status_message(status) : "";
  tenon_status_free(status);
  return message;
}

tenon_status_code codeOf(tenon_status_t status) {
  tenon_status_code code = tenon_status_get_code(status);
  tenon_status_free(status);
  return code;
}

} // namespace tenon::test
