// The frame of random programs: arguments, parameters, results; what steps pick from.
#include "tests/oracle/RandomGenerator.h"
#include "dialects/fuse/Fuse.h"
#include "dialects/graph/SizeHints.h"

using namespace mlir;
using namespace tenon::graph;

namespace tenon::oracle {

// ---- Picking ----------------------------------------------------------------------------------

/// Often one of the newest, so that programs get deep.
Known RandomGenerator::pick() {
  int64_t count = known.size();
  return known[random.below(2) ? count - 1 - random.below(std::min<int64_t>(count, 4))
                               : random.below(count)];
}

SizeAttr RandomGenerator::randomSize() {
  switch (random.below(5)) {
  case 0:
  case 1: return SizeAttr::symbol(&context, "n");
  case 2: return SizeAttr::symbol(&context, "m");
  case 3: return constant(3);
  default: return constant(8);
  }
}

SizedTensorType RandomGenerator::randomType(int64_t minRank, int64_t maxRank) {
  SmallVector<SizeAttr> sizes;
  for (int64_t rank = minRank + random.below(maxRank - minRank + 1); rank > 0; --rank)
    sizes.push_back(randomSize());
  return SizedTensorType::get(builder.getF32Type(), sizes);
}

Known RandomGenerator::pickExact() {
  for (int attempt = 0; attempt < 20; ++attempt)
    if (Known x = pick(); x.exact)
      return x;
  return known.front(); // an argument
}

Known RandomGenerator::pickLike(const Known &like) {
  std::vector<Known> same;
  for (const Known &x : known)
    if (x.value.getType() == like.value.getType())
      same.push_back(x);
  if (same.size() > 1)
    return same[random.below(same.size())];
  for (const Known &x : known)
    if (tensorType(x.value).rank() == 0)
      return {b.splat(x.value, like.value), x.bound, x.exact};
  return {b.constant(0.75, like.value.getType()), 0.75, true};
}

Known RandomGenerator::within(Known x, double limit) {
  if (x.bound <= limit)
    return x;
  return {b.mul(x.value, limit / x.bound), limit, false};
}

SmallVector<int64_t> RandomGenerator::randomAxes(int64_t rank) {
  SmallVector<int64_t> axes;
  for (int64_t axis = 0; axis < rank; ++axis)
    if (random.below(2))
      axes.push_back(axis);
  if (axes.empty())
    axes.push_back(random.below(rank));
  return axes;
}

SmallVector<int64_t> RandomGenerator::randomPermutation(int64_t rank) {
  SmallVector<int64_t> permutation = llvm::to_vector(llvm::seq<int64_t>(0, rank));
  for (int64_t i = rank - 1; i > 0; --i)
    std::swap(permutation[i], permutation[random.below(i + 1)]);
  return permutation;
}

// ---- The frame --------------------------------------------------------------------------------

/// A module may have one wide axis, long enough for weights that are worth laying out in panels.
static constexpr int64_t kWideSizes[] = {60, 72, 96};

Known RandomGenerator::makeParameter(ArrayRef<int64_t> extents) {
  auto type = SizedTensorType::get(builder.getF32Type(), llvm::map_to_vector(extents, [&](int64_t e) {
                                     return constant(e);
                                   }));
  std::string path = "p" + std::to_string(parameters.size());
  {
    OpBuilder::InsertionGuard guard(builder);
    builder.setInsertionPoint(builder.getInsertionBlock()->getParentOp());
    ParamOp::create(builder, loc, builder.getStringAttr(path), TypeAttr::get(type),
                    InitAttr::get(&context, "uniform", -0.5, 0.5), UnitAttr());
  }
  return parameters.emplace_back(Known{b.read(path, type), 0.5, true});
}

/// The function with its arguments. What it returns comes last.
FuncOp RandomGenerator::makeFunction() {
  auto n = SizeAttr::symbol(&context, "n"), m = SizeAttr::symbol(&context, "m");
  auto typed = [&](ArrayRef<SizeAttr> sizes) {
    return SizedTensorType::get(builder.getF32Type(), sizes);
  };
  SmallVector<mlir::Type> arguments{typed({n, m})};
  for (int64_t more = 1 + random.below(3); more > 0; --more)
    arguments.push_back(randomType(0, 3));
  if (random.below(4) == 0)
    arguments.push_back(typed({n, constant(kWideSizes[random.below(std::size(kWideSizes))])}));

  OperationState state(loc, FuncOp::getOperationName());
  Block &block = state.addRegion()->emplaceBlock();
  SmallVector<Attribute> names;
  for (auto [i, type] : llvm::enumerate(arguments)) {
    known.push_back({block.addArgument(type, loc), 3, true});
    names.push_back(nameAttr("x" + std::to_string(i)));
  }
  state.addAttribute("sym_name", builder.getStringAttr("random"));
  state.addAttribute("arg_attrs", builder.getArrayAttr(names));
  state.addAttribute(sizesAttrName, builder.getStrArrayAttr({"n", "m"}));
  // What is expected need not be so.
  static const int64_t expected[] = {1, 2, 4, 16, 32, 256};
  if (random.below(2))
    state.addAttribute(sizeHintsAttrName,
                       builder.getDictionaryAttr(builder.getNamedAttr(
                           random.below(3) ? "n" : "m",
                           builder.getI64IntegerAttr(expected[random.below(std::size(expected))]))));
  state.addAttribute("function_type", TypeAttr::get(builder.getFunctionType(arguments, {})));
  return cast<FuncOp>(builder.create(state));
}

void RandomGenerator::addSteps() {
  using G = RandomGenerator;
  static const Step steps[] = {
      &G::addUnary,     &G::addUnary,       &G::addBinary,      &G::addBinary,    &G::addDivision,
      &G::addJump,      &G::addSelect,      &G::addUniform,     &G::addWide,      &G::addReduction,
      &G::addReduction, &G::addArgmax,      &G::addSoftmax,     &G::addNormalised,
      &G::addContraction, &G::addContraction, &G::addLayer,     &G::addLayer,   &G::addLayer,    &G::addBroadcast,
      &G::addTranspose, &G::addReshape,     &G::addIndices,     &G::addSlice,     &G::addPad,
      &G::addConcat,    &G::addReverse,     &G::addGather,      &G::addScatter};
  for (int64_t count = 5 + random.below(15); count > 0; --count)
    (this->*steps[random.below(std::size(steps))])();
}

/// Lays out matrices that only contractions and updates read, at random: any layout is right.
void RandomGenerator::layOutParameters(ModuleOp module) {
  static const int64_t lanes[] = {4, 8, 16};
  for (const Known &parameter : parameters) {
    bool mayBePacked = llvm::all_of(parameter.value.getUsers(), [](Operation *user) {
      return isa<ContractOp, TanhOp, SubOp>(user);
    });
    SizedTensorType type = tensorType(parameter.value);
    // A contraction over one element is none for long.
    bool isMatrix = type.rank() == 2 && !llvm::is_contained(type.getSizes(), constant(1));
    if (!mayBePacked || !isMatrix || random.below(2))
      continue;
    auto kind = random.below(2) ? fuse::LayoutKind::packed : fuse::LayoutKind::packed_transposed;
    auto read = parameter.value.getDefiningOp<ReadOp>();
    module.lookupSymbol(read.getPath())
        ->setAttr(fuse::kLayoutAttrName,
                  fuse::LayoutAttr::get(&context, kind, lanes[random.below(std::size(lanes))]));
  }
}

/// The last value, a few others, and perhaps what an update makes of each parameter: many small
/// kernels that do not depend on each other.
void RandomGenerator::returnResults(FuncOp function) {
  SmallVector<Value> results{known.back().value};
  for (int64_t more = random.below(5); more > 0; --more)
    results.push_back(pick().value);
  if (random.below(3) == 0)
    for (const Known &parameter : parameters)
      results.push_back(b.sub(parameter.value, b.mul(b.tanh(parameter.value), 0.125)));
  SmallVector<Attribute> names;
  for (size_t i = 0; i < results.size(); ++i)
    names.push_back(nameAttr("y" + std::to_string(i)));
  function.setFunctionType(
      builder.getFunctionType(function.getArgumentTypes(), ValueRange(results).getTypes()));
  function.setResAttrsAttr(builder.getArrayAttr(names));
  ReturnOp::create(builder, loc, results);
}

OwningOpRef<ModuleOp> RandomGenerator::make() {
  OwningOpRef<ModuleOp> module = ModuleOp::create(builder, loc);
  builder.setInsertionPointToEnd(module->getBody());
  FuncOp function = makeFunction();
  builder.setInsertionPointToEnd(&function.getBody().front());
  for (int64_t more = random.below(3); more > 0; --more) {
    SmallVector<int64_t> sizes;
    for (int64_t rank = 1 + random.below(2); rank > 0; --rank)
      sizes.push_back(random.below(2) ? 3 : 8);
    known.push_back(makeParameter(sizes));
  }
  addSteps();
  returnResults(function);
  layOutParameters(*module);
  return module;
}

OwningOpRef<ModuleOp> makeRandomGraph(MLIRContext &context, uint64_t seed) {
  return RandomGenerator(context, seed).make();
}

} // namespace tenon::oracle
