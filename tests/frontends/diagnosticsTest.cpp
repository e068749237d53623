//===- diagnosticsTest.cpp - How diagnostics are shown ------------------------===//

#include "frontends/dsl/Diagnostics.h"
#include "gtest/gtest.h"

using namespace llvm;
using namespace tenon::dsl;

namespace {

std::string render(const DiagnosticEngine &diags) {
  std::string out;
  raw_string_ostream os(out);
  diags.render(os);
  return out;
}

/// The range of the first `text` at or behind the first `after`.
SourceRange find(const SourceFile &file, StringRef text, StringRef after = "") {
  size_t begin = file.text().find(text, file.text().find(after));
  return {&file, uint32_t(begin), uint32_t(begin + text.size())};
}

TEST(Diagnostics, HasClangsLayout) {
  DiagnosticEngine diags;
  const SourceFile &file = diags.addSource(
      "mlp.tenon", "// a comment\n"
                   "model mlp {\n"
                   "  fc1 = nn.Linear(10, 100)\n"
                   "  fc2 = nn.Linear(50, 1)\n"
                   "  fn forward(x: f32[batch, 10]) -> f32[batch, 1] = fc2(relu(fc1(x)))\n"
                   "}\n");
  diags
      .report(diag::ArgumentShape, find(file, "relu(fc1(x))"), "fc2", "f32[..., 50]",
              "f32[batch, 100]")
      .highlight(find(file, "fc2", "= fc2"))
      .note(find(file, "50"), "50 is 'inputs' of 'fc2'; 100 is 'outputs' of 'fc1' (3:23)")
      .fixIt(find(file, "50"), "100");
  EXPECT_EQ(render(diags),
            "mlp.tenon:5:56: error: 'fc2' expects f32[..., 50] but its argument is f32[batch, 100] "
            "[E301]\n"
            "  fn forward(x: f32[batch, 10]) -> f32[batch, 1] = fc2(relu(fc1(x)))\n"
            "                                                   ~~~ ^~~~~~~~~~~~\n"
            "mlp.tenon:4:19: note: 50 is 'inputs' of 'fc2'; 100 is 'outputs' of 'fc1' (3:23)"
            "      fix-it: 4:19 replace '50' with '100'\n");
}

TEST(Diagnostics, CountsBytesAndPointsByDisplayColumn) {
  DiagnosticEngine diags;
  const SourceFile &file = diags.addSource("a.tenon", "\ta = \"é漢\" + b\xFF\n");
  diags.report(diag::UnknownName, find(file, "b"), "b").highlight(find(file, "a"));
  EXPECT_EQ(render(diags), "a.tenon:1:16: error: unknown name 'b' [E201]\n"
                           "        a = \"é漢\" + b?\n"
                           "        ~           ^\n");
}

TEST(Diagnostics, MayHaveNoPlaceOrEndTheFile) {
  DiagnosticEngine diags;
  const SourceFile &file = diags.addSource("a.tenon", "a\nb");
  diags.report(diag::BadDefine, {}, "batch");
  diags.report(diag::UnknownName, find(file, "b").after(), "x");
  EXPECT_EQ(render(diags), "error: -D batch is not of the form NAME=VALUE [E220]\n"
                           "a.tenon:2:2: error: unknown name 'x' [E201]\n"
                           "b\n"
                           " ^\n");
}

TEST(Diagnostics, UnderlinesOnlyTheLineOfTheCaret) {
  DiagnosticEngine diags;
  const SourceFile &file = diags.addSource("a.tenon", "first(\n  second)\nthird\n");
  diags.report(diag::UnknownName, find(file, "first(\n  second)"), "x")
      .highlight(find(file, "third"));
  EXPECT_EQ(render(diags), "a.tenon:1:1: error: unknown name 'x' [E201]\n"
                           "first(\n"
                           "^~~~~~\n");
}

TEST(Diagnostics, WarningsAreNoErrors) {
  DiagnosticEngine diags;
  diags.report(diag::DivisionComment, {});
  EXPECT_FALSE(diags.hasErrors());
  diags.report(diag::NotSupported, {}, "'scan' over a range");
  EXPECT_TRUE(diags.hasErrors());
  diags.clear();
  EXPECT_FALSE(diags.hasErrors());
  EXPECT_TRUE(diags.all().empty());
}

TEST(Diagnostics, JsonIsOneObjectALine) {
  DiagnosticEngine diags;
  const SourceFile &file = diags.addSource("a.tenon", "a = \"\xFF\"\n");
  diags.report(diag::UnknownName, find(file, "a"), "a\xFF");
  diags.report(diag::UnknownName, {}, "b");
  std::string out;
  raw_string_ostream os(out);
  diags.renderJson(os);
  EXPECT_EQ(StringRef(out).count('\n'), 2u);
  EXPECT_NE(out.find("\"message\":\"unknown name 'a\xEF\xBF\xBD'\""), std::string::npos);
}

/// Placeholders of every text are numbered without gaps, so that formatv can check its arguments.
TEST(Diagnostics, TextsAreWellFormed) {
#define DIAG(name, code, severity, text)                                                           \
  EXPECT_EQ(StringRef(code)[0], Severity::severity == Severity::Error ? 'E' : 'W') << #name;       \
  EXPECT_FALSE(StringRef(text).ends_with(".")) << #name;                                           \
  for (int i = 1; i < 6; ++i)                                                                      \
    EXPECT_TRUE(!StringRef(text).contains("{" + std::to_string(i) + "}") ||                        \
                StringRef(text).contains("{" + std::to_string(i - 1) + "}"))                       \
        << #name;
#include "frontends/dsl/Diagnostics.def"
}

} // namespace
