//===- Wellformed.cpp - Errors of sense that need no names ----------------===//

#include "frontends/dsl/Wellformed.h"
#include "frontends/dsl/Walk.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringMap.h"

using namespace llvm;
using namespace tenon::dsl::ast;

namespace tenon::dsl {

namespace {

/// Names that may each occur once.
class Once {
public:
  /// `what` is the word of the message: "argument 'x' is given twice".
  Once(DiagnosticEngine &diags, StringRef what) : diags(diags), what(what) {}

  void add(const Name &name) {
    if (name.isDiscard())
      return;
    auto [first, isNew] = seen.try_emplace(name.text, name.range);
    if (!isNew)
      diags.report(diag::GivenTwice, name.range, what, name.text)
          .note(first->second, "the first one is here");
  }
  void add(ArrayRef<Name> names) {
    for (const Name &name : names)
      add(name);
  }

private:
  DiagnosticEngine &diags;
  StringRef what;
  StringMap<SourceRange> seen;
};

class Checker : public Walker {
public:
  explicit Checker(DiagnosticEngine &diags) : diags(diags) {}

  void checkFile(const File &file);

private:
  bool enterArgs(const Args &args) override;
  bool enterBlock(const Block &block) override;
  bool enterDecl(const Decl &decl) override;
  bool enterStmt(const Stmt &stmt) override;
  bool enterExpr(const Expr &expr) override;
  void leaveDecl(const Decl &decl) override;
  void leaveStmt(const Stmt &stmt) override;
  void leaveExpr(const Expr &expr) override;

  void checkFn(const FnDecl &fn);
  void checkMembers(ArrayRef<Decl *> members);
  void checkSettings(ArrayRef<Decl *> settings, bool insideParams);
  void checkWeights(const WeightsDecl &weights);

  /// What `return` and `yield` belong to, innermost last.
  enum class Context { Fn, For, Scan };

  DiagnosticEngine &diags;
  SmallVector<Context> contexts;
};

/// Whether a call always reaches a `return`.
bool returns(const Block &block);
bool returns(const IfStmt &branch) {
  bool otherwise =
      branch.elseIf ? returns(*branch.elseIf) : branch.otherwise && returns(*branch.otherwise);
  return otherwise && returns(*branch.then);
}
bool returns(const Block &block) {
  for (const Stmt *stmt : block.statements) {
    auto *branch = dyn_cast<IfStmt>(stmt);
    if (isa<ReturnStmt>(stmt) || (branch && returns(*branch)))
      return true;
  }
  return false;
}

bool Checker::enterArgs(const Args &args) {
  Once names(diags, "argument");
  const Arg *named = nullptr;
  for (const Arg &arg : args.list) {
    if (arg.name) {
      names.add(*arg.name);
      named = &arg;
    } else if (named) {
      diags.report(diag::PositionalAfterNamed, arg.range).highlight(named->range);
    }
  }
  return true;
}

bool Checker::enterBlock(const Block &block) {
  for (size_t i = 0; i + 1 < block.statements.size(); ++i)
    if (isa<ReturnStmt>(block.statements[i])) {
      diags.report(diag::Unreachable, block.statements[i + 1]->range)
          .note(block.statements[i]->range, "the function ends here");
      break;
    }
  return true;
}

bool Checker::enterStmt(const Stmt &stmt) {
  if (auto *assign = dyn_cast<AssignStmt>(&stmt)) {
    Once(diags, "name").add(assign->names);
  } else if (auto *cache = dyn_cast<CacheStmt>(&stmt)) {
    Once(diags, "cache").add(cache->names);
  } else if (isa<ForStmt>(stmt)) {
    contexts.push_back(Context::For);
  } else if (isa<ReturnStmt>(stmt) && contexts.back() != Context::Fn) {
    diags.report(diag::ReturnInLoop, stmt.range, contexts.back() == Context::Scan ? "scan" : "for");
  } else if (isa<YieldStmt>(stmt) && !is_contained(contexts, Context::Scan)) {
    diags.report(diag::YieldOutsideScan, stmt.range);
  }
  return true;
}

void Checker::leaveStmt(const Stmt &stmt) {
  if (isa<ForStmt>(stmt))
    contexts.pop_back();
}

bool Checker::enterExpr(const Expr &expr) {
  if (isa<ScanExpr>(expr))
    contexts.push_back(Context::Scan);
  return true;
}

void Checker::leaveExpr(const Expr &expr) {
  if (isa<ScanExpr>(expr))
    contexts.pop_back();
}

void Checker::leaveDecl(const Decl &decl) {
  if (isa<FnDecl>(decl))
    contexts.pop_back();
}

//===----------------------------------------------------------------------===//
// Declarations
//===----------------------------------------------------------------------===//

void Checker::checkFn(const FnDecl &fn) {
  Once params(diags, "parameter"), results(diags, "result");
  for (const Param &param : fn.params)
    params.add(param.names);
  for (const Result &result : fn.results)
    if (result.name)
      results.add(*result.name);
  if (fn.body && !returns(*fn.body))
    diags.report(diag::NoReturn, fn.name.range, fn.name.text)
        .note(SourceRange{fn.range.file, fn.body->range.end - 1, fn.body->range.end},
              "this is reached without a value");
}

void Checker::checkMembers(ArrayRef<Decl *> members) {
  Once names(diags, "member");
  for (const Decl *member : members) {
    if (auto *binding = dyn_cast<MemberDecl>(member))
      names.add(binding->name);
    else if (auto *variable = dyn_cast<VariableDecl>(member))
      names.add(variable->names);
    else if (auto *fn = dyn_cast<FnDecl>(member))
      names.add(fn->name);
  }
}

void Checker::checkSettings(ArrayRef<Decl *> settings, bool insideParams) {
  Once names(diags, "setting"), metrics(diags, "metric"), predictions(diags, "prediction");
  for (const Decl *decl : settings) {
    if (auto *setting = dyn_cast<SettingDecl>(decl)) {
      names.add(setting->name);
      continue;
    }
    auto *metric = dyn_cast<MetricDecl>(decl);
    auto *predict = dyn_cast<PredictDecl>(decl);
    if (metric)
      metrics.add(metric->name);
    if (predict)
      predictions.add(predict->name);
    if (insideParams)
      diags.report(diag::NotInParams, decl->range,
                   metric    ? "metric"
                   : predict ? "predict"
                             : "params");
  }
}

void Checker::checkWeights(const WeightsDecl &weights) {
  StringMap<SourceRange> seen;
  for (const WeightsRule &rule : weights.rules) {
    auto [first, isNew] = seen.try_emplace(rule.range.text(), rule.range);
    if (!isNew)
      diags.report(diag::GivenTwice, rule.range, "rule", rule.pattern.value)
          .note(first->second, "the first one is here");
  }
}

bool Checker::enterDecl(const Decl &decl) {
  if (auto *fn = dyn_cast<FnDecl>(&decl)) {
    contexts.push_back(Context::Fn);
    checkFn(*fn);
  } else if (auto *module = dyn_cast<ModuleDecl>(&decl)) {
    Once hypers(diags, "hyper-parameter");
    for (const Hyper &hyper : module->hypers)
      hypers.add(hyper.name);
    checkMembers(module->members);
  } else if (auto *choice = dyn_cast<ChoiceDecl>(&decl)) {
    checkMembers(choice->then);
    if (choice->otherwise)
      checkMembers(*choice->otherwise);
  } else if (auto *train = dyn_cast<TrainDecl>(&decl)) {
    checkSettings(train->settings, /*insideParams=*/false);
  } else if (auto *params = dyn_cast<ParamsDecl>(&decl)) {
    checkSettings(params->settings, /*insideParams=*/true);
  } else if (auto *data = dyn_cast<DataDecl>(&decl)) {
    Once settings(diags, "setting"); // fields may be declared again
    for (const Decl *item : data->items)
      if (auto *setting = dyn_cast<SettingDecl>(item))
        settings.add(setting->name);
  } else if (auto *weights = dyn_cast<WeightsDecl>(&decl)) {
    checkWeights(*weights);
  }
  return true;
}

void Checker::checkFile(const File &file) {
  Once names(diags, "name"), data(diags, "data"), weights(diags, "weights");
  for (const Decl *decl : file.decls) {
    if (auto *import = dyn_cast<ImportDecl>(decl))
      names.add(import->name);
    else if (auto *constant = dyn_cast<ConstantDecl>(decl))
      names.add(constant->name);
    else if (auto *module = dyn_cast<ModuleDecl>(decl))
      names.add(module->name);
    else if (auto *fn = dyn_cast<FnDecl>(decl))
      names.add(fn->name);
    else if (auto *block = dyn_cast<DataDecl>(decl))
      data.add(block->name);
    else if (auto *rules = dyn_cast<WeightsDecl>(decl))
      weights.add(rules->name);
  }
  walk(file);
}

} // namespace

void checkWellformed(const File &file, DiagnosticEngine &diags) { Checker(diags).checkFile(file); }

} // namespace tenon::dsl
