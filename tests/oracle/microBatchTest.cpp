// A batch that runs in pieces draws the numbers of the whole, given the number of each piece's
// first example; by compiled code, through the C interface.
#include "compiler/pipeline/Pipeline.h"
#include "dialects/graph/Graph.h"
#include "mlir/Parser/Parser.h"
#include "tests/oracle/Compiled.h"
#include "gtest/gtest.h"

using namespace tenon;
using namespace tenon::oracle;

/// Five elements an example: pieces begin anywhere in a block of four.
static constexpr int64_t kWidth = 5;
static constexpr const char *kText = R"(
graph.func @drop(%x: !graph.tensor<f32[batch, 5]> {graph.name = "x"})
    -> (!graph.tensor<f32[batch, 5]> {graph.name = "y"}) attributes {graph.sizes = ["batch"]} {
  %bits = graph.random_bits 77 example <5> : !graph.tensor<i32[batch, 5]>
  %zero = graph.constant 0 : i32 -> !graph.tensor<i32[batch, 5]>
  %keep = graph.compare ge %bits, %zero : !graph.tensor<i32[batch, 5]>
  %none = graph.constant 0.0 : f32 -> !graph.tensor<f32[batch, 5]>
  %y = graph.select %keep, %x, %none : !graph.tensor<f32[batch, 5]>
  graph.return %y : !graph.tensor<f32[batch, 5]>
})";

namespace {

class MicroBatch : public testing::TestWithParam<unsigned> {
protected:
  static std::vector<double> drop(const Compiled &compiled, int64_t first, int64_t rows) {
    Tensor x(Element::F32, {rows, kWidth});
    for (int64_t i = 0; i < x.count(); ++i)
      x.reals[i] = double(first * kWidth + i + 1);
    Environment environment;
    environment.seed = 0x0123456789abcdef;
    environment.step = 3;
    environment.exampleOffset = first;
    auto results = compiled.run("drop", {x}, {{"batch", rows}}, environment, /*threads=*/1);
    if (!results) {
      ADD_FAILURE() << llvm::toString(results.takeError());
      return {};
    }
    return (*results)[0].reals;
  }
};

} // namespace

TEST_P(MicroBatch, DrawsWhatTheWholeBatchDraws) {
  mlir::DialectRegistry registry;
  pipeline::registerDialects(registry);
  mlir::MLIRContext context(registry, mlir::MLIRContext::Threading::DISABLED);
  context.loadAllAvailableDialects();
  auto module = mlir::parseSourceString<mlir::ModuleOp>(kText, &context);
  ASSERT_TRUE(module);
  auto compiled = Compiled::create(*module, GetParam());
  ASSERT_TRUE(bool(compiled)) << llvm::toString(compiled.takeError());

  std::vector<double> whole = drop(*compiled, 0, 100), pieces;
  for (int64_t first = 0, rows = 1; first < 100; first += rows, ++rows) {
    std::vector<double> piece = drop(*compiled, first, std::min(rows, 100 - first));
    pieces.insert(pieces.end(), piece.begin(), piece.end());
  }
  EXPECT_EQ(whole, pieces);
  int64_t dropped = std::count(whole.begin(), whole.end(), 0.0);
  EXPECT_GT(dropped, 200); // of 500, each with probability one half
  EXPECT_LT(dropped, 300);
}

INSTANTIATE_TEST_SUITE_P(OptLevel, MicroBatch, testing::Values(0u, 3u));
