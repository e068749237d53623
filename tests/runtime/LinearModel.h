// A linear model p = x·w + b as an artifact made by hand, with C functions as its linked kernels:
// all of loading, sessions and training without a compiler.
#ifndef TENON_TESTS_RUNTIME_LINEARMODEL_H
#define TENON_TESTS_RUNTIME_LINEARMODEL_H

#include "runtime/schema/program_generated.h"
#include "tenon/tenon.h"

#include <memory>
#include <string>
#include <vector>

namespace tenon::test {

// Positions in the artifact.
enum Entry : uint32_t { Forward, Step, Evaluate, Predict, Prepare };

/// The whole artifact without code, free to be changed before it is packed:
///   forward          x f32[batch, 4]                        -> p f32[batch]; require batch <= 1000
///   linear.step      x f32[batch, 4], y f32[batch]          -> loss f32[]
///   linear.evaluate  x, y                                   -> loss f32[], mae f32[]
///   linear.predict   x f64[rows, 4], x.0.shift, x.0.scale   -> p f32[rows]
///   rows.prepare     x f64[rows, 4], x.0.shift, x.0.scale, y f64[rows, 1]  -> the fields x, y
/// Parameters weight f32[4] (uniform), bias f32[1]; states calls i64[1] of the model,
/// optimizer.velocity f32[5] and optimizer.steps f64[1].
std::unique_ptr<schema::ArtifactT> linearArtifact();

/// Makes the training step one over micro-batches, with the entry linear.accumulate and the state
/// optimizer.accumulated.sums; to rounding it does the same.
void cutBatches(schema::ArtifactT &artifact, uint32_t microBatches);

std::vector<uint8_t> pack(const schema::ArtifactT &artifact);
/// Tables as they are, with the digest that ends an artifact.
std::vector<uint8_t> withDigest(std::vector<uint8_t> tables);

/// The linked model over packed bytes, which must outlive it.
tenon_linked_model linked(const std::vector<uint8_t> &artifact);

/// SizeExpr of a constant, and of coefficient * size + constant.
std::unique_ptr<schema::SizeExprT> size(int64_t constant);
std::unique_ptr<schema::SizeExprT> sizeOf(int32_t name, int64_t coefficient = 1,
                                          int64_t constant = 0);

/// "" for success; frees the status.
std::string messageOf(tenon_status_t status);
tenon_status_code codeOf(tenon_status_t status);

} // namespace tenon::test

#endif
