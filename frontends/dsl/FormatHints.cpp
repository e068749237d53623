//===- FormatHints.cpp - What the layout of a token depends on ------------===//

#include "frontends/dsl/FormatHints.h"
#include "frontends/dsl/Walk.h"
#include "llvm/ADT/STLExtras.h"

using namespace llvm;
using namespace tenon::dsl::ast;

namespace tenon::dsl {

namespace {

class HintFinder : public Walker {
public:
  explicit HintFinder(const std::vector<Token> &tokens) : tokens(tokens), hints(tokens.size()) {}

  std::vector<FormatHint> run(const File &file);

private:
  bool enterDecl(const Decl &decl) override;
  bool enterBlock(const Block &block) override;
  bool enterExpr(const Expr &expr) override;

  /// The index of the first token at or behind `offset`.
  size_t indexAt(uint32_t offset) const {
    return partition_point(tokens, [&](const Token &t) { return t.begin < offset; }) -
           tokens.begin();
  }
  void item(SourceRange range) { hints[indexAt(range.begin)].beginsItem = true; }
  template <typename T> void items(ArrayRef<T *> nodes) {
    for (const T *node : nodes)
      item(node->range);
  }
  void attrs(ArrayRef<Attr> attrs);
  void lineUp(ColumnKind kind, const Expr *value);
  void lineUpPath(const std::optional<String> &path);

  const std::vector<Token> &tokens;
  std::vector<FormatHint> hints;
};

std::vector<FormatHint> HintFinder::run(const File &file) {
  items(file.decls);
  walk(file);
  return std::move(hints);
}

void HintFinder::attrs(ArrayRef<Attr> attrs) {
  for (const Attr &attr : attrs)
    hints[indexAt(attr.range.end)].afterAttrs = true;
}

/// The '=' stands right before its value. A value in braces is long and stands outside the columns.
void HintFinder::lineUp(ColumnKind kind, const Expr *value) {
  if (value && !isa<IfExpr, ScanExpr>(value))
    hints[indexAt(value->range.begin) - 1].column = kind;
}

void HintFinder::lineUpPath(const std::optional<String> &path) {
  if (path)
    hints[indexAt(path->range.begin) - 1].isAs = true;
}

bool HintFinder::enterDecl(const Decl &decl) {
  if (auto *constant = dyn_cast<ConstantDecl>(&decl)) {
    lineUp(ColumnKind::Constant, constant->value);
  } else if (auto *module = dyn_cast<ModuleDecl>(&decl)) {
    lineUp(ColumnKind::Alias, module->alias);
    items(module->members);
  } else if (auto *fn = dyn_cast<FnDecl>(&decl)) {
    attrs(fn->attrs);
  } else if (auto *member = dyn_cast<MemberDecl>(&decl)) {
    attrs(member->attrs);
    lineUp(ColumnKind::Member, member->value);
    lineUpPath(member->path);
  } else if (auto *variable = dyn_cast<VariableDecl>(&decl)) {
    attrs(variable->attrs);
  } else if (auto *choice = dyn_cast<ChoiceDecl>(&decl)) {
    items(choice->then);
    if (choice->otherwise)
      items(*choice->otherwise);
  } else if (auto *data = dyn_cast<DataDecl>(&decl)) {
    items(data->items);
  } else if (auto *train = dyn_cast<TrainDecl>(&decl)) {
    items(train->settings);
  } else if (auto *params = dyn_cast<ParamsDecl>(&decl)) {
    items(params->settings);
  } else if (auto *weights = dyn_cast<WeightsDecl>(&decl)) {
    for (const WeightsRule &rule : weights->rules)
      item(rule.range);
  } else if (auto *setting = dyn_cast<SettingDecl>(&decl)) {
    lineUp(ColumnKind::Setting, setting->value);
  } else if (auto *field = dyn_cast<FieldDecl>(&decl)) {
    lineUp(ColumnKind::Field, field->value);
  }
  return true;
}

bool HintFinder::enterBlock(const Block &block) {
  items(block.statements);
  return true;
}

bool HintFinder::enterExpr(const Expr &expr) {
  if (auto *unary = dyn_cast<UnaryExpr>(&expr)) {
    hints[indexAt(unary->opRange.begin)].prefix = unary->op == UnaryExpr::Op::Negate;
  } else if (auto *range = dyn_cast<RangeExpr>(&expr)) {
    bool simple = !isa<BinaryExpr>(range->begin) && !isa<BinaryExpr>(range->end);
    hints[indexAt(range->begin->range.end)].tight = simple;
  } else if (auto *choice = dyn_cast<IfExpr>(&expr)) {
    item(choice->then->range);
    if (!choice->elseIf)
      item(choice->otherwise->range);
  } else if (auto *scan = dyn_cast<ScanExpr>(&expr)) {
    if (scan->over && scan->over->index < 0)
      hints[indexAt(scan->over->range.begin)].prefix = true;
  }
  return true;
}

} // namespace

std::vector<FormatHint> computeHints(const File &file, const std::vector<Token> &tokens) {
  return HintFinder(tokens).run(file);
}

} // namespace tenon::dsl
