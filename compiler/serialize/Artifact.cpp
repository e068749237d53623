//===- Artifact.cpp - exec module and code to artifact bytes --------------===//

#include "compiler/serialize/Artifact.h"
#include "compiler/serialize/Tables.h"
#include "dialects/graph/ProgramError.h"
#include "llvm/Support/SHA256.h"

using namespace mlir;

namespace tenon::serialize {

/// Of the format, see program.fbs.
static constexpr uint32_t kVersion = 4;
/// What the runtime reads; far below what a flatbuffer can hold.
static constexpr uint64_t kMaxBytes = uint64_t(1) << 30;

FailureOr<CodeImage> buildCodeImage(ModuleOp module, const targets::TargetInfo &target,
                                    const cpu::CodegenOptions &codegen) {
  FailureOr<std::vector<std::string>> objects =
      cpu::compileKernelObjects(module, target, codegen);
  if (failed(objects))
    return failure();
  llvm::Expected<CodeImage> image = linkCodeImage(*objects);
  if (!image)
    return module.emitError(llvm::toString(image.takeError())), failure();
  return std::move(*image);
}

FailureOr<std::string> writeArtifact(ArrayRef<Variant> variants, const ArtifactOptions &options) {
  schema::ArtifactT artifact;
  artifact.version = kVersion;
  artifact.name = options.name;
  artifact.producer = "tenonc " TENON_VERSION;
  artifact.source_name = options.sourceName;
  artifact.source = options.source;
  artifact.defines = options.defines;
  addSignatures(variants.front().module, artifact);
  uint64_t bulk = options.source.size();
  for (const Variant &variant : variants) {
    FailureOr<std::unique_ptr<schema::VariantT>> table = buildVariant(variant);
    if (failed(table))
      return failure();
    bulk += (*table)->constants.size() + (variant.code ? variant.code->bytes.size() : 0);
    artifact.variants.push_back(std::move(*table));
  }
  // Checked before packing, because a flatbuffer that grows too large is an abort.
  ModuleOp module = variants.front().module;
  if (bulk > kMaxBytes)
    return graph::emitProgramError(module.getLoc())
           << "constants and code exceed the 1 GiB that an artifact may have; make the model smaller";

  flatbuffers::FlatBufferBuilder builder;
  schema::FinishArtifactBuffer(builder, schema::Artifact::Pack(builder, &artifact));
  llvm::ArrayRef<uint8_t> tables(builder.GetBufferPointer(), builder.GetSize());
  auto digest = llvm::SHA256::hash(tables);
  if (tables.size() + digest.size() > kMaxBytes)
    return graph::emitProgramError(module.getLoc())
           << "the artifact exceeds 1 GiB; make the model smaller";
  std::string bytes(tables.begin(), tables.end());
  bytes.append(digest.begin(), digest.end());
  return bytes;
}

FailureOr<std::string> translateToArtifact(ModuleOp module, const targets::TargetInfo &target,
                                           const cpu::CodegenOptions &codegen,
                                           const ArtifactOptions &options) {
  FailureOr<CodeImage> image = buildCodeImage(module, target, codegen);
  if (failed(image))
    return failure();
  return writeArtifact(Variant{module, &target, &*image}, options);
}

} // namespace tenon::serialize
