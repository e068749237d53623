// Size expressions of an artifact: decoded, evaluated, bounded.
#include "runtime/program/SizeExpr.h"
#include "LinearModel.h"

#include <gtest/gtest.h>

using namespace tenon;
using namespace tenon::rt;
using namespace tenon::test;

namespace {

SizeExpr decoded(const schema::SizeExprT &expr, uint32_t names) {
  flatbuffers::FlatBufferBuilder builder;
  builder.Finish(schema::CreateSizeExpr(builder, &expr));
  SizeExpr out;
  const char *reason = SizeExpr::decode(
      flatbuffers::GetRoot<schema::SizeExpr>(builder.GetBufferPointer()), names, &out);
  EXPECT_EQ(reason, nullptr) << reason;
  return out;
}

/// floor(n - 5, 3) * 2 + 1
schema::SizeExprT floorExpr() {
  schema::SizeExprT expr = *sizeOf(-1, 2, 1);
  expr.terms[0]->atoms[0]->num = sizeOf(0, 1, -5);
  expr.terms[0]->atoms[0]->den = size(3);
  return expr;
}

TEST(SizeExpr, EvaluatesAndPrints) {
  SizeExpr expr = decoded(floorExpr(), 1);
  EXPECT_EQ(expr.text({"n"}), "2*floor(n - 5, 3) + 1");
  int64_t value, n = 12;
  ASSERT_EQ(expr.evaluate(&n, &value), SizeError::None);
  EXPECT_EQ(value, 5);
  n = 0;
  ASSERT_EQ(expr.evaluate(&n, &value), SizeError::None);
  EXPECT_EQ(value, -3) << "rounds towards minus infinity";
  EXPECT_EQ(decoded(*size(0), 0).text({}), "0");
  EXPECT_TRUE(decoded(*sizeOf(1), 2).isName(1));
  EXPECT_FALSE(decoded(*sizeOf(1, 2), 2).isName(1));
}

TEST(SizeExpr, SaysWhatCannotBeEvaluated) {
  int64_t value, n = INT64_MAX;
  EXPECT_EQ(decoded(*sizeOf(0, 2), 1).evaluate(&n, &value), SizeError::Overflow);
  schema::SizeExprT expr = floorExpr();
  expr.terms[0]->atoms[0]->den = sizeOf(0, 1, -4);
  n = 4;
  EXPECT_EQ(decoded(expr, 1).evaluate(&n, &value), SizeError::Divisor);
}

TEST(SizeExpr, BoundsHoldEveryValue) {
  SizeExpr exprs[] = {decoded(floorExpr(), 1), decoded(*sizeOf(0, -3, 7), 1),
                      decoded(*sizeOf(0, 4), 1)};
  for (const SizeExpr &expr : exprs) {
    int64_t max = 40, low, high;
    ASSERT_EQ(expr.bounds(&max, &low, &high), SizeError::None);
    for (int64_t n = 0; n <= max; ++n) {
      int64_t value;
      ASSERT_EQ(expr.evaluate(&n, &value), SizeError::None);
      EXPECT_LE(low, value);
      EXPECT_GE(high, value);
    }
  }
}

} // namespace
