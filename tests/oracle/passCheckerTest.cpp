// The pass checker itself: a pass that changes a result is named, one that does not is not.
#include "tests/oracle/PassChecker.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Pass/Pass.h"
#include "mlir/Pass/PassManager.h"
#include <gtest/gtest.h>

using namespace mlir;
using namespace tenon;

namespace {

constexpr const char *program = R"(
graph.param @w : !graph.tensor<f32> = <constant(1.0)>
graph.func @f(%a: !graph.tensor<f32[n]> {graph.name = "a"}, %b: !graph.tensor<f32[n]> {graph.name = "b"})
    -> (!graph.tensor<f32[n]> {graph.name = "y"}) attributes {graph.sizes = ["n"]} {
  %y = graph.sub %a, %b : !graph.tensor<f32[n]>
  %w = graph.read @w : !graph.tensor<f32>
  graph.write @w, %w : !graph.tensor<f32>
  graph.return %y : !graph.tensor<f32[n]>
})";

/// Does to the module what it is told.
struct EditPass : PassWrapper<EditPass, OperationPass<ModuleOp>> {
  explicit EditPass(std::function<void(ModuleOp)> edit) : edit(std::move(edit)) {}
  StringRef getArgument() const override { return "edit"; }
  void runOnOperation() override { edit(getOperation()); }
  std::function<void(ModuleOp)> edit;
};

/// The failures that the checker reports for an edit.
std::vector<std::string> check(std::function<void(ModuleOp)> edit) {
  MLIRContext context(MLIRContext::Threading::DISABLED);
  context.loadDialect<graph::GraphDialect>();
  OwningOpRef<ModuleOp> module = parseSourceString<ModuleOp>(program, &context);
  PassManager passes(&context);
  auto owned = std::make_unique<oracle::PassChecker>(*module);
  oracle::PassChecker *checker = owned.get();
  passes.addInstrumentation(std::move(owned));
  passes.addPass(std::make_unique<EditPass>(std::move(edit)));
  EXPECT_TRUE(succeeded(passes.run(*module)));
  EXPECT_EQ(checker->passes().size(), 1u);
  EXPECT_GT(checker->comparisons(), 0u);
  return checker->failures();
}

TEST(PassChecker, acceptsAPassThatKeepsResults) {
  EXPECT_TRUE(check([](ModuleOp) {}).empty());
}

TEST(PassChecker, namesAPassThatSwapsOperands) {
  std::vector<std::string> failures = check([](ModuleOp module) {
    module.walk([](graph::SubOp op) {
      op->setOperands({op.getB(), op.getA()});
    });
  });
  ASSERT_FALSE(failures.empty());
  EXPECT_EQ(failures[0].rfind("edit changes @f: result 0, element 0 of f32[1]", 0), 0u)
      << failures[0];
}

TEST(PassChecker, namesAPassThatLosesAWrite) {
  std::vector<std::string> failures = check([](ModuleOp module) {
    module.walk([](graph::WriteOp op) { op.erase(); });
  });
  ASSERT_FALSE(failures.empty());
  EXPECT_EQ(failures[0], "edit changes @f: w is not written any more");
}

} // namespace
