//===- SemaScope.h - Where names live ---------------------------*- C++ -*-===//
//
// A name is looked for, in this order, among the locals of the function, the sizes its parameter
// types name, the members, functions and hyper-parameters of its module, the declarations of the
// file, and the library.
//
//===----------------------------------------------------------------------===//

#ifndef TENON_FRONTENDS_DSL_SEMASCOPE_H
#define TENON_FRONTENDS_DSL_SEMASCOPE_H

#include "frontends/dsl/SemaValue.h"
#include "llvm/ADT/StringMap.h"

namespace tenon::dsl::sema {

/// The top-level declarations of one file.
struct FileScope {
  std::string name; // "nn" for a library, empty for the user's file and the prelude
  bool isLibrary = false;
  std::unique_ptr<ast::File> ast;
  llvm::StringMap<const ast::Decl *> names; // constants, modules, functions
  mutable llvm::StringMap<Value> constants; // those evaluated so far
};

/// A member, parameter or state of an instance.
struct MemberEntry {
  Value value;
  SourceRange place;
};

/// A module with all its hyper-parameters and members: what `fc1` is.
struct Instance {
  const ast::ModuleDecl *decl;
  const FileScope *file;
  std::string name; // for messages: the member's or model's name
  std::string path; // in weights files; ends in '.' unless empty
  const ast::Attr *remat = nullptr; // the mark @remat of the member that it is, or null
  std::vector<Bound> hypers;
  llvm::StringMap<MemberEntry> members;
  llvm::StringMap<const ast::FnDecl *> functions;
  llvm::StringMap<const ast::VariableDecl *> variables; // parameters and states

  std::vector<const ast::FnDecl *> functionsInOrder() const {
    std::vector<const ast::FnDecl *> fns;
    for (const auto &entry : functions)
      fns.push_back(entry.second);
    llvm::sort(fns, [](const ast::FnDecl *a, const ast::FnDecl *b) {
      return a->range.begin < b->range.begin;
    });
    return fns;
  }
  const Bound *hyper(llvm::StringRef hyperName) const {
    for (const Bound &bound : hypers)
      if (bound.name == hyperName)
        return &bound;
    return nullptr;
  }
};

/// A size name of a signature: what it stands for in the entry, and the axis that gave it.
struct SizeBinding {
  graph::SizeAttr size;
  Axis axis;
  SourceRange place;
};

/// The axes behind `...` in a signature.
struct LeadingAxes {
  llvm::SmallVector<graph::SizeAttr> sizes;
  Axes axes;
};

/// One running function, module body or block of settings.
struct Frame {
  const FileScope *file = nullptr;
  Instance *self = nullptr;              // or null
  const ast::FnDecl *function = nullptr; // or null
  const Frame *caller = nullptr;         // or null
  const ast::Attr *remat = nullptr;      // the mark @remat that the call is under, or null
  std::vector<llvm::StringMap<Value>> scopes{1};
  llvm::StringMap<SizeBinding> sizes;
  std::optional<LeadingAxes> leading;
  /// In library functions f32 and i32 stand for the float and integer type of the arguments.
  mlir::Type floatType, integerType;

  const Value *local(llvm::StringRef name) const {
    for (const llvm::StringMap<Value> &scope : llvm::reverse(scopes))
      if (auto it = scope.find(name); it != scope.end())
        return &it->second;
    return nullptr;
  }
};

} // namespace tenon::dsl::sema

#endif // TENON_FRONTENDS_DSL_SEMASCOPE_H
