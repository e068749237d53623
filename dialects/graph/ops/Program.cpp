// The structure of a program: parameters, entries, data, training.
#include "dialects/graph/Graph.h"
#include "mlir/IR/DialectImplementation.h"
#include "mlir/Interfaces/FunctionImplementation.h"

using namespace mlir;
using namespace tenon::graph;

/// `[0, 2*n]`: sizes as the language writes them.
static ParseResult parseSizeList(OpAsmParser &parser, ArrayAttr &sizes) {
  SmallVector<Attribute> list;
  auto parseSize = [&]() -> ParseResult {
    FailureOr<SizeAttr> size = SizeAttr::parseInline(parser);
    if (failed(size))
      return failure();
    list.push_back(*size);
    return success();
  };
  if (parser.parseCommaSeparatedList(AsmParser::Delimiter::Square, parseSize))
    return failure();
  sizes = parser.getBuilder().getArrayAttr(list);
  return success();
}
static void printSizeList(OpAsmPrinter &printer, Operation *, ArrayAttr sizes) {
  printer << '[';
  llvm::interleaveComma(sizes, printer,
                        [&](Attribute size) { printer << cast<SizeAttr>(size).str(); });
  printer << ']';
}

#define GET_OP_CLASSES
#include "dialects/graph/GraphOps.cpp.inc"

// ---- Initialisers -----------------------------------------------------------------------------

static bool isInitKind(StringRef kind) {
  return kind == "constant" || kind == "uniform" || kind == "normal";
}

Attribute InitAttr::parse(AsmParser &parser, Type) {
  StringRef kind;
  double a = 0, b = 0;
  SMLoc loc = parser.getCurrentLocation();
  if (parser.parseLess() || parser.parseKeyword(&kind) || parser.parseLParen() ||
      parser.parseFloat(a) ||
      (succeeded(parser.parseOptionalComma()) && parser.parseFloat(b)) || parser.parseRParen() ||
      parser.parseGreater())
    return {};
  if (!isInitKind(kind))
    return parser.emitError(loc, "expected constant, uniform or normal"), Attribute();
  return InitAttr::get(parser.getContext(), kind, a, b);
}
void InitAttr::print(AsmPrinter &printer) const {
  printer << '<' << getKind() << '(';
  printer.printFloat(APFloat(getA()));
  if (getKind() != "constant") {
    printer << ", ";
    printer.printFloat(APFloat(getB()));
  }
  printer << ")>";
}
LogicalResult InitAttr::verify(function_ref<InFlightDiagnostic()> emitError, StringRef kind,
                               FloatAttr, FloatAttr) {
  if (!isInitKind(kind))
    return emitError() << "expected constant, uniform or normal";
  return success();
}

// ---- Parameters and states --------------------------------------------------------------------

template <typename DeclarationOp> static LogicalResult verifyStatic(DeclarationOp op) {
  if (!cast<SizedTensorType>(op.getType()).hasStaticShape())
    return op.emitOpError("(C1) the shape must be static, not ") << op.getType();
  return success();
}
LogicalResult ParamOp::verify() { return verifyStatic(*this); }
LogicalResult StateOp::verify() { return verifyStatic(*this); }

static LogicalResult verifyPath(Operation *op, FlatSymbolRefAttr path, Type type,
                                SymbolTableCollection &tables) {
  Operation *declaration = tables.lookupNearestSymbolFrom(op, path);
  Type declared;
  if (auto param = dyn_cast_or_null<ParamOp>(declaration))
    declared = param.getType();
  else if (auto state = dyn_cast_or_null<StateOp>(declaration))
    declared = state.getType();
  if (!declared)
    return op->emitOpError("(C1) no param or state ") << path;
  if (declared != type)
    return op->emitOpError("(C1) ") << path << " is declared as " << declared << ", not " << type;
  return success();
}
LogicalResult ReadOp::verifySymbolUses(SymbolTableCollection &tables) {
  return verifyPath(*this, getPathAttr(), getY().getType(), tables);
}
LogicalResult WriteOp::verifySymbolUses(SymbolTableCollection &tables) {
  return verifyPath(*this, getPathAttr(), getX().getType(), tables);
}
SmallVector<Value> ReadOp::buildGradient(GraphBuilder &, ValueRange) { return {}; }

// ---- Entries ----------------------------------------------------------------------------------

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

StringRef FuncOp::getArgName(unsigned index) {
  auto name = getArgAttrOfType<StringAttr>(index, "graph.name");
  return name ? name.getValue() : StringRef();
}
StringRef FuncOp::getResultName(unsigned index) {
  auto name = getResultAttrOfType<StringAttr>(index, "graph.name");
  return name ? name.getValue() : StringRef();
}

LogicalResult FuncOp::verify() {
  auto sizes = (*this)->getAttrOfType<ArrayAttr>(sizesAttrName);
  if (!sizes)
    return emitOpError("(C1) needs 'graph.sizes'");
  for (unsigned i = 0, e = getNumArguments(); i < e; ++i)
    if (getArgName(i).empty())
      return emitOpError("(C2) argument ") << i << " has no 'graph.name'";
  for (unsigned i = 0, e = getNumResults(); i < e; ++i)
    if (getResultName(i).empty())
      return emitOpError("(C2) result ") << i << " has no 'graph.name'";
  for (auto name : sizes.getAsRange<StringAttr>()) {
    bool bound = llvm::any_of(getArgumentTypes(), [&](Type type) {
      return llvm::any_of(cast<SizedTensorType>(type).getSizes(),
                          [&](SizeAttr size) { return size.getName() == name.getValue(); });
    });
    if (!bound)
      return emitOpError("(C3) size '") << name.getValue() << "' is an axis of no argument";
  }
  DenseSet<Attribute> written;
  for (WriteOp write : getBody().getOps<WriteOp>())
    if (!written.insert(write.getPathAttr()).second)
      return write.emitOpError("(C2) ") << write.getPathAttr() << " is written twice";
  return success();
}

LogicalResult ReturnOp::verify() {
  auto function = cast<FuncOp>((*this)->getParentOp());
  if (getValues().getTypes() != TypeRange(function.getResultTypes()))
    return emitOpError("(C1) the operands are not of the function's result types");
  return success();
}

LogicalResult StepOp::inferReturnTypes(MLIRContext *context, std::optional<Location>, Adaptor,
                                       SmallVectorImpl<Type> &types) {
  types.push_back(SizedTensorType::get(IntegerType::get(context, 64), {})); // C1
  return success();
}
SmallVector<Value> StepOp::buildGradient(GraphBuilder &, ValueRange) { return {}; }

// ---- Data -------------------------------------------------------------------------------------

static LogicalResult verifyBatchScope(Operation *op) {
  auto sizes = op->getAttrOfType<ArrayAttr>(sizesAttrName);
  if (!sizes || sizes.size() != 1 || sizes[0] != StringAttr::get(op->getContext(), "batch"))
    return op->emitOpError("(C3) 'graph.sizes' must be [\"batch\"]");
  return success();
}

static YieldOp yieldOf(Region &region) {
  if (region.empty() || region.front().empty())
    return {};
  return dyn_cast<YieldOp>(region.front().back());
}

LogicalResult DataOp::verify() {
  if (failed(verifyBatchScope(*this)))
    return failure();
  if (getFields().size() != getFieldTypes().size())
    return emitOpError("(C1) as many 'field_types' as 'fields' are needed");
  auto kind = getSource().getAs<StringAttr>("kind");
  if (!kind || (kind.getValue() != "none" && kind.getValue() != "csv"))
    return emitOpError("(C2) the source's kind must be \"none\" or \"csv\"");
  if (getPrepare().empty())
    return success(); // without a source, or after the entries were built
  if (kind.getValue() == "none")
    return emitOpError("(C2) without a source there is nothing to prepare");
  YieldOp yield = yieldOf(getPrepare());
  if (!yield || !llvm::equal(yield.getValues().getTypes(), getFieldTypes().getAsValueRange<TypeAttr>()))
    return emitOpError("(C1) 'prepare' must yield the fields");
  if (getPrepare().getNumArguments() != getRaws().size())
    return emitOpError("(C1) 'prepare' takes one argument per raw group");
  return success();
}

LogicalResult FitOp::verify() {
  SizedTensorType type = tensorType(getShift());
  if (getShift().getType() != getScale().getType() || type.rank() != 1 ||
      !type.getElementType().isF64())
    return emitOpError("(C1) wants two f64 vectors");
  return success();
}
SmallVector<Value> FitOp::buildGradient(GraphBuilder &, ValueRange) { return {}; }

// ---- Training ---------------------------------------------------------------------------------

LogicalResult TrainOp::verify() {
  if (failed(verifyBatchScope(*this)))
    return failure();
  if (getObjective().empty() && getPredict().empty())
    return success(); // after the entries were built
  YieldOp objective = yieldOf(getObjective());
  auto isLoss = [](Value value) {
    return tensorType(value).rank() == 0 && tensorType(value).getElementType().isF32();
  };
  if (!objective || objective.getValues().empty() || !isLoss(objective.getValues().front()))
    return emitOpError("(C1) 'objective' must yield a scalar f32 loss first");
  size_t count = 1 + getMetrics().size();
  if (objective.getValues().size() != count &&
      (objective.getValues().size() != count + 1 || !isLoss(objective.getValues().back())))
    return emitOpError("(C2) 'objective' must yield one value per metric after the loss, and then "
                       "at most the loss of evaluation, a scalar f32");
  YieldOp predict = yieldOf(getPredict());
  if ((predict ? predict.getValues().size() : 0) != getPredictions().size())
    return emitOpError("(C2) 'predict' must yield one value per prediction");
  return success();
}
