// Entries: every value gets a buffer, launches and copies are listed in order.
#include "compiler/memory/Lowering.h"
#include "compiler/memory/Places.h"

using namespace mlir;
using namespace tenon;
using namespace tenon::memory;
using graph::SizeAttr;

namespace {

class EntryLowering {
public:
  EntryLowering(graph::FuncOp function, SymbolTable &symbols)
      : function(function), symbols(symbols), builder(function) {}

  LogicalResult run() {
    if (failed(buildEntry()))
      return failure();
    choosePlaces();
    for (Operation &op : function.getBody().front())
      if (failed(lower(op)))
        return failure();
    finish();
    function.erase();
    return success();
  }

private:
  // ---- Signature ------------------------------------------------------------------------------

  exec::TensorAttr signature(StringRef name, Type type, DictionaryAttr attributes) {
    auto doc = attributes ? attributes.getAs<StringAttr>("graph.doc") : StringAttr();
    return exec::TensorAttr::get(builder.getContext(), name, bufferType(type),
                                 doc ? doc.getValue() : StringRef());
  }

  LogicalResult buildEntry() {
    auto kind = exec::symbolizeEntryKind(function.getKind().value_or("function"));
    if (!kind)
      return function.emitOpError("has the unknown kind '") << *function.getKind() << "'";
    SmallVector<StringAttr> sizes = llvm::to_vector(
        function->getAttrOfType<ArrayAttr>(graph::sizesAttrName).getAsRange<StringAttr>());
    SmallVector<exec::TensorAttr> inputs, outputs;
    for (auto [i, type] : llvm::enumerate(function.getArgumentTypes()))
      inputs.push_back(signature(function.getArgName(i), type, function.getArgAttrDict(i)));
    for (auto [i, type] : llvm::enumerate(function.getResultTypes()))
      outputs.push_back(signature(function.getResultName(i), type, function.getResultAttrDict(i)));

    entry = exec::EntryOp::create(builder, function.getLoc(), function.getSymName(), *kind, sizes,
                                  inputs, outputs);
    if (auto doc = function->getAttrOfType<StringAttr>("graph.doc"))
      entry.setDocAttr(doc);
    entry.setLine(lineOf(function.getLoc()));
    if (entry.getBody().empty())
      entry.getBody().emplaceBlock();
    builder.setInsertionPointToEnd(&entry.getBody().front());

    for (auto [i, argument] : llvm::enumerate(function.getBody().getArguments()))
      bufferOf[argument] =
          exec::InputOp::create(builder, argument.getLoc(), bufferType(argument.getType()), i);
    for (auto [i, type] : llvm::enumerate(function.getResultTypes()))
      outputBuffers.push_back(
          exec::OutputOp::create(builder, function.getLoc(), bufferType(type), i));
    return success();
  }

  void choosePlaces() {
    Block &block = function.getBody().front();
    for (auto launch : block.getOps<fuse::LaunchOp>())
      kernels.push_back(describeKernel(launch, symbols));
    places.emplace(block, kernels);
  }

  // ---- Buffers of results ---------------------------------------------------------------------

  Value viewAs(Value buffer, Type type, Location loc) {
    if (buffer.getType() == type)
      return buffer;
    return exec::ViewOp::create(builder, loc, type, buffer);
  }

  /// Buffers of reshapes and of what the entry takes and gives are row-major.
  Value bufferFor(fuse::LaunchOp launch, OpResult result) {
    Location loc = launch.getLoc();
    Place place = places->of(result);
    auto kernel = symbols.lookup<fuse::FuncOp>(launch.getKernel());
    exec::BufferType type = storageType(
        result.getType(), kernel.getResultAttrOfType<fuse::LayoutAttr>(result.getResultNumber(),
                                                                       fuse::kLayoutAttrName));
    switch (place.kind) {
    case Place::Output:
      return viewAs(outputBuffers[place.index], type, loc);
    case Place::Variable:
      return variable(place.write.getPathAttr(), result.getType(), loc);
    case Place::Operand:
      // An op with equal types still gets a view of its own: the buffer has a new value.
      return exec::ViewOp::create(builder, loc, type,
                                  bufferOf[launch.getInputs()[place.index]]);
    case Place::Temporary:
      break;
    }
    return exec::TempOp::create(builder, loc, type);
  }

  Value variable(FlatSymbolRefAttr path, Type type, Location loc) {
    Value &buffer = variables[path];
    if (!buffer)
      buffer = exec::GetOp::create(
          builder, loc,
          storageType(type, symbols.lookup(path.getValue())
                                ->getAttrOfType<fuse::LayoutAttr>(fuse::kLayoutAttrName)),
          path);
    return buffer;
  }

  // ---- Commands -------------------------------------------------------------------------------

  LogicalResult lower(Operation &op) {
    if (auto launch = dyn_cast<fuse::LaunchOp>(op))
      return lowerLaunch(launch);
    if (auto read = dyn_cast<graph::ReadOp>(op)) {
      bufferOf[read.getY()] = variable(read.getPathAttr(), read.getY().getType(), read.getLoc());
    } else if (auto reshape = dyn_cast<graph::ReshapeOp>(op)) {
      bufferOf[reshape.getY()] =
          viewAs(bufferOf[reshape.getX()], bufferType(reshape.getY().getType()), reshape.getLoc());
    } else if (auto require = dyn_cast<graph::RequireOp>(op)) {
      return lowerRequire(require);
    } else if (auto write = dyn_cast<graph::WriteOp>(op)) {
      writes.push_back(write);
    } else if (auto ret = dyn_cast<graph::ReturnOp>(op)) {
      returned = ret;
    } else {
      return op.emitOpError("is not lowered to exec; form and outline kernels first");
    }
    return success();
  }

  LogicalResult lowerRequire(graph::RequireOp require) {
    exec::Relation relation = exec::Relation::Equal;
    switch (require.getPredicate()) {
    case graph::ComparePredicate::eq: break;
    case graph::ComparePredicate::lt: relation = exec::Relation::Less; break;
    case graph::ComparePredicate::le: relation = exec::Relation::LessEqual; break;
    case graph::ComparePredicate::gt: relation = exec::Relation::Greater; break;
    case graph::ComparePredicate::ge: relation = exec::Relation::GreaterEqual; break;
    case graph::ComparePredicate::ne: relation = exec::Relation::NotEqual; break;
    }
    requirements.push_back(exec::RequireAttr::get(builder.getContext(), require.getLeft(), relation,
                                                  require.getRight(), require.getMessage(),
                                                  lineOf(require.getLoc())));
    return success();
  }

  LogicalResult lowerLaunch(fuse::LaunchOp launch) {
    auto kernel = symbols.lookup<fuse::FuncOp>(launch.getKernel());
    auto sizeHere = [&](StringRef attribute) {
      return launch.atLaunch(kernel, kernel->getAttrOfType<SizeAttr>(attribute));
    };
    SizeAttr tiles = sizeHere(fuse::kTilesAttrName), grain = sizeHere(fuse::kGrainAttrName),
             scratch = sizeHere(fuse::kScratchAttrName);
    if (!tiles || !grain || !scratch)
      return launch.emitOpError("of a kernel that is not emitted");

    SmallVector<Value> buffers;
    for (Value input : launch.getInputs())
      buffers.push_back(bufferOf[input]);
    for (OpResult result : launch->getResults())
      buffers.push_back(bufferOf[result] = bufferFor(launch, result));

    exec::LaunchOp::create(builder, launch.getLoc(), launch.getKernel(), buffers, launch.getSizes(),
                           tiles, grain, scratch, launch.getSite(), lineOf(launch.getLoc()),
                           sizeHere(fuse::kFlopsAttrName), sizeHere(fuse::kBytesAttrName),
                           kernel->getAttrOfType<DenseI64ArrayAttr>(fuse::kTileBytesAttrName));
    return success();
  }

  void copy(Value from, Value to, Location loc) {
    exec::CopyOp::create(builder, loc, from, viewAs(to, from.getType(), loc), lineOf(loc));
  }

  /// What stands elsewhere when the last launch is done: results first, since they may be old
  /// values of what is written then.
  void finish() {
    for (auto [i, value] : llvm::enumerate(returned.getValues()))
      if (!places->isOutputTaken(i))
        copy(bufferOf[value], outputBuffers[i], returned.getLoc());
    // A new value that stands in another variable's memory is saved before that is overwritten.
    SmallVector<std::pair<Value, graph::WriteOp>> pending;
    for (graph::WriteOp write : writes) {
      if (places->isUpdatedInPlace(write))
        continue;
      Value source = bufferOf[write.getX()];
      if (exec::ViewOp::getRoot(source).getDefiningOp<exec::GetOp>()) {
        Value saved = exec::TempOp::create(builder, write.getLoc(), source.getType());
        copy(source, saved, write.getLoc());
        source = saved;
      }
      pending.push_back({source, write});
    }
    for (auto [source, write] : pending)
      copy(source, variable(write.getPathAttr(), write.getX().getType(), write.getLoc()),
           write.getLoc());
    if (!requirements.empty())
      entry.setRequiresAttr(builder.getArrayAttr(requirements));
  }

  graph::FuncOp function;
  SymbolTable &symbols;
  OpBuilder builder;
  exec::EntryOp entry;
  graph::ReturnOp returned;
  SmallVector<graph::WriteOp> writes;
  SmallVector<Attribute> requirements;
  SmallVector<Value> outputBuffers;
  DenseMap<Value, Value> bufferOf;      ///< graph value to buffer
  DenseMap<Attribute, Value> variables; ///< path to buffer
  std::vector<Kernel> kernels;
  std::optional<Places> places; ///< of the results of launches
};

} // namespace

LogicalResult memory::lowerEntry(graph::FuncOp function, SymbolTable &symbols) {
  return EntryLowering(function, symbols).run();
}
