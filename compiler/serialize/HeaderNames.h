// What the functions and types of a generated header are called: all different, whatever the names in
// the model text.
#ifndef TENON_COMPILER_SERIALIZE_HEADERNAMES_H
#define TENON_COMPILER_SERIALIZE_HEADERNAMES_H

#include "dialects/exec/Exec.h"

namespace tenon::serialize {

class HeaderNames {
public:
  HeaderNames(mlir::ModuleOp module, llvm::StringRef modelName);

  /// What begins the names of a model or block. Those of tenon.h begin with `tenon_`.
  static std::string prefixOf(llvm::StringRef name);
  /// Step and predict entries are called by functions of their block.
  static bool hasOwnFunction(exec::EntryOp entry);

  llvm::StringRef model() const { return modelPrefix; }
  /// Of an entry that has one.
  llvm::StringRef function(exec::EntryOp entry) const;
  /// The struct for a row of raw data.
  llvm::StringRef rowType(exec::DataOp data, llvm::StringRef group) const;

private:
  std::string modelPrefix;
  llvm::StringMap<std::string> functions; ///< by the symbols of entries
  llvm::StringMap<std::string> rowTypes;  ///< by DATA.GROUP
};

} // namespace tenon::serialize

#endif
