//===- SemaTrain.h - A train block while it is emitted ----------*- C++ -*-===//

#ifndef TENON_FRONTENDS_DSL_SEMATRAIN_H
#define TENON_FRONTENDS_DSL_SEMATRAIN_H

#include "frontends/dsl/Sema.h"

namespace tenon::dsl::sema {

struct Sema::TrainBuilder {
  const ast::TrainDecl *decl;
  ast::Name name;
  Instance *model;
  const DataBlock *data;
  std::string dataName;
  llvm::StringMap<const ast::SettingDecl *> settings;
  std::vector<const ast::MetricDecl *> metrics;
  std::vector<const ast::PredictDecl *> predictions;

  std::optional<Duration> run; // nothing after an error in it
  mlir::DictionaryAttr optimizer;
  llvm::SmallVector<mlir::NamedAttribute> values; // of the settings
  llvm::SmallVector<llvm::StringRef> fields, predictFields, metricNames;
  llvm::SmallVector<mlir::Attribute> predictionList;
  bool ok = true;
};

} // namespace tenon::dsl::sema

#endif // TENON_FRONTENDS_DSL_SEMATRAIN_H
