//===- CodeImage.cpp - An object as bytes that can be mapped --------------===//
//
// JITLink does the linking. What it calls a memory manager here lays the segments out in a buffer
// and pretends that the buffer is at the base address asked for.
//
//===----------------------------------------------------------------------===//

#include "compiler/serialize/CodeImage.h"
#include "llvm/ExecutionEngine/JITLink/JITLink.h"
#include "llvm/Support/MathExtras.h"

using namespace llvm;
using namespace llvm::jitlink;

namespace tenon::serialize {

namespace {

/// A linked image with its holes: what is compared and then packed. Objects are added one after the
/// other.
struct Layout {
  std::string memory;
  CodeImage image; // without bytes and offsets
};

class LayoutMemory final : public JITLinkMemoryManager {
public:
  LayoutMemory(Layout &layout, uint64_t base) : layout(layout), base(base) {}

  void allocate(const JITLinkDylib *, LinkGraph &graph, OnAllocatedFunction done) override {
    BasicLayout blocks(graph);
    uint64_t address = layout.image.memorySize;
    size_t index = layout.image.segments.size();
    for (auto &[group, segment] : blocks.segments()) {
      if ((group.getMemProt() & orc::MemProt::Write) != orc::MemProt::None)
        return done(createStringError("kernels have writable data"));
      bool executable = (group.getMemProt() & orc::MemProt::Exec) != orc::MemProt::None;
      uint64_t size = segment.ContentSize + segment.ZeroFillSize;
      segment.Addr = orc::ExecutorAddr(base + address);
      layout.image.segments.push_back({address, size, /*offset=*/0, executable});
      address = alignTo(address + size, CodeImage::kSegmentAlignment);
    }
    layout.image.memorySize = address;
    layout.memory.resize(address, '\0');
    for (auto &[group, segment] : blocks.segments())
      segment.WorkingMem = layout.memory.data() + layout.image.segments[index++].address;
    if (Error error = blocks.apply())
      return done(std::move(error));
    done(std::make_unique<Allocation>());
  }

  void deallocate(std::vector<FinalizedAlloc> allocations, OnDeallocatedFunction done) override {
    for (FinalizedAlloc &allocation : allocations)
      allocation.release();
    done(Error::success());
  }

private:
  /// The buffer belongs to the layout: there is nothing to finish and nothing to free.
  class Allocation final : public InFlightAlloc {
    void abandon(OnAbandonedFunction done) override { done(Error::success()); }
    void finalize(OnFinalizedFunction done) override { done(FinalizedAlloc(orc::ExecutorAddr(1))); }
  };

  Layout &layout;
  uint64_t base;
};

/// Fails with the names of what the graph does not define. The global offset table's own symbol is
/// no reference to the outside: it appears wherever a table might be built.
Error checkNoExternals(LinkGraph &graph) {
  std::vector<std::string> names;
  for (Symbol *symbol : graph.external_symbols())
    if (*symbol->getName() != "_GLOBAL_OFFSET_TABLE_")
      names.push_back((*symbol->getName()).str());
  if (names.empty())
    return Error::success();
  sort(names);
  std::string list;
  for (const std::string &name : names)
    list += (list.empty() ? "" : ", ") + name;
  return createStringError("kernels refer to symbols that do not exist at run time: " + list);
}

class LayoutContext final : public JITLinkContext {
public:
  LayoutContext(Layout &layout, uint64_t base, Error &result)
      : JITLinkContext(/*JD=*/nullptr), layout(layout), base(base), result(result),
        memory(layout, base) {}

  JITLinkMemoryManager &getMemoryManager() override { return memory; }

  void notifyFailed(Error error) override {
    result = joinErrors(std::move(result), std::move(error));
  }

  void lookup(const LookupMap &, std::unique_ptr<JITLinkAsyncLookupContinuation> resume) override {
    resume->run(createStringError("kernels refer to symbols that do not exist at run time"));
  }

  Error notifyResolved(LinkGraph &graph) override {
    if (Section *section = graph.findSectionByName(".eh_frame")) {
      SectionRange range(*section);
      layout.image.ehFrames.push_back({range.getStart().getValue() - base, range.getSize()});
    }
    for (Symbol *symbol : graph.defined_symbols())
      if (symbol->hasName() && symbol->isCallable() && symbol->getScope() != Scope::Local)
        layout.image.symbols[(*symbol->getName()).str()] = {symbol->getAddress().getValue() - base,
                                                            symbol->getSize()};
    return Error::success();
  }

  void notifyFinalized(JITLinkMemoryManager::FinalizedAlloc allocation) override {
    allocation.release();
  }

  Error modifyPassConfig(LinkGraph &, PassConfiguration &passes) override {
    // Before the passes that build a table of outside symbols, which would hide their names.
    passes.PostPrunePasses.insert(passes.PostPrunePasses.begin(), checkNoExternals);
    return Error::success();
  }

private:
  Layout &layout;
  uint64_t base;
  Error &result;
  LayoutMemory memory;
};

} // namespace

static Expected<Layout> linkAt(ArrayRef<std::string> objects, uint64_t base) {
  Layout layout;
  for (const std::string &object : objects) {
    auto graph = createLinkGraphFromObject(MemoryBufferRef(object, "kernels"),
                                           std::make_shared<orc::SymbolStringPool>());
    if (!graph)
      return graph.takeError();
    Error result = Error::success();
    jitlink::link(std::move(*graph), std::make_unique<LayoutContext>(layout, base, result));
    if (result)
      return result;
  }
  return layout;
}

Expected<CodeImage> linkCodeImage(ArrayRef<std::string> objects) {
  Expected<Layout> layout = linkAt(objects, 0);
  if (!layout)
    return layout.takeError();
  Expected<Layout> elsewhere = linkAt(objects, 0x7ff612340000);
  if (!elsewhere)
    return elsewhere.takeError();
  if (layout->memory != elsewhere->memory)
    return createStringError("kernels depend on the address they are loaded at");

  CodeImage image = std::move(layout->image);
  erase_if(image.segments, [](const CodeImage::Segment &segment) { return segment.size == 0; });
  for (CodeImage::Segment &segment : image.segments) {
    image.bytes.resize(alignTo(image.bytes.size(), 64));
    segment.offset = image.bytes.size();
    image.bytes.append(layout->memory, segment.address, segment.size);
  }
  return image;
}

} // namespace tenon::serialize
