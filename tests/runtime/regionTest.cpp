// Random programs run in one parallel region: whatever their commands read and write, and whichever
// barriers are left out, the bits are those of one thread.
#include "LinearModel.h"
#include "runtime/schema/KernelAbi.h"

#include "gtest/gtest.h"

#include <cstring>
#include <random>

using namespace tenon::test;
using namespace tenon::schema;

namespace {

constexpr int64_t elements = 64 * 40, tileElements = 64, tiles = elements / tileElements;

/// Tile by tile: buffer 1 = f(buffer 0). The promise of tile_bytes holds.
void localKernel(const tenon_kernel_args *args, int64_t begin, int64_t end) {
  const float *from = static_cast<const float *>(args->buf[0]);
  float *to = static_cast<float *>(args->buf[1]);
  for (int64_t i = begin * tileElements; i < end * tileElements; ++i)
    to[i] = 0.5f * from[i] + static_cast<float>(i % 7);
}

/// Every tile reads all of buffer 0, last element first.
void globalKernel(const tenon_kernel_args *args, int64_t begin, int64_t end) {
  const float *from = static_cast<const float *>(args->buf[0]);
  float *to = static_cast<float *>(args->buf[1]);
  for (int64_t i = begin * tileElements; i < end * tileElements; ++i)
    to[i] = 0.5f * from[elements - 1 - i] + static_cast<float>(i % 5);
}

constexpr tenon_kernel_fn kernels[] = {localKernel, globalKernel};

struct Command {
  uint32_t kernel;
  uint32_t from, to; // buffers: the input, temporaries, the output
  bool isSmall;      // not worth splitting
};

/// Sixteen commands over an input, five temporaries and an output.
std::vector<Command> randomCommands(uint32_t seed) {
  std::mt19937 random(seed);
  std::vector<Command> commands;
  std::vector<uint32_t> written = {0};
  for (int i = 0; i < 15; ++i) {
    Command command;
    command.kernel = random() % 3 == 0;
    command.from = written[random() % written.size()];
    do
      command.to = 1 + random() % 5;
    while (command.to == command.from);
    command.isSmall = random() % 4 == 0;
    written.push_back(command.to);
    commands.push_back(command);
  }
  commands.push_back({1, written.back(), 6, false});
  return commands;
}

std::unique_ptr<TensorT> vector(const char *name) {
  auto out = std::make_unique<TensorT>();
  out->name = name;
  out->shape.push_back(size(elements));
  return out;
}

std::vector<uint8_t> artifactOf(const std::vector<Command> &commands) {
  ArtifactT artifact;
  artifact.version = linearArtifact()->version;
  artifact.name = "regions";
  auto entry = std::make_unique<EntryT>();
  entry->name = "f";
  entry->inputs.push_back(vector("x"));
  entry->outputs.push_back(vector("y"));
  artifact.entries.push_back(std::move(entry));
  auto variant = std::make_unique<VariantT>();
  variant->target = "cpu";
  variant->arch = "any";
  for (const char *name : {"local", "global"}) {
    variant->kernels.push_back(std::make_unique<KernelT>());
    variant->kernels.back()->name = name;
    variant->kernels.back()->writes = {0, 1};
  }
  auto program = std::make_unique<ProgramT>();
  // The input, temporaries and the output. Lifetimes are as short as they may be, so that
  // temporaries share memory.
  for (uint32_t i = 0; i < 7; ++i) {
    auto buffer = std::make_unique<BufferT>();
    buffer->kind = i == 0 ? BufferKind::Input : i == 6 ? BufferKind::Output : BufferKind::Temp;
    buffer->bytes = size(elements * 4);
    buffer->first = UINT32_MAX;
    for (uint32_t k = 0; k < commands.size(); ++k)
      if (commands[k].from == i || commands[k].to == i) {
        buffer->first = std::min(buffer->first, k);
        buffer->last = k;
      }
    if (buffer->first == UINT32_MAX)
      buffer->first = buffer->last = 0;
    program->buffers.push_back(std::move(buffer));
  }
  for (const Command &command : commands) {
    auto out = std::make_unique<CommandT>();
    out->kernel = command.kernel;
    out->buffers = {command.from, command.to};
    out->tiles = size(tiles);
    out->grain = size(command.isSmall ? tiles : 1);
    out->flops = size(2 * elements);
    if (command.kernel == 0)
      out->tile_bytes = {tileElements * 4, tileElements * 4};
    program->commands.push_back(std::move(out));
  }
  variant->programs.push_back(std::move(program));
  artifact.variants.push_back(std::move(variant));
  return pack(artifact);
}

/// The output for given threads, of the last of several runs.
std::vector<float> run(const std::vector<uint8_t> &bytes, uint32_t threads, int times) {
  tenon_linked_model table = {TENON_ABI_VERSION, 2, kernels, bytes.data(), bytes.size()};
  tenon_env_options options = {};
  options.threads = threads;
  tenon_env_t *env = nullptr;
  tenon_model_t *model = nullptr;
  tenon_session_t *session = nullptr;
  EXPECT_EQ(messageOf(tenon_env_create(&options, &env)), "");
  EXPECT_EQ(messageOf(tenon_model_load_linked(env, &table, nullptr, &model)), "");
  EXPECT_EQ(messageOf(tenon_session_create(model, nullptr, &session)), "");
  std::vector<float> x(elements), y(elements);
  for (int64_t i = 0; i < elements; ++i)
    x[i] = static_cast<float>(i % 101);
  const void *inputs[] = {x.data()};
  void *outputs[] = {y.data()};
  tenon_call call = {inputs, 1, outputs, 1, nullptr, 0};
  for (int i = 0; i < times; ++i) {
    std::fill(y.begin(), y.end(), -1.0f);
    EXPECT_EQ(messageOf(tenon_session_run(session, 0, &call)), "");
  }
  tenon_session_release(session);
  tenon_model_release(model);
  tenon_env_release(env);
  return y;
}

TEST(Regions, RandomProgramsHaveTheBitsOfOneThread) {
  for (uint32_t seed = 1; seed <= 60; ++seed) {
    std::vector<uint8_t> bytes = artifactOf(randomCommands(seed));
    std::vector<float> expected = run(bytes, 1, 1);
    ASSERT_NE(expected, std::vector<float>(elements, -1.0f));
    for (uint32_t threads : {2u, 3u, 4u})
      ASSERT_EQ(run(bytes, threads, 10), expected) << "seed " << seed << ", threads " << threads;
  }
}

TEST(Regions, AWeightOrOutputThatIsReadAgainIsWaitedFor) {
  // The output is written tile by tile and then read from end to end into a temporary and back.
  std::vector<Command> commands = {{0, 0, 6, false}, {1, 6, 1, false}, {1, 1, 6, false}};
  std::vector<uint8_t> bytes = artifactOf(commands);
  std::vector<float> expected = run(bytes, 1, 1);
  for (uint32_t threads : {2u, 4u})
    ASSERT_EQ(run(bytes, threads, 200), expected);
}

TEST(Regions, CommandsAreDescribed) {
  std::vector<uint8_t> bytes = artifactOf(randomCommands(1));
  tenon_linked_model table = {TENON_ABI_VERSION, 2, kernels, bytes.data(), bytes.size()};
  tenon_env_t *env = nullptr;
  tenon_model_t *model = nullptr;
  ASSERT_EQ(messageOf(tenon_env_create(nullptr, &env)), "");
  ASSERT_EQ(messageOf(tenon_model_load_linked(env, &table, nullptr, &model)), "");
  EXPECT_EQ(tenon_model_command_count(model, 0), 16u);
  EXPECT_EQ(tenon_model_command_count(model, 1), 0u);
  tenon_command_info info;
  ASSERT_EQ(messageOf(tenon_model_command(model, 0, 15, nullptr, 0, &info)), "");
  EXPECT_STREQ(info.kernel, "global");
  EXPECT_STREQ(info.label, "");
  EXPECT_EQ(info.tiles, tiles);
  EXPECT_EQ(info.flops, 2 * elements);
  EXPECT_EQ(info.bytes, 0);
  EXPECT_EQ(codeOf(tenon_model_command(model, 0, 16, nullptr, 0, &info)), TENON_STATUS_NOT_FOUND);
  tenon_model_release(model);
  tenon_env_release(env);
}

} // namespace
