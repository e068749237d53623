//===- Walk.h - Visiting every node of a tree -------------------*- C++ -*-===//

#ifndef TENON_FRONTENDS_DSL_WALK_H
#define TENON_FRONTENDS_DSL_WALK_H

#include "frontends/dsl/Ast.h"

namespace tenon::dsl::ast {

/// Walks a tree in source order, parents first. Override `enter…` for the families of interest and
/// `leave…` to undo what it set up; a node whose `enter…` returns false is not walked into (and not
/// left).
class Walker {
public:
  virtual ~Walker() = default;

  void walk(const File &file);
  void walk(const Decl &decl);
  void walk(const Stmt &stmt);
  void walk(const Block &block);
  void walk(const Expr &expr);
  void walk(const Type &type);

protected:
  virtual bool enterDecl(const Decl &) { return true; }
  virtual bool enterStmt(const Stmt &) { return true; }
  virtual bool enterBlock(const Block &) { return true; }
  virtual bool enterExpr(const Expr &) { return true; }
  virtual bool enterType(const Type &) { return true; }
  virtual bool enterArgs(const Args &) { return true; }
  virtual void leaveDecl(const Decl &) {}
  virtual void leaveStmt(const Stmt &) {}
  virtual void leaveExpr(const Expr &) {}

private:
  void walk(const Args &args);
  void walk(const std::optional<Args> &args);
  void walk(const Selection &selection);
  void walk(ArrayRef<Attr> attrs);
  void walk(ArrayRef<Expr *> exprs);
  void walk(ArrayRef<Decl *> decls);
  /// Of a pointer that may be null.
  template <typename T> void walkIf(const T *node) {
    if (node)
      walk(*node);
  }
  void walkParts(const Decl &decl);
  void walkParts(const Stmt &stmt);
  void walkParts(const Expr &expr);
  void walkParts(const FnDecl &fn);
  void walkParts(const ChoiceDecl &choice);
};

} // namespace tenon::dsl::ast

#endif // TENON_FRONTENDS_DSL_WALK_H
