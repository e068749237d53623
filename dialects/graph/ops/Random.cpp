// Random numbers.
#include "dialects/graph/Graph.h"

using namespace mlir;
using namespace tenon::graph;

LogicalResult RandomBitsOp::verify() {
  SizedTensorType y = tensorType(getY());
  if (!llvm::isUInt<32>(getSite()))
    return emitOpError("(C1) site ") << int64_t(getSite()) << " does not fit in 32 bits";
  if (!getExample().isConstant(0) && !y.numElements().divExact(getExample()))
    return emitOpError("(C3) ") << y << " cannot be cut into examples of " << getExample().str()
                                << " elements";
  return success();
}
SmallVector<Value> RandomBitsOp::buildGradient(GraphBuilder &, ValueRange) { return {}; }
