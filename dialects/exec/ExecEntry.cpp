//===- ExecEntry.cpp - Entries, their buffers and commands ----------------===//

#include "dialects/exec/Exec.h"
#include "dialects/exec/Syntax.h"
#include "mlir/Interfaces/FunctionInterfaces.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/ADT/StringSet.h"

using namespace mlir;
using namespace tenon;
using namespace tenon::exec;

#define GET_OP_CLASSES
#include "dialects/exec/ExecOps.cpp.inc"

//===----------------------------------------------------------------------===//
// EntryOp
//===----------------------------------------------------------------------===//

void EntryOp::build(OpBuilder &b, OperationState &state, StringRef name, EntryKind kind,
                    ArrayRef<StringAttr> sizes, ArrayRef<TensorAttr> inputs,
                    ArrayRef<TensorAttr> outputs) {
  auto list = [&](auto values) {
    return b.getArrayAttr(SmallVector<Attribute>(values.begin(), values.end()));
  };
  Properties &properties = state.getOrAddProperties<Properties>();
  properties.sym_name = b.getStringAttr(name);
  properties.kind = EntryKindAttr::get(b.getContext(), kind);
  properties.sizes = list(sizes);
  properties.inputs = list(inputs);
  properties.outputs = list(outputs);
  state.addRegion()->emplaceBlock();
}

/// Reports the first name in `size` that the entry does not list.
static LogicalResult verifyNames(EntryOp entry, Operation *at, graph::SizeAttr size) {
  llvm::SetVector<StringAttr> names;
  size.collectNames(names);
  for (StringAttr name : names)
    if (!llvm::is_contained(entry.getSizes(), name))
      return at->emitOpError("(C2) size ") << name << " is not listed by the entry";
  return success();
}

static LogicalResult verifyNames(EntryOp entry, Operation *at, BufferType type) {
  for (graph::SizeAttr size : type.getSizes())
    if (failed(verifyNames(entry, at, size)))
      return failure();
  return success();
}

static LogicalResult verifyTensors(EntryOp entry, ArrayAttr tensors, StringRef what) {
  llvm::StringSet<> seen;
  for (TensorAttr tensor : tensors.getAsRange<TensorAttr>()) {
    if (!seen.insert(tensor.getName()).second)
      return entry.emitOpError("(C3) two ") << what << "s are named '" << tensor.getName() << "'";
    if (failed(verifyNames(entry, entry, tensor.getType())))
      return failure();
  }
  return success();
}

LogicalResult EntryOp::verify() {
  llvm::StringSet<> seen;
  for (StringAttr name : getSizes().getAsRange<StringAttr>()) {
    auto binds = [&](TensorAttr input) {
      return llvm::any_of(input.getType().getSizes(),
                          [&](graph::SizeAttr size) { return size.getName() == name.getValue(); });
    };
    if (!seen.insert(name.getValue()).second)
      return emitOpError("(C1) size ") << name << " is listed twice";
    if (llvm::none_of(getInputs().getAsRange<TensorAttr>(), binds))
      return emitOpError("(C1) size ") << name << " is not an axis of an input by itself";
  }
  if (failed(verifyTensors(*this, getInputs(), "input")) ||
      failed(verifyTensors(*this, getOutputs(), "output")))
    return failure();
  for (RequireAttr require : getRequires().getAsRange<RequireAttr>())
    if (failed(verifyNames(*this, *this, require.getLeft())) ||
        failed(verifyNames(*this, *this, require.getRight())))
      return failure();
  return success();
}

/// Sizes of a launch, which are not in the types of its buffers.
static LogicalResult verifyLaunchNames(EntryOp entry, LaunchOp launch) {
  for (graph::SizeAttr size : launch.getSizes().getAsRange<graph::SizeAttr>())
    if (failed(verifyNames(entry, launch, size)))
      return failure();
  for (graph::SizeAttr size : {launch.getTiles(), launch.getGrain(), launch.getScratch(),
                               launch.getFlopsAttr(), launch.getBytesAttr()})
    if (size && failed(verifyNames(entry, launch, size)))
      return failure();
  return success();
}

LogicalResult EntryOp::verifyRegions() {
  SmallVector<int> inputs(getInputs().size()), outputs(getOutputs().size());
  for (Operation &op : getBody().front()) {
    for (Type type : op.getResultTypes())
      if (auto buffer = dyn_cast<BufferType>(type);
          buffer && failed(verifyNames(*this, &op, buffer)))
        return failure();
    if (auto launch = dyn_cast<LaunchOp>(op); launch && failed(verifyLaunchNames(*this, launch)))
      return failure();
    if (auto input = dyn_cast<InputOp>(op); input && inputs[input.getIndex()]++)
      return op.emitOpError("(C4) the entry has two of them for input ") << input.getIndex();
    if (auto output = dyn_cast<OutputOp>(op); output && outputs[output.getIndex()]++)
      return op.emitOpError("(C4) the entry has two of them for output ") << output.getIndex();
  }
  for (auto [index, count] : llvm::enumerate(outputs))
    if (!count)
      return emitOpError("(C4) output ") << index << " has no exec.output";
  return success();
}

//===----------------------------------------------------------------------===//
// Buffers
//===----------------------------------------------------------------------===//

/// C1 of inputs and outputs.
static LogicalResult verifySlot(Operation *op, ArrayAttr signature, uint64_t index, Type type) {
  if (index >= signature.size())
    return op->emitOpError("(C1) the entry has no number ") << index;
  Type expected = cast<TensorAttr>(signature[index]).getType();
  if (type != expected)
    return op->emitOpError("(C1) type ") << type << " differs from the signature's " << expected;
  return success();
}

LogicalResult InputOp::verify() {
  return verifySlot(*this, cast<EntryOp>((*this)->getParentOp()).getInputs(), getIndex(),
                    getType());
}

LogicalResult OutputOp::verify() {
  return verifySlot(*this, cast<EntryOp>((*this)->getParentOp()).getOutputs(), getIndex(),
                    getType());
}

LogicalResult GetOp::verifySymbolUses(SymbolTableCollection &symbols) {
  Operation *variable = symbols.lookupNearestSymbolFrom(*this, getVariableAttr());
  Type declared;
  if (auto param = dyn_cast_or_null<ParamOp>(variable))
    declared = param.getStorageType();
  else if (auto state = dyn_cast_or_null<StateOp>(variable))
    declared = state.getStorageType();
  if (!declared)
    return emitOpError("(C1) no parameter or state ") << getVariableAttr() << " is declared";
  if (declared != getType())
    return emitOpError("(C1) type ") << getType() << " differs from the declared " << declared;
  return success();
}

LogicalResult ConstantOp::verify() {
  ElementsAttr value = getValue();
  if (!getType().isStatic() || value.getElementType() != getType().getElementType() ||
      !graph::SizeAttr::product(getContext(), getType().getSizes())
           .isConstant(value.getNumElements()))
    return emitOpError("(C1) type ") << getType() << " does not fit the value";
  if (!isa<DenseElementsAttr>(value))
    return emitOpError("(C2) the value is not dense");
  return success();
}

LogicalResult ViewOp::verify() {
  graph::SizeAttr source = getSource().getType().getBytes(), result = getType().getBytes();
  if (source != result)
    return emitOpError("(C1) a view of ")
           << result.str() << " bytes does not fit a buffer of " << source.str() << " bytes";
  return success();
}

Value ViewOp::getRoot(Value buffer) {
  while (auto view = buffer.getDefiningOp<ViewOp>())
    buffer = view.getSource();
  return buffer;
}

//===----------------------------------------------------------------------===//
// Commands
//===----------------------------------------------------------------------===//

/// Inputs and constants are read-only, and weights are so outside of a step.
static LogicalResult verifyWrite(Operation *op, Value buffer, StringRef constraint) {
  Operation *root = ViewOp::getRoot(buffer).getDefiningOp();
  if (isa<InputOp, ConstantOp>(root))
    return op->emitOpError(constraint) << " writes to an input or a constant";
  if (isa<GetOp>(root) && cast<EntryOp>(op->getParentOp()).getKind() != EntryKind::Step)
    return op->emitOpError(constraint) << " writes to a parameter or state outside of a step";
  return success();
}

LogicalResult LaunchOp::verifySymbolUses(SymbolTableCollection &symbols) {
  Operation *kernel = symbols.lookupNearestSymbolFrom(*this, getKernelAttr());
  auto writes = kernel ? kernel->getAttrOfType<DenseBoolArrayAttr>(kWritesAttrName) : nullptr;
  if (!writes || !isa<FunctionOpInterface>(kernel))
    return emitOpError("(C1) ") << getKernelAttr() << " is not a function with 'exec.writes'";
  if (writes.size() != int64_t(getBuffers().size()))
    return emitOpError("(C2) the kernel has ")
           << writes.size() << " buffers, the launch " << getBuffers().size();
  llvm::SetVector<Value> written;
  for (auto [buffer, isWritten] : llvm::zip(getBuffers(), writes.asArrayRef())) {
    if (!isWritten)
      continue;
    if (!written.insert(ViewOp::getRoot(buffer)))
      return emitOpError("(C3) two written buffers share memory");
    if (failed(verifyWrite(*this, buffer, "(C4)")))
      return failure();
  }
  if (std::optional<ArrayRef<int64_t>> tileBytes = getTileBytes())
    if (tileBytes->size() != getBuffers().size() ||
        llvm::any_of(*tileBytes, [](int64_t bytes) { return bytes < 0; }))
      return emitOpError("(C5) 'tile_bytes' needs one number, not negative, per buffer");
  return success();
}

LogicalResult CopyOp::verify() {
  if (getSource().getType().getBytes() != getDestination().getType().getBytes() ||
      ViewOp::getRoot(getSource()) == ViewOp::getRoot(getDestination()))
    return emitOpError("(C1) source and destination differ in bytes or share memory");
  return verifyWrite(*this, getDestination(), "(C2)");
}
