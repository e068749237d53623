// Turns kernels into functions; equal kernels share one, and so do those that differ in numbers which
// their schedule does not need to know.
#include "compiler/fusion/Passes.h"
#include "dialects/graph/SizeHints.h"
#include "mlir/IR/AttrTypeSubElements.h"
#include "mlir/IR/OperationSupport.h"
#include "llvm/ADT/Hashing.h"
#include "llvm/ADT/StringSet.h"
#include <map>

namespace tenon::fusion {
#define GEN_PASS_DEF_OUTLINEKERNELS
#include "compiler/fusion/Passes.h.inc"
} // namespace tenon::fusion

using namespace mlir;
using namespace tenon;
using namespace tenon::fusion;
using graph::SizeAttr;

namespace {

/// The sizes that a kernel is given, in order of appearance in its types and ops: the names of all
/// sizes and, if `withNumbers`, those that are numbers other than 0 and 1.
llvm::SetVector<SizeAttr> sizesOf(fuse::KernelOp kernel, bool withNumbers) {
  llvm::SetVector<SizeAttr> sizes;
  AttrTypeWalker walker;
  walker.addWalk([&](SizeAttr size) {
    std::optional<int64_t> number = size.getConstant();
    if (withNumbers && number && *number > 1)
      sizes.insert(size);
    llvm::SetVector<StringAttr> names;
    size.collectNames(names);
    for (StringAttr name : names)
      sizes.insert(SizeAttr::symbol(name.getContext(), name.getValue()));
    return WalkResult::skip();
  });
  auto walkTypes = [&](TypeRange types) {
    for (Type type : types)
      walker.walk(type);
  };
  Block &body = kernel.getBody().front();
  walkTypes(body.getArgumentTypes());
  for (Operation &op : body) {
    walkTypes(op.getResultTypes());
    walker.walk(op.getAttrDictionary());
    if (Attribute properties = op.getPropertiesAsAttribute())
      walker.walk(properties);
  }
  return sizes;
}

/// The expected sizes of a kernel, under its own names; null if there are none. Kernels of
/// different expectations are not shared: each is scheduled for its own.
DictionaryAttr sizeHints(graph::FuncOp entry, ArrayRef<SizeAttr> sizes,
                         ArrayRef<Attribute> canonical) {
  SmallVector<NamedAttribute> hints;
  Builder builder(entry.getContext());
  for (auto [size, own] : llvm::zip_equal(sizes, canonical)) {
    std::optional<int64_t> hint;
    if (!size.getConstant())
      hint = size.evaluate([&](StringRef name) { return graph::sizeHint(entry, name); });
    if (hint)
      hints.emplace_back(cast<StringAttr>(own), builder.getI64IntegerAttr(*hint));
  }
  return hints.empty() ? DictionaryAttr() : builder.getDictionaryAttr(hints);
}

/// May the kernel's code be written for any sizes and lose nothing? Vectors and columns may. Rows are
/// scheduled by their length, contractions by all of their sizes, and a matrix that lies in panels by
/// whether they divide it.
bool mayTakeNumbers(fuse::KernelOp kernel) {
  Block &body = kernel.getBody().front();
  bool areVectors = llvm::all_of(body.getTerminator()->getOperands(), [](Value result) {
    return graph::tensorType(result).getSizes().size() <= 1;
  });
  if (!areVectors || (kernel.getAnchor() != fuse::Anchor::pointwise &&
                      kernel.getAnchor() != fuse::Anchor::columns))
    return false;
  return llvm::all_of(body.without_terminator(), [](Operation &op) {
    auto kind = cast<graph::FusionInterface>(op).getFusionKind();
    return kind != graph::FusionKind::Move && kind != graph::FusionKind::View;
  });
}

/// A hash of the structure: ops, types, attributes and how values connect; not of locations.
llvm::hash_code hashOf(fuse::FuncOp function) {
  llvm::hash_code hash = llvm::hash_combine(function.getAnchor(), function.getFunctionType(),
                                            function->getAttr(graph::sizeHintsAttrName));
  DenseMap<Value, unsigned> number;
  auto numberOf = [&](Value value) {
    return llvm::hash_code(number.try_emplace(value, number.size()).first->second);
  };
  for (Value argument : function.getBody().getArguments())
    numberOf(argument);
  for (Operation &op : function.getBody().front()) {
    hash = llvm::hash_combine(hash, OperationEquivalence::computeHash(
                                        &op, numberOf, OperationEquivalence::ignoreHashValue,
                                        OperationEquivalence::IgnoreLocations));
    for (Value result : op.getResults())
      numberOf(result);
  }
  return hash;
}

bool areEqual(fuse::FuncOp a, fuse::FuncOp b) {
  return a.getAnchor() == b.getAnchor() && a.getFunctionType() == b.getFunctionType() &&
         a->getAttr(graph::sizesAttrName) == b->getAttr(graph::sizesAttrName) &&
         a->getAttr(graph::sizeHintsAttrName) == b->getAttr(graph::sizeHintsAttrName) &&
         OperationEquivalence::isRegionEquivalentTo(&a.getBody(), &b.getBody(),
                                                    OperationEquivalence::IgnoreLocations);
}

struct OutlineKernels : fusion::impl::OutlineKernelsBase<OutlineKernels> {
  void runOnOperation() override {
    SmallVector<fuse::KernelOp> kernels;
    getOperation().walk([&](fuse::KernelOp kernel) { kernels.push_back(kernel); });
    for (fuse::KernelOp kernel : kernels)
      if (mayTakeNumbers(kernel))
        compare(kernel);
    for (fuse::KernelOp kernel : kernels)
      outline(kernel);
  }

  /// Counts the kernels that differ in numbers only.
  void compare(fuse::KernelOp kernel) {
    llvm::hash_code hashes[2];
    for (bool withNumbers : {false, true}) {
      OpBuilder builder(kernel);
      auto copy = cast<fuse::KernelOp>(builder.clone(*kernel));
      takeSite(copy.getBody().front());
      fuse::FuncOp function = buildFunction(copy, sizesOf(copy, withNumbers).getArrayRef());
      hashes[withNumbers] = hashOf(function);
      function.erase();
      copy.erase();
    }
    generalOf[kernel] = hashes[true];
    variants[hashes[true]].insert(hashes[false]);
  }
  bool takesNumbers(fuse::KernelOp kernel) {
    auto general = generalOf.find(kernel);
    return general != generalOf.end() && variants[general->second].size() > 1;
  }

  void outline(fuse::KernelOp kernel) {
    llvm::SetVector<SizeAttr> sizes = sizesOf(kernel, takesNumbers(kernel));
    std::optional<uint32_t> site = takeSite(kernel.getBody().front());
    fuse::FuncOp function = buildFunction(kernel, sizes.getArrayRef());
    auto &candidates = byHash[hashOf(function)];
    auto *equal = llvm::find_if(candidates, [&](fuse::FuncOp other) { return areEqual(other, function); });
    if (equal != candidates.end()) {
      function.erase();
      function = *equal;
    } else {
      function.setSymName(("k" + Twine(count++)).str());
      candidates.push_back(function);
    }

    if (site)
      drawing.insert(function.getSymName());
    OpBuilder builder(kernel);
    SmallVector<Attribute> values(sizes.begin(), sizes.end());
    auto launch = fuse::LaunchOp::create(builder, kernel.getLoc(), kernel.getOutputs().getTypes(),
                                         function.getSymName(), builder.getArrayAttr(values),
                                         kernel.getInputs(), site.value_or(0));
    kernel.replaceAllUsesWith(launch.getOutputs());
    kernel.erase();
  }

  /// Makes the sites of random numbers relative to the first one, which is returned: kernels that
  /// differ in where they stand in the model, and draw at the same distances, are equal. Nothing if
  /// the kernel draws none.
  std::optional<uint32_t> takeSite(Block &body) {
    std::optional<uint32_t> first;
    auto relative = [&](uint32_t site) {
      first = first.value_or(site);
      return site - *first;
    };
    for (Operation &op : body) {
      if (auto random = dyn_cast<graph::RandomBitsOp>(op))
        random.setSite(relative(random.getSite()));
      auto member = dyn_cast<fuse::LaunchOp>(op);
      if (member && drawing.contains(member.getKernel()))
        member.setSite(relative(member.getSite()));
    }
    return first;
  }

  /// A function with the kernel's body, moved, at the module's end; still without a name. Its sizes
  /// s0, s1, ... stand for `sizes`.
  fuse::FuncOp buildFunction(fuse::KernelOp kernel, ArrayRef<SizeAttr> sizes) {
    OpBuilder builder = OpBuilder::atBlockEnd(getOperation().getBody());
    DenseMap<Attribute, SizeAttr> renamed; // a number, or a name
    SmallVector<Attribute> names;
    for (auto [index, size] : llvm::enumerate(sizes)) {
      std::string name = ("s" + Twine(index)).str();
      names.push_back(builder.getStringAttr(name));
      llvm::SetVector<StringAttr> own;
      size.collectNames(own);
      renamed[own.empty() ? Attribute(size) : Attribute(own.front())] = SizeAttr::symbol(&getContext(), name);
    }
    auto type = builder.getFunctionType(kernel.getInputs().getTypes(), kernel.getOutputs().getTypes());
    auto function = fuse::FuncOp::create(builder, kernel.getLoc(), "", type, kernel.getAnchor(),
                                         StringAttr(), ArrayAttr(), ArrayAttr());
    function->setAttr(graph::sizesAttrName, builder.getArrayAttr(names));
    if (DictionaryAttr hints =
            sizeHints(kernel->getParentOfType<graph::FuncOp>(), sizes, names))
      function->setAttr(graph::sizeHintsAttrName, hints);
    function.getBody().takeBody(kernel.getBody());

    AttrTypeReplacer rename;
    rename.addReplacement([&](SizeAttr size) {
      SizeAttr own = renamed.lookup(size);
      if (!own)
        own = size.substitute([&](StringAttr name) { return renamed.lookup(name); });
      return std::make_pair(Attribute(own), WalkResult::skip());
    });
    rename.recursivelyReplaceElementsIn(function, /*replaceAttrs=*/true, /*replaceLocs=*/false,
                                        /*replaceTypes=*/true);
    return function;
  }

  /// Of kernels that may take their numbers as sizes, the hash of the function that does, and of
  /// each such function those of the functions that it can stand for.
  DenseMap<Operation *, size_t> generalOf;
  std::map<size_t, llvm::DenseSet<size_t>> variants;
  std::map<size_t, SmallVector<fuse::FuncOp>> byHash;
  llvm::StringSet<> drawing; ///< functions with random numbers
  unsigned count = 0;
};

} // namespace
