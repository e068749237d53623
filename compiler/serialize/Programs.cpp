//===- Programs.cpp - Programs, kernels and code of one variant -----------===//

#include "compiler/serialize/Tables.h"
#include "mlir/IR/SymbolTable.h"
#include <map>

using namespace mlir;

namespace tenon::serialize {

namespace {

/// Builds one variant. Constants are shared by content across its programs.
class VariantBuilder {
public:
  explicit VariantBuilder(const Variant &variant)
      : variant(variant), result(std::make_unique<schema::VariantT>()) {}

  FailureOr<std::unique_ptr<schema::VariantT>> build();

private:
  LogicalResult addKernels();
  void addCode();
  void addProgram(exec::EntryOp entry, unsigned index);
  std::unique_ptr<schema::BufferT> buildBuffer(Operation &op, SizeNames names);
  unsigned addConstant(ElementsAttr value);

  Variant variant;
  std::unique_ptr<schema::VariantT> result;
  llvm::StringMap<unsigned> kernels;                    // by symbol
  llvm::StringMap<std::pair<bool, unsigned>> variables; // by path: is a state, position
  std::map<std::string, unsigned> constants;            // bytes to offset
};

} // namespace

//===----------------------------------------------------------------------===//
// Kernels and code
//===----------------------------------------------------------------------===//

/// Calls `visit(function, writes)` for the kernels in order.
template <typename Visit> static void forEachKernel(ModuleOp module, Visit visit) {
  for (Operation &op : *module.getBody())
    if (auto writes = op.getAttrOfType<DenseBoolArrayAttr>(exec::kWritesAttrName))
      visit(op, SymbolTable::getSymbolName(&op).getValue(), writes);
}

std::vector<std::string> kernelNames(ModuleOp module) {
  std::vector<std::string> names;
  forEachKernel(module, [&](Operation &, StringRef name, DenseBoolArrayAttr) {
    names.push_back(name.str());
  });
  return names;
}

LogicalResult VariantBuilder::addKernels() {
  LogicalResult status = success();
  forEachKernel(variant.module, [&](Operation &op, StringRef name, DenseBoolArrayAttr writes) {
    auto kernel = std::make_unique<schema::KernelT>();
    kernel->name = name.str();
    for (bool isWritten : writes.asArrayRef())
      kernel->writes.push_back(isWritten);
    if (auto label = op.getAttrOfType<StringAttr>(exec::kLabelAttrName))
      kernel->label = label.str();
    if (variant.code) {
      auto symbol = variant.code->symbols.find(kernel->name);
      if (symbol == variant.code->symbols.end()) {
        status = op.emitError("kernel has no code");
        return;
      }
      kernel->offset = symbol->second.address;
      kernel->size = symbol->second.size;
    }
    kernels[name] = result->kernels.size();
    result->kernels.push_back(std::move(kernel));
  });
  return status;
}

void VariantBuilder::addCode() {
  if (!variant.code)
    return;
  const CodeImage &image = *variant.code;
  auto code = std::make_unique<schema::CodeImageT>();
  code->memory_size = image.memorySize;
  for (const CodeImage::Segment &segment : image.segments) {
    auto table = std::make_unique<schema::SegmentT>();
    table->address = segment.address;
    table->size = segment.size;
    table->offset = segment.offset;
    table->executable = segment.executable;
    code->segments.push_back(std::move(table));
  }
  code->bytes.assign(image.bytes.begin(), image.bytes.end());
  for (const CodeImage::Symbol &range : image.ehFrames) {
    auto table = std::make_unique<schema::UnwindTableT>();
    table->address = range.address;
    table->size = range.size;
    code->unwind_tables.push_back(std::move(table));
  }
  result->code = std::move(code);
}

//===----------------------------------------------------------------------===//
// Programs
//===----------------------------------------------------------------------===//

/// The elements as the machine stores them; a boolean takes a byte.
static std::string bytesOf(ElementsAttr value) {
  std::string bytes;
  unsigned width = (value.getElementType().getIntOrFloatBitWidth() + 7) / 8;
  auto append = [&](const APInt &bits) {
    uint64_t word = bits.getZExtValue();
    for (unsigned i = 0; i < width; ++i)
      bytes.push_back(char(word >> (8 * i)));
  };
  if (isa<FloatType>(value.getElementType()))
    for (const APFloat &element : value.getValues<APFloat>())
      append(element.bitcastToAPInt());
  else
    for (const APInt &element : value.getValues<APInt>())
      append(element);
  return bytes;
}

unsigned VariantBuilder::addConstant(ElementsAttr value) {
  std::string bytes = bytesOf(value);
  auto [place, isNew] = constants.try_emplace(bytes, 0);
  if (isNew) {
    std::vector<uint8_t> &storage = result->constants;
    storage.resize(llvm::alignTo(storage.size(), 64));
    place->second = storage.size();
    storage.insert(storage.end(), bytes.begin(), bytes.end());
  }
  return place->second;
}

/// Whether a command uses the buffer or a view of it.
static bool isUsed(Value buffer) {
  return llvm::any_of(buffer.getUsers(), [](Operation *user) {
    return exec::isCommand(*user) || isUsed(user->getResult(0));
  });
}

/// The table of the op that names a buffer; null for ops that do not, for views, which are another
/// name for a buffer that has its table already, and for temporaries without a use.
std::unique_ptr<schema::BufferT> VariantBuilder::buildBuffer(Operation &op, SizeNames names) {
  auto buffer = std::make_unique<schema::BufferT>();
  if (auto input = dyn_cast<exec::InputOp>(op)) {
    buffer->kind = schema::BufferKind::Input;
    buffer->index = input.getIndex();
  } else if (auto output = dyn_cast<exec::OutputOp>(op)) {
    buffer->kind = schema::BufferKind::Output;
    buffer->index = output.getIndex();
  } else if (auto get = dyn_cast<exec::GetOp>(op)) {
    auto [isState, position] = variables.lookup(get.getVariable());
    buffer->kind = isState ? schema::BufferKind::State : schema::BufferKind::Param;
    buffer->index = position;
  } else if (auto constant = dyn_cast<exec::ConstantOp>(op)) {
    buffer->kind = schema::BufferKind::Constant;
    buffer->index = addConstant(constant.getValue());
  } else if (isa<exec::TempOp>(op) && isUsed(op.getResult(0))) {
    buffer->kind = schema::BufferKind::Temp;
  } else {
    return nullptr;
  }
  buffer->bytes = toSchema(cast<exec::BufferType>(op.getResult(0).getType()).getBytes(), names);
  return buffer;
}

static std::unique_ptr<schema::CommandT> buildLaunch(exec::LaunchOp op, unsigned kernel,
                                                     SizeNames names) {
  auto command = std::make_unique<schema::CommandT>();
  command->kind = schema::CommandKind::Launch;
  command->kernel = kernel;
  for (graph::SizeAttr size : op.getSizes().getAsRange<graph::SizeAttr>())
    command->sizes.push_back(toSchema(size, names));
  command->tiles = toSchema(op.getTiles(), names);
  command->grain = toSchema(op.getGrain(), names);
  command->scratch = toSchema(op.getScratch(), names);
  command->site = op.getSite();
  command->line = op.getLine();
  if (graph::SizeAttr flops = op.getFlopsAttr())
    command->flops = toSchema(flops, names);
  if (graph::SizeAttr bytes = op.getBytesAttr())
    command->bytes = toSchema(bytes, names);
  if (std::optional<ArrayRef<int64_t>> tileBytes = op.getTileBytes())
    command->tile_bytes.assign(tileBytes->begin(), tileBytes->end());
  return command;
}

static std::unique_ptr<schema::CommandT> buildCopy(exec::CopyOp op) {
  auto command = std::make_unique<schema::CommandT>();
  command->kind = schema::CommandKind::Copy;
  command->line = op.getLine();
  return command;
}

void VariantBuilder::addProgram(exec::EntryOp entry, unsigned index) {
  auto program = std::make_unique<schema::ProgramT>();
  program->entry = index;
  SizeNames names = entry.getSizes().getValue();
  llvm::DenseMap<Value, unsigned> positions;
  llvm::DenseSet<unsigned> used;
  for (Operation &op : entry.getBody().front()) {
    if (std::unique_ptr<schema::BufferT> buffer = buildBuffer(op, names)) {
      positions[op.getResult(0)] = program->buffers.size();
      program->buffers.push_back(std::move(buffer));
      continue;
    }
    if (!exec::isCommand(op))
      continue;
    auto launch = dyn_cast<exec::LaunchOp>(op);
    std::unique_ptr<schema::CommandT> command =
        launch ? buildLaunch(launch, kernels.lookup(launch.getKernel()), names)
               : buildCopy(cast<exec::CopyOp>(op));
    for (Value operand : op.getOperands()) {
      unsigned position = positions.lookup(exec::ViewOp::getRoot(operand));
      command->buffers.push_back(position);
      schema::BufferT &buffer = *program->buffers[position];
      buffer.last = program->commands.size();
      if (used.insert(position).second)
        buffer.first = buffer.last;
    }
    if (!launch) // the schema names the destination first
      std::swap(command->buffers[0], command->buffers[1]);
    program->commands.push_back(std::move(command));
  }
  result->programs.push_back(std::move(program));
}

FailureOr<std::unique_ptr<schema::VariantT>> VariantBuilder::build() {
  result->target = "cpu";
  result->arch = variant.target->cpu;
  result->features = variant.target->features;
  if (failed(addKernels()))
    return failure();
  unsigned position = 0;
  for (auto op : variant.module.getOps<exec::ParamOp>())
    variables[op.getSymName()] = {false, position++};
  position = 0;
  for (auto op : variant.module.getOps<exec::StateOp>())
    variables[op.getSymName()] = {true, position++};
  position = 0;
  for (auto op : variant.module.getOps<exec::EntryOp>())
    addProgram(op, position++);
  addCode();
  return std::move(result);
}

FailureOr<std::unique_ptr<schema::VariantT>> buildVariant(const Variant &variant) {
  return VariantBuilder(variant).build();
}

} // namespace tenon::serialize
