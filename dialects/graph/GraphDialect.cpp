// The dialect: registration, constants, and the scope of size names.
#include "dialects/graph/Graph.h"

using namespace mlir;
using namespace tenon::graph;

#include "dialects/graph/GraphDialect.cpp.inc"
#include "dialects/graph/GraphInterfaces.cpp.inc"

void GraphDialect::initialize() {
  registerAttributes();
  registerTypes();
  addOperations<
#define GET_OP_LIST
#include "dialects/graph/GraphOps.cpp.inc"
      >();
}

Operation *GraphDialect::materializeConstant(OpBuilder &builder, Attribute value, Type type,
                                             Location loc) {
  auto typed = dyn_cast<TypedAttr>(value);
  if (!typed || !isa<SizedTensorType>(type))
    return nullptr;
  return ConstantOp::create(builder, loc, type, typed);
}

// `graph.sizes` scopes the names of its op: types and size attributes inside may use only those.
LogicalResult GraphDialect::verifyOperationAttribute(Operation *op, NamedAttribute attribute) {
  if (attribute.getName() != sizesAttrName)
    return success();
  auto list = dyn_cast<ArrayAttr>(attribute.getValue());
  if (!list || !llvm::all_of(list, [](Attribute a) { return isa<StringAttr>(a); }))
    return op->emitError("'graph.sizes' must be a list of names");

  SetVector<StringAttr> used;
  DenseSet<Type> seen; // types are uniqued: each is looked at once
  auto collect = [&](Type type) {
    auto tensor = dyn_cast<SizedTensorType>(type);
    if (tensor && seen.insert(tensor).second)
      for (SizeAttr size : tensor.getSizes())
        size.collectNames(used);
  };
  op->walk([&](Operation *inner) {
    llvm::for_each(inner->getResultTypes(), collect);
    for (Region &region : inner->getRegions())
      for (Block &block : region)
        llvm::for_each(block.getArgumentTypes(), collect);
    if (auto size = dyn_cast<SizeOp>(inner))
      size.getSize().collectNames(used);
    if (auto require = dyn_cast<RequireOp>(inner)) {
      require.getLeft().collectNames(used);
      require.getRight().collectNames(used);
    }
  });
  for (StringAttr name : used)
    if (!llvm::is_contained(list, name))
      return op->emitError("size '") << name.getValue() << "' is not listed in 'graph.sizes'";
  return success();
}
