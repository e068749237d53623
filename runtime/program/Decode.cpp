// From the verified flatbuffer to the structures that run. Nothing here can fail but for memory.
#include "runtime/program/Program.h"

namespace tenon::rt {
namespace {

SizeExpr decodeSize(const schema::SizeExpr *flat, uint32_t sizeCount) {
  SizeExpr out;
  if (flat)
    (void)SizeExpr::decode(flat, sizeCount, &out); // verified before
  return out;
}

TensorSpec decodeTensor(const schema::Tensor &flat, const std::vector<std::string> &sizes) {
  TensorSpec spec;
  spec.name = flat.name()->str();
  spec.doc = textOf(flat.doc());
  spec.dtype = static_cast<tenon_dtype>(flat.dtype());
  spec.shapeText = "[";
  for (uint32_t i = 0; i < countOf(flat.shape()); ++i) {
    spec.shape.push_back(decodeSize(flat.shape()->Get(i), static_cast<uint32_t>(sizes.size())));
    spec.shapeText += (i ? ", " : "") + spec.shape.back().text(sizes);
  }
  spec.shapeText += "]";
  return spec;
}

RequireSpec decodeRequire(const schema::Require &flat, const std::vector<std::string> &sizes) {
  RequireSpec spec;
  spec.left = decodeSize(flat.left(), static_cast<uint32_t>(sizes.size()));
  spec.right = decodeSize(flat.right(), static_cast<uint32_t>(sizes.size()));
  std::string op = flat.op()->str();
  spec.comparison = op == "=="   ? Comparison::Equal
                    : op == "<=" ? Comparison::LessEqual
                    : op == "<"  ? Comparison::Less
                    : op == ">=" ? Comparison::GreaterEqual
                    : op == ">"  ? Comparison::Greater
                                 : Comparison::NotEqual;
  spec.text = spec.left.text(sizes) + " " + op + " " + spec.right.text(sizes);
  spec.message = flat.message()->str();
  spec.line = flat.line();
  return spec;
}

EntrySpec decodeEntry(const schema::Entry &flat) {
  EntrySpec spec;
  spec.name = flat.name()->str();
  spec.doc = textOf(flat.doc());
  spec.kind = flat.kind();
  spec.line = flat.line();
  for (uint32_t i = 0; i < countOf(flat.sizes()); ++i)
    spec.sizes.push_back(flat.sizes()->Get(i)->str());
  for (uint32_t i = 0; i < countOf(flat.inputs()); ++i)
    spec.inputs.push_back(decodeTensor(*flat.inputs()->Get(i), spec.sizes));
  for (uint32_t i = 0; i < countOf(flat.outputs()); ++i)
    spec.outputs.push_back(decodeTensor(*flat.outputs()->Get(i), spec.sizes));
  for (uint32_t i = 0; i < countOf(flat.requires_()); ++i)
    spec.requirements.push_back(decodeRequire(*flat.requires_()->Get(i), spec.sizes));
  return spec;
}

ParameterSpec decodeParameter(const schema::Parameter &flat) {
  ParameterSpec spec;
  spec.path = flat.path()->str();
  spec.dtype = static_cast<tenon_dtype>(flat.dtype());
  spec.elements = 1;
  spec.shapeText = "[";
  for (uint32_t i = 0; i < countOf(flat.shape()); ++i) {
    int64_t extent = flat.shape()->Get(i);
    spec.dims.push_back(extent);
    spec.elements *= static_cast<uint64_t>(extent);
    spec.shapeText += (i ? ", " : "") + std::to_string(extent);
  }
  spec.shapeText += "]";
  spec.bytes = spec.elements * tenon_dtype_size(spec.dtype);
  uint64_t stored = 0;
  (void)storageElementsOf(flat, &stored); // verified before
  spec.storageBytes = stored * tenon_dtype_size(spec.dtype);
  if (flat.layout() != schema::LayoutKind::RowMajor)
    spec.layout = {static_cast<uint64_t>(spec.dims[0]), static_cast<uint64_t>(spec.dims[1]),
                   flat.lanes(), flat.layout() == schema::LayoutKind::PackedTransposed,
                   static_cast<uint32_t>(tenon_dtype_size(spec.dtype))};
  spec.initializer.kind = static_cast<Initializer::Kind>(flat.init()->kind());
  spec.initializer.a = flat.init()->a();
  spec.initializer.b = flat.init()->b();
  spec.nodecay = flat.nodecay();
  spec.isOptimizer = spec.path.compare(0, 10, "optimizer.") == 0;
  for (const char *prefix : accumulatorPrefixes)
    spec.isAccumulator |= spec.path.rfind(prefix, 0) == 0;
  spec.line = flat.line();
  return spec;
}

BufferSpec decodeBuffer(const schema::Buffer &flat, uint32_t index, uint32_t sizeCount,
                        const std::vector<BufferSpec> &earlier) {
  BufferSpec spec;
  spec.kind = flat.kind();
  spec.index = flat.index();
  spec.bytes = decodeSize(flat.bytes(), sizeCount);
  spec.first = flat.first();
  spec.last = flat.last();
  spec.alias = flat.alias();
  spec.root = flat.alias() < 0 ? index : earlier[flat.alias()].root;
  return spec;
}

CommandSpec decodeCommand(const schema::Command &flat, const schema::Variant &variant,
                          uint32_t sizeCount) {
  CommandSpec spec;
  spec.kind = flat.kind();
  spec.kernel = flat.kernel();
  for (uint32_t i = 0; i < countOf(flat.buffers()); ++i)
    spec.buffers.push_back(flat.buffers()->Get(i));
  for (uint32_t i = 0; i < countOf(flat.sizes()); ++i)
    spec.sizes.push_back(decodeSize(flat.sizes()->Get(i), sizeCount));
  spec.tiles = decodeSize(flat.tiles(), sizeCount);
  spec.grain = decodeSize(flat.grain(), sizeCount);
  spec.scratch = decodeSize(flat.scratch(), sizeCount);
  spec.flops = decodeSize(flat.flops(), sizeCount);
  spec.bytes = decodeSize(flat.bytes(), sizeCount);
  spec.tileBytes.resize(spec.buffers.size(), 0);
  for (uint32_t i = 0; i < countOf(flat.tile_bytes()); ++i)
    spec.tileBytes[i] = flat.tile_bytes()->Get(i);
  if (spec.kind == schema::CommandKind::Copy)
    spec.writes = {true, false};
  else
    for (uint8_t writes : *variant.kernels()->Get(flat.kernel())->writes())
      spec.writes.push_back(writes != 0);
  spec.site = flat.site();
  spec.line = flat.line();
  return spec;
}

} // namespace

void Program::decodeSignatures() {
  for (uint32_t i = 0; i < countOf(flat->entries()); ++i)
    entrySpecs.push_back(decodeEntry(*flat->entries()->Get(i)));
  for (EntrySpec &entry : entrySpecs) // in place: the names must not move any more
    for (const std::string &size : entry.sizes)
      entry.sizeNames.push_back(size.c_str());
  for (uint32_t i = 0; i < countOf(flat->parameters()); ++i)
    parameterSpecs.push_back(decodeParameter(*flat->parameters()->Get(i)));
  for (uint32_t i = 0; i < countOf(flat->states()); ++i)
    stateSpecs.push_back(decodeParameter(*flat->states()->Get(i)));
}

void Program::decodePrograms() {
  const schema::Variant &variant = *flat->variants()->Get(chosen);
  for (uint32_t i = 0; i < countOf(variant.programs()); ++i) {
    const schema::Program &program = *variant.programs()->Get(i);
    EntrySpec &entry = entrySpecs[program.entry()];
    uint32_t sizeCount = static_cast<uint32_t>(entry.sizes.size());
    entry.hasProgram = true;
    for (uint32_t k = 0; k < countOf(program.buffers()); ++k)
      entry.buffers.push_back(
          decodeBuffer(*program.buffers()->Get(k), k, sizeCount, entry.buffers));
    for (uint32_t k = 0; k < countOf(program.commands()); ++k)
      entry.commands.push_back(decodeCommand(*program.commands()->Get(k), variant, sizeCount));
  }
}

/// Inputs "FIT.shift" and "FIT.scale" of prepare and predict entries are the model's own values.
void Program::markFitInputs() {
  auto mark = [&](int32_t entry, uint32_t block) {
    if (entry < 0)
      return;
    const schema::Data &data = *flat->data()->Get(block);
    for (TensorSpec &input : entrySpecs[entry].inputs)
      for (uint32_t i = 0; i < countOf(data.fits()); ++i)
        for (bool isScale : {false, true})
          if (input.name == data.fits()->Get(i)->name()->str() + (isScale ? ".scale" : ".shift"))
            input.fitted = {static_cast<int32_t>(block), i, isScale};
  };
  for (uint32_t i = 0; i < countOf(flat->data()); ++i)
    mark(flat->data()->Get(i)->prepare(), i);
  for (uint32_t i = 0; i < countOf(flat->trains()); ++i)
    mark(flat->trains()->Get(i)->predict(), static_cast<uint32_t>(flat->trains()->Get(i)->data()));
}

} // namespace tenon::rt
