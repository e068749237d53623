// Fits: their values, and their way through the metadata of weights files.
#include "LinearFixture.h"

#include "runtime/prepare/Fit.h"

#include <cmath>
#include <cstring>

using namespace tenon;
using namespace tenon::rt;
using namespace tenon::test;

namespace {

TEST(FitColumns, StandardizeIsMeanAndPopulationDeviation) {
  const double values[] = {1, 0.1, 2, 0.1, 3, 0.1, 6, 0.1};
  FitValues fit;
  ASSERT_TRUE(fitColumns(schema::FitKind::Standardize, "x", values, 4, 2, &fit).ok());
  EXPECT_EQ(fit.shift[0], 3);
  EXPECT_EQ(fit.scale[0], std::sqrt(14.0 / 4));
  EXPECT_EQ(fit.shift[1], 0.1);
  EXPECT_EQ(fit.scale[1], 0) << "a constant column, whatever its mean rounds to";
}

TEST(FitColumns, MinMaxIsMinimumAndRange) {
  const double values[] = {4, -2, 7, 4};
  FitValues fit;
  ASSERT_TRUE(fitColumns(schema::FitKind::MinMax, "x", values, 4, 1, &fit).ok());
  EXPECT_EQ(fit.shift[0], -2);
  EXPECT_EQ(fit.scale[0], 9);
}

TEST(FitColumns, TwoPassesKeepSmallDeviationsOfLargeNumbers) {
  const double values[] = {1e9 + 1, 1e9 + 2, 1e9 + 3};
  FitValues fit;
  ASSERT_TRUE(fitColumns(schema::FitKind::Standardize, "x", values, 3, 1, &fit).ok());
  EXPECT_EQ(fit.shift[0], 1e9 + 2);
  EXPECT_DOUBLE_EQ(fit.scale[0], std::sqrt(2.0 / 3));
}

TEST(FitColumns, RefusesWhatHasNoFit) {
  const double values[] = {1, 2, 3, INFINITY};
  FitValues fit;
  EXPECT_STREQ(fitColumns(schema::FitKind::MinMax, "x", values, 0, 2, &fit).message(),
               "there are no rows to fit 'x' on");
  EXPECT_STREQ(fitColumns(schema::FitKind::MinMax, "x", values, 2, 2, &fit).message(),
               "row 1, column 1 of 'x' is inf: fits need finite numbers");
  const double huge[] = {-1.5e308, 1.5e308};
  EXPECT_STREQ(fitColumns(schema::FitKind::MinMax, "x", huge, 2, 1, &fit).message(),
               "column 0 of 'x' has values too large to fit");
}

class Prepare : public LinearFixture {
protected:
  static constexpr double shift[4] = {0.1, -0.0, 1e300, 5e-324};
  static constexpr double scale[4] = {1.0 / 3, 0, 12345678901234567.0, 2};
};

TEST_F(Prepare, NumbersInWeightsFilesAreExact) {
  std::string path = testing::TempDir() + "fitted.safetensors";
  EXPECT_FALSE(tenon_model_is_fitted(model, 0));
  ASSERT_SUCCESS(tenon_model_set_fit(model, 0, "x.0", shift, scale, 4));
  ASSERT_SUCCESS(tenon_model_save(model, path.c_str()));

  tenon_tensors_t *file = nullptr;
  ASSERT_SUCCESS(tenon_tensors_open(path.c_str(), &file));
  EXPECT_STREQ(tenon_tensors_metadata(file, "tenon.prepare"),
               "{\"version\":1,\"data\":{\"rows\":{\"x.0\":{\"kind\":\"standardize\","
               "\"shift\":[0.1,-0.0,1e+300,5e-324],"
               "\"scale\":[0.3333333333333333,0.0,12345678901234568.0,2.0]}}}}");
  tenon_tensors_release(file);

  tenon_weights_source source = {};
  source.path = path.c_str();
  tenon_linked_model library = linked(bytes);
  tenon_model_t *again = nullptr;
  ASSERT_SUCCESS(tenon_model_load_linked(env, &library, &source, &again));
  EXPECT_TRUE(tenon_model_is_fitted(again, 0));
  double readShift[4], readScale[4];
  ASSERT_SUCCESS(tenon_model_get_fit(again, 0, "x.0", readShift, readScale, 4));
  EXPECT_EQ(std::memcmp(readShift, shift, sizeof shift), 0) << "the sign of zero too";
  EXPECT_EQ(std::memcmp(readScale, scale, sizeof scale), 0);
  tenon_model_release(again);
}

TEST_F(Prepare, RefusesFitsOfAnotherModel) {
  Ref<FitTable> fits = emptyFits(*schema::GetArtifact(tenon_model_artifact(model, nullptr)));
  auto read = [&](const char *text) {
    Status status = readPrepareText(*schema::GetArtifact(tenon_model_artifact(model, nullptr)),
                                    text, &fits->values);
    EXPECT_FALSE(fits->values[0][0].known());
    return std::string(status.message());
  };
  EXPECT_EQ(read("{"),
            "metadata 'tenon.prepare': it is no JSON of this version; fit the data again "
            "by training");
  EXPECT_EQ(read("{\"version\":2,\"data\":{}}"),
            "metadata 'tenon.prepare': it is no JSON of this version; fit the data again by "
            "training");
  EXPECT_EQ(read(R"({"version":1,"data":{"rows":{"x.0":{"kind":"minmax"}}}})"),
            "metadata 'tenon.prepare', rows.x.0: the fit is of another kind than the model's; fit "
            "the data again by training");
  EXPECT_EQ(read(R"({"version":1,"data":{"rows":{"x.0":{"kind":"standardize","shift":[1,2,3,4],)"
                 R"("scale":[1,2,3]}}}})"),
            "metadata 'tenon.prepare', rows.x.0: the fit does not have one finite shift and scale "
            "per column; fit the data again by training");
  EXPECT_EQ(read(R"({"version":1,"data":{"other":{}}})"), "ok") << "fits of other blocks";
}

TEST_F(Prepare, FitChecksItsArguments) {
  const double x[4] = {1, 2, 3, 4};
  const double *groups[] = {x, x};
  EXPECT_EQ(messageOf(tenon_model_fit(model, 0, groups, 1, 1)),
            "tenon_model_fit: data block 'rows' has 2 raw groups, 1 were given");
  EXPECT_EQ(messageOf(tenon_model_fit(model, 7, groups, 2, 1)), "data block 7 of 1");
  double out[4];
  EXPECT_EQ(
      messageOf(tenon_model_get_fit(model, 0, "x.0", out, out, 4)),
      "fit 'x.0' has no values yet: call tenon_model_fit, or load weights of a trained model");
  EXPECT_EQ(messageOf(tenon_model_get_fit(model, 0, "z", out, out, 4)),
            "data block 'rows' has no fit 'z'");
  EXPECT_EQ(messageOf(tenon_model_get_fit(model, 0, "x.0", out, out, 3)),
            "fit 'x.0' of 'rows' has 4 columns, not 3");
  const double bad[4] = {1, NAN, 1, 1};
  EXPECT_EQ(messageOf(tenon_model_set_fit(model, 0, "x.0", bad, x, 4)),
            "tenon_model_set_fit: column 1 of 'x.0' is not finite");
  EXPECT_SUCCESS(tenon_model_fit(model, 0, groups, 2, 1));
}

} // namespace
