//===- ParseBlocks.cpp - data, train and weights --------------------------===//

#include "frontends/dsl/ParserImpl.h"

using namespace llvm;

namespace tenon::dsl {

using ast::Decl;

//===----------------------------------------------------------------------===//
// data
//===----------------------------------------------------------------------===//

Decl *Parser::parseData() {
  size_t first = at;
  auto *decl = make<ast::DataDecl>(take());
  decl->name = *parseName("the name of the data");
  if (takeIfWord("from") && !(decl->from = parseName("the name of other data")))
    return nullptr;
  SmallVector<Decl *> items;
  if (!parseLines([&] { return parseDataItem(items); }))
    return nullptr;
  decl->items = copy(items);
  decl->range = since(first);
  return expectEnd("the block") ? decl : nullptr;
}

bool Parser::parseDataItem(SmallVectorImpl<Decl *> &items) {
  size_t first = at;
  if (rejectLeadingOperator())
    return true;
  if (stopped || at != first)
    return false;
  Decl *item = is(Tok::Identifier) && kindAfter() == Tok::Equal
                   ? parseNamedValue<ast::SettingDecl>()
                   : parseField();
  if (!item)
    return false;
  item->doc = docBefore(first);
  items.push_back(item);
  return true;
}

/// `tokens, segment: i32[128], mask: bool[128] = tokenize(…)`.
Decl *Parser::parseField() {
  auto *decl = make<ast::FieldDecl>(here());
  size_t first = at;
  SmallVector<ast::FieldGroup> groups;
  do {
    size_t begin = at;
    std::optional<ArrayRef<ast::Name>> names = parseNames("a setting or a field");
    if (!names || !expect(Tok::Colon, "'=' of a setting or ':' of a field"))
      return nullptr;
    ast::Type *type = parseType();
    if (!type)
      return nullptr;
    groups.push_back({*names, type, since(begin)});
  } while (takeIf(Tok::Comma));
  decl->groups = copy(groups);
  if (takeIf(Tok::Equal) && !(decl->value = parseExpr()))
    return nullptr;
  decl->range = since(first);
  return expectEnd("the field") ? decl : nullptr;
}

//===----------------------------------------------------------------------===//
// train
//===----------------------------------------------------------------------===//

Decl *Parser::parseTrain() {
  size_t first = at;
  auto *decl = make<ast::TrainDecl>(take());
  if (kindAfter() == Tok::Colon) {
    decl->name = parseName("the name of the block");
    take();
  }
  std::optional<ast::Path> model = parsePath("the name of a model");
  if (!model)
    return nullptr;
  decl->model = *model;
  if (is(Tok::LParen) && !(decl->args = parseArgs()))
    return nullptr;
  if (takeIfWord("on") && !(decl->data = parsePath("the name of the data")))
    return nullptr;
  std::optional<ArrayRef<Decl *>> settings = parseSettings();
  if (!settings)
    return nullptr;
  decl->settings = *settings;
  decl->range = since(first);
  return expectEnd("the block") ? decl : nullptr;
}

std::optional<ArrayRef<Decl *>> Parser::parseSettings() {
  Nest nest(*this);
  if (!nest)
    return std::nullopt;
  SmallVector<Decl *> settings;
  if (!parseLines([&] { return parseSetting(settings); }))
    return std::nullopt;
  return copy(settings);
}

bool Parser::parseSetting(SmallVectorImpl<Decl *> &settings) {
  size_t first = at;
  if (rejectLeadingOperator())
    return true;
  if (stopped || at != first)
    return false;
  Decl *setting;
  if (isWord("metric") && kindAfter() == Tok::Identifier) {
    take();
    setting = parseNamedValue<ast::MetricDecl>();
  } else if (isWord("predict") && kindAfter() == Tok::Identifier) {
    setting = parsePredict();
  } else if (isWord("params") && kindAfter() == Tok::String) {
    setting = parseParams();
  } else {
    setting = parseNamedValue<ast::SettingDecl>();
  }
  if (!setting)
    return false;
  setting->range = since(first);
  setting->doc = docBefore(first);
  settings.push_back(setting);
  return true;
}

/// `name = value`.
template <typename T> Decl *Parser::parseNamedValue() {
  size_t first = at;
  auto *decl = make<T>(here());
  std::optional<ast::Name> name = parseName("the name of a setting");
  if (!name || !expect(Tok::Equal) || !(decl->value = parseExpr()))
    return nullptr;
  decl->name = *name;
  decl->range = since(first);
  return expectEnd("the value") ? decl : nullptr;
}

Decl *Parser::parsePredict() {
  auto *decl = make<ast::PredictDecl>(take());
  decl->name = *parseName("the name of the prediction");
  if (!expect(Tok::Equal) || !(decl->value = parseExpr()))
    return nullptr;
  if (takeIfWord("like") && !(decl->like = parseName("the field whose units it has")))
    return nullptr;
  return expectEnd("the prediction") ? decl : nullptr;
}

Decl *Parser::parseParams() {
  auto *decl = make<ast::ParamsDecl>(take());
  decl->pattern = *parseString("a pattern");
  std::optional<ArrayRef<Decl *>> settings = parseSettings();
  if (!settings)
    return nullptr;
  decl->settings = *settings;
  return expectEnd("the block") ? decl : nullptr;
}

//===----------------------------------------------------------------------===//
// weights
//===----------------------------------------------------------------------===//

Decl *Parser::parseWeights() {
  size_t first = at;
  auto *decl = make<ast::WeightsDecl>(take());
  decl->name = *parseName("the name of the rules");
  if (!expect(Tok::For, "'for' and the name of a model"))
    return nullptr;
  std::optional<ast::Path> model = parsePath("the name of a model");
  if (!model)
    return nullptr;
  decl->model = *model;
  SmallVector<ast::WeightsRule> rules;
  if (!parseLines([&] { return parseWeightsRule(rules); }))
    return nullptr;
  decl->rules = copy(rules);
  decl->range = since(first);
  return expectEnd("the block") ? decl : nullptr;
}

bool Parser::parseWeightsRule(SmallVectorImpl<ast::WeightsRule> &rules) {
  using Kind = ast::WeightsRule::Kind;
  size_t first = at;
  Kind kind;
  if (isWord("rename"))
    kind = Kind::Rename;
  else if (isWord("ignore"))
    kind = Kind::Ignore;
  else if (isWord("transpose"))
    kind = Kind::Transpose;
  else if (isWord("fresh"))
    kind = Kind::Fresh;
  else
    return expected("'rename', 'ignore', 'transpose' or 'fresh'");
  take();
  std::optional<ast::String> pattern = parseString("a pattern in double quotes");
  if (!pattern)
    return false;
  ast::WeightsRule rule{kind, *pattern, std::nullopt, {}};
  if (kind == Kind::Rename &&
      (!expect(Tok::RightArrow) || !(rule.to = parseString("the new name in double quotes"))))
    return false;
  rule.range = since(first);
  rules.push_back(rule);
  return expectEnd("the rule");
}

} // namespace tenon::dsl
