//===- SemaNames.cpp - Looking names up -----------------------------------------===//

#include "frontends/dsl/Sema.h"
#include "llvm/ADT/StringSet.h"

using namespace llvm;
using namespace tenon::dsl::ast;

namespace tenon::dsl::sema {

Value Sema::evaluateName(const Name &name) {
  if (name.isDiscard()) {
    report(diag::DiscardRead, name.range);
    return Poison();
  }
  if (std::optional<Value> value = lookup(name.text, name.range))
    return std::move(*value);
  return unknownName(name.text, name.range);
}

std::optional<Value> Sema::lookup(StringRef name, SourceRange range) {
  if (const Value *local = frame->local(name))
    return *local;
  if (auto size = frame->sizes.find(name); size != frame->sizes.end())
    return Value::ofSize(size->second.size);
  if (frame->self)
    if (std::optional<Value> member = lookupMember(frame->self, name))
      return member;
  if (std::optional<Value> declared = lookupInFile(*frame->file, name, range))
    return declared;
  if (name == "training") {
    sawTraining = true;
    return Value(training);
  }
  if (name == "absent")
    return Value(Absent());
  if (name == "nn")
    return Value(Namespace{&nn});
  if (isLanguageFunction(name))
    return Value(Function{name.str()});
  return std::nullopt;
}

std::optional<Value> Sema::lookupMember(Instance *instance, StringRef name) {
  if (auto it = instance->members.find(name); it != instance->members.end())
    return it->second.value;
  if (auto it = instance->functions.find(name); it != instance->functions.end())
    return Value(Function{name.str(), it->second, instance, instance->file});
  if (const Bound *hyper = instance->hyper(name))
    return *hyper->value;
  return std::nullopt;
}

std::optional<Value> Sema::lookupInFile(const FileScope &file, StringRef name, SourceRange range) {
  auto it = file.names.find(name);
  if (it == file.names.end())
    return std::nullopt;
  if (auto *constant = dyn_cast<ConstantDecl>(it->second))
    return evaluateConstant(file, constant);
  if (auto *decl = dyn_cast<ModuleDecl>(it->second))
    return moduleOf(file, decl);
  if (auto *decl = dyn_cast<FnDecl>(it->second))
    return Value(Function{name.str(), decl, nullptr, &file});
  return notSupported(range, "'import'");
}

bool Sema::reportCycle(const Decl *decl, const Name &name) {
  if (!inProgress.contains(decl))
    return false;
  report(diag::DefinedByItself, name.range, name.text);
  return true;
}

Value Sema::evaluateConstant(const FileScope &file, const ConstantDecl *decl) {
  if (auto it = file.constants.find(decl->name.text); it != file.constants.end())
    return it->second;
  if (reportCycle(decl, decl->name))
    return Poison();
  inProgress.insert(decl);
  Frame constantFrame;
  constantFrame.file = &file;
  FrameScope scope(*this, constantFrame);
  const Expr *given = file.isLibrary ? nullptr : define(decl->name.text);
  Value value = evaluate(given ? given : decl->value);
  inProgress.erase(decl);
  file.constants[decl->name.text] = value;
  return value;
}

//===----------------------------------------------------------------------===//
// Names nobody declared
//===----------------------------------------------------------------------===//

/// Names of the language that this compiler does not lower yet.
static bool isPlanned(StringRef name) {
  static const StringSet<> planned = {
      "cumsum",    "prod",         "moments",      "nn.BatchNorm1d", "nn.BatchNorm2d", "nn.Conv1d",
      "nn.Conv2d", "nn.MaxPool2d", "nn.AvgPool2d", "nn.GRU",         "nn.LSTM",        "nn.attention"};
  return planned.contains(name);
}

/// Letters only, in one case: `layer_norm` and `nn.LayerNorm` are the same words.
static std::string words(StringRef name) {
  name.consume_front("nn.");
  std::string out;
  for (char c : name)
    if (c != '_')
      out += toLower(c);
  return out;
}

std::string Sema::closest(StringRef name, ArrayRef<std::string> candidates) {
  std::string best, wanted = words(name);
  unsigned bestDistance = wanted.size() <= 3 ? 1 : 2;
  bool found = false;
  for (const std::string &candidate : candidates) {
    std::string other = words(candidate);
    unsigned distance =
        StringRef(wanted).edit_distance(other, /*AllowReplacements=*/true, bestDistance + 1);
    if (distance < bestDistance + !found && distance < other.size()) {
      best = candidate;
      bestDistance = distance;
      found = true;
    }
  }
  return best;
}

std::vector<std::string> Sema::visibleNames() const {
  std::vector<std::string> names;
  auto add = [&](const auto &map) {
    for (const auto &entry : map)
      names.push_back(entry.getKey().str());
  };
  for (const StringMap<Value> &scope : frame->scopes)
    add(scope);
  add(frame->sizes);
  if (frame->self) {
    add(frame->self->members);
    add(frame->self->functions);
    for (const Bound &hyper : frame->self->hypers)
      names.push_back(hyper.name.str());
  }
  add(frame->file->names);
  for (const auto &entry : nn.names)
    names.push_back("nn." + entry.getKey().str());
  llvm::append_range(names, languageFunctions());
  names.push_back("training");
  llvm::sort(names); // the guess must not depend on hash order
  return names;
}

/// What has to be given to a module, as one would write it: "inputs, outputs".
static std::string requiredHypers(const ModuleDecl *decl) {
  std::string text;
  ListSeparator comma;
  for (const Hyper &hyper : decl->hypers)
    if (!hyper.defaultValue)
      text += std::string(StringRef(comma)) + hyper.name.text.str();
  return text;
}

Value Sema::unknownName(StringRef name, SourceRange range) {
  if (isPlanned(name))
    return notSupported(range, "'" + name + "'");
  std::string guess = closest(name, visibleNames());
  if (guess.empty()) {
    report(diag::UnknownName, range, name);
    return Poison();
  }
  Diagnostic &d = report(diag::UnknownNameGuess, range, name, guess);
  if (StringRef(guess).starts_with("nn.") && !name.starts_with("nn.")) {
    auto *decl = dyn_cast<ModuleDecl>(nn.names.lookup(StringRef(guess).drop_front(3)));
    if (decl)
      d.note(formatv("it is a module: declare a member `{0} = {1}({2})` and call `{0}(x)`", name,
                     guess, requiredHypers(decl))
                 .str());
    return Poison();
  }
  d.fixIt(range, guess);
  return Poison();
}

//===----------------------------------------------------------------------===//
// New names
//===----------------------------------------------------------------------===//

bool Sema::checkHiding(const Name &name, StringRef what) {
  Instance *self = frame->self;
  if (!self || name.isDiscard())
    return true;
  auto hides = [&](StringRef kind, SourceRange declared) {
    report(diag::HidesName, name.range, what, name.text, kind, self->decl->name.text)
        .note(declared, formatv("{0} declared here; choose another name", kind).str());
    return false;
  };
  if (auto it = self->members.find(name.text); it != self->members.end())
    return hides("member", it->second.place);
  if (auto it = self->functions.find(name.text); it != self->functions.end())
    return hides("function", it->second->name.range);
  for (const Hyper &hyper : self->decl->hypers)
    if (hyper.name.text == name.text)
      return hides("hyper-parameter", hyper.name.range);
  return true;
}

void Sema::bind(const Name &name, Value value, StringRef what) {
  if (name.isDiscard())
    return;
  if (!checkHiding(name, what))
    value = Poison(); // which of the two a use means is not known, so nothing follows from it
  for (StringMap<Value> &scope : reverse(frame->scopes))
    if (auto it = scope.find(name.text); it != scope.end()) {
      it->second = std::move(value);
      return;
    }
  frame->scopes.back()[name.text] = std::move(value);
}

} // namespace tenon::dsl::sema
