// Packed parameters: kernels see panels, everybody else sees row-major values.
#include "LinearFixture.h"

#include <algorithm>
#include <fstream>
#include <iterator>

using namespace tenon;
using namespace tenon::test;
using schema::LayoutKind;

namespace {

struct Shape {
  int64_t rows, columns;
  LayoutKind layout;
  uint32_t lanes;

  int64_t panels() const {
    int64_t cut = layout == LayoutKind::PackedTransposed ? columns : rows;
    return lanes == 0 ? cut : (cut + lanes - 1) / lanes;
  }
  /// Elements in memory.
  int64_t stored() const {
    if (layout == LayoutKind::RowMajor)
      return rows * columns;
    return panels() * lanes * (layout == LayoutKind::Packed ? columns : rows);
  }
  /// The formulas of program.fbs.
  int64_t position(int64_t n, int64_t k) const {
    switch (layout) {
    case LayoutKind::RowMajor:
      return n * columns + k;
    case LayoutKind::Packed:
      return (n / lanes * columns + k) * lanes + n % lanes;
    default:
      return (k / lanes * rows + n) * lanes + k % lanes;
    }
  }
};

std::unique_ptr<schema::ParameterT> matrix(const char *path, const Shape &shape, double low) {
  auto out = std::make_unique<schema::ParameterT>();
  out->path = path;
  out->shape = {shape.rows, shape.columns};
  out->init = std::make_unique<schema::InitT>();
  out->init->kind = schema::InitKind::Uniform;
  out->init->a = low;
  out->init->b = low + 1;
  out->layout = shape.layout;
  out->lanes = shape.lanes;
  return out;
}

uint32_t addBuffer(schema::ProgramT &program, schema::BufferKind kind, uint32_t index,
                   int64_t bytes, uint32_t first = 0, uint32_t last = 0) {
  auto out = std::make_unique<schema::BufferT>();
  out->kind = kind;
  out->index = index;
  out->bytes = size(bytes);
  out->first = first;
  out->last = last;
  program.buffers.push_back(std::move(out));
  return static_cast<uint32_t>(program.buffers.size() - 1);
}

void addCopy(schema::ProgramT &program, uint32_t to, uint32_t from) {
  auto out = std::make_unique<schema::CommandT>();
  out->kind = schema::CommandKind::Copy;
  out->buffers = {to, from};
  program.commands.push_back(std::move(out));
}

/// The linear model with a parameter "matrix" and a state "optimizer.m.matrix" that every step
/// exchanges, and an entry "storage" that returns the parameter as it lies in memory.
std::unique_ptr<schema::ArtifactT> matrixArtifact(const Shape &shape) {
  auto artifact = linearArtifact();
  uint32_t parameter = static_cast<uint32_t>(artifact->parameters.size());
  uint32_t state = static_cast<uint32_t>(artifact->states.size());
  artifact->parameters.push_back(matrix("matrix", shape, 1));
  artifact->states.push_back(matrix("optimizer.m.matrix", shape, -3));
  int64_t bytes = shape.stored() * 4;

  auto entry = std::make_unique<schema::EntryT>();
  entry->name = "storage";
  auto output = std::make_unique<schema::TensorT>();
  output->name = "elements";
  output->shape.push_back(size(shape.stored()));
  entry->outputs.push_back(std::move(output));
  artifact->entries.push_back(std::move(entry));
  auto program = std::make_unique<schema::ProgramT>();
  program->entry = static_cast<uint32_t>(artifact->entries.size() - 1);
  uint32_t from = addBuffer(*program, schema::BufferKind::Param, parameter, bytes);
  addCopy(*program, addBuffer(*program, schema::BufferKind::Output, 0, bytes), from);
  artifact->variants[0]->programs.push_back(std::move(program));

  schema::ProgramT &step = *artifact->variants[0]->programs[Step];
  uint32_t first = static_cast<uint32_t>(step.commands.size());
  uint32_t weight = addBuffer(step, schema::BufferKind::Param, parameter, bytes);
  uint32_t moment = addBuffer(step, schema::BufferKind::State, state, bytes);
  uint32_t saved = addBuffer(step, schema::BufferKind::Temp, 0, bytes, first, first + 2);
  addCopy(step, saved, weight);
  addCopy(step, weight, moment);
  addCopy(step, moment, saved);
  return artifact;
}

/// A file of the running test alone.
std::string fileNamed(const std::string &name) {
  std::string test = testing::UnitTest::GetInstance()->current_test_info()->name();
  std::replace(test.begin(), test.end(), '/', '-');
  return testing::TempDir() + "layout-" + test + "-" + name + ".safetensors";
}

std::string contentsOf(const std::string &path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

/// A model with the matrix, and what a test does with it.
class Model {
public:
  explicit Model(const Shape &shape, const char *weightsPath = nullptr)
      : shape(shape), bytes(pack(*matrixArtifact(shape))) {
    EXPECT_SUCCESS(tenon_env_create(nullptr, &env));
    tenon_linked_model library = linked(bytes);
    tenon_weights_source source = {};
    source.path = weightsPath;
    EXPECT_SUCCESS(tenon_model_load_linked(env, &library, weightsPath ? &source : nullptr, &model));
  }
  ~Model() {
    tenon_model_release(model);
    tenon_env_release(env);
  }

  std::vector<float> values() const {
    std::vector<float> out(static_cast<size_t>(shape.rows * shape.columns));
    EXPECT_SUCCESS(tenon_model_get_weight(model, "matrix", out.data(), out.size() * 4));
    return out;
  }
  std::vector<float> storage() {
    std::vector<float> out(static_cast<size_t>(shape.stored()));
    uint32_t entry = 0;
    tenon_session_t *session = nullptr;
    EXPECT_SUCCESS(tenon_model_find_entry(model, "storage", &entry));
    EXPECT_SUCCESS(tenon_session_create(model, nullptr, &session));
    void *outputs[] = {out.data()};
    tenon_call call = {nullptr, 0, outputs, 1, nullptr, 0};
    EXPECT_SUCCESS(tenon_session_run(session, entry, &call));
    tenon_session_release(session);
    return out;
  }
  std::string saved(const std::string &name) const {
    std::string path = fileNamed(name);
    EXPECT_SUCCESS(tenon_model_save(model, path.c_str()));
    return contentsOf(path);
  }

  const Shape shape;
  std::vector<uint8_t> bytes;
  tenon_env_t *env = nullptr;
  tenon_model_t *model = nullptr;
};

Shape rowMajor(const Shape &shape) { return {shape.rows, shape.columns, LayoutKind::RowMajor, 0}; }

class Layout : public testing::TestWithParam<Shape> {};

TEST_P(Layout, KernelsSeePanels) {
  Model model(GetParam());
  const Shape &shape = model.shape;
  std::vector<float> values = model.values(), storage = model.storage();
  std::vector<float> expected(storage.size(), 0); // padding starts as 0
  for (int64_t n = 0; n < shape.rows; ++n)
    for (int64_t k = 0; k < shape.columns; ++k)
      expected[static_cast<size_t>(shape.position(n, k))] =
          values[static_cast<size_t>(n * shape.columns + k)];
  EXPECT_EQ(storage, expected);
}

TEST_P(Layout, InitialValuesDoNotDependOnIt) {
  EXPECT_EQ(Model(GetParam()).values(), Model(rowMajor(GetParam())).values());
}

TEST_P(Layout, ValuesAreGivenRowMajor) {
  Model model(GetParam());
  std::vector<float> values = model.values();
  for (size_t i = 0; i < values.size(); ++i)
    values[i] = static_cast<float>(i);
  ASSERT_SUCCESS(tenon_model_set_weight(model.model, "matrix", values.data(), values.size() * 4));
  EXPECT_EQ(model.values(), values);
  EXPECT_EQ(model.storage()[static_cast<size_t>(model.shape.position(2, 1))],
            values[static_cast<size_t>(2 * model.shape.columns + 1)]);
}

TEST_P(Layout, FilesAreRowMajor) {
  Model packed(GetParam()), plain(rowMajor(GetParam()));
  std::string file = packed.saved("packed");
  EXPECT_TRUE(file == plain.saved("plain"));
  Model loaded(GetParam(), fileNamed("plain").c_str());
  EXPECT_EQ(loaded.values(), plain.values());
  EXPECT_EQ(loaded.storage(), packed.storage());
}

/// Bytes of both checkpoint files after each of three steps; in between, everything goes through
/// the files if `resumes`.
std::vector<std::string> checkpoints(const Shape &shape, bool resumes) {
  Model model(shape);
  tenon_trainer_options options = {};
  options.total_steps = 10;
  std::vector<std::string> out;
  tenon_trainer_t *trainer = nullptr;
  std::string weights = fileNamed("weights");
  std::string optimizer = fileNamed("optimizer");
  for (int i = 0; i < 3; ++i) {
    if (!trainer) {
      EXPECT_SUCCESS(tenon_trainer_create(nullptr, model.model, 0, &options, &trainer));
    }
    if (i != 0 && resumes) {
      EXPECT_SUCCESS(tenon_trainer_load(trainer, weights.c_str(), optimizer.c_str()));
    }
    float x[8] = {1, 2, 3, 4, 5, 6, 7, 8}, y[2] = {0.5f * static_cast<float>(i), 1};
    const void *inputs[] = {x, y};
    int64_t batch = 2;
    double loss;
    tenon_call call = {inputs, 2, nullptr, 0, &batch, 1};
    EXPECT_SUCCESS(tenon_trainer_step(trainer, &call, &loss, 1));
    EXPECT_SUCCESS(tenon_trainer_save(trainer, weights.c_str(), optimizer.c_str()));
    out.push_back(contentsOf(weights) + contentsOf(optimizer));
    if (resumes) {
      tenon_trainer_release(trainer);
      trainer = nullptr;
    }
  }
  tenon_trainer_release(trainer);
  return out;
}

TEST_P(Layout, CheckpointsAreRowMajorAndResumeExactly) {
  std::vector<std::string> straight = checkpoints(GetParam(), false);
  EXPECT_TRUE(straight == checkpoints(GetParam(), true));
  EXPECT_TRUE(straight == checkpoints(rowMajor(GetParam()), false));
  EXPECT_FALSE(straight[0] == straight[1]);
}

TEST_P(Layout, SnapshotsKeepIt) {
  Model model(GetParam());
  tenon_trainer_options options = {};
  options.total_steps = 1;
  tenon_trainer_t *trainer = nullptr;
  tenon_model_t *snapshot = nullptr;
  ASSERT_SUCCESS(tenon_trainer_create(nullptr, model.model, 0, &options, &trainer));
  ASSERT_SUCCESS(tenon_trainer_snapshot(trainer, &snapshot));
  std::vector<float> values(model.values().size());
  EXPECT_SUCCESS(tenon_model_get_weight(snapshot, "matrix", values.data(), values.size() * 4));
  EXPECT_EQ(values, model.values());
  tenon_model_release(snapshot);
  tenon_trainer_release(trainer);
}

INSTANTIATE_TEST_SUITE_P(Shapes, Layout,
                         testing::Values(Shape{5, 3, LayoutKind::RowMajor, 0},
                                         Shape{19, 3, LayoutKind::Packed, 8},
                                         Shape{16, 4, LayoutKind::Packed, 16},
                                         Shape{3, 2, LayoutKind::Packed, 4},
                                         Shape{3, 37, LayoutKind::PackedTransposed, 16},
                                         // more than a file is written at a time
                                         Shape{601, 450, LayoutKind::Packed, 16},
                                         Shape{601, 450, LayoutKind::PackedTransposed, 32}));

} // namespace
