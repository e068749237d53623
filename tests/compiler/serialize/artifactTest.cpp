//===- artifactTest.cpp - From exec text to numbers out of the runtime ----===//

#include "compiler/serialize/Artifact.h"
#include "compiler/targets/cpu/Codegen.h"
#include "dialects/exec/Exec.h"
#include "dialects/graph/Graph.h"
#include "llvm/Support/SHA256.h"
#include "mlir/Parser/Parser.h"
#include "runtime/schema/program_generated.h"
#include "tenon/tenon.h"
#include "gtest/gtest.h"
#include <functional>

using namespace tenon;

namespace {

/// The bytes of Inputs/affine.mlir, compiled once: y = 2 * x + [1, 2, 3, 4].
const std::string &affine() {
  static const std::string bytes = [] {
    mlir::DialectRegistry registry;
    registry.insert<graph::GraphDialect, exec::ExecDialect>();
    cpu::registerKernelDialects(registry);
    mlir::MLIRContext context(registry, mlir::MLIRContext::Threading::DISABLED);
    auto module = mlir::parseSourceFile<mlir::ModuleOp>(TENON_TEST_INPUTS "/affine.mlir", &context);
    auto target = llvm::cantFail(targets::TargetInfo::get());
    auto result =
        serialize::translateToArtifact(*module, target, {}, {"affine", "affine.mlir", "", {}});
    return mlir::succeeded(result) ? *result : std::string();
  }();
  return bytes;
}

/// Loads an artifact; gives the status code, and the model if it was accepted.
tenon_status_code load(const std::string &bytes, tenon_model_t **outModel,
                       std::string *outMessage = nullptr) {
  tenon_env_t *env = nullptr;
  EXPECT_EQ(tenon_env_create(nullptr, &env), nullptr);
  tenon_status_t status =
      tenon_model_load_memory(env, bytes.data(), bytes.size(), /*weights=*/nullptr, outModel);
  tenon_status_code code = tenon_status_get_code(status);
  if (outMessage)
    *outMessage = tenon_status_message(status);
  tenon_status_free(status);
  tenon_env_release(env);
  return code;
}

TEST(Artifact, RunsAtTwoBatchSizes) {
  tenon_model_t *model = nullptr;
  std::string message;
  ASSERT_EQ(load(affine(), &model, &message), TENON_STATUS_OK) << message;
  tenon_limit limit = {"batch", 5};
  tenon_session_options options = {};
  options.limits = &limit;
  options.limit_count = 1;
  tenon_session_t *session = nullptr;
  ASSERT_EQ(tenon_session_create(model, &options, &session), nullptr);
  for (int64_t batch : {5, 3, 1}) {
    std::vector<float> x(batch * 4), y(batch * 4, -1.0f);
    for (size_t i = 0; i < x.size(); ++i)
      x[i] = 0.25f * float(i);
    const void *inputs[] = {x.data()};
    void *outputs[] = {y.data()};
    tenon_call call = {inputs, 1, outputs, 1, &batch, 1};
    tenon_status_t status = tenon_session_run(session, 0, &call);
    ASSERT_EQ(status, nullptr) << tenon_status_message(status);
    for (size_t i = 0; i < x.size(); ++i)
      EXPECT_EQ(y[i], 2 * x[i] + float(i % 4 + 1)) << "element " << i << " of batch " << batch;
  }
  tenon_session_release(session);
  tenon_model_release(model);
}

TEST(Artifact, ChecksRequirementsOfTheModel) {
  tenon_model_t *model = nullptr;
  ASSERT_EQ(load(affine(), &model), TENON_STATUS_OK);
  tenon_limit limit = {"batch", 5};
  tenon_session_options options = {};
  options.limits = &limit;
  options.limit_count = 1;
  tenon_session_t *session = nullptr;
  ASSERT_EQ(tenon_session_create(model, &options, &session), nullptr);
  int64_t batch = 0;
  const void *inputs[] = {nullptr};
  void *outputs[] = {nullptr};
  tenon_call call = {inputs, 1, outputs, 1, &batch, 1};
  tenon_status_t status = tenon_session_run(session, 0, &call);
  EXPECT_EQ(tenon_status_get_code(status), TENON_STATUS_REQUIREMENT);
  EXPECT_EQ(tenon_status_line(status), 3u);
  tenon_status_free(status);
  tenon_session_release(session);
  tenon_model_release(model);
}

/// The artifact with one change to its tables.
std::string changed(const std::function<void(schema::ArtifactT &)> &change) {
  std::unique_ptr<schema::ArtifactT> artifact(schema::UnPackArtifact(affine().data()));
  change(*artifact);
  flatbuffers::FlatBufferBuilder builder;
  schema::FinishArtifactBuffer(builder, schema::Artifact::Pack(builder, artifact.get()));
  llvm::ArrayRef<uint8_t> tables(builder.GetBufferPointer(), builder.GetSize());
  auto digest = llvm::SHA256::hash(tables);
  return std::string(tables.begin(), tables.end()).append(digest.begin(), digest.end());
}

void expectRefused(const std::string &bytes, tenon_status_code expected = TENON_STATUS_CORRUPT) {
  tenon_model_t *model = nullptr;
  std::string message;
  EXPECT_EQ(load(bytes, &model, &message), expected) << message;
  EXPECT_EQ(model, nullptr);
}

TEST(Artifact, UnchangedTablesAreAccepted) {
  tenon_model_t *model = nullptr;
  EXPECT_EQ(load(changed([](schema::ArtifactT &) {}), &model), TENON_STATUS_OK);
  tenon_model_release(model);
}

TEST(Artifact, RefusesEveryTruncation) {
  for (size_t size = 0; size < affine().size(); size += 7)
    expectRefused(affine().substr(0, size));
}

TEST(Artifact, RefusesDamagedTables) {
  using schema::ArtifactT;
  expectRefused(changed([](ArtifactT &a) { a.version = 5; }), TENON_STATUS_INCOMPATIBLE);
  expectRefused(changed([](ArtifactT &a) { a.variants[0]->features.push_back("no-such"); }),
                TENON_STATUS_INCOMPATIBLE);
  expectRefused(changed([](ArtifactT &a) { a.variants[0]->programs[0]->entry = 1; }));
  expectRefused(changed([](ArtifactT &a) { a.parameters[0]->shape[0] = -4; }));
  expectRefused(changed([](ArtifactT &a) { a.parameters[0]->shape[0] = 5; }));
}

TEST(Artifact, RefusesDamagedPrograms) {
  using schema::ArtifactT;
  auto change = [](const std::function<void(schema::ProgramT &)> &f) {
    return changed([&](ArtifactT &a) { f(*a.variants[0]->programs[0]); });
  };
  expectRefused(change([](schema::ProgramT &p) { p.commands[0]->kernel = 2; }));
  expectRefused(change([](schema::ProgramT &p) { p.commands[0]->buffers[2] = 5; }));
  expectRefused(change([](schema::ProgramT &p) { p.commands[0]->buffers[2] = 0; })); // an input
  expectRefused(change([](schema::ProgramT &p) { p.commands[0]->buffers.pop_back(); }));
  expectRefused(
      change([](schema::ProgramT &p) { p.commands[0]->tiles->terms[0]->atoms[0]->name = 1; }));
  expectRefused(change([](schema::ProgramT &p) { p.buffers[2]->index = 1; }));
  expectRefused(change([](schema::ProgramT &p) { p.buffers[3]->index = 64; }));
  expectRefused(change([](schema::ProgramT &p) { p.buffers[4]->last = 0; })); // used by command 1
  expectRefused(change([](schema::ProgramT &p) { p.buffers[4]->last = 2; }));
  expectRefused(change([](schema::ProgramT &p) { p.buffers[4]->alias = 4; }));
}

TEST(Artifact, RefusesDamagedCode) {
  auto change = [](const std::function<void(schema::VariantT &)> &f) {
    return changed([&](schema::ArtifactT &a) { f(*a.variants[0]); });
  };
  expectRefused(change([](schema::VariantT &v) { v.code->segments[0]->offset = 1 << 20; }));
  expectRefused(change([](schema::VariantT &v) { v.code->segments[0]->address = 4096; }));
  expectRefused(change([](schema::VariantT &v) { v.code->memory_size = 1; }));
  expectRefused(change([](schema::VariantT &v) { v.kernels[0]->offset = v.code->memory_size; }));
  expectRefused(change([](schema::VariantT &v) { v.code.reset(); }), TENON_STATUS_INCOMPATIBLE);
}

TEST(Artifact, SurvivesEveryFlippedByte) {
  // What is accepted may differ in numbers and text, but never crashes.
  for (size_t i = 0; i < affine().size(); ++i) {
    std::string bytes = affine();
    bytes[i] = char(bytes[i] ^ 0xff);
    tenon_model_t *model = nullptr;
    load(bytes, &model);
    tenon_model_release(model);
  }
}

} // namespace
