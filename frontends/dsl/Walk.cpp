//===- Walk.cpp - Visiting every node of a tree ---------------------------===//

#include "frontends/dsl/Walk.h"

using llvm::cast;

namespace tenon::dsl::ast {

void Walker::walk(const File &file) { walk(file.decls); }

void Walker::walk(ArrayRef<Decl *> decls) {
  for (const Decl *decl : decls)
    walk(*decl);
}

void Walker::walk(ArrayRef<Expr *> exprs) {
  for (const Expr *expr : exprs)
    walk(*expr);
}

void Walker::walk(const Args &args) {
  if (!enterArgs(args))
    return;
  for (const Arg &arg : args.list)
    walk(*arg.value);
}

void Walker::walk(const std::optional<Args> &args) {
  if (args)
    walk(*args);
}

void Walker::walk(ArrayRef<Attr> attrs) {
  for (const Attr &attr : attrs)
    walk(attr.args);
}

void Walker::walk(const Selection &selection) {
  for (const SelectItem &item : selection.items)
    walk(*item.index);
}

void Walker::walk(const Type &type) {
  if (!enterType(type))
    return;
  for (const Dim &dim : type.dims)
    walk(*dim.size);
}

void Walker::walk(const Block &block) {
  if (!enterBlock(block))
    return;
  for (const Stmt *stmt : block.statements)
    walk(*stmt);
}

void Walker::walk(const Decl &decl) {
  if (!enterDecl(decl))
    return;
  walkParts(decl);
  leaveDecl(decl);
}

void Walker::walk(const Stmt &stmt) {
  if (!enterStmt(stmt))
    return;
  walkParts(stmt);
  leaveStmt(stmt);
}

void Walker::walk(const Expr &expr) {
  if (!enterExpr(expr))
    return;
  walkParts(expr);
  leaveExpr(expr);
}

//===----------------------------------------------------------------------===//
// Declarations
//===----------------------------------------------------------------------===//

void Walker::walkParts(const FnDecl &fn) {
  walk(fn.attrs);
  for (const Param &param : fn.params) {
    walkIf(param.type);
    walkIf(param.defaultValue);
  }
  for (const Result &result : fn.results)
    walk(*result.type);
  walkIf(fn.value);
  walkIf(fn.body);
}

void Walker::walkParts(const ChoiceDecl &choice) {
  walk(*choice.condition);
  walk(choice.then);
  if (choice.otherwise)
    walk(*choice.otherwise);
  walkIf(static_cast<const Decl *>(choice.elseIf));
}

void Walker::walkParts(const Decl &decl) {
  switch (decl.kind) {
  case Decl::Kind::Import:
  case Decl::Kind::Weights:
    return;
  case Decl::Kind::Constant:
    return walk(*cast<ConstantDecl>(decl).value);
  case Decl::Kind::Module:
    walkIf(cast<ModuleDecl>(decl).alias);
    for (const Hyper &hyper : cast<ModuleDecl>(decl).hypers)
      walkIf(hyper.defaultValue);
    return walk(cast<ModuleDecl>(decl).members);
  case Decl::Kind::Fn:
    return walkParts(cast<FnDecl>(decl));
  case Decl::Kind::Data:
    return walk(cast<DataDecl>(decl).items);
  case Decl::Kind::Train:
    walk(cast<TrainDecl>(decl).args);
    return walk(cast<TrainDecl>(decl).settings);
  case Decl::Kind::Member:
    walk(cast<MemberDecl>(decl).attrs);
    return walk(*cast<MemberDecl>(decl).value);
  case Decl::Kind::Variable:
    walk(cast<VariableDecl>(decl).attrs);
    walk(*cast<VariableDecl>(decl).type);
    return walk(*cast<VariableDecl>(decl).init);
  case Decl::Kind::Choice:
    return walkParts(cast<ChoiceDecl>(decl));
  case Decl::Kind::Require:
    return walk(static_cast<const Stmt &>(*cast<RequireDecl>(decl).require));
  case Decl::Kind::Setting:
    return walk(*cast<SettingDecl>(decl).value);
  case Decl::Kind::Field:
    for (const FieldGroup &group : cast<FieldDecl>(decl).groups)
      walk(*group.type);
    return walkIf(cast<FieldDecl>(decl).value);
  case Decl::Kind::Metric:
    return walk(*cast<MetricDecl>(decl).value);
  case Decl::Kind::Predict:
    return walk(*cast<PredictDecl>(decl).value);
  case Decl::Kind::Params:
    return walk(cast<ParamsDecl>(decl).settings);
  }
}

//===----------------------------------------------------------------------===//
// Statements
//===----------------------------------------------------------------------===//

void Walker::walkParts(const Stmt &stmt) {
  switch (stmt.kind) {
  case Stmt::Kind::Assign:
    walkIf(cast<AssignStmt>(stmt).type);
    return walk(cast<AssignStmt>(stmt).values);
  case Stmt::Kind::Scan:
    return walk(static_cast<const Expr &>(*cast<ScanStmt>(stmt).scan));
  case Stmt::Kind::Update:
    if (cast<UpdateStmt>(stmt).selection)
      walk(*cast<UpdateStmt>(stmt).selection);
    return walk(*cast<UpdateStmt>(stmt).value);
  case Stmt::Kind::Cache:
    return walk(*cast<CacheStmt>(stmt).type);
  case Stmt::Kind::Return:
    return walk(cast<ReturnStmt>(stmt).values);
  case Stmt::Kind::Yield:
    return walk(cast<YieldStmt>(stmt).values);
  case Stmt::Kind::For:
    walk(*cast<ForStmt>(stmt).sequence);
    return walk(*cast<ForStmt>(stmt).body);
  case Stmt::Kind::If:
    walk(*cast<IfStmt>(stmt).condition);
    walk(*cast<IfStmt>(stmt).then);
    walkIf(cast<IfStmt>(stmt).otherwise);
    return walkIf(static_cast<const Stmt *>(cast<IfStmt>(stmt).elseIf));
  case Stmt::Kind::Require:
    return walk(*cast<RequireStmt>(stmt).condition);
  }
}

//===----------------------------------------------------------------------===//
// Expressions
//===----------------------------------------------------------------------===//

void Walker::walkParts(const Expr &expr) {
  switch (expr.kind) {
  case Expr::Kind::Error:
  case Expr::Kind::Name:
  case Expr::Kind::Number:
  case Expr::Kind::Percent:
  case Expr::Kind::String:
  case Expr::Kind::Bool:
    return;
  case Expr::Kind::Type:
    return walk(*cast<TypeExpr>(expr).type);
  case Expr::Kind::Convert:
    return walk(cast<ConvertExpr>(expr).args);
  case Expr::Kind::Paren:
    return walk(*cast<ParenExpr>(expr).inner);
  case Expr::Kind::Tuple:
    return walk(cast<TupleExpr>(expr).elements);
  case Expr::Kind::List:
    return walk(cast<ListExpr>(expr).elements);
  case Expr::Kind::Comprehension:
    walk(*cast<ComprehensionExpr>(expr).element);
    return walk(*cast<ComprehensionExpr>(expr).sequence);
  case Expr::Kind::If:
    walk(*cast<IfExpr>(expr).condition);
    walk(*cast<IfExpr>(expr).then);
    return walk(*cast<IfExpr>(expr).otherwise);
  case Expr::Kind::Scan:
    walk(*cast<ScanExpr>(expr).sequence);
    return walk(*cast<ScanExpr>(expr).body);
  case Expr::Kind::Contraction:
    for (const PatternOperand &operand : cast<ContractionExpr>(expr).operands)
      walk(*operand.value);
    return;
  case Expr::Kind::Call:
    walk(*cast<CallExpr>(expr).callee);
    return walk(cast<CallExpr>(expr).args);
  case Expr::Kind::Member:
    return walk(*cast<MemberExpr>(expr).base);
  case Expr::Kind::Select:
    walk(*cast<SelectExpr>(expr).base);
    return walk(cast<SelectExpr>(expr).selection);
  case Expr::Kind::Range:
    walk(*cast<RangeExpr>(expr).begin);
    return walk(*cast<RangeExpr>(expr).end);
  case Expr::Kind::Unary:
    return walk(*cast<UnaryExpr>(expr).operand);
  case Expr::Kind::Binary:
    walk(*cast<BinaryExpr>(expr).left);
    return walk(*cast<BinaryExpr>(expr).right);
  }
}

} // namespace tenon::dsl::ast
