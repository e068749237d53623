// The fuse dialect: structure and verification. It knows sizes, and no op of the graph dialect.
#include "dialects/fuse/Fuse.h"
#include "mlir/IR/AttrTypeSubElements.h"
#include "mlir/IR/DialectImplementation.h"
#include "mlir/Interfaces/FunctionImplementation.h"
#include "llvm/ADT/TypeSwitch.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace tenon::fuse;
using tenon::graph::SizeAttr;

#include "dialects/fuse/FuseDialect.cpp.inc"
#include "dialects/fuse/FuseEnums.cpp.inc"

#define GET_ATTRDEF_CLASSES
#include "dialects/fuse/FuseAttrs.cpp.inc"

#define GET_OP_CLASSES
#include "dialects/fuse/FuseOps.cpp.inc"

void FuseDialect::initialize() {
  addOperations<
#define GET_OP_LIST
#include "dialects/fuse/FuseOps.cpp.inc"
      >();
  addAttributes<
#define GET_ATTRDEF_LIST
#include "dialects/fuse/FuseAttrs.cpp.inc"
      >();
}

// ---- Layouts ----------------------------------------------------------------------------------

LogicalResult LayoutAttr::verify(function_ref<InFlightDiagnostic()> emitError, LayoutKind,
                                 unsigned lanes) {
  if (lanes < 4 || lanes > 64 || !llvm::isPowerOf2_32(lanes))
    return emitError() << "(C1) " << lanes << " lanes are no power of two from 4 to 64";
  return success();
}

/// (C2) of layouts.
static LogicalResult verifyLayout(Operation *op, NamedAttribute attribute, Type type) {
  if (attribute.getName() != kLayoutAttrName)
    return success();
  auto shaped = dyn_cast_or_null<ShapedType>(type);
  if (!isa<LayoutAttr>(attribute.getValue()) || !shaped || shaped.getRank() != 2)
    return op->emitOpError("(C2) '") << kLayoutAttrName << "' is a layout of something with two axes";
  return success();
}

LogicalResult FuseDialect::verifyOperationAttribute(Operation *op, NamedAttribute attribute) {
  auto declared = op->getAttrOfType<TypeAttr>("type"); // of graph.param and graph.state
  return verifyLayout(op, attribute, declared ? declared.getValue() : Type());
}
LogicalResult FuseDialect::verifyRegionArgAttribute(Operation *op, unsigned region,
                                                    unsigned argument, NamedAttribute attribute) {
  return verifyLayout(op, attribute, op->getRegion(region).getArgument(argument).getType());
}
LogicalResult FuseDialect::verifyRegionResultAttribute(Operation *op, unsigned, unsigned result,
                                                       NamedAttribute attribute) {
  return verifyLayout(op, attribute, cast<FunctionOpInterface>(op).getResultTypes()[result]);
}

// ---- Kernels ----------------------------------------------------------------------------------

/// (C2) and (C3) of kernel and func.
static LogicalResult verifyMembers(Operation *op, Block &body, Anchor anchor, TypeRange results) {
  auto terminator = body.empty() ? ReturnOp() : dyn_cast<ReturnOp>(body.back());
  if (!terminator || TypeRange(terminator.getValues()) != results)
    return op->emitOpError("(C2) fuse.return must give the results");
  for (Operation &member : body.without_terminator()) {
    if (isa<KernelOp, LaunchOp>(member) != (anchor == Anchor::multi_tensor))
      return op->emitOpError("(C3) kernels stand in multi_tensor kernels, and nothing else does");
    if (anchor == Anchor::multi_tensor &&
        !llvm::all_of(member.getOperands(), llvm::IsaPred<BlockArgument>))
      return op->emitOpError("(C3) the members of a multi_tensor kernel read only its arguments");
  }
  return success();
}

LogicalResult KernelOp::verify() {
  if (TypeRange(getBody().getArgumentTypes()) != getInputs().getTypes())
    return emitOpError("(C1) the block arguments must have the operands' types");
  return verifyMembers(*this, getBody().front(), getAnchor(), getOutputs().getTypes());
}

ParseResult FuncOp::parse(OpAsmParser &parser, OperationState &result) {
  auto buildType = [](Builder &builder, ArrayRef<Type> inputs, ArrayRef<Type> results,
                      function_interface_impl::VariadicFlag, std::string &) {
    return builder.getFunctionType(inputs, results);
  };
  return function_interface_impl::parseFunctionOp(
      parser, result, /*allowVariadic=*/false, getFunctionTypeAttrName(result.name), buildType,
      getArgAttrsAttrName(result.name), getResAttrsAttrName(result.name));
}
void FuncOp::print(OpAsmPrinter &printer) {
  function_interface_impl::printFunctionOp(printer, *this, /*isVariadic=*/false,
                                           getFunctionTypeAttrName(), getArgAttrsAttrName(),
                                           getResAttrsAttrName());
}
LogicalResult FuncOp::verify() {
  if (!(*this)->getAttrOfType<ArrayAttr>("graph.sizes"))
    return emitOpError("(C1) needs 'graph.sizes'");
  return verifyMembers(*this, getBody().front(), getAnchor(), getResultTypes());
}

SizeAttr LaunchOp::atLaunch(FuncOp kernel, SizeAttr size) {
  auto names = kernel->getAttrOfType<ArrayAttr>("graph.sizes");
  return !size ? size : size.substitute([&](StringAttr name) {
    auto it = llvm::find(names, Attribute(name));
    return it == names.end() ? SizeAttr() : cast<SizeAttr>(getSizes()[it - names.begin()]);
  });
}

LogicalResult LaunchOp::verifySymbolUses(SymbolTableCollection &tables) {
  auto kernel = tables.lookupNearestSymbolFrom<FuncOp>(*this, getKernelAttr());
  if (!kernel)
    return emitOpError("(C1) no kernel ") << getKernelAttr();
  auto names = kernel->getAttrOfType<ArrayAttr>("graph.sizes");
  if (names.size() != getSizes().size() ||
      !llvm::all_of(getSizes(), [](Attribute size) { return isa<SizeAttr>(size); }))
    return emitOpError("(C2) ") << getKernelAttr() << " wants " << names.size() << " sizes";

  AttrTypeReplacer substitute;
  substitute.addReplacement([&](SizeAttr size) {
    return std::make_pair(Attribute(atLaunch(kernel, size)), WalkResult::skip());
  });
  auto type = cast<FunctionType>(substitute.replace(kernel.getFunctionType()));
  if (TypeRange(type.getInputs()) != getInputs().getTypes() ||
      TypeRange(type.getResults()) != getOutputs().getTypes())
    return emitOpError("(C3) the types do not fit ") << getKernelAttr() << " : " << type;
  return success();
}
