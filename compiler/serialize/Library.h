//===- Library.h - A model as a C library and its header --------*- C++ -*-===//
//
// What `--emit=lib` writes: `libNAME.a` with the kernels, a table of them and the artifact without
// code, and `NAME.h`, a typed and documented interface on top of tenon/tenon.h.
//
//===----------------------------------------------------------------------===//
#ifndef TENON_COMPILER_SERIALIZE_LIBRARY_H
#define TENON_COMPILER_SERIALIZE_LIBRARY_H

#include "compiler/serialize/Artifact.h"

namespace tenon::serialize {

struct Library {
  std::string archive; ///< the bytes of libNAME.a
  std::string header;  ///< the text of NAME.h
};

/// Compiles the kernels of an exec module and makes both files. `name` is that of the library;
/// functions in the header are named by `options.name`, the model, and by the train blocks. Symbols
/// of the archive begin with `tenon_lib_NAME`, so that a program may link several models. Fails
/// with a diagnostic.
mlir::FailureOr<Library> buildLibrary(mlir::ModuleOp module, const targets::TargetInfo &target,
                                      const cpu::CodegenOptions &codegen,
                                      const ArtifactOptions &options, llvm::StringRef name);

/// The header alone.
std::string writeHeader(mlir::ModuleOp module, const ArtifactOptions &options,
                        llvm::StringRef name);

/// The version of the tables and functions of tenon/tenon.h that libraries are made for.
inline constexpr uint32_t kLinkAbiVersion = 1;

/// The symbol of the library's table, declared in the header and defined in the archive.
std::string linkSymbol(llvm::StringRef name);

} // namespace tenon::serialize

#endif // TENON_COMPILER_SERIALIZE_LIBRARY_H
