//===- Dump.cpp - A tree as text, for tests -------------------------------===//

#include "frontends/dsl/Ast.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;

namespace tenon::dsl::ast {

namespace {

/// Each `put` prints one node: a line with its word and attributes, then its children, deeper.
class Dumper {
public:
  explicit Dumper(raw_ostream &os) : os(os) {}

  void put(const Decl &decl);
  void put(const Stmt &stmt);
  void put(const Expr &expr);

private:
  /// Starts a line and goes one level deeper until the end of a scope.
  class Line {
  public:
    Line(Dumper &dumper, StringRef word) : dumper(dumper) {
      dumper.os.indent(2 * dumper.depth++) << word;
    }
    Line &operator<<(StringRef text) {
      if (!text.empty())
        dumper.os << ' ' << text;
      return *this;
    }
    Line &operator<<(const String &text) {
      dumper.os << " \"";
      dumper.os.write_escaped(text.value) << '"';
      return *this;
    }
    Line &operator<<(ArrayRef<Name> names) {
      for (const Name &name : names)
        *this << name.text;
      return *this;
    }
    void end() { dumper.os << '\n'; }
    ~Line() { --dumper.depth; }

  private:
    Dumper &dumper;
  };

  template <typename T> void putIf(const T *node) {
    if (node)
      put(*node);
  }
  template <typename T> void putAll(ArrayRef<T *> nodes) {
    for (const T *node : nodes)
      put(*node);
  }
  template <typename T> void putList(StringRef word, ArrayRef<T *> nodes) {
    Line line(*this, word);
    line.end();
    putAll(nodes);
  }
  /// A node with a word, maybe names, and one or two children.
  void putNode(StringRef word, std::initializer_list<StringRef> texts,
               std::initializer_list<const Expr *> children);
  void putValue(StringRef word, const Expr *value);
  void put(const Block &block) { putList("block", block.statements); }
  void put(const Type &type);
  void put(const StaticType &type);
  void put(const Args &args);
  void put(const Selection &selection);
  void put(const Pattern &pattern);
  void put(const Param &param);
  void put(const Result &result);
  void put(const Hyper &hyper);
  void put(ArrayRef<Attr> attrs);
  void put(const ModuleDecl &decl);
  void put(const FnDecl &decl);
  void put(const VariableDecl &decl);
  void put(const MemberDecl &decl);
  void put(const ChoiceDecl &decl);
  void put(const FieldDecl &decl);
  void put(const TrainDecl &decl);
  void put(const WeightsDecl &decl);
  void put(const NumberExpr &e);
  void put(const ContractionExpr &e);
  void put(const ScanExpr &e);
  void put(const IfStmt &stmt);

  static std::string join(const Path &path) {
    std::string out;
    for (const Name &part : path.parts)
      out += (out.empty() ? "" : ".") + part.text.str();
    return out;
  }

  raw_ostream &os;
  unsigned depth = 0;
};

//===----------------------------------------------------------------------===//
// Pieces and types
//===----------------------------------------------------------------------===//

void Dumper::putNode(StringRef word, std::initializer_list<StringRef> texts,
                     std::initializer_list<const Expr *> children) {
  Line line(*this, word);
  for (StringRef text : texts)
    line << text;
  line.end();
  for (const Expr *child : children)
    putIf(child);
}

void Dumper::putValue(StringRef word, const Expr *value) {
  if (value)
    putNode(word, {}, {value});
}

void Dumper::put(const Type &type) {
  Line line(*this, "type");
  line << spelling(type.element) << (type.bracketed ? "[]" : "") << (type.leadingAxes ? "..." : "");
  line.end();
  for (const Dim &dim : type.dims)
    putNode("dim", {dim.axis ? dim.axis->text : ""}, {dim.size});
}

void Dumper::put(const StaticType &type) {
  static const char *const words[] = {"int", "float", "bool", "str", "init", "fn", "list"};
  Line line(*this, "static");
  line << words[size_t(type.kind)];
  line.end();
  putIf(type.element);
}

void Dumper::put(const Args &args) {
  for (const Arg &arg : args.list)
    putNode("arg", {arg.name ? arg.name->text : ""}, {arg.value});
}

void Dumper::put(const Selection &selection) {
  for (const SelectItem &item : selection.items)
    putNode("at", {item.axis ? item.axis->text : ""}, {item.index});
}

void Dumper::put(const Pattern &pattern) {
  Line line(*this, "axes");
  if (pattern.leadingAxes)
    line << "...";
  for (const PatternItem &item : pattern.items) {
    std::string product;
    for (const PatternFactor &factor : item.factors)
      product += (product.empty() ? "" : "*") +
                 (factor.name ? factor.name->text.str() : std::to_string(factor.integer));
    line << product;
  }
  line.end();
}

void Dumper::put(const Param &param) {
  Line line(*this, "parameter");
  line << param.names << (param.isDim ? "dim" : "");
  line.end();
  putIf(param.type);
  putIf(param.staticType);
  putValue("default", param.defaultValue);
}

void Dumper::put(const Result &result) {
  Line line(*this, "result");
  line << (result.name ? result.name->text : "");
  line.end();
  put(*result.type);
}

void Dumper::put(const Hyper &hyper) {
  Line line(*this, "hyper");
  line << hyper.name.text;
  line.end();
  put(*hyper.type);
  putValue("default", hyper.defaultValue);
}

void Dumper::put(ArrayRef<Attr> attrs) {
  for (const Attr &attr : attrs) {
    Line line(*this, "attribute");
    line << attr.name.text;
    line.end();
    if (attr.args)
      put(*attr.args);
  }
}

//===----------------------------------------------------------------------===//
// Declarations
//===----------------------------------------------------------------------===//

void Dumper::put(const ModuleDecl &decl) {
  Line line(*this, decl.isModel ? "model" : "module");
  line << decl.name.text;
  line.end();
  putValue("alias", decl.alias);
  for (const Hyper &hyper : decl.hypers)
    put(hyper);
  putAll(decl.members);
}

void Dumper::put(const FnDecl &decl) {
  Line line(*this, "fn");
  line << decl.name.text;
  line.end();
  put(decl.attrs);
  for (const Param &param : decl.params)
    put(param);
  for (const Result &result : decl.results)
    put(result);
  putValue("value", decl.value);
  putIf(decl.body);
}

void Dumper::put(const VariableDecl &decl) {
  Line line(*this, decl.isState ? "state" : "param");
  line << decl.names;
  if (decl.path)
    line << *decl.path;
  line.end();
  put(decl.attrs);
  put(*decl.type);
  put(*decl.init);
}

void Dumper::put(const MemberDecl &decl) {
  Line line(*this, "member");
  line << decl.name.text;
  if (decl.path)
    line << *decl.path;
  line.end();
  put(decl.attrs);
  put(*decl.value);
}

void Dumper::put(const ChoiceDecl &decl) {
  Line line(*this, "choice");
  line.end();
  put(*decl.condition);
  putList("then", decl.then);
  if (decl.otherwise)
    putList("else", *decl.otherwise);
  if (decl.elseIf)
    put(*decl.elseIf);
}

void Dumper::put(const FieldDecl &decl) {
  Line line(*this, "field");
  line.end();
  for (const FieldGroup &group : decl.groups) {
    Line names(*this, "names");
    names << group.names;
    names.end();
    put(*group.type);
  }
  putValue("value", decl.value);
}

void Dumper::put(const TrainDecl &decl) {
  Line line(*this, "train");
  line << (decl.name ? decl.name->text.str() + ": " + join(decl.model) : join(decl.model));
  if (decl.data)
    line << "on" << join(*decl.data);
  line.end();
  if (decl.args)
    put(*decl.args);
  putAll(decl.settings);
}

void Dumper::put(const WeightsDecl &decl) {
  static const char *const words[] = {"rename", "ignore", "transpose", "fresh"};
  Line line(*this, "weights");
  line << decl.name.text << join(decl.model);
  line.end();
  for (const WeightsRule &rule : decl.rules) {
    Line item(*this, words[size_t(rule.kind)]);
    item << rule.pattern;
    if (rule.to)
      item << *rule.to;
    item.end();
  }
}

void Dumper::put(const Decl &decl) {
  switch (decl.kind) {
  case Decl::Kind::Import: {
    Line line(*this, "import");
    auto &import = cast<ImportDecl>(decl);
    line << import.name.text;
    if (import.file)
      line << *import.file;
    return line.end();
  }
  case Decl::Kind::Constant:
    return putNode("constant", {cast<ConstantDecl>(decl).name.text},
                   {cast<ConstantDecl>(decl).value});
  case Decl::Kind::Module:
    return put(cast<ModuleDecl>(decl));
  case Decl::Kind::Fn:
    return put(cast<FnDecl>(decl));
  case Decl::Kind::Data: {
    auto &data = cast<DataDecl>(decl);
    Line line(*this, "data");
    line << data.name.text << (data.from ? data.from->text : "");
    line.end();
    return putAll(data.items);
  }
  case Decl::Kind::Train:
    return put(cast<TrainDecl>(decl));
  case Decl::Kind::Weights:
    return put(cast<WeightsDecl>(decl));
  case Decl::Kind::Member:
    return put(cast<MemberDecl>(decl));
  case Decl::Kind::Variable:
    return put(cast<VariableDecl>(decl));
  case Decl::Kind::Choice:
    return put(cast<ChoiceDecl>(decl));
  case Decl::Kind::Require:
    return put(static_cast<const Stmt &>(*cast<RequireDecl>(decl).require));
  case Decl::Kind::Setting:
    return putNode("setting", {cast<SettingDecl>(decl).name.text}, {cast<SettingDecl>(decl).value});
  case Decl::Kind::Field:
    return put(cast<FieldDecl>(decl));
  case Decl::Kind::Metric:
    return putNode("metric", {cast<MetricDecl>(decl).name.text}, {cast<MetricDecl>(decl).value});
  case Decl::Kind::Predict: {
    auto &predict = cast<PredictDecl>(decl);
    return putNode("predict", {predict.name.text, predict.like ? predict.like->text : ""},
                   {predict.value});
  }
  case Decl::Kind::Params: {
    Line line(*this, "params");
    line << cast<ParamsDecl>(decl).pattern;
    line.end();
    return putAll(cast<ParamsDecl>(decl).settings);
  }
  }
}

//===----------------------------------------------------------------------===//
// Statements
//===----------------------------------------------------------------------===//

void Dumper::put(const IfStmt &stmt) {
  Line line(*this, "if");
  line.end();
  put(*stmt.condition);
  put(*stmt.then);
  putIf(stmt.otherwise);
  putIf(stmt.elseIf);
}

void Dumper::put(const Stmt &stmt) {
  switch (stmt.kind) {
  case Stmt::Kind::Assign: {
    auto &assign = cast<AssignStmt>(stmt);
    Line line(*this, "assign");
    line << assign.names;
    line.end();
    putIf(assign.type);
    return putAll(assign.values);
  }
  case Stmt::Kind::Scan:
    return put(*cast<ScanStmt>(stmt).scan);
  case Stmt::Kind::Update: {
    auto &update = cast<UpdateStmt>(stmt);
    Line line(*this, "update");
    line << update.target.text;
    line.end();
    if (update.selection)
      put(*update.selection);
    return put(*update.value);
  }
  case Stmt::Kind::Cache: {
    Line line(*this, "cache");
    line << cast<CacheStmt>(stmt).names;
    line.end();
    return put(*cast<CacheStmt>(stmt).type);
  }
  case Stmt::Kind::Return:
    return putList("return", cast<ReturnStmt>(stmt).values);
  case Stmt::Kind::Yield:
    return putList("yield", cast<YieldStmt>(stmt).values);
  case Stmt::Kind::For: {
    auto &loop = cast<ForStmt>(stmt);
    Line line(*this, "for");
    line << loop.variable.text;
    line.end();
    put(*loop.sequence);
    return put(*loop.body);
  }
  case Stmt::Kind::If:
    return put(cast<IfStmt>(stmt));
  case Stmt::Kind::Require: {
    auto &require = cast<RequireStmt>(stmt);
    Line line(*this, "require");
    if (require.message)
      line << *require.message;
    line.end();
    return put(*require.condition);
  }
  }
}

//===----------------------------------------------------------------------===//
// Expressions
//===----------------------------------------------------------------------===//

void Dumper::put(const NumberExpr &e) {
  static const char *const units[] = {"", "steps", "epochs"};
  putNode(e.isInteger ? "integer" : "float", {e.text, units[size_t(e.unit)]}, {});
}

void Dumper::put(const ContractionExpr &e) {
  Line line(*this, e.isEinsum ? "einsum" : "rearrange");
  line.end();
  for (const PatternOperand &operand : e.operands) {
    put(*operand.value);
    put(operand.pattern);
  }
  put(e.result);
}

void Dumper::put(const ScanExpr &e) {
  Line line(*this, "scan");
  line << e.variable.text;
  if (e.over)
    line << "over" << (e.over->name ? e.over->name->text.str() : std::to_string(e.over->index));
  line.end();
  put(*e.sequence);
  put(*e.body);
}

void Dumper::put(const Expr &expr) {
  switch (expr.kind) {
  case Expr::Kind::Error:
    return putNode("error", {}, {});
  case Expr::Kind::Name:
    return putNode("name", {cast<NameExpr>(expr).name.text}, {});
  case Expr::Kind::Number:
    return put(cast<NumberExpr>(expr));
  case Expr::Kind::Percent:
    return putNode("percent", {cast<PercentExpr>(expr).text}, {});
  case Expr::Kind::String: {
    Line line(*this, "string");
    line << String{cast<StringExpr>(expr).value, expr.range};
    return line.end();
  }
  case Expr::Kind::Bool:
    return putNode(cast<BoolExpr>(expr).value ? "true" : "false", {}, {});
  case Expr::Kind::Type:
    return put(*cast<TypeExpr>(expr).type);
  case Expr::Kind::Convert: {
    Line line(*this, "convert");
    line << spelling(cast<ConvertExpr>(expr).element);
    line.end();
    return put(cast<ConvertExpr>(expr).args);
  }
  case Expr::Kind::Paren:
    return putNode("paren", {}, {cast<ParenExpr>(expr).inner});
  case Expr::Kind::Tuple:
    return putList("tuple", cast<TupleExpr>(expr).elements);
  case Expr::Kind::List:
    return putList("list", cast<ListExpr>(expr).elements);
  case Expr::Kind::Comprehension: {
    auto &each = cast<ComprehensionExpr>(expr);
    return putNode("each", {each.variable.text}, {each.element, each.sequence});
  }
  case Expr::Kind::If: {
    auto &choice = cast<IfExpr>(expr);
    return putNode(choice.elseIf ? "if-else-if" : "if", {},
                   {choice.condition, choice.then, choice.otherwise});
  }
  case Expr::Kind::Scan:
    return put(cast<ScanExpr>(expr));
  case Expr::Kind::Contraction:
    return put(cast<ContractionExpr>(expr));
  case Expr::Kind::Call: {
    Line line(*this, "call");
    line.end();
    put(*cast<CallExpr>(expr).callee);
    return put(cast<CallExpr>(expr).args);
  }
  case Expr::Kind::Member:
    return putNode("select-member", {cast<MemberExpr>(expr).member.text},
                   {cast<MemberExpr>(expr).base});
  case Expr::Kind::Select: {
    Line line(*this, "select");
    line.end();
    put(*cast<SelectExpr>(expr).base);
    return put(cast<SelectExpr>(expr).selection);
  }
  case Expr::Kind::Range:
    return putNode("range", {}, {cast<RangeExpr>(expr).begin, cast<RangeExpr>(expr).end});
  case Expr::Kind::Unary:
    return putNode("unary", {spelling(cast<UnaryExpr>(expr).op)}, {cast<UnaryExpr>(expr).operand});
  case Expr::Kind::Binary: {
    auto &binary = cast<BinaryExpr>(expr);
    return putNode("binary", {spelling(binary.op)}, {binary.left, binary.right});
  }
  }
}

} // namespace

std::string dump(const File &file) {
  std::string text;
  raw_string_ostream os(text);
  Dumper dumper(os);
  for (const Decl *decl : file.decls)
    dumper.put(*decl);
  return text;
}

} // namespace tenon::dsl::ast
