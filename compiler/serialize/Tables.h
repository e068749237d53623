//===- Tables.h - exec to the tables of the schema --------------*- C++ -*-===//
//
// The pieces of an artifact as plain objects of flatbuffers' object interface. Private to this
// directory.
//
//===----------------------------------------------------------------------===//
#ifndef TENON_COMPILER_SERIALIZE_TABLES_H
#define TENON_COMPILER_SERIALIZE_TABLES_H

#include "compiler/serialize/Artifact.h"
#include "dialects/exec/Exec.h"
#include "runtime/schema/program_generated.h"
#include <memory>

namespace tenon::serialize {

/// Size names in the order in which size expressions count them.
using SizeNames = llvm::ArrayRef<mlir::Attribute>;

std::unique_ptr<schema::SizeExprT> toSchema(graph::SizeAttr size, SizeNames names);
std::unique_ptr<schema::TensorT> toSchema(exec::TensorAttr tensor, SizeNames names);
schema::DType toSchema(mlir::Type elementType);

/// Entries, parameters, states, data and training: what all variants share.
void addSignatures(mlir::ModuleOp module, schema::ArtifactT &artifact);

/// Programs, kernels, constants and code for one device. Fails with a diagnostic.
mlir::FailureOr<std::unique_ptr<schema::VariantT>> buildVariant(const Variant &variant);

} // namespace tenon::serialize

#endif // TENON_COMPILER_SERIALIZE_TABLES_H
