//===- SemaModules.cpp - Modules and their instances ----------------------------===//

#include "frontends/dsl/Sema.h"
#include "llvm/ADT/StringSet.h"

#include <cmath>

using namespace llvm;
using namespace tenon::dsl::ast;

namespace tenon::dsl::sema {

Value Sema::moduleOf(const FileScope &file, const ModuleDecl *decl) {
  std::string prefix = file.name.empty() ? std::string() : file.name + ".";
  if (!decl->alias)
    return ModuleRef{decl, &file, prefix + decl->name.text.str(), {}};
  if (reportCycle(decl, decl->name))
    return Poison();
  inProgress.insert(decl);
  Frame aliasFrame;
  aliasFrame.file = &file;
  Value value;
  {
    FrameScope scope(*this, aliasFrame);
    bool outer = std::exchange(inAlias, true);
    value = evaluate(decl->alias);
    inAlias = outer;
  }
  inProgress.erase(decl);
  if (auto *found = value.as<ModuleRef>()) {
    ModuleRef renamed = *found;
    renamed.name = prefix + decl->name.text.str();
    return renamed;
  }
  wrongKind(decl->alias->range, ("'" + decl->name.text + "'").str(), "a module", value);
  return Poison();
}

Value Sema::evaluateModuleCall(const ModuleRef &original, const CallExpr *expr) {
  ModuleRef ref = original;
  if (!bindHypers(ref, expr->args))
    return Poison();
  if (memberPath) {
    Instance *instance = instantiate(ref, memberName, *memberPath, expr->range);
    return instance ? Value(instance) : Value(Poison());
  }
  if (inAlias)
    return ref;
  report(diag::ModuleAsValue, expr->range, ref.name)
      .note("declare it as a member of the model, then call the member");
  return Poison();
}

/// "Linear(inputs, outputs, bias = true, init)", as the declaration reads.
static std::string hyperList(const ModuleDecl *decl) {
  std::string text = decl->name.text.str() + "(";
  ListSeparator comma;
  for (const Hyper &hyper : decl->hypers) {
    text += std::string(StringRef(comma)) + hyper.name.text.str();
    if (hyper.defaultValue && isa<BoolExpr, NumberExpr>(hyper.defaultValue))
      text += " = " + hyper.defaultValue->range.text().str();
  }
  return text + ")";
}

bool Sema::bindHypers(ModuleRef &ref, const Args &args) {
  // What an alias gave is not a place for positional arguments any more.
  SmallVector<const Hyper *> open;
  for (const Hyper &hyper : ref.decl->hypers)
    if (none_of(ref.given, [&](const Bound &b) { return b.name == hyper.name.text; }))
      open.push_back(&hyper);
  size_t next = 0;
  bool ok = true;
  StringSet<> seen;
  for (const Arg &arg : args.list) {
    const Hyper *hyper = nullptr;
    if (arg.name) {
      for (const Hyper &candidate : ref.decl->hypers)
        if (candidate.name.text == arg.name->text)
          hyper = &candidate;
      if (!hyper) {
        std::vector<std::string> names;
        for (const Hyper &candidate : ref.decl->hypers)
          names.push_back(candidate.name.text.str());
        Diagnostic &d = report(diag::UnknownHyper, arg.name->range, ref.name, arg.name->text);
        if (std::string guess = closest(arg.name->text, names); !guess.empty())
          d.fixIt(arg.name->range, guess);
        d.note(hyperList(ref.decl));
        ok = false;
        continue;
      }
    } else if (next < open.size()) {
      hyper = open[next++];
    } else {
      report(diag::ArgumentCount, arg.range, ref.name,
             formatv("{0} hyper-parameter{1}", open.size(), open.size() == 1 ? "" : "s").str(),
             args.list.size())
          .note(hyperList(ref.decl));
      return false;
    }
    if (!seen.insert(hyper->name.text).second) {
      report(diag::GivenTwice, arg.range, "hyper-parameter", hyper->name.text);
      ok = false;
      continue;
    }
    // Arguments are values, not members of the module they belong to.
    std::optional<std::string> outer = std::exchange(memberPath, std::nullopt);
    Value value = evaluate(arg.value);
    memberPath = outer;
    ok &= !value.isPoison();
    auto *name = dyn_cast<NameExpr>(arg.value);
    llvm::erase_if(ref.given, [&](const Bound &b) { return b.name == hyper->name.text; });
    ref.given.push_back({hyper->name.text, std::make_shared<Value>(std::move(value)),
                         arg.value->range, name ? name->name.text : StringRef()});
  }
  return ok;
}

Value Sema::symbolicHyper(const Hyper &hyper) {
  switch (hyper.type->kind) {
  case StaticType::Kind::Int:
    return graph::SizeAttr::symbol(&context, hyper.name.text);
  case StaticType::Kind::Float:
    return 0.5; // also a probability
  case StaticType::Kind::Bool:
    return true;
  case StaticType::Kind::Str:
    return StringRef();
  case StaticType::Kind::Init:
    return Initializer{Initializer::Kind::Constant};
  case StaticType::Kind::Fn:
  case StaticType::Kind::List:
    return Poison(); // nothing to check with
  }
  return Poison();
}

bool Sema::completeHypers(Instance *instance, const ModuleRef &ref, SourceRange range) {
  bool ok = true;
  for (const Hyper &hyper : ref.decl->hypers) {
    const Bound *given = nullptr;
    for (const Bound &bound : ref.given)
      if (bound.name == hyper.name.text)
        given = &bound;
    Bound bound{hyper.name.text, nullptr, hyper.name.range, hyper.name.text};
    if (given) {
      bound = *given;
    } else if (hyper.defaultValue) {
      bound.value = std::make_shared<Value>(evaluate(hyper.defaultValue));
      bound.place = hyper.defaultValue->range;
    } else if (symbolic) {
      bound.value = std::make_shared<Value>(symbolicHyper(hyper));
    } else {
      report(diag::MissingArgument, range, ref.name, hyper.name.text).note(hyperList(ref.decl));
      return false;
    }
    Value value = *bound.value;
    if (value.isPoison()) {
      ok = false;
    } else if (!fitsStatic(hyper.type, value)) {
      wrongKind(bound.place, ("'" + hyper.name.text + "' of '" + ref.name + "'").str(),
                spelling(hyper.type), value);
      ok = false;
    }
    bound.value = std::make_shared<Value>(std::move(value));
    instance->hypers.push_back(std::move(bound));
  }
  return ok;
}

Instance *Sema::instantiate(const ModuleRef &ref, StringRef name, StringRef path,
                            SourceRange range) {
  if (instanceDepth >= limits::instances) {
    report(diag::ModuleInItself, visible(range), ref.name);
    return nullptr;
  }
  Instance *instance = &instances.emplace_back();
  instance->decl = ref.decl;
  instance->file = ref.file;
  instance->name = name.str();
  instance->path = path.str();
  Frame body;
  body.file = ref.file;
  body.self = instance;
  FrameScope scope(*this, body);
  if (!completeHypers(instance, ref, range))
    return nullptr;
  ++instanceDepth;
  buildMembers(instance, ref.decl->members);
  --instanceDepth;
  return instance;
}

//===----------------------------------------------------------------------===//
// Members
//===----------------------------------------------------------------------===//

void Sema::buildMembers(Instance *instance, ArrayRef<Decl *> members) {
  // Functions first, so that a member cannot take the name of one that follows.
  for (const Decl *decl : members) {
    auto *fn = dyn_cast<FnDecl>(decl);
    if (!fn)
      continue;
    checkAttrs(fn->attrs, {"internal", "remat"});
    auto [it, isNew] = instance->functions.try_emplace(fn->name.text, fn);
    if (!isNew)
      report(diag::DeclaredTwice, fn->name.range, fn->name.text)
          .note(it->second->name.range, "the other declaration");
    else if (instance->hyper(fn->name.text))
      report(diag::DeclaredTwice, fn->name.range, fn->name.text);
  }
  for (const Decl *decl : members) {
    if (exhausted)
      return;
    if (auto *member = dyn_cast<MemberDecl>(decl)) {
      buildMember(instance, member);
    } else if (auto *variable = dyn_cast<VariableDecl>(decl)) {
      buildVariable(instance, variable);
    } else if (auto *requirement = dyn_cast<RequireDecl>(decl)) {
      if (!require(requirement->require->condition, requirement->require))
        return;
    } else if (auto *choice = dyn_cast<ChoiceDecl>(decl)) {
      while (choice) {
        std::optional<bool> holds = condition(choice->condition, "if");
        if (!holds)
          break;
        if (*holds)
          buildMembers(instance, choice->then);
        else if (choice->otherwise)
          buildMembers(instance, *choice->otherwise);
        if (*holds || !choice->elseIf)
          break;
        choice = choice->elseIf;
      }
    }
  }
}

bool Sema::declareMember(Instance *instance, const Name &name, Value value) {
  if (instance->hyper(name.text) || instance->functions.contains(name.text)) {
    report(diag::DeclaredTwice, name.range, name.text);
    return false;
  }
  auto [it, isNew] = instance->members.try_emplace(name.text, MemberEntry{value, name.range});
  if (!isNew)
    report(diag::DeclaredTwice, name.range, name.text)
        .note(it->second.place, "the other declaration");
  return isNew;
}

/// The path below an instance: the name, or what `as` says; `as ""` adds nothing.
static std::string pathOf(const Instance &instance, StringRef name,
                          const std::optional<String> &as) {
  StringRef segment = as ? as->value : name;
  return segment.empty() ? instance.path : instance.path + segment.str();
}

/// Marks the instances of a member @remat; false if it is something else than modules.
static bool declareRemat(const Value &member, const Attr &mark) {
  if (auto *instance = member.as<Instance *>()) {
    (*instance)->remat = &mark;
    return true;
  }
  auto *list = member.as<List>();
  return list && all_of(list->elements,
                        [&](const Value &element) { return declareRemat(element, mark); });
}

void Sema::buildMember(Instance *instance, const MemberDecl *decl) {
  checkAttrs(decl->attrs, StringRef("remat"));
  std::string path = pathOf(*instance, decl->name.text, decl->path);
  if (!path.empty() && !StringRef(path).ends_with("."))
    path += ".";
  memberPath = path;
  StringRef outerName = std::exchange(memberName, decl->name.text);
  Value value = evaluate(decl->value);
  memberName = outerName;
  memberPath.reset();
  if (auto *ref = value.as<ModuleRef>()) {
    report(diag::ModuleNotCalled, decl->value->range, ref->name, hyperList(ref->decl));
    value = Poison();
  } else if (value.is<Tensor>()) {
    report(diag::TensorMember, decl->value->range, decl->name.text);
    value = Poison();
  }
  for (const Attr &attr : decl->attrs)
    if (attr.name.text == "remat" && !value.isPoison() && !declareRemat(value, attr))
      report(diag::UnknownAttr, attr.range, attr.name.text)
          .note(formatv("'{0}' is {1}; only calls of modules and functions can be computed again",
                        decl->name.text, value.describe())
                    .str());
  declareMember(instance, decl->name, std::move(value));
}

void Sema::buildVariable(Instance *instance, const VariableDecl *decl) {
  checkAttrs(decl->attrs, StringRef("nodecay"));
  if (decl->isState)
    notSupported(decl->names.front().range, "'state'");
  if (decl->path && decl->names.size() > 1)
    report(diag::SeveralPaths, decl->path->range);
  Variable variable;
  graph::SizedTensorType type = resolveType(decl->type, &variable.axes);
  if (type && !isa<mlir::FloatType>(type.getElementType()) && !decl->isState) {
    report(diag::WrongKind, decl->type->range, "a parameter", "f32 or f64", describe(type));
    type = {};
  }
  Value initial = evaluate(decl->init);
  auto *init = initial.as<Initializer>();
  if (!init && !initial.isPoison()) {
    report(diag::NoInitializer, decl->init->range, initial.describe())
        .note("for one number in every element write `constant(v)`");
  }
  for (const Name &name : decl->names) {
    instance->variables[name.text] = decl;
    if (!type || !init) {
      declareMember(instance, name, Poison());
      continue;
    }
    variable.path = pathOf(*instance, name.text, decl->path);
    variable.type = type;
    if (!declareMember(instance, name, variable) || symbolic || decl->isState)
      continue;
    graph::InitAttr attribute = resolveInit(*init, type, decl->init->range);
    SourceRange place = isLibrarys(name.range) ? userRange : name.range;
    if (!attribute || !claimSymbol(variable.path, place, "parameter"))
      continue;
    mlir::OpBuilder::InsertionGuard guard(builder);
    builder.setInsertionPointToEnd(module->getBody());
    ++operations;
    graph::ParamOp::create(builder, loc(place), variable.path, type, attribute,
                           findAttr(decl->attrs, "nodecay"));
  }
}

graph::InitAttr Sema::resolveInit(const Initializer &init, graph::SizedTensorType type,
                                  SourceRange range) {
  for (double number : {init.a, init.b}) {
    bool fits = type.getElementType().isF32() ? std::isfinite(float(number)) : std::isfinite(number);
    if (!fits) {
      report(diag::WrongKind, range, "an initialiser", "made of numbers that are finite in " +
             describe(type.getElementType()), formatv("{0}", number).str());
      return {};
    }
  }
  switch (init.kind) {
  case Initializer::Kind::Constant:
    return graph::InitAttr::get(&context, "constant", init.a);
  case Initializer::Kind::Uniform:
    return graph::InitAttr::get(&context, "uniform", init.a, init.b);
  case Initializer::Kind::Normal:
    return graph::InitAttr::get(&context, "normal", init.a, init.b);
  case Initializer::Kind::Xavier:
  case Initializer::Kind::Kaiming:
    break;
  }
  if (type.rank() < 2 || !type.hasStaticShape()) {
    report(diag::FanInit, range, describe(type));
    return {};
  }
  // Weights are [outputs, inputs, …]; what follows is the receptive field of a convolution.
  double outputs = type.getShape()[0], inputs = type.getShape()[1];
  for (int64_t size : type.getShape().drop_front(2)) {
    outputs *= size;
    inputs *= size;
  }
  double fan = init.kind == Initializer::Kind::Xavier ? inputs + outputs : inputs;
  double bound = fan > 0 ? std::sqrt(6.0 / fan) : 0;
  return graph::InitAttr::get(&context, "uniform", -bound, bound);
}

//===----------------------------------------------------------------------===//
// Attributes
//===----------------------------------------------------------------------===//

const Attr *Sema::findAttr(ArrayRef<Attr> attrs, StringRef name) {
  const Attr *found = find_if(attrs, [&](const Attr &attr) { return attr.name.text == name; });
  return found == attrs.end() ? nullptr : found;
}

bool Sema::checkAttrs(ArrayRef<Attr> attrs, ArrayRef<StringRef> known) {
  static const std::pair<StringRef, StringRef> places[] = {
      {"internal", "a 'fn'"},
      {"remat", "a 'fn' or a member that is a module"},
      {"nodecay", "a 'param'"}};
  static const StringRef planned[] = {"vjp"};
  bool ok = true;
  for (const Attr &attr : attrs) {
    StringRef name = attr.name.text;
    if (is_contained(known, name) && !attr.args)
      continue;
    ok = false;
    if (is_contained(planned, name)) {
      notSupported(attr.range, "'@" + name + "'");
      continue;
    }
    Diagnostic &d = report(diag::UnknownAttr, attr.range, name);
    auto *place = find_if(places, [&](const auto &entry) { return entry.first == name; });
    if (place == std::end(places))
      d.note("the attributes are @internal, @remat and @nodecay");
    else if (is_contained(known, name))
      d.note(("'@" + name + "' takes no arguments").str());
    else
      d.note(("'@" + name + "' stands before " + place->second).str());
  }
  return ok;
}

} // namespace tenon::dsl::sema
