// Loading of artifacts: each class of fields broken once, with its exact message; code images; CPUs
// that lack a feature; damaged bytes of every kind.
#include "BrokenArtifact.h"

#include <cerrno>
#include <cmath>
#include <cstring>
#include <fstream>
#include <functional>

using namespace tenon;
using namespace tenon::test;
using schema::ArtifactT;

namespace {

schema::BufferT &buffer(ArtifactT &a, uint32_t program, uint32_t index) {
  return *a.variants[0]->programs[program]->buffers[index];
}
schema::CommandT &command(ArtifactT &a, uint32_t program, uint32_t index) {
  return *a.variants[0]->programs[program]->commands[index];
}

std::vector<Case> signatureCases() {
  return {
      {"NameEmpty", [](ArtifactT &a) { a.name = ""; },
       "name: a name has 0 bytes; allowed are 1 to 512"},
      {"EntryName", [](ArtifactT &a) { a.entries[1]->name = "a\nb"; },
       "entries[1]: a name contains a control character"},
      {"EntryTwice", [](ArtifactT &a) { a.entries[1]->name = "forward"; },
       "entries[1]: the name 'forward' is used twice"},
      {"EntryKind", [](ArtifactT &a) { a.entries[0]->kind = wrong<schema::EntryKind>(); },
       "entries[0].kind: 9 is no kind of entry"},
      {"SizeTwice", [](ArtifactT &a) { a.entries[0]->sizes = {"n", "n"}; },
       "entries[0].sizes[1]: the name 'n' is used twice"},
      {"SizeUnbound", [](ArtifactT &a) { a.entries[0]->sizes.push_back("extra"); },
       "entries[0].sizes[1]: no input has an axis that is exactly 'extra'"},
      {"InputTwice", [](ArtifactT &a) { a.entries[1]->inputs[1]->name = "x"; },
       "entries[1].inputs[1]: the name 'x' is used twice"},
      {"InputDType", [](ArtifactT &a) { a.entries[0]->inputs[0]->dtype = wrong<schema::DType>(); },
       "entries[0].inputs[0].dtype: 9 is no element type"},
      {"InputRank",
       [](ArtifactT &a) {
         for (int i = 0; i < 8; ++i)
           a.entries[0]->inputs[0]->shape.push_back(size(1));
       },
       "entries[0].inputs[0].shape: 10 axes; at most 8 are possible"},
      {"SizeName", [](ArtifactT &a) { a.entries[0]->inputs[0]->shape[1] = sizeOf(5); },
       "entries[0].inputs[0].shape[1]: the size uses a size name that the entry does not have"},
      {"SizeAtomEmpty", [](ArtifactT &a) { a.entries[0]->inputs[0]->shape[1] = sizeOf(-1); },
       "entries[0].inputs[0].shape[1]: the size has an atom that is neither a size name nor a "
       "division"},
      {"RequireOp", [](ArtifactT &a) { a.entries[0]->requires_[0]->op = "<>"; },
       "entries[0].requires[0].op: '<>' is no comparison"},
      {"RequireSide", [](ArtifactT &a) { a.entries[0]->requires_[0]->left = nullptr; },
       "entries[0].requires[0].left: the size is missing"},
      {"StepOutput", [](ArtifactT &a) { a.entries[1]->outputs[0]->dtype = schema::DType::I32; },
       "entries[1].outputs[0]: an output of a training step is no f32 or f64 scalar"},
      {"ParameterTwice", [](ArtifactT &a) { a.parameters[1]->path = "weight"; },
       "parameters[1]: the name 'weight' is used twice"},
      {"ParameterOptimizer", [](ArtifactT &a) { a.parameters[1]->path = "optimizer.x"; },
       "parameters[1].path: 'optimizer.' is for states of the optimizer"},
      {"ParameterDType", [](ArtifactT &a) { a.parameters[0]->dtype = wrong<schema::DType>(); },
       "parameters[0].dtype: 9 is no element type"},
      {"ParameterNegative", [](ArtifactT &a) { a.parameters[0]->shape = {-4}; },
       "parameters[0].shape[0]: -4 is negative or makes the tensor too large"},
      {"ParameterHuge",
       [](ArtifactT &a) { a.parameters[0]->shape = {int64_t{1} << 40, int64_t{1} << 40}; },
       "parameters[0].shape[1]: 1099511627776 is negative or makes the tensor too large"},
      {"LayoutKind", [](ArtifactT &a) { a.parameters[0]->layout = wrong<schema::LayoutKind>(); },
       "parameters[0].layout: 9 is no layout"},
      {"LayoutLanes", [](ArtifactT &a) { a.parameters[0]->lanes = 16; },
       "parameters[0].lanes: 16 lanes of a row-major tensor"},
      {"LayoutRank",
       [](ArtifactT &a) {
         a.parameters[0]->layout = schema::LayoutKind::Packed;
         a.parameters[0]->lanes = 16;
       },
       "parameters[0].layout: a tensor of 1 axes cannot be packed"},
      {"LayoutPower",
       [](ArtifactT &a) {
         a.parameters[0]->shape = {2, 2};
         a.parameters[0]->layout = schema::LayoutKind::PackedTransposed;
         a.parameters[0]->lanes = 12;
       },
       "parameters[0].lanes: 12 is no power of two from 4 to 64"},
      {"LayoutHuge",
       [](ArtifactT &a) {
         a.parameters[0]->shape = {1, int64_t{1} << 48};
         a.parameters[0]->layout = schema::LayoutKind::Packed;
         a.parameters[0]->lanes = 16;
       },
       "parameters[0].lanes: with padding the tensor is too large"},
      {"LayoutBytes",
       [](ArtifactT &a) {
         a.parameters[0]->shape = {2, 2};
         a.parameters[0]->layout = schema::LayoutKind::Packed;
         a.parameters[0]->lanes = 4;
       },
       "variants[0].programs[0].buffers[1].bytes: 'weight' has 32 bytes"},
      {"InitKind", [](ArtifactT &a) { a.parameters[0]->init->kind = wrong<schema::InitKind>(); },
       "parameters[0].init.kind: 9 is no initialiser"},
      {"InitRange", [](ArtifactT &a) { a.parameters[0]->init->b = -1; },
       "parameters[0].init.b: the range of the initialiser is empty"},
      {"InitNaN", [](ArtifactT &a) { a.parameters[0]->init->a = std::nan(""); },
       "parameters[0].init: an initialiser has a number that is not finite"},
      {"InitRandomInteger",
       [](ArtifactT &a) { a.states[0]->init->kind = schema::InitKind::Uniform; },
       "states[0].init.kind: only f32 and f64 can start with random values"},
      {"StateIsParameter", [](ArtifactT &a) { a.states[0]->path = "weight"; },
       "states[0].path: 'weight' is a parameter too"},
  };
}

std::vector<Case> dataCases() {
  return {
      {"SourceKind", [](ArtifactT &a) { a.data[0]->source->kind = wrong<schema::SourceKind>(); },
       "data[0].source.kind: 9 is no kind of source"},
      {"SourcePath", [](ArtifactT &a) { a.data[0]->source->path = ""; },
       "data[0].source.path: a CSV source has no path"},
      {"SourceSeparator", [](ArtifactT &a) { a.data[0]->source->separator = ", "; },
       "data[0].source.separator: a separator has one byte"},
      {"RawEmpty", [](ArtifactT &a) { a.data[0]->raws[1]->columns.clear(); },
       "data[0].raws[1].columns: a raw group has no column"},
      {"RawColumn", [](ArtifactT &a) { a.data[0]->raws[0]->columns[2]->name = ""; },
       "data[0].raws[0].columns[2]: a column has neither name nor position"},
      {"RawDType", [](ArtifactT &a) { a.data[0]->raws[0]->dtype = wrong<schema::DType>(); },
       "data[0].raws[0].dtype: 9 is no element type"},
      {"FitKind", [](ArtifactT &a) { a.data[0]->fits[0]->kind = wrong<schema::FitKind>(); },
       "data[0].fits[0].kind: 9 is no kind of fit"},
      {"FitRaw", [](ArtifactT &a) { a.data[0]->fits[0]->raw = 2; },
       "data[0].fits[0].raw: raw group 2 of 2"},
      {"FieldShape", [](ArtifactT &a) { a.data[0]->fields[0]->shape.clear(); },
       "data[0].fields[0].shape: 0 axes; a field has 1 to 8, the batch first"},
      {"SplitName", [](ArtifactT &a) { a.data[0]->split[1]->name = "rest"; },
       "data[0].split[1]: 'rest' is none of train, val, test"},
      {"SplitFraction", [](ArtifactT &a) { a.data[0]->split[1]->fraction = 0; },
       "data[0].split[1]: the fraction is not in (0, 1]"},
      {"SplitSum", [](ArtifactT &a) { a.data[0]->split[1]->fraction = 0.6; },
       "data[0].split: the fractions add up to more than 1"},
      {"PrepareIndex", [](ArtifactT &a) { a.data[0]->prepare = 5; },
       "data[0].prepare: entry 5 of 5"},
      {"PrepareKind", [](ArtifactT &a) { a.data[0]->prepare = 0; },
       "data[0].prepare: 'forward' is no prepare entry"},
      {"PrepareInput", [](ArtifactT &a) { a.entries[4]->inputs[3]->name = "z"; },
       "entries[4].inputs[3]: 'z' is neither a raw group nor a fitted value of 'rows'"},
      {"PrepareColumns", [](ArtifactT &a) { a.entries[4]->inputs[1]->shape[0] = size(3); },
       "entries[4].inputs[1]: expected f64[4]"},
      {"PrepareOutput", [](ArtifactT &a) { a.entries[4]->outputs[0]->name = "z"; },
       "entries[4].outputs[0]: expected the field 'x'"},
  };
}

std::vector<Case> variantCases() {
  return {
      {"NoVariant", [](ArtifactT &a) { a.variants.clear(); }, "variants: there is none"},
      {"ProgramEntry", [](ArtifactT &a) { a.variants[0]->programs[1]->entry = 5; },
       "variants[0].programs[1].entry: entry 5 of 5"},
      {"ProgramTwice", [](ArtifactT &a) { a.variants[0]->programs[1]->entry = 0; },
       "variants[0].programs[1].entry: entry 0 has two programs"},
      {"BufferKind", [](ArtifactT &a) { buffer(a, 0, 0).kind = wrong<schema::BufferKind>(); },
       "variants[0].programs[0].buffers[0].kind: 9 is no kind of buffer"},
      {"BufferInput", [](ArtifactT &a) { buffer(a, 0, 0).index = 1; },
       "variants[0].programs[0].buffers[0].index: input 1 of 1"},
      {"BufferOutput", [](ArtifactT &a) { buffer(a, 0, 3).index = 1; },
       "variants[0].programs[0].buffers[3].index: output 1 of 1"},
      {"BufferParam", [](ArtifactT &a) { buffer(a, 0, 1).index = 2; },
       "variants[0].programs[0].buffers[1].index: parameter 2 of 2"},
      {"BufferState", [](ArtifactT &a) { buffer(a, 1, 6).index = 3; },
       "variants[0].programs[1].buffers[6].index: state 3 of 3"},
      {"BufferParamBytes", [](ArtifactT &a) { buffer(a, 0, 1).bytes = size(20); },
       "variants[0].programs[0].buffers[1].bytes: 'weight' has 16 bytes"},
      {"BufferConstant", [](ArtifactT &a) { buffer(a, 0, 1).kind = schema::BufferKind::Constant; },
       "variants[0].programs[0].buffers[1]: the constant does not lie in the 0 bytes of constants"},
      {"BufferOptimizer",
       [](ArtifactT &a) {
         buffer(a, 0, 1).kind = schema::BufferKind::State;
         buffer(a, 0, 1).index = 1;
       },
       "variants[0].programs[0].buffers[1].index: only training steps use states of the optimizer"},
      {"BufferLifetime", [](ArtifactT &a) { buffer(a, 1, 4).last = 3; },
       "variants[0].programs[1].buffers[4].last: the lifetime 0 … 3 does not lie in 3 commands"},
      {"BufferDead", [](ArtifactT &a) { buffer(a, 1, 4).last = 1; },
       "variants[0].programs[1].commands[2].buffers[0]: command 2 uses a temporary that lives from "
       "0 to 1"},
      {"BufferAlias", [](ArtifactT &a) { buffer(a, 1, 4).alias = 4; },
       "variants[0].programs[1].buffers[4].alias: 4 is no earlier buffer that a temporary can "
       "share"},
      {"CommandKind", [](ArtifactT &a) { command(a, 0, 0).kind = wrong<schema::CommandKind>(); },
       "variants[0].programs[0].commands[0].kind: 9 is no kind of command"},
      {"CommandKernel", [](ArtifactT &a) { command(a, 0, 0).kernel = 8; },
       "variants[0].programs[0].commands[0].kernel: kernel 8 of 8"},
      {"CommandBuffer", [](ArtifactT &a) { command(a, 0, 0).buffers[2] = 4; },
       "variants[0].programs[0].commands[0].buffers[2]: buffer 4 of 4"},
      {"CommandArguments", [](ArtifactT &a) { command(a, 0, 0).buffers.pop_back(); },
       "variants[0].programs[0].commands[0].buffers: 3 buffers for 4 arguments of 'predict'"},
      {"CommandTiles", [](ArtifactT &a) { command(a, 0, 0).tiles = nullptr; },
       "variants[0].programs[0].commands[0].tiles: the size is missing"},
      {"CommandSize", [](ArtifactT &a) { command(a, 0, 0).sizes[0] = sizeOf(1); },
       "variants[0].programs[0].commands[0].sizes[0]: the size uses a size name that the entry "
       "does "
       "not have"},
      {"CommandCopy",
       [](ArtifactT &a) {
         command(a, 0, 0).kind = schema::CommandKind::Copy;
         command(a, 0, 0).buffers = {3};
       },
       "variants[0].programs[0].commands[0].buffers: a copy has 2 buffers, not 1"},
      {"WriteInput", [](ArtifactT &a) { command(a, 0, 0).buffers[3] = 0; },
       "variants[0].programs[0].commands[0].buffers[3]: 'forward' writes to an input, a constant "
       "or, outside training, a weight"},
      {"WriteWeight", [](ArtifactT &a) { command(a, 0, 0).buffers[3] = 1; },
       "variants[0].programs[0].commands[0].buffers[3]: 'forward' writes to an input, a constant "
       "or, outside training, a weight"},
      {"OutputUnwritten",
       [](ArtifactT &a) {
         a.variants[0]->programs[2]->commands.pop_back();
         buffer(a, 2, 4).last = 1;
       },
       "variants[0].programs[2].commands: nothing writes output 'mae' of 'linear.evaluate'"},
      {"KernelWrites", [](ArtifactT &a) { a.variants[0]->kernels[0]->writes[0] = 2; },
       "variants[0].kernels[0].writes[0]: 2 is neither 0 nor 1"},
  };
}

INSTANTIATE_TEST_SUITE_P(Signatures, BrokenArtifact, testing::ValuesIn(signatureCases()), nameOf);
INSTANTIATE_TEST_SUITE_P(Data, BrokenArtifact, testing::ValuesIn(dataCases()), nameOf);
INSTANTIATE_TEST_SUITE_P(Variant, BrokenArtifact, testing::ValuesIn(variantCases()), nameOf);

// ---- An artifact with code of its own --------------------------------------------------------

/// answer() -> a f32[batch]: every element becomes 42, one tile each; `b` f32[batch] is ignored.
std::unique_ptr<ArtifactT> answerArtifact() {
  const std::vector<uint8_t> code = {0x48, 0x8b, 0x07, // mov rax, [rdi]: args->buf
                                     0x48, 0x8b, 0x00, // mov rax, [rax]: buf[0]
                                     0x48, 0x39, 0xd6, // next: cmp rsi, rdx
                                     0x7d, 0x0c,       // jge done
                                     0xc7, 0x04, 0xb0, 0x00,
                                     0x00, 0x28, 0x42, // mov dword [rax + 4*rsi], 42.0f
                                     0x48, 0xff, 0xc6, // inc rsi
                                     0xeb, 0xef,       // jmp next
                                     0xc3};            // done: ret
  auto a = linearArtifact();
  a->entries.resize(1);
  a->data.clear();
  a->trains.clear();
  schema::VariantT &variant = *a->variants[0];
  variant.programs.resize(1);
  variant.kernels.resize(1);
  variant.kernels[0]->writes = {1};
  variant.kernels[0]->offset = 0x10000;
  variant.kernels[0]->size = code.size();
  command(*a, 0, 0).buffers = {3};
  variant.code = std::make_unique<schema::CodeImageT>();
  variant.code->memory_size = 0x20000;
  variant.code->bytes = code;
  variant.code->segments.push_back(std::make_unique<schema::SegmentT>());
  variant.code->segments[0]->address = 0x10000;
  variant.code->segments[0]->size = code.size();
  variant.code->segments[0]->executable = true;
  return a;
}

class Load : public testing::Test {
protected:
  void SetUp() override { ASSERT_SUCCESS(tenon_env_create(nullptr, &env)); }
  void TearDown() override {
    tenon_model_release(model);
    tenon_env_release(env);
  }

  tenon_status_t load(const std::vector<uint8_t> &bytes) {
    tenon_model_release(model);
    return tenon_model_load_memory(env, bytes.data(), bytes.size(), nullptr, &model);
  }

  tenon_env_t *env = nullptr;
  tenon_model_t *model = nullptr;
};

TEST_F(Load, MapsAndRunsItsOwnCode) {
#if !defined(__x86_64__)
  GTEST_SKIP() << "the code of this test is for x86-64";
#endif
  ASSERT_SUCCESS(load(pack(*answerArtifact())));
  tenon_limit limit = {"batch", 9};
  tenon_session_options options = {&limit, 1, nullptr, 0};
  tenon_session_t *session = nullptr;
  ASSERT_SUCCESS(tenon_session_create(model, &options, &session));
  for (int64_t batch : {3, 9}) {
    float x[36] = {}, p[9] = {};
    const void *inputs[] = {x};
    void *outputs[] = {p};
    tenon_call call = {inputs, 1, outputs, 1, &batch, 1};
    ASSERT_SUCCESS(tenon_session_run(session, 0, &call));
    for (int64_t i = 0; i < 9; ++i)
      EXPECT_EQ(p[i], i < batch ? 42.0f : 0.0f);
  }
  tenon_session_release(session);
}

TEST_F(Load, ComesFromFilesAndReaders) {
  std::vector<uint8_t> bytes = pack(*answerArtifact());
  std::string path = testing::TempDir() + "answer.tnm";
  std::ofstream(path, std::ios::binary)
      .write(reinterpret_cast<const char *>(bytes.data()),
             static_cast<std::streamsize>(bytes.size()));
  ASSERT_SUCCESS(tenon_model_load_file(env, path.c_str(), nullptr, &model));
  tenon_model_release(model);
  model = nullptr;

  tenon_reader reader = {[](void *user, uint64_t offset, void *buffer, size_t size) {
                           auto &from = *static_cast<std::vector<uint8_t> *>(user);
                           std::memcpy(buffer, from.data() + offset, size);
                           return 0;
                         },
                         &bytes, bytes.size()};
  ASSERT_SUCCESS(tenon_model_load_reader(env, &reader, nullptr, &model));
  size_t size = 0;
  EXPECT_EQ(std::memcmp(tenon_model_artifact(model, &size), bytes.data(), bytes.size()), 0);
  EXPECT_EQ(size, bytes.size());
  tenon_model_release(model);
  model = nullptr;

  reader.read = [](void *, uint64_t, void *, size_t) { return EIO; };
  EXPECT_EQ(messageOf(tenon_model_load_reader(env, &reader, nullptr, &model)),
            "artifact from a reader: cannot read: Input/output error");
  reader.size = uint64_t{1} << 40;
  EXPECT_EQ(codeOf(tenon_model_load_reader(env, &reader, nullptr, &model)), TENON_STATUS_CORRUPT);
  EXPECT_EQ(messageOf(tenon_model_load_file(env, "/none.tnm", nullptr, &model)),
            "/none.tnm: cannot open: No such file or directory");
}

TEST_F(Load, FindsEveryChangedByte) {
  std::vector<uint8_t> bytes = pack(*answerArtifact());
  for (size_t i = 0; i < bytes.size(); ++i) {
    bytes[i] ^= 1 << i % 8;
    tenon_status_t status = load(bytes);
    EXPECT_NE(status, nullptr) << "byte " << i;
    tenon_status_free(status);
    bytes[i] ^= 1 << i % 8;
  }
  bytes.back() ^= 1;
  EXPECT_EQ(messageOf(load(bytes)), "artifact in memory: the artifact is damaged: its bytes are not those that tenonc "
                                    "wrote: compile the model again");
}

TEST_F(Load, RefusesBrokenCode) {
  const std::pair<std::function<void(schema::VariantT &)>, const char *> cases[] = {
      {[](schema::VariantT &v) { v.kernels[0]->offset = 0; },
       "variants[0].kernels[0].offset: 'predict' does not lie in executable code"},
      {[](schema::VariantT &v) { v.kernels[0]->size += 1; },
       "variants[0].kernels[0].offset: 'predict' does not lie in executable code"},
      {[](schema::VariantT &v) { v.code->segments[0]->executable = false; },
       "variants[0].kernels[0].offset: 'predict' does not lie in executable code"},
      {[](schema::VariantT &v) { v.code->segments[0]->address = 0x1000; },
       "variants[0].code.segments[0].address: the segment is unaligned, overlaps another or leaves "
       "the image"},
      {[](schema::VariantT &v) { v.code->segments[0]->address = 0x20000; },
       "variants[0].code.segments[0].address: the segment is unaligned, overlaps another or leaves "
       "the image"},
      {[](schema::VariantT &v) { v.code->segments[0]->offset = 1; },
       "variants[0].code.segments[0].offset: the segment leaves the 24 bytes of code"},
      {[](schema::VariantT &v) { v.code->segments.clear(); },
       "variants[0].code.segments: 0 segments; 1 to 8 are possible"},
      {[](schema::VariantT &v) { v.code->memory_size = uint64_t{1} << 50; },
       "variants[0].code.memory_size: the image has no size or more than 1 GiB"},
      {[](schema::VariantT &v) {
         v.code->unwind_tables.push_back(std::make_unique<schema::UnwindTableT>());
         v.code->unwind_tables[0]->size = 0x20001;
       },
       "variants[0].code.unwind_tables[0]: the unwind table leaves the image"},
  };
  for (const auto &[breakIt, message] : cases) {
    auto artifact = answerArtifact();
    breakIt(*artifact->variants[0]);
    EXPECT_EQ(messageOf(load(pack(*artifact))), "artifact in memory: " + (message + damaged));
  }
}

TEST_F(Load, RefusesByNameWhatTheCpuLacks) {
  auto artifact = answerArtifact();
  artifact->variants[0]->features = {"sse2", "warp-drive"};
  tenon_status_t status = load(pack(*artifact));
  EXPECT_EQ(tenon_status_get_code(status), TENON_STATUS_INCOMPATIBLE);
  EXPECT_EQ(messageOf(status),
            "artifact in memory: 'linear' has no code for this machine; compile it with "
            "--mcpu=native here, or with an older --mcpu\n  the variant for cpu x86-64 needs "
            "'warp-drive', which this runtime does not know");
}

TEST_F(Load, TakesTheFirstVariantThatFits) {
  auto artifact = answerArtifact();
  auto better = answerArtifact();
  artifact->variants[0]->features = {"warp-drive"};
  artifact->variants.push_back(std::move(better->variants[0]));
  ASSERT_SUCCESS(load(pack(*artifact)));
  EXPECT_EQ(tenon_model_variant(model), 1u);
}

TEST_F(Load, RefusesAnotherVersionAndOtherFiles) {
  auto artifact = answerArtifact();
  artifact->version = 5;
  tenon_status_t status = load(pack(*artifact));
  EXPECT_EQ(tenon_status_get_code(status), TENON_STATUS_INCOMPATIBLE);
  EXPECT_EQ(messageOf(status), "artifact in memory: the artifact has version 5, this runtime reads "
                               "version 4: use tenonc and runtime of the same release");
  EXPECT_EQ(messageOf(load({'{', '}'})),
            "artifact in memory: this is no artifact of tenonc (the mark 'TNM1' is missing)");
  std::vector<uint8_t> bytes = pack(*answerArtifact());
  bytes.resize(bytes.size() / 2);
  EXPECT_EQ(messageOf(load(bytes)),
            "artifact in memory: the layout of the artifact is damaged or it "
            "is cut off: compile the model again");
}

TEST_F(Load, LinkedModelsFitTheirArtifact) {
  std::vector<uint8_t> bytes = pack(*linearArtifact());
  tenon_linked_model library = linked(bytes);
  library.abi_version = 99;
  EXPECT_EQ(messageOf(tenon_model_load_linked(env, &library, nullptr, &model)),
            "linked model: it was compiled for interface 99, this runtime has 1: use tenonc and "
            "runtime of the same release");
  library = linked(bytes);
  library.kernel_count = 5;
  EXPECT_EQ(
      messageOf(tenon_model_load_linked(env, &library, nullptr, &model)),
      "linked model: the linked model has 5 kernels, its artifact 8: they are not of the same "
      "compilation");
  EXPECT_EQ(
      messageOf(load(bytes)),
      "artifact in memory: 'linear' has no code for this machine; compile it with "
      "--mcpu=native here, or with an older --mcpu\n  the variant for cpu x86-64 has its code "
      "in a library to link");
}

/// Every byte changed in several ways, by somebody who knows how to write a digest: a clean answer each
/// time, and the sanitizers are silent.
TEST_F(Load, SurvivesAnyDamage) {
  const std::vector<uint8_t> good = pack(*answerArtifact());
  // Weights from memory: a damaged shape may ask for gigabytes, which initialisers would fill.
  const uint8_t noWeights[16] = {8, 0, 0, 0, 0, 0, 0, 0, '{', '}', ' ', ' ', ' ', ' ', ' ', ' '};
  tenon_weights_source source = {};
  source.data = noWeights;
  source.size = sizeof noWeights;
  auto loadDamaged = [&](const std::vector<uint8_t> &bytes) {
    return codeOf(tenon_model_load_memory(env, bytes.data(), bytes.size(), &source, &model));
  };
  EXPECT_EQ(loadDamaged(good), TENON_STATUS_MISMATCH) << "verified, then missing its weights";
  const std::vector<uint8_t> tables(good.begin(), good.end() - 32);
  for (size_t i = 0; i < tables.size(); ++i) {
    for (uint8_t change : {0x01, 0x80, 0xff}) {
      std::vector<uint8_t> bytes = tables;
      bytes[i] ^= change;
      EXPECT_NE(loadDamaged(withDigest(bytes)), TENON_STATUS_INTERNAL);
    }
  }
  for (size_t size = 1; size < good.size(); ++size)
    EXPECT_EQ(loadDamaged({good.begin(), good.begin() + static_cast<long>(size)}),
              TENON_STATUS_CORRUPT)
        << size << " of " << good.size();
}

TEST_F(Load, WeightsOfAnotherModelAreRefused) {
  std::string path = testing::TempDir() + "other.safetensors";
  const float values[4] = {1, 2, 3, 4};
  const int64_t four[] = {4}, two[] = {2, 2}, one[] = {1};
  const int64_t calls[1] = {5};
  std::vector<uint8_t> bytes = pack(*answerArtifact());
  auto loadWith = [&](std::vector<tenon_file_tensor> tensors) {
    EXPECT_SUCCESS(tenon_tensors_save(path.c_str(), tensors.data(), tensors.size(), nullptr, 0));
    tenon_weights_source source = {};
    source.path = path.c_str();
    tenon_model_release(model);
    tenon_status_t status =
        tenon_model_load_memory(env, bytes.data(), bytes.size(), &source, &model);
    std::string line = std::to_string(tenon_status_line(status));
    return line + " " + messageOf(status);
  };
  tenon_file_tensor weight = {"weight", TENON_DTYPE_F32, 1, four, values, 16};
  tenon_file_tensor square = {"weight", TENON_DTYPE_F32, 2, two, values, 16};
  tenon_file_tensor bias = {"bias", TENON_DTYPE_F32, 1, one, values, 4};
  tenon_file_tensor state = {"calls", TENON_DTYPE_I64, 1, one, calls, 8};
  EXPECT_EQ(loadWith({weight}), "3 " + path + ": no tensor for 'bias' f32[1] (and 1 more)");
  EXPECT_EQ(loadWith({square, bias, state}),
            "3 " + path + ": 'weight' is f32[2, 2] in the file, f32[4] in the model");
  EXPECT_EQ(loadWith({weight, bias, state}), "0 ");
  float read[4];
  EXPECT_SUCCESS(tenon_model_get_weight(model, "weight", read, sizeof read));
  EXPECT_EQ(std::memcmp(read, values, sizeof values), 0);
  EXPECT_EQ(messageOf(tenon_model_get_weight(model, "weight", read, 8)),
            "'weight' is f32[4], 16 bytes; 8 were given");
  EXPECT_EQ(codeOf(tenon_model_get_weight(model, "wieght", read, 16)), TENON_STATUS_NOT_FOUND);
}

// ---- Introspection -------------------------------------------------------------------------------

TEST_F(Load, TellsWhatIsInside) {
  std::vector<uint8_t> bytes = pack(*linearArtifact());
  tenon_linked_model library = linked(bytes);
  ASSERT_SUCCESS(tenon_model_load_linked(env, &library, nullptr, &model));
  EXPECT_EQ(tenon_model_entry_count(model), 5u);
  uint32_t entry = 0;
  ASSERT_SUCCESS(tenon_model_find_entry(model, "linear.predict", &entry));
  EXPECT_EQ(entry, Predict);
  EXPECT_EQ(messageOf(tenon_model_find_entry(model, "backward", &entry)),
            "the model 'linear' has no entry 'backward'; it has: forward, linear.step, "
            "linear.evaluate, linear.predict, rows.prepare");
  tenon_entry_info info;
  ASSERT_SUCCESS(tenon_model_entry(model, Predict, &info));
  EXPECT_EQ(info.kind, TENON_ENTRY_PREDICT);
  EXPECT_EQ(info.input_count, 3u);
  EXPECT_STREQ(info.sizes[0], "rows");
  tenon_tensor_info tensor;
  ASSERT_SUCCESS(tenon_model_input(model, Predict, 0, &tensor));
  EXPECT_STREQ(tensor.shape, "[rows, 4]");
  EXPECT_EQ(tensor.dtype, TENON_DTYPE_F64);
  EXPECT_EQ(tensor.optional, 0);
  ASSERT_SUCCESS(tenon_model_input(model, Predict, 2, &tensor));
  EXPECT_EQ(tensor.optional, 1);
  EXPECT_EQ(messageOf(tenon_model_output(model, Predict, 1, &tensor)),
            "tenon_model_output: output 1 of 1 of 'linear.predict'");
  int64_t rows = 7, dims[2];
  ASSERT_SUCCESS(tenon_model_input_dims(model, Predict, 0, &rows, 1, dims));
  EXPECT_EQ(dims[0] * 10 + dims[1], 74);
  EXPECT_EQ(tenon_model_parameter_count(model), 2u);
  EXPECT_EQ(tenon_model_state_count(model), 3u);
  tenon_parameter_info parameter;
  ASSERT_SUCCESS(tenon_model_state(model, 1, &parameter));
  EXPECT_STREQ(parameter.path, "optimizer.velocity");
  EXPECT_STREQ(parameter.shape, "[5]");
  EXPECT_EQ(parameter.bytes, 20u);
  EXPECT_EQ(parameter.optimizer, 1);
}

} // namespace
