//===- MultiTensor.cpp - Several kernels in one launch --------------------===//
//
// Tile t of n holds the t-th share of every member's tiles. So however the tiles are dealt out, each
// thread gets the same part of each member, and members whose tiles cost more do not fall to one
// thread. The members are functions that this one calls; those without another caller are inlined.
//
//===----------------------------------------------------------------------===//

#include "compiler/targets/cpu/Schedule.h"
#include "mlir/IR/SymbolTable.h"

using namespace mlir;
using tenon::graph::SizeAttr;

namespace tenon::cpu {

namespace {

/// One member, with its sizes over the names of the whole kernel.
struct Member {
  StringRef function;
  SmallVector<unsigned> buffers;
  SmallVector<SizeAttr> sizes;
  uint32_t site = 0;
  SizeAttr tiles, grain, scratch;
};

class MultiTensor {
public:
  explicit MultiTensor(Schedule &schedule) : schedule(schedule), kernel(schedule.kernel) {}

  FailureOr<EmittedKernel> emit() {
    for (auto launch : schedule.source.getBody().getOps<fuse::LaunchOp>())
      addMember(launch);
    SizeAttr tiles = schedule.constant(0);
    for (const Member &member : members)
      tiles = tiles.add(member.tiles);
    SmallVector<Value> bounds = shares(tiles);
    for (auto [i, member] : llvm::enumerate(members)) {
      Value from = bounds[2 * i], to = bounds[2 * i + 1];
      kernel.ifThen(kernel.lessThan(from, to), [&, &member = member] {
        kernel.call(member.function, member.buffers, member.sizes, member.site, from, to);
      });
    }
    return schedule.finishWithGrain(tiles, grainFor(tiles), scratch());
  }

private:
  void addMember(fuse::LaunchOp launch) {
    auto source = SymbolTable::lookupNearestSymbolFrom<fuse::FuncOp>(launch, launch.getKernelAttr());
    auto function = source->getAttrOfType<FlatSymbolRefAttr>(fuse::kEmittedAttrName);
    if (!function)
      return schedule.kernel.fail(launch, "the kernel must be emitted before it is called");
    Member member;
    member.function = function.getValue();
    for (Value input : launch.getInputs())
      member.buffers.push_back(cast<BlockArgument>(input).getArgNumber());
    for (Value output : launch.getOutputs())
      member.buffers.push_back(bufferOf(output));
    for (Attribute size : launch.getSizes())
      member.sizes.push_back(cast<SizeAttr>(size));
    member.site = launch.getSite();

    auto sizeHere = [&](StringRef attribute) {
      return launch.atLaunch(source, source->getAttrOfType<SizeAttr>(attribute));
    };
    member.tiles = sizeHere(fuse::kTilesAttrName);
    member.grain = sizeHere(fuse::kGrainAttrName);
    member.scratch = sizeHere(fuse::kScratchAttrName);
    members.push_back(std::move(member));
  }

  /// Every result of a member is a result of the kernel, else nothing would need it.
  unsigned bufferOf(Value output) {
    auto it = llvm::find(schedule.results, output);
    if (it == schedule.results.end()) {
      kernel.fail(output.getDefiningOp(), "every result of a member must be returned");
      return 0;
    }
    return schedule.bufferOfResult(it - schedule.results.begin());
  }

  /// The first tile of each member and the one past the last. A launch that is not split, as most
  /// are, needs no division.
  SmallVector<Value> shares(SizeAttr tiles) {
    Value all = kernel.size(tiles), begin = kernel.tileBegin(), end = kernel.tileEnd();
    Value isWhole = kernel.equal(kernel.sub(end, begin), all);
    SmallVector<Type> types(2 * members.size(), begin.getType());
    auto boundsBy = [&](function_ref<Value(Value, const Member &)> share) {
      SmallVector<Value> bounds;
      for (const Member &member : members)
        for (Value tile : {begin, end})
          bounds.push_back(share(tile, member));
      return bounds;
    };
    return kernel.ifThen(
        isWhole, types,
        [&] {
          return boundsBy([&](Value tile, const Member &member) {
            return tile == begin ? kernel.index(0) : kernel.size(member.tiles);
          });
        },
        [&] {
          return boundsBy([&](Value tile, const Member &member) {
            return kernel.div(kernel.mul(tile, kernel.size(member.tiles)), all);
          });
        });
  }

  /// Each member is worth tiles / grain threads, together they are worth the sum of it; counted in
  /// sixteenths, because many small members together are worth some threads too.
  SizeAttr grainFor(SizeAttr tiles) {
    SizeAttr sixteen = schedule.constant(16), one = schedule.constant(1), threads = one;
    for (const Member &member : members)
      threads = threads.add(member.tiles.mul(sixteen).divFloor(member.grain));
    return tiles.mul(sixteen).divFloor(threads).add(one);
  }

  /// Members run one after another and use the same memory: the largest need, or the sum where no
  /// member's is the largest whatever the sizes.
  SizeAttr scratch() {
    SizeAttr sum = schedule.constant(0);
    for (const Member &member : members) {
      bool isLargest = llvm::all_of(members, [&](const Member &other) {
        return llvm::all_of(member.scratch.sub(other.scratch).getTerms(),
                            [](graph::MonomialAttr term) { return term.getCoefficient() > 0; });
      });
      if (isLargest)
        return member.scratch;
      sum = sum.add(member.scratch);
    }
    return sum;
  }

  Schedule &schedule;
  emit::KernelBuilder &kernel;
  SmallVector<Member> members;
};

} // namespace

FailureOr<EmittedKernel> emitMultiTensor(Schedule &schedule) { return MultiTensor(schedule).emit(); }

} // namespace tenon::cpu
