//===- syntaxTest.cpp - Formatting and robustness over many programs ----------===//
//
// The seven programs are formatted and parsed again, then mutated a few thousand times from a fixed
// seed: nothing may crash, and whatever still parses must keep its tree through the formatter.
//
//===----------------------------------------------------------------------===//

#include "frontends/dsl/Format.h"
#include "frontends/dsl/Parser.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/MemoryBuffer.h"
#include "gtest/gtest.h"

#include <chrono>
#include <random>

using namespace llvm;
using namespace tenon::dsl;

namespace {

const char *const programNames[] = {"mlp", "bert", "gpt", "resnet", "lstm", "deepfm", "wavenet"};

std::string readFile(const Twine &path) {
  auto buffer = MemoryBuffer::getFile(path);
  if (!buffer)
    ADD_FAILURE() << "cannot read " << path.str();
  return buffer ? (*buffer)->getBuffer().str() : "";
}

std::vector<std::string> readPrograms() {
  std::vector<std::string> programs;
  for (const char *name : programNames)
    programs.push_back(readFile(Twine(TENON_PROGRAMS) + "/" + name + ".tenon"));
  programs.push_back(readFile(Twine(TENON_PROGRAMS) + "/../format/Inputs/every-form.tenon"));
  return programs;
}

struct Parsed {
  DiagnosticEngine diags;
  std::unique_ptr<ast::File> file;

  explicit Parsed(const std::string &text) {
    file = parse(diags.addSource("t.tenon", text), diags);
  }
  std::string messages() const {
    std::string out;
    raw_string_ostream os(out);
    diags.render(os);
    return out;
  }
};

/// Checks that a text which parses keeps its tree when formatted, and that formatting is stable.
void checkFormat(const std::string &text) {
  Parsed before(text);
  if (before.diags.hasErrors()) {
    before.messages(); // showing them must not crash either
    return;
  }
  std::string formatted = format(*before.file);
  Parsed after(formatted);
  ASSERT_FALSE(after.diags.hasErrors()) << after.messages() << "\nfrom:\n" << text;
  ASSERT_EQ(ast::dump(*before.file), ast::dump(*after.file)) << text;
  ASSERT_EQ(formatted, format(*after.file)) << "from:\n" << text;
}

TEST(Syntax, ProgramsAreFormatted) {
  for (const std::string &text : readPrograms()) {
    Parsed program(text);
    ASSERT_FALSE(program.diags.hasErrors()) << program.messages();
    EXPECT_EQ(text, format(*program.file));
    checkFormat(text);
  }
}

/// Splits a text into words, spaces, breaks and single other characters.
std::vector<StringRef> splitPieces(StringRef text) {
  std::vector<StringRef> pieces;
  while (!text.empty()) {
    size_t size = text.take_while([](char c) { return isAlnum(c) || c == '_'; }).size();
    if (size == 0)
      size = text.take_while([](char c) { return c == ' '; }).size();
    pieces.push_back(text.take_front(std::max<size_t>(size, 1)));
    text = text.drop_front(pieces.back().size());
  }
  return pieces;
}

class Mutator {
public:
  explicit Mutator(const std::vector<std::string> &programs) {
    for (const std::string &program : programs)
      corpus.push_back(splitPieces(program));
  }

  std::string next() {
    std::vector<StringRef> pieces = corpus[random(corpus.size())];
    for (unsigned count = 1 + random(3); count != 0; --count)
      mutate(pieces);
    return llvm::join(pieces, "");
  }

private:
  size_t random(size_t below) { return engine() % below; }

  void mutate(std::vector<StringRef> &pieces) {
    static const char *const layouts[] = {" ",    "\n",      "\n\n\n",   "\t",
                                          "\r\n", " // c\n", "\n/// d\n"};
    static const char *const words[] = {
        "\n",      "\n\n",       "(",      ")",    "[",       "]",      "{",
        "}",       ",",          ":",      "=",    "+",       "-",      "*",
        "**",      "/",          "//",     "..",   "...",     "<-",     "->",
        "==",      "<",          ".",      "@",    "if ",     "else",   " and ",
        "not ",    "fn ",        " scan ", "#",    ";",       "'",      "\"",
        "1",       "2.5",        "80%",    "% ",   "f32",     "\t",     "// c\n",
        "/// d",   "\xC3\xA9",   "\r\n",   "\xFF", "return ", "yield ", "for i in 0..3 { }",
        "einsum(", " as \"x\" ", " {\n",   "}\n"};
    size_t at = random(pieces.size());
    size_t length = std::min<size_t>(1 + random(6), pieces.size() - at);
    auto begin = pieces.begin() + at;
    switch (random(8)) {
    case 0:
      pieces.erase(begin, begin + length);
      break;
    case 1: {
      std::vector<StringRef> copy(begin, begin + length);
      pieces.insert(pieces.begin() + random(pieces.size()), copy.begin(), copy.end());
      break;
    }
    case 2:
    case 3:
    case 4: // layout only: most of these still parse
      pieces.insert(begin, layouts[random(std::size(layouts))]);
      break;
    case 5:
    case 6:
      pieces.insert(begin, words[random(std::size(words))]);
      break;
    case 7: {
      const std::vector<StringRef> &other = corpus[random(corpus.size())];
      size_t from = random(other.size());
      pieces.insert(begin, other.begin() + from,
                    other.begin() + std::min(other.size(), from + random(40)));
      break;
    }
    }
    if (pieces.empty())
      pieces.push_back("");
  }

  std::vector<std::vector<StringRef>> corpus;
  std::mt19937 engine{20};
};

TEST(Syntax, MutatedProgramsDoNotCrash) {
  std::vector<std::string> programs = readPrograms();
  Mutator mutator(programs);
  for (unsigned i = 0; i < 4000 && !testing::Test::HasFatalFailure(); ++i)
    checkFormat(mutator.next());
}

std::string repeat(StringRef text, size_t times) {
  std::string out;
  for (size_t i = 0; i < times; ++i)
    out += text;
  return out;
}

/// Texts that would exhaust the stack or the patience of a careless parser.
TEST(Syntax, HostileTextsEndSoon) {
  constexpr size_t many = 50'000;
  auto body = [](const std::string &line) {
    return "fn f(x: f32[n]) -> f32[n] {\n  y = " + line + "\n  return y\n}\n";
  };
  std::vector<std::string> texts = {
      body(repeat("(", many)),
      body(repeat("[", many)),
      body(repeat("-", many) + "1"),
      body(repeat("not ", many) + "a"),
      body(repeat("f(", many)),
      body(repeat("f(", many) + "1" + repeat(")", many)),
      body(repeat("x ** ", many) + "1"),
      body(repeat("x + ", many) + "1"),
      body("x" + repeat(".x", many)),
      body("x" + repeat("(1)", many)),
      body("x" + repeat("[a: 1]", many)),
      body(repeat("if a { b } else ", many) + "{ c }"),
      body(repeat("scan i in x {\n yield ", many)),
      body(repeat("rearrange(x[", many)),
      body(repeat("(x + x + x) * ", many) + "1"),
      "fn f(x: f32[n]) -> f32[n] {" + repeat("if a {", many),
      "fn f(x: f32[n]) -> f32[n] {" + repeat("if a {\n", many) + repeat("}", many) + "}",
      "model m {" + repeat("if a {", many),
      "model m(a: " + repeat("[", many),
      "train m on d {" + repeat("params \"x\" {", many),
      repeat("{", many),
      repeat("}", many),
      repeat("\x01", many),
      repeat("\xFF ", many),
      repeat("# a\n", many),
      repeat("'", many),
      repeat("x[", many),
      repeat("x[\n", many),
      repeat("\"", many + 1),
      repeat("model m {\n", many),
      repeat("a = b // n\n", many),
      body(repeat("9", many)),
      "x = " + repeat("a", many),
      repeat("\xEF\xBB\xBF", many),
      repeat(" ", limits::fileBytes + 1),
      std::string(many, '\0'),
  };
  for (const std::string &text : texts) {
    auto start = std::chrono::steady_clock::now();
    checkFormat(text);
    std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
    EXPECT_LT(took.count(), 5.0) << text.substr(0, 80);
  }
}

TEST(Syntax, LimitsAreErrors) {
  auto firstCode = [](const std::string &text) -> StringRef {
    Parsed parsed(text);
    return parsed.diags.all().empty() ? "none" : info(parsed.diags.all()[0]->id).code;
  };
  EXPECT_EQ(firstCode(repeat("a", limits::nameBytes) + " = 1"), "none");
  EXPECT_EQ(firstCode(repeat("a", limits::nameBytes + 1) + " = 1"), "E114");
  EXPECT_EQ(firstCode("a = " + repeat("1", limits::nameBytes + 1)), "E117");
  EXPECT_EQ(firstCode("a = 9223372036854775807"), "none");
  EXPECT_EQ(firstCode("a = 9223372036854775808"), "E118");
  EXPECT_EQ(firstCode("a = 1e999"), "E117");
  EXPECT_EQ(firstCode("a = " + repeat("(", limits::nesting + 1)), "E113");
  EXPECT_EQ(firstCode(repeat(" ", limits::fileBytes + 1)), "E112");
  EXPECT_EQ(firstCode("a = 1 // \xC3\xA9"), "none");
  EXPECT_EQ(firstCode("a = 1 // \xC3"), "E111");
  EXPECT_EQ(firstCode("a = \"\xC0\x80\""), "E111");
  EXPECT_EQ(Parsed(repeat("#\n", 1000)).diags.errorCount(), limits::errors);
  EXPECT_EQ(Parsed(repeat("}\n", 1000)).diags.errorCount(), limits::errors);
}

TEST(Syntax, DocCommentsBelongToTheDeclarationBelow) {
  Parsed parsed("// Not a doc.\n"
                "/// A model\n"
                "///   of two lines.\n"
                "model m {\n"
                "  a = b()  /// not a doc\n"
                "  /// Of the function.\n"
                "  @internal\n"
                "  fn f(x: f32[n]) -> f32[n] = x\n"
                "}\n");
  ASSERT_FALSE(parsed.diags.hasErrors()) << parsed.messages();
  auto *module = cast<ast::ModuleDecl>(parsed.file->decls[0]);
  EXPECT_EQ(module->doc, "A model\n  of two lines.");
  EXPECT_EQ(module->members[0]->doc, "");
  EXPECT_EQ(module->members[1]->doc, "Of the function.");
}

/// The texts of strings and the ranges of nodes, which the dump does not show.
TEST(Syntax, StringsAreDecodedAndRangesCoverTheirText) {
  Parsed parsed("\xEF\xBB\xBF"
                "a = f(\"\\u{48}\\t\\\"\", x[seq: 0 .. 2 * n])\n");
  ASSERT_FALSE(parsed.diags.hasErrors()) << parsed.messages();
  auto *call = cast<ast::CallExpr>(cast<ast::ConstantDecl>(parsed.file->decls[0])->value);
  EXPECT_EQ(cast<ast::StringExpr>(call->args.list[0].value)->value, "H\t\"");
  auto *select = cast<ast::SelectExpr>(call->args.list[1].value);
  EXPECT_EQ(select->range.text(), "x[seq: 0 .. 2 * n]");
  EXPECT_EQ(select->selection.items[0].range.text(), "seq: 0 .. 2 * n");
  EXPECT_EQ(select->selection.items[0].index->range.text(), "0 .. 2 * n");
  EXPECT_EQ(select->height, 4u);
}

TEST(Syntax, ExpressionsAreNoTallerThanTheLimit) {
  auto text = [](size_t terms) { return "a = x" + repeat(" + x", terms) + "\n"; };
  EXPECT_FALSE(Parsed(text(limits::nesting - 1)).diags.hasErrors());
  EXPECT_TRUE(Parsed(text(limits::nesting)).diags.hasErrors());
}

} // namespace
