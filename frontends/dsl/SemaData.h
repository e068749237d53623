//===- SemaData.h - A data block while it is emitted ------------*- C++ -*-===//

#ifndef TENON_FRONTENDS_DSL_SEMADATA_H
#define TENON_FRONTENDS_DSL_SEMADATA_H

#include "frontends/dsl/Sema.h"
#include "llvm/ADT/StringSet.h"

namespace tenon::dsl::sema {

struct Sema::DataBuilder {
  const ast::DataDecl *decl;
  DataBlock block;
  mlir::DictionaryAttr source;
  llvm::SmallVector<mlir::Attribute> raws, fits, split;
  int64_t splitSeed = 1;
  llvm::StringSet<> seen; // settings
  mlir::Block *prepare = nullptr;
  llvm::StringMap<mlir::Value> values; // of the fields so far

  // The field being computed.
  DataBlock::Field *field = nullptr;
  unsigned fieldPosition = 0; // among the fields of the block
  unsigned rawsOfField = 0, fitsOfField = 0;
  SourceRange columns; // of its last column list
  bool isRange = false;
  int64_t rangeBegin = 0;
  SourceRange rangeEnd;
  /// Values that are exactly a raw group, or exactly its scaling.
  struct Known {
    DataBlock::Field::Scaling scaling;
    unsigned raw;
    int64_t columns;
    std::string fit;
    double low = 0, high = 1;
  };
  llvm::DenseMap<mlir::Value, Known> known;
};

} // namespace tenon::dsl::sema

#endif // TENON_FRONTENDS_DSL_SEMADATA_H
