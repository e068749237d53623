//===- SemaDefines.cpp - Values given with -D -----------------------------------===//

#include "frontends/dsl/Parser.h"
#include "frontends/dsl/Sema.h"

using namespace llvm;
using namespace tenon::dsl::ast;

namespace tenon::dsl::sema {

void Sema::readDefines() {
  for (const std::string &option : options.defines) {
    auto [name, value] = StringRef(option).split('=');
    // The value is read by the parser itself, as a constant of a file of its own.
    const SourceFile &text = diags.addSource("-D " + name.str(), ("value = " + value + "\n").str());
    SourceRange place{&text, 8, uint32_t(8 + value.size())};
    if (name.empty() || value.empty()) {
      report(diag::BadDefine, place, option);
      continue;
    }
    unsigned errors = diags.errorCount();
    Define define{parse(text, diags), nullptr, place};
    if (diags.errorCount() != errors)
      continue;
    ArrayRef<Decl *> decls = define.file->decls;
    auto *constant = decls.size() == 1 ? dyn_cast<ConstantDecl>(decls.front()) : nullptr;
    if (!constant) {
      report(diag::BadDefine, place, option);
      continue;
    }
    define.value = constant->value;
    defines[name] = std::move(define); // the last one counts
  }
}

const Expr *Sema::define(const Twine &name) {
  auto it = defines.find(name.str());
  if (it == defines.end())
    return nullptr;
  it->second.used = true;
  return it->second.value;
}

void Sema::checkUnusedDefines() {
  std::vector<StringRef> unused;
  for (const auto &entry : defines)
    if (!entry.second.used)
      unused.push_back(entry.getKey());
  llvm::sort(unused);
  for (StringRef name : unused)
    report(diag::UnusedDefine, defines[name].place, name);
}

} // namespace tenon::dsl::sema
