// Turns kernels into functions; equal kernels share one.
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

/// The size names of a kernel in order of appearance in its types and ops.
llvm::SetVector<StringAttr> sizeNames(fuse::KernelOp kernel) {
  llvm::SetVector<StringAttr> names;
  AttrTypeWalker walker;
  walker.addWalk([&](SizeAttr size) {
    size.collectNames(names);
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
  return names;
}

/// The expected sizes of a kernel, under its own names; null if there are none. Kernels of
/// different expectations are not shared: each is scheduled for its own.
DictionaryAttr sizeHints(fuse::KernelOp kernel, const llvm::SetVector<StringAttr> &names,
                         ArrayRef<Attribute> canonical) {
  SmallVector<NamedAttribute> hints;
  Builder builder(kernel.getContext());
  for (auto [name, own] : llvm::zip_equal(names, canonical))
    if (std::optional<int64_t> hint = graph::sizeHint(kernel->getParentOfType<graph::FuncOp>(), name))
      hints.emplace_back(cast<StringAttr>(own), builder.getI64IntegerAttr(*hint));
  return hints.empty() ? DictionaryAttr() : builder.getDictionaryAttr(hints);
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
      outline(kernel);
  }

  void outline(fuse::KernelOp kernel) {
    MLIRContext *context = &getContext();
    llvm::SetVector<StringAttr> names = sizeNames(kernel);
    SmallVector<Attribute> values, canonical;
    for (auto [index, name] : llvm::enumerate(names)) {
      values.push_back(SizeAttr::symbol(context, name.getValue()));
      canonical.push_back(StringAttr::get(context, "s" + Twine(index)));
    }

    std::optional<uint32_t> site = takeSite(kernel.getBody().front());
    fuse::FuncOp function = buildFunction(kernel, names, canonical);
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

  /// A function with the kernel's body, moved, at the module's end; still without a name.
  fuse::FuncOp buildFunction(fuse::KernelOp kernel, const llvm::SetVector<StringAttr> &names,
                             ArrayRef<Attribute> canonical) {
    OpBuilder builder = OpBuilder::atBlockEnd(getOperation().getBody());
    auto type = builder.getFunctionType(kernel.getInputs().getTypes(), kernel.getOutputs().getTypes());
    auto function = fuse::FuncOp::create(builder, kernel.getLoc(), "", type, kernel.getAnchor(),
                                         StringAttr(), ArrayAttr(), ArrayAttr());
    function->setAttr(graph::sizesAttrName, builder.getArrayAttr(canonical));
    if (DictionaryAttr hints = sizeHints(kernel, names, canonical))
      function->setAttr(graph::sizeHintsAttrName, hints);
    function.getBody().takeBody(kernel.getBody());

    AttrTypeReplacer rename;
    rename.addReplacement([&](SizeAttr size) {
      SizeAttr renamed = size.substitute([&](StringAttr name) {
        auto it = llvm::find(names, name);
        return SizeAttr::symbol(name.getContext(),
                                cast<StringAttr>(canonical[it - names.begin()]).getValue());
      });
      return std::make_pair(Attribute(renamed), WalkResult::skip());
    });
    rename.recursivelyReplaceElementsIn(function, /*replaceAttrs=*/true, /*replaceLocs=*/false,
                                        /*replaceTypes=*/true);
    return function;
  }

  std::map<size_t, SmallVector<fuse::FuncOp>> byHash;
  llvm::StringSet<> drawing; ///< functions with random numbers
  unsigned count = 0;
};

} // namespace
