// The dialect: registration, constants, and the scope of size names.
#include "dialects/graph/Graph.h"
#include "dialects/graph/SizeHints.h"

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

static LogicalResult verifySizeHints(Operation *op, Attribute value) {
  auto hints = dyn_cast<DictionaryAttr>(value);
  auto sizes = op->getAttrOfType<ArrayAttr>(sizesAttrName);
  if (!hints || !sizes)
    return op->emitError("'graph.size_hints' must be a dictionary beside 'graph.sizes'");
  for (NamedAttribute hint : hints) {
    if (!llvm::is_contained(sizes, hint.getName()))
      return op->emitError("'graph.size_hints' names ")
             << hint.getName() << ", which is not listed in 'graph.sizes'";
    auto number = dyn_cast<IntegerAttr>(hint.getValue());
    if (!number || !number.getType().isSignlessInteger(64) || number.getInt() < 1)
      return op->emitError("'graph.size_hints': ")
             << hint.getName() << " must be an i64 of at least 1";
  }
  return success();
}

// `graph.sizes` scopes the names of its op: types and size attributes inside may use only those.
static LogicalResult verifySizes(Operation *op, Attribute value) {
  auto list = dyn_cast<ArrayAttr>(value);
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
  auto collectList = [&](ArrayAttr sizes) {
    for (Attribute size : sizes)
      cast<SizeAttr>(size).collectNames(used);
  };
  op->walk([&](Operation *inner) {
    llvm::for_each(inner->getResultTypes(), collect);
    for (Region &region : inner->getRegions())
      for (Block &block : region)
        llvm::for_each(block.getArgumentTypes(), collect);
    if (auto size = dyn_cast<SizeOp>(inner))
      size.getSize().collectNames(used);
    if (auto slice = dyn_cast<SliceOp>(inner))
      collectList(slice.getStarts());
    if (auto pad = dyn_cast<PadOp>(inner))
      collectList(pad.getLow());
    if (auto random = dyn_cast<RandomBitsOp>(inner))
      random.getExample().collectNames(used);
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

LogicalResult GraphDialect::verifyOperationAttribute(Operation *op, NamedAttribute attribute) {
  if (attribute.getName() == sizesAttrName)
    return verifySizes(op, attribute.getValue());
  if (attribute.getName() == sizeHintsAttrName)
    return verifySizeHints(op, attribute.getValue());
  return success();
}
