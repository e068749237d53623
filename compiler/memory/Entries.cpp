// Entries: every value gets a buffer, launches and copies are listed in order.
#include "compiler/memory/Lowering.h"

using namespace mlir;
using namespace tenon;
using namespace tenon::memory;
using graph::SizeAttr;

int64_t memory::lineOf(Location loc) {
  int64_t line = 0;
  loc->walk([&](Location inner) {
    auto file = dyn_cast<FileLineColLoc>(inner);
    if (!file)
      return WalkResult::advance();
    line = file.getLine();
    return WalkResult::interrupt();
  });
  return line;
}

exec::BufferType memory::bufferType(Type type) {
  auto tensor = cast<graph::SizedTensorType>(type);
  return exec::BufferType::get(tensor.getElementType(), tensor.getSizes());
}

namespace {

class EntryLowering {
public:
  EntryLowering(graph::FuncOp function, SymbolTable &symbols)
      : function(function), symbols(symbols), builder(function) {}

  LogicalResult run() {
    if (failed(buildEntry()))
      return failure();
    number();
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

  // ---- Liveness -------------------------------------------------------------------------------

  /// The value whose memory `value` is, looked at through reshapes.
  static Value root(Value value) {
    while (auto reshape = value.getDefiningOp<graph::ReshapeOp>())
      value = reshape.getX();
    return value;
  }

  /// Positions of ops, and for each memory root the last position that reads it.
  void number() {
    for (auto [index, op] : llvm::enumerate(function.getBody().front())) {
      position[&op] = index;
      if (isa<graph::ReshapeOp>(op))
        continue;
      for (Value operand : op.getOperands())
        lastRead[root(operand)] = index;
      if (auto write = dyn_cast<graph::WriteOp>(op))
        lastRead[root(write.getX())] = INT64_MAX; // copied at the end, if at all
      if (auto read = dyn_cast<graph::ReadOp>(op))
        readsOf[read.getPathAttr()].push_back(read.getY());
    }
  }

  /// May the kernel write `result` over the memory of `operand`? Only if it reads each element of
  /// the operand to compute the same element of the result: then nothing is read too late.
  bool readsOnlyItsElement(fuse::LaunchOp launch, unsigned operand, Value result) {
    auto kernel = symbols.lookup<fuse::FuncOp>(launch.getKernel());
    return launch.getInputs()[operand].getType() == result.getType() &&
           llvm::all_of(kernel.getBody().getArgument(operand).getUsers(), [](Operation *user) {
             auto fusion = dyn_cast<graph::FusionInterface>(user);
             return fusion && fusion.getFusionKind() == graph::FusionKind::Elementwise;
           });
  }

  /// May `launch` update the param or state at `path` in place with `result`?
  bool canUpdateInPlace(fuse::LaunchOp launch, FlatSymbolRefAttr path, Value result) {
    for (Value old : readsOf.lookup(path)) {
      if (lastRead.lookup(old) > position[launch])
        return false;
      for (auto [i, input] : llvm::enumerate(launch.getInputs()))
        if (root(input) == old && (input != old || !readsOnlyItsElement(launch, i, result)))
          return false;
    }
    return true;
  }

  // ---- Buffers of results ---------------------------------------------------------------------

  Value viewAs(Value buffer, Type type, Location loc) {
    if (buffer.getType() == type)
      return buffer;
    return exec::ViewOp::create(builder, loc, type, buffer);
  }

  /// The output that `value` is returned as, itself or reshaped; each output is given away once.
  Value takeOutput(Value value) {
    for (OpOperand &use : value.getUses()) {
      if (auto ret = dyn_cast<graph::ReturnOp>(use.getOwner())) {
        unsigned index = use.getOperandNumber();
        if (takenOutputs.insert(index).second)
          return outputBuffers[index];
      } else if (auto reshape = dyn_cast<graph::ReshapeOp>(use.getOwner())) {
        if (Value output = takeOutput(reshape.getY()))
          return output;
      }
    }
    return {};
  }

  Value placeFor(fuse::LaunchOp launch, Value result, DenseSet<unsigned> &reused) {
    Location loc = launch.getLoc();
    if (Value output = takeOutput(result))
      return viewAs(output, bufferType(result.getType()), loc);
    for (Operation *user : result.getUsers())
      if (auto write = dyn_cast<graph::WriteOp>(user))
        if (canUpdateInPlace(launch, write.getPathAttr(), result)) {
          updatedInPlace.insert(write);
          return variable(write.getPathAttr(), result.getType(), loc);
        }
    for (auto [i, input] : llvm::enumerate(launch.getInputs())) {
      Value memory = root(input);
      bool dies = memory.getDefiningOp<fuse::LaunchOp>() && temporaries.contains(memory) &&
                  lastRead.lookup(memory) == position[launch];
      if (dies && !reused.contains(i) && llvm::count(launch.getInputs(), input) == 1 &&
          readsOnlyItsElement(launch, i, result)) {
        reused.insert(i);
        temporaries.insert(result);
        // An op with equal types still gets a view of its own: the buffer has a new value.
        return exec::ViewOp::create(builder, loc, bufferType(result.getType()), bufferOf[input]);
      }
    }
    temporaries.insert(result);
    return exec::TempOp::create(builder, loc, bufferType(result.getType()));
  }

  Value variable(FlatSymbolRefAttr path, Type type, Location loc) {
    Value &buffer = variables[path];
    if (!buffer)
      buffer = exec::GetOp::create(builder, loc, bufferType(type), path);
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
    case graph::ComparePredicate::ne:
      return require.emitOpError("cannot be checked at run time: sizes are compared by order");
    }
    requirements.push_back(exec::RequireAttr::get(builder.getContext(), require.getLeft(), relation,
                                                  require.getRight(), require.getMessage(),
                                                  lineOf(require.getLoc())));
    return success();
  }

  LogicalResult lowerLaunch(fuse::LaunchOp launch) {
    auto kernel = symbols.lookup<fuse::FuncOp>(launch.getKernel());
    auto tiles = kernel->getAttrOfType<SizeAttr>("fuse.tiles");
    auto grain = kernel->getAttrOfType<SizeAttr>("fuse.grain");
    auto scratch = kernel->getAttrOfType<SizeAttr>("fuse.scratch");
    if (!tiles || !grain || !scratch)
      return launch.emitOpError("of a kernel that is not emitted");

    SmallVector<Value> buffers;
    for (Value input : launch.getInputs())
      buffers.push_back(bufferOf[input]);
    DenseSet<unsigned> reused;
    for (Value result : launch.getOutputs())
      buffers.push_back(bufferOf[result] = placeFor(launch, result, reused));

    auto names = kernel->getAttrOfType<ArrayAttr>(graph::sizesAttrName);
    auto atCall = [&](SizeAttr size) {
      return size.substitute([&](StringAttr name) {
        auto it = llvm::find(names, Attribute(name));
        return it == names.end() ? SizeAttr() : cast<SizeAttr>(launch.getSizes()[it - names.begin()]);
      });
    };
    exec::LaunchOp::create(builder, launch.getLoc(), launch.getKernel(), buffers,
                           launch.getSizes(), atCall(tiles), atCall(grain), atCall(scratch),
                           /*site=*/0, lineOf(launch.getLoc()));
    return success();
  }

  void copy(Value from, Value to, Location loc) {
    exec::CopyOp::create(builder, loc, from, viewAs(to, from.getType(), loc), lineOf(loc));
  }

  /// What stands elsewhere when the last launch is done: results first, since they may be old
  /// values of what is written then.
  void finish() {
    for (auto [i, value] : llvm::enumerate(returned.getValues()))
      if (!takenOutputs.contains(i))
        copy(bufferOf[value], outputBuffers[i], returned.getLoc());
    // A new value that stands in another variable's memory is saved before that is overwritten.
    SmallVector<std::pair<Value, graph::WriteOp>> pending;
    for (graph::WriteOp write : writes) {
      if (updatedInPlace.contains(write))
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
  DenseMap<Attribute, SmallVector<Value>> readsOf;
  DenseMap<Operation *, int64_t> position;
  DenseMap<Value, int64_t> lastRead;
  DenseSet<unsigned> takenOutputs;
  DenseSet<Operation *> updatedInPlace;
  DenseSet<Value> temporaries; ///< results that stand in the arena
};

} // namespace

LogicalResult memory::lowerEntry(graph::FuncOp function, SymbolTable &symbols) {
  return EntryLowering(function, symbols).run();
}
