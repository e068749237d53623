// Builds graph ops with inferred types: the language of gradients, optimizers and lowerings.
#ifndef TENON_DIALECTS_GRAPH_GRAPHBUILDER_H
#define TENON_DIALECTS_GRAPH_GRAPHBUILDER_H

#include "dialects/graph/ScalarBuilder.h"
#include "mlir/IR/Builders.h"

namespace tenon::graph {

class SizedTensorType;

/// An OpBuilder with a location whose methods are the graph ops. Operands of a binary method have
/// one type, except that a rank-0 operand is broadcast to the other's shape.
class GraphBuilder {
public:
  GraphBuilder(mlir::OpBuilder &builder, mlir::Location loc) : builder(builder), loc(loc) {}

  mlir::OpBuilder &getBuilder() { return builder; }
  mlir::Location getLoc() const { return loc; }
  mlir::MLIRContext *getContext() const { return builder.getContext(); }
  void setLoc(mlir::Location newLoc) { loc = newLoc; }

  /// `value` in every element of `type`.
  mlir::Value constant(double value, mlir::Type type);
  /// `value` as a rank-0 tensor of `elementType`.
  mlir::Value scalar(double value, mlir::Type elementType);
  mlir::Value zero(mlir::Value like) { return constant(0, like.getType()); }
  mlir::Value one(mlir::Value like) { return constant(1, like.getType()); }
  /// A size as a rank-0 tensor.
  mlir::Value size(SizeAttr size, mlir::Type elementType);

  mlir::Value add(mlir::Value a, mlir::Value b);
  mlir::Value sub(mlir::Value a, mlir::Value b);
  mlir::Value mul(mlir::Value a, mlir::Value b);
  mlir::Value div(mlir::Value a, mlir::Value b);
  mlir::Value max(mlir::Value a, mlir::Value b);
  mlir::Value min(mlir::Value a, mlir::Value b);
  mlir::Value add(mlir::Value a, double b) { return add(a, scalarLike(b, a)); }
  mlir::Value sub(mlir::Value a, double b) { return sub(a, scalarLike(b, a)); }
  mlir::Value mul(mlir::Value a, double b) { return mul(a, scalarLike(b, a)); }
  mlir::Value div(mlir::Value a, double b) { return div(a, scalarLike(b, a)); }

  mlir::Value neg(mlir::Value x);
  mlir::Value abs(mlir::Value x);
  mlir::Value sign(mlir::Value x);
  mlir::Value exp(mlir::Value x);
  mlir::Value log(mlir::Value x);
  mlir::Value sqrt(mlir::Value x);
  mlir::Value tanh(mlir::Value x);
  mlir::Value sin(mlir::Value x);
  mlir::Value cos(mlir::Value x);

  mlir::Value compare(ComparePredicate predicate, mlir::Value a, mlir::Value b);
  mlir::Value compare(ComparePredicate predicate, mlir::Value a, double b) {
    return compare(predicate, a, scalarLike(b, a));
  }
  mlir::Value select(mlir::Value condition, mlir::Value a, mlir::Value b);
  mlir::Value logicalAnd(mlir::Value a, mlir::Value b);
  mlir::Value convert(mlir::Value x, mlir::Type elementType);

  /// axes[i] is the result axis that operand axis i becomes.
  mlir::Value broadcast(mlir::Value x, SizedTensorType type, llvm::ArrayRef<int64_t> axes);
  /// A rank-0 tensor in every element of `like`'s shape.
  mlir::Value splat(mlir::Value scalar, mlir::Value like);
  mlir::Value reshape(mlir::Value x, llvm::ArrayRef<SizeAttr> sizes);
  mlir::Value transpose(mlir::Value x, llvm::ArrayRef<int64_t> permutation);
  mlir::Value iota(SizedTensorType type, int64_t axis);

  /// The block of these sizes that begins at `starts`.
  mlir::Value slice(mlir::Value x, llvm::ArrayRef<SizeAttr> sizes, llvm::ArrayRef<SizeAttr> starts);
  /// x from the indices `low` on in a tensor of these sizes, and 0 around it.
  mlir::Value pad(mlir::Value x, llvm::ArrayRef<SizeAttr> sizes, llvm::ArrayRef<SizeAttr> low);
  mlir::Value concat(mlir::ValueRange inputs, int64_t axis);
  mlir::Value gather(mlir::Value x, mlir::Value ids, int64_t axis);
  /// The adjoint of `gather` of a tensor of these sizes.
  mlir::Value scatterAdd(mlir::Value x, mlir::Value ids, int64_t axis,
                         llvm::ArrayRef<SizeAttr> sizes);

  mlir::Value sum(mlir::Value x, llvm::ArrayRef<int64_t> axes);
  mlir::Value sumAll(mlir::Value x);
  mlir::Value argmax(mlir::Value x, int64_t axis);
  /// See graph.contract: labels name the axes; shared labels missing in `out` are summed.
  mlir::Value contract(mlir::Value a, mlir::Value b, llvm::ArrayRef<int64_t> lhs,
                       llvm::ArrayRef<int64_t> rhs, llvm::ArrayRef<int64_t> out);

  mlir::Value read(mlir::StringRef path, SizedTensorType type);
  void write(mlir::StringRef path, mlir::Value value);

private:
  mlir::Value scalarLike(double value, mlir::Value like);
  /// Broadcasts a rank-0 side of a pair to the other's shape.
  void unify(mlir::Value &a, mlir::Value &b);

  mlir::OpBuilder &builder;
  mlir::Location loc;
};

} // namespace tenon::graph

#endif
