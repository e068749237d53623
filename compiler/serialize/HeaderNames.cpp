#include "compiler/serialize/HeaderNames.h"
#include "compiler/serialize/CNames.h"
#include "llvm/ADT/StringSet.h"

using namespace mlir;

namespace tenon::serialize {

std::string HeaderNames::prefixOf(StringRef name) {
  std::string prefix = toIdentifier(name);
  return prefix == "tenon" || StringRef(prefix).starts_with("tenon_") ? prefix + "_" : prefix;
}

bool HeaderNames::hasOwnFunction(exec::EntryOp entry) {
  return entry.getKind() != exec::EntryKind::Step && entry.getKind() != exec::EntryKind::Predict;
}

/// Names that follow from the model's and the blocks' names stay, the others get underscores behind until
/// they differ.
HeaderNames::HeaderNames(ModuleOp module, StringRef modelName) : modelPrefix(prefixOf(modelName)) {
  llvm::StringSet<> taken;
  for (StringRef name : {"model_load", "model_save", "limits", "session_create", "session_use"})
    taken.insert(modelPrefix + "_" + name.str());
  for (auto train : module.getOps<exec::TrainOp>()) {
    std::string block = prefixOf(train.getName());
    for (StringRef name : {"fit", "train_options", "train_create", "train_batch", "train_info",
                           "train_step", "train_snapshot", "predict"})
      taken.insert(block + "_" + name.str());
    if (train.getPredict())
      functions[*train.getPredict()] = block + "_predict";
  }
  auto isTaken = [&](StringRef name) {
    return taken.contains(name) || taken.contains((name + "_args").str());
  };
  // "forward" of model risk is risk_forward; "risk.evaluate" of a block says so itself.
  for (auto entry : module.getOps<exec::EntryOp>()) {
    if (!hasOwnFunction(entry))
      continue;
    StringRef symbol = entry.getSymName();
    auto [front, back] = symbol.split('.');
    std::string name = toFreeName(back.empty() ? modelPrefix + "_" + toIdentifier(front)
                                               : prefixOf(front) + "_" + toIdentifier(back));
    while (isTaken(name))
      name.push_back('_');
    taken.insert(name);
    taken.insert(name + "_args");
    functions[symbol] = name;
  }
  for (auto data : module.getOps<exec::DataOp>())
    for (exec::RawGroupAttr group : data.getRaws().getAsRange<exec::RawGroupAttr>()) {
      std::string name = prefixOf(data.getName()) + "_" + toIdentifier(group.getName()) + "_row";
      while (!taken.insert(name).second)
        name.push_back('_');
      rowTypes[(data.getName() + "." + group.getName()).str()] = name;
    }
}

StringRef HeaderNames::function(exec::EntryOp entry) const {
  return functions.at(entry.getSymName());
}

StringRef HeaderNames::rowType(exec::DataOp data, StringRef group) const {
  return rowTypes.at((data.getName() + "." + group).str());
}

} // namespace tenon::serialize
