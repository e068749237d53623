//===- Library.cpp - A model as a C library -------------------------------===//

#include "compiler/serialize/Library.h"
#include "compiler/serialize/CNames.h"
#include "llvm/Object/ArchiveWriter.h"

using namespace mlir;

namespace tenon::serialize {

std::string linkSymbol(StringRef name) { return "tenon_lib_" + toIdentifier(name); }

/// An archive of objects; members have no dates and owners, so the bytes follow from the objects.
static llvm::Expected<std::string> writeArchive(ArrayRef<std::pair<StringRef, StringRef>> objects) {
  SmallVector<llvm::NewArchiveMember> members;
  for (auto [name, bytes] : objects)
    members.emplace_back(llvm::MemoryBufferRef(bytes, name));
  auto buffer = llvm::writeArchiveToBuffer(members, llvm::SymtabWritingMode::NormalSymtab,
                                           llvm::object::Archive::K_GNU, /*Deterministic=*/true,
                                           /*Thin=*/false);
  if (!buffer)
    return buffer.takeError();
  return (*buffer)->getBuffer().str();
}

FailureOr<Library> buildLibrary(ModuleOp module, const targets::TargetInfo &target,
                                const cpu::CodegenOptions &codegen, const ArtifactOptions &options,
                                StringRef name) {
  std::string symbol = linkSymbol(name);
  cpu::CodegenOptions prefixed = codegen;
  prefixed.symbolPrefix = symbol + "_";
  FailureOr<std::vector<std::string>> kernels =
      cpu::compileKernelObjects(module, target, prefixed);
  if (failed(kernels))
    return failure();
  FailureOr<std::string> artifact =
      writeArtifact(Variant{module, &target, /*code=*/nullptr}, options);
  if (failed(artifact))
    return failure();
  std::vector<std::string> symbols = kernelNames(module);
  for (std::string &kernel : symbols)
    kernel = prefixed.symbolPrefix + kernel;
  FailureOr<std::string> table =
      cpu::compileLinkTable(module.getLoc(), target, {symbol, kLinkAbiVersion, symbols, *artifact});
  if (failed(table))
    return failure();
  std::vector<std::string> names;
  for (size_t i = 0; i < kernels->size(); ++i)
    names.push_back("kernels" + std::to_string(i) + ".o");
  SmallVector<std::pair<StringRef, StringRef>> members;
  for (auto [name, object] : llvm::zip(names, *kernels))
    members.push_back({name, object});
  members.push_back({"table.o", *table});
  llvm::Expected<std::string> archive = writeArchive(members);
  if (!archive)
    return module.emitError(llvm::toString(archive.takeError())), failure();
  return Library{std::move(*archive), writeHeader(module, options, name)};
}

} // namespace tenon::serialize
