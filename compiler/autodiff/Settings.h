// Reads the dictionaries of graph.train, in which hand-written IR may say anything.
#ifndef TENON_COMPILER_AUTODIFF_SETTINGS_H
#define TENON_COMPILER_AUTODIFF_SETTINGS_H

#include "dialects/graph/Graph.h"
#include "llvm/ADT/SmallSet.h"

namespace tenon::autodiff {

/// A dictionary of numbers, flags and durations. A mistake is an error at the op, after
/// which reading goes on with fallbacks, so that all mistakes are reported; `result` and `finish`
/// say whether there was one.
class Settings {
public:
  /// `what` names the dictionary in messages: "optimizer", "schedule".
  Settings(mlir::Operation *op, llvm::StringRef what, mlir::DictionaryAttr dictionary)
      : op(op), what(what), dictionary(dictionary) {}

  /// The number of `key`, low <= number < high. Without a fallback the key is required.
  double number(llvm::StringRef key, double low, double high,
                std::optional<double> fallback = std::nullopt);
  bool flag(llvm::StringRef key, bool fallback);
  /// One of `choices`; required.
  llvm::StringRef choice(llvm::StringRef key, llvm::ArrayRef<llvm::StringRef> choices);
  /// A duration that is not negative, or null when there is none.
  graph::DurationAttr duration(llvm::StringRef key);
  /// The attribute as it stands, or null when there is none.
  mlir::Attribute get(llvm::StringRef key);

  mlir::InFlightDiagnostic error(llvm::StringRef key);
  /// Fails if something that was read was wrong.
  mlir::LogicalResult result() const { return mlir::failure(failed); }
  /// The same, and every key that was never asked for is an error.
  mlir::LogicalResult finish();

private:
  mlir::Operation *op;
  llvm::StringRef what;
  mlir::DictionaryAttr dictionary;
  llvm::SmallSet<llvm::StringRef, 8> asked;
  bool failed = false;
};

} // namespace tenon::autodiff

#endif
