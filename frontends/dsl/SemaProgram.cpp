//===- SemaProgram.cpp - A whole program ----------------------------------------===//

#include "frontends/dsl/Parser.h"
#include "frontends/dsl/Sema.h"
#include "frontends/std/Library.h"
#include "mlir/IR/Verifier.h"

using namespace llvm;
using namespace tenon::dsl::ast;

namespace tenon::dsl {

mlir::OwningOpRef<mlir::ModuleOp> compileToGraph(mlir::MLIRContext &context,
                                                 const SourceFile &source,
                                                 const CompileOptions &options,
                                                 DiagnosticEngine &diags) {
  context.loadDialect<graph::GraphDialect>();
  return sema::Sema(context, source, options, diags).run();
}

namespace sema {

FrameScope::FrameScope(Sema &sema, Frame &frame)
    : sema(sema), saved(sema.frame), savedPath(std::move(sema.memberPath)) {
  frame.caller = saved;
  sema.frame = &frame;
  sema.memberPath.reset();
}

FrameScope::~FrameScope() {
  sema.frame = saved;
  sema.memberPath = std::move(savedPath);
}

Sema::Sema(mlir::MLIRContext &context, const SourceFile &source, const CompileOptions &options,
           DiagnosticEngine &diags)
    : context(context), source(source), options(options), diags(diags), builder(&context) {
  prelude.isLibrary = nn.isLibrary = true;
  nn.name = "nn";
  builder.setInsertionPointToEnd(&scratch);
}

mlir::OwningOpRef<mlir::ModuleOp> Sema::run() {
  loadFile(userFile, source);
  loadFile(prelude, diags.addSource("prelude.tenon", library::preludeText));
  loadFile(nn, diags.addSource("nn.tenon", library::nnText));
  readDefines();
  if (diags.hasErrors())
    return nullptr;

  userRange = SourceRange{&source, 0, 0};
  module = mlir::ModuleOp::create(mlir::FileLineColLoc::get(&context, source.name(), 1, 1));
  collectPrimitives();
  Frame top;
  top.file = &userFile;
  FrameScope scope(*this, top);

  checkTopLevelNames();
  for (const Decl *decl : userFile.ast->decls)
    if (auto *constant = dyn_cast<ConstantDecl>(decl))
      evaluateConstant(userFile, constant);
  instantiateModels();
  for (Instance *model : models)
    emitEntries(model, models.size() > 1);
  for (const Decl *decl : userFile.ast->decls)
    if (auto *data = dyn_cast<DataDecl>(decl))
      emitData(data);
  for (const Decl *decl : userFile.ast->decls)
    if (auto *train = dyn_cast<TrainDecl>(decl))
      emitTrain(train);
  tellRemat();
  checkRemaining();
  checkUnusedDefines();
  checkEntryNames();
  if (diags.hasErrors())
    return nullptr;
  if (mlir::failed(mlir::verify(*module))) {
    report(diag::Internal, SourceRange{&source, 0, 0});
    return nullptr;
  }
  return std::move(module);
}

void Sema::loadFile(FileScope &scope, const SourceFile &text) {
  scope.ast = parse(text, diags);
  for (const Decl *decl : scope.ast->decls) {
    const Name *name = nullptr;
    if (auto *constant = dyn_cast<ConstantDecl>(decl))
      name = &constant->name;
    else if (auto *moduleDecl = dyn_cast<ModuleDecl>(decl))
      name = &moduleDecl->name;
    else if (auto *fn = dyn_cast<FnDecl>(decl))
      name = &fn->name;
    else if (auto *import = dyn_cast<ImportDecl>(decl))
      name = &import->name;
    if (!name)
      continue;
    auto [it, isNew] = scope.names.try_emplace(name->text, decl);
    if (!isNew)
      report(diag::DeclaredTwice, name->range, name->text)
          .note(it->second->range, "the other declaration");
  }
}

void Sema::checkTopLevelNames() {
  StringMap<SourceRange> data, train;
  auto once = [&](StringMap<SourceRange> &seen, StringRef name, SourceRange range) {
    auto [it, isNew] = seen.try_emplace(name, range);
    if (!isNew)
      report(diag::DeclaredTwice, range, name).note(it->second, "the other declaration");
  };
  for (const Decl *decl : userFile.ast->decls) {
    if (auto *block = dyn_cast<DataDecl>(decl))
      once(data, block->name.text, block->name.range);
    if (auto *block = dyn_cast<TrainDecl>(decl)) {
      const Name &name = block->name ? *block->name : block->model.parts.back();
      once(train, name.text, name.range);
    }
    if (auto *weights = dyn_cast<WeightsDecl>(decl))
      notSupported(weights->name.range, "a 'weights' block");
    if (auto *import = dyn_cast<ImportDecl>(decl))
      notSupported(import->range, "'import'");
    if (auto *fn = dyn_cast<FnDecl>(decl))
      checkAttrs(fn->attrs, {"internal", "remat"});
  }
}

//===----------------------------------------------------------------------===//
// Models
//===----------------------------------------------------------------------===//

void Sema::instantiateModels() {
  unsigned count = count_if(userFile.ast->decls, [](const Decl *decl) {
    auto *moduleDecl = dyn_cast<ModuleDecl>(decl);
    return moduleDecl && moduleDecl->isModel;
  });
  for (const Decl *decl : userFile.ast->decls) {
    auto *moduleDecl = dyn_cast<ModuleDecl>(decl);
    if (!moduleDecl || !moduleDecl->isModel)
      continue;
    if (Instance *model = buildModel(moduleDecl, count > 1)) {
      models.push_back(model);
      modelsByName[moduleDecl->name.text] = model;
    }
  }
}

Instance *Sema::buildModel(const ModuleDecl *decl, bool several) {
  Value value = moduleOf(userFile, decl);
  auto *found = value.as<ModuleRef>();
  if (!found)
    return nullptr;
  ModuleRef ref = *found;
  // The command line wins over the file.
  for (const Hyper &hyper : ref.decl->hypers)
    if (const Expr *given = define(decl->name.text + "." + hyper.name.text)) {
      llvm::erase_if(ref.given, [&](const Bound &b) { return b.name == hyper.name.text; });
      ref.given.push_back(
          {hyper.name.text, std::make_shared<Value>(evaluate(given)), given->range, {}});
    }
  std::string path = several ? (decl->name.text + ".").str() : std::string();
  return instantiate(ref, decl->name.text, path, decl->name.range);
}

bool Sema::claimSymbol(StringRef name, SourceRange place, StringRef what) {
  auto [it, isNew] = symbols.try_emplace(name, what.str(), place);
  bool isTold = it->second.first == what && what.ends_with(" block"); // declared twice
  if (!isNew && !isTold)
    report(diag::SameSymbol, place, name,
           (it->second.first == what ? "another " : "a ") + it->second.first)
        .note(it->second.second, formatv("the {0} is here", it->second.first).str());
  return isNew;
}

//===----------------------------------------------------------------------===//
// What no entry needed
//===----------------------------------------------------------------------===//

void Sema::checkRemaining() {
  for (const Decl *decl : userFile.ast->decls) {
    if (auto *fn = dyn_cast<FnDecl>(decl); fn && !checkedFns.contains(fn))
      emitFunction(nullptr, fn, &userFile, fn->name.text, /*isScratch=*/true);
    if (auto *moduleDecl = dyn_cast<ModuleDecl>(decl)) {
      if (moduleDecl->alias)
        moduleOf(userFile, moduleDecl); // reports what is wrong with it
      else
        checkModule(moduleDecl);
    }
  }
}

void Sema::checkModule(const ModuleDecl *decl) {
  Instance *instance = nullptr;
  for (Instance &existing : instances)
    if (existing.decl == decl) {
      instance = &existing;
      break;
    }
  bool isSymbolic = !instance;
  if (isSymbolic && decl->isModel)
    return; // building it failed
  symbolic = isSymbolic;
  if (isSymbolic)
    instance = instantiate(ModuleRef{decl, &userFile, decl->name.text.str(), {}}, decl->name.text,
                           decl->name.text.str() + ".", decl->name.range);
  if (instance) {
    for (const FnDecl *fn : instance->functionsInOrder())
      if (!checkedFns.contains(fn))
        emitFunction(instance, fn, &userFile, fn->name.text, /*isScratch=*/true);
  }
  symbolic = false;
}

} // namespace sema
} // namespace tenon::dsl
