//===- DivisionComments.cpp - A comment that was meant to divide ----------===//

#include "frontends/dsl/DivisionComments.h"
#include "frontends/dsl/Walk.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"

using namespace llvm;
using namespace tenon::dsl::ast;

namespace tenon::dsl {

namespace {

/// A comment that holds one word.
struct Candidate {
  SourceRange range;
  StringRef divisor;
  uint32_t leftEnd;    // where the token before it ends
  bool isSize = false; // an integer or a size in scope
};

/// Finds what stands left of each candidate and whether its word is a size there.
class Collector : public Walker {
public:
  /// `candidates` in source order.
  explicit Collector(MutableArrayRef<Candidate> candidates) : candidates(candidates) {
    for (const Candidate &c : candidates)
      endingAt.try_emplace(c.leftEnd, nullptr);
  }

  /// The widest expression that ends at `offset` and that `//` would divide in Python, or null.
  const Expr *leftOperand(uint32_t offset) const { return endingAt.lookup(offset); }
  void markSizes(SourceRange scope, const StringSet<> &names);

private:
  bool enterExpr(const Expr &e) override;
  bool enterDecl(const Decl &decl) override;

  MutableArrayRef<Candidate> candidates;
  DenseMap<uint32_t, const Expr *> endingAt;
};

bool dividesFirst(const Expr &e) {
  if (auto *binary = dyn_cast<BinaryExpr>(&e))
    return binary->op == BinaryExpr::Op::Multiply || binary->op == BinaryExpr::Op::Divide ||
           binary->op == BinaryExpr::Op::Power;
  if (auto *unary = dyn_cast<UnaryExpr>(&e))
    return unary->op == UnaryExpr::Op::Negate;
  return !isa<RangeExpr>(e);
}

bool Collector::enterExpr(const Expr &e) {
  auto asked = endingAt.find(e.range.end);
  if (asked != endingAt.end() && !asked->second && dividesFirst(e))
    asked->second = &e; // parents come first, so this is the widest
  return true;
}

void Collector::markSizes(SourceRange scope, const StringSet<> &names) {
  auto *c = partition_point(candidates, [&](auto &c) { return c.range.begin < scope.begin; });
  for (; c != candidates.end() && c->range.begin <= scope.end; ++c)
    c->isSize |= names.contains(c->divisor);
}

void addAxes(const FnDecl &fn, StringSet<> &names) {
  for (const Param &param : fn.params) {
    if (param.isDim)
      for (const Name &name : param.names)
        names.insert(name.text);
    if (!param.type)
      continue;
    for (const Dim &dim : param.type->dims)
      if (auto *name = dyn_cast<NameExpr>(dim.size))
        names.insert(name->name.text);
  }
}

bool Collector::enterDecl(const Decl &decl) {
  StringSet<> names;
  if (auto *module = dyn_cast<ModuleDecl>(&decl))
    for (const Hyper &hyper : module->hypers)
      names.insert(hyper.name.text);
  if (auto *fn = dyn_cast<FnDecl>(&decl))
    addAxes(*fn, names);
  if (!names.empty())
    markSizes(decl.range, names);
  return true;
}

std::vector<Candidate> collectCandidates(const File &file, const TokenStream &stream) {
  StringRef text = file.source.text();
  std::vector<Candidate> candidates;
  for (const Comment &c : stream.comments) {
    StringRef word = text.slice(c.begin, c.end).drop_front(2).trim();
    bool isWord = all_of(word, [](char b) { return isAlnum(b) || b == '_'; });
    if (c.trailing && isWord && !word.empty())
      candidates.push_back({{&file.source, c.begin, c.end},
                            word,
                            stream.tokens[c.nextToken - 1].end,
                            all_of(word, isDigit)});
  }
  return candidates;
}

} // namespace

void warnAboutDivisionComments(const File &file, const TokenStream &stream,
                               DiagnosticEngine &diags) {
  std::vector<Candidate> candidates = collectCandidates(file, stream);
  if (candidates.empty())
    return;
  Collector collector(candidates);
  collector.walk(file);
  StringSet<> constants;
  for (const Decl *decl : file.decls)
    if (auto *constant = dyn_cast<ConstantDecl>(decl))
      constants.insert(constant->name.text);
  collector.markSizes({&file.source, 0, uint32_t(file.source.text().size())}, constants);
  for (const Candidate &c : candidates) {
    const Expr *left = collector.leftOperand(c.leftEnd);
    if (!left || !c.isSize)
      continue;
    diags.report(diag::DivisionComment, c.range)
        .highlight(left->range)
        .note("to divide and round down, call 'div'")
        .fixIt(cover(left->range, c.range),
               ("div(" + left->range.text() + ", " + c.divisor + ")").str());
  }
}

} // namespace tenon::dsl
