#include "tests/oracle/RandomGraphs.h"

using namespace mlir;
using namespace tenon::graph;

namespace tenon::oracle {

namespace {

/// An f32 value of the graph and what is known of it.
struct Known {
  Value value;
  double bound;  ///< of its absolute value
  bool exact;    ///< computed from inputs without rounding
};

class Generator {
public:
  Generator(MLIRContext &context, uint64_t seed)
      : context(context), random(seed), builder(&context), loc(UnknownLoc::get(&context)),
        b(builder, loc) {}

  OwningOpRef<ModuleOp> make();

private:
  using Step = void (Generator::*)();

  void makeArguments(FuncOp function);
  void makeParameter(unsigned index);

  // Each adds one or a few ops whose result joins `known`.
  void addUnary();
  void addBinary();
  void addDivision();
  void addJump();
  Value randomMask(SizedTensorType type);
  void addSelect();
  void addReduction();
  void addArgmax();
  void addContraction();
  void addBroadcast();
  void addTranspose();
  void addReshape();
  void addIndices();
  void addWide();
  void addSlice();
  void addPad();
  void addConcat();
  void addReverse();
  void addGather();
  void addScatter();

  SizeAttr randomSize();
  SizedTensorType randomType(int64_t minRank, int64_t maxRank);
  Known pick() { return known[random.below(known.size())]; }
  Known pickExact();
  /// A value of the same type as `like`, broadcast or made up if there is none.
  Known pickLike(const Known &like);
  /// Scales a value so that it stays within `limit`.
  Known within(Known x, double limit);
  void keep(Value value, double bound, bool exact = false) {
    known.push_back(within({value, bound, exact}, 8));
  }
  /// Divides by a product of sizes: what makes a sum a mean.
  Value dividedBy(Value sum, ArrayRef<SizeAttr> sizes);
  /// Indices below `extent`, of some shape of these first axes.
  Value randomIds(ArrayRef<SizeAttr> first, int64_t extent);
  SmallVector<int64_t> randomAxes(int64_t rank);
  SmallVector<int64_t> randomPermutation(int64_t rank);

  MLIRContext &context;
  Random random;
  OpBuilder builder;
  Location loc;
  GraphBuilder b;
  std::vector<Known> known;
};

} // namespace

// ---- Picking ----------------------------------------------------------------------------------

SizeAttr Generator::randomSize() {
  switch (random.below(5)) {
  case 0:
  case 1: return SizeAttr::symbol(&context, "n");
  case 2: return SizeAttr::symbol(&context, "m");
  case 3: return SizeAttr::constant(&context, 3);
  default: return SizeAttr::constant(&context, 8);
  }
}

SizedTensorType Generator::randomType(int64_t minRank, int64_t maxRank) {
  SmallVector<SizeAttr> sizes;
  for (int64_t rank = minRank + random.below(maxRank - minRank + 1); rank > 0; --rank)
    sizes.push_back(randomSize());
  return SizedTensorType::get(builder.getF32Type(), sizes);
}

Known Generator::pickExact() {
  for (int attempt = 0; attempt < 20; ++attempt)
    if (Known x = pick(); x.exact)
      return x;
  return known.front(); // an argument
}

Known Generator::pickLike(const Known &like) {
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

Known Generator::within(Known x, double limit) {
  if (x.bound <= limit)
    return x;
  return {b.mul(x.value, limit / x.bound), limit, false};
}

Value Generator::dividedBy(Value sum, ArrayRef<SizeAttr> sizes) {
  return b.div(sum, b.size(SizeAttr::product(&context, sizes), builder.getF32Type()));
}

SmallVector<int64_t> Generator::randomAxes(int64_t rank) {
  SmallVector<int64_t> axes;
  for (int64_t axis = 0; axis < rank; ++axis)
    if (random.below(2))
      axes.push_back(axis);
  if (axes.empty())
    axes.push_back(random.below(rank));
  return axes;
}

SmallVector<int64_t> Generator::randomPermutation(int64_t rank) {
  SmallVector<int64_t> permutation = llvm::to_vector(llvm::seq<int64_t>(0, rank));
  for (int64_t i = rank - 1; i > 0; --i)
    std::swap(permutation[i], permutation[random.below(i + 1)]);
  return permutation;
}

// ---- Elementwise ------------------------------------------------------------------------------

void Generator::addUnary() {
  Known x = pick();
  switch (random.below(8)) {
  case 0: return keep(b.neg(x.value), x.bound, x.exact);
  case 1: return keep(b.abs(x.value), x.bound, x.exact);
  case 2: return keep(b.tanh(within(x, 3).value), 1);
  case 3: return keep(ErfOp::create(builder, loc, within(x, 2).value), 1);
  case 4: return keep(b.exp(within(x, 2).value), 7.4);
  case 5: return keep(b.log(b.add(b.abs(x.value), 1.25)), 3);
  case 6: return keep(b.sqrt(b.add(b.mul(x.value, x.value), 0.5)), x.bound + 1);
  default: return keep(b.mul(x.value, 0.375), 0.375 * x.bound);
  }
}

void Generator::addBinary() {
  Known x = pick(), y = pickLike(x);
  bool exact = x.exact && y.exact;
  switch (random.below(5)) {
  case 0: return keep(b.add(x.value, y.value), x.bound + y.bound);
  case 1: return keep(b.sub(x.value, y.value), x.bound + y.bound);
  case 2: return keep(b.mul(x.value, y.value), x.bound * y.bound);
  case 3: return keep(b.max(x.value, y.value), std::max(x.bound, y.bound), exact);
  default: return keep(b.min(x.value, y.value), std::max(x.bound, y.bound), exact);
  }
}

void Generator::addDivision() {
  Known x = pick(), y = pickLike(x);
  keep(b.div(x.value, b.add(b.abs(y.value), 1.5)), x.bound);
}

/// What jumps: on values without rounding only.
void Generator::addJump() {
  Known x = pickExact();
  switch (random.below(5)) {
  case 0: return keep(FloorOp::create(builder, loc, x.value), x.bound + 1, true);
  case 1: return keep(CeilOp::create(builder, loc, x.value), x.bound + 1, true);
  case 2: return keep(RoundOp::create(builder, loc, x.value), x.bound + 1, true);
  case 3: return keep(b.sign(x.value), 1, true);
  default:
    return keep(b.convert(b.convert(x.value, builder.getI32Type()), builder.getF32Type()), x.bound,
                true);
  }
}

/// True in every fourth place or so. Few sites, so that masks come again.
Value Generator::randomMask(SizedTensorType type) {
  Type i32 = builder.getI32Type();
  SizeAttr example = SizeAttr::constant(&context, 0);
  if (type.rank() > 0)
    example = SizeAttr::product(&context, type.getSizes().drop_front());
  Value bits = RandomBitsOp::create(builder, loc, type.withElementType(i32), 40 + random.below(3),
                                    example);
  return b.compare(ComparePredicate::lt, bits, -0x1p30);
}

void Generator::addSelect() {
  Known left = pickExact(), right = pickLike(left);
  if (!right.exact)
    right = {b.constant(0.25, left.value.getType()), 0.25, true};
  auto predicate = ComparePredicate(2 + random.below(4)); // lt le gt ge
  Value condition = random.below(3) == 0 ? randomMask(tensorType(left.value))
                                         : b.compare(predicate, left.value, right.value);
  if (random.below(3) == 0)
    condition = NotOp::create(builder, loc, condition);
  Known x = pickLike(left), y = pickLike(left);
  keep(b.select(condition, x.value, y.value), std::max(x.bound, y.bound), x.exact && y.exact);
}

/// Through f64 and back.
void Generator::addWide() {
  Known x = pick();
  Value wide = b.convert(x.value, builder.getF64Type());
  keep(b.convert(b.sub(b.mul(wide, wide), wide), builder.getF32Type()),
       x.bound * x.bound + x.bound);
}

// ---- Reductions and contractions --------------------------------------------------------------

void Generator::addReduction() {
  Known x = pick();
  SizedTensorType type = tensorType(x.value);
  if (type.rank() == 0)
    return;
  SmallVector<int64_t> axes = randomAxes(type.rank());
  SmallVector<SizeAttr> reduced;
  for (int64_t axis : axes)
    reduced.push_back(type.getSizes()[axis]);
  switch (random.below(3)) {
  case 0: return keep(dividedBy(b.sum(x.value, axes), reduced), x.bound);
  case 1: return keep(ReduceMaxOp::create(builder, loc, x.value, axes), x.bound, x.exact);
  default: return keep(ReduceMinOp::create(builder, loc, x.value, axes), x.bound, x.exact);
  }
}

void Generator::addArgmax() {
  Known x = pickExact();
  if (tensorType(x.value).rank() == 0)
    return;
  Value position =
      ArgmaxOp::create(builder, loc, x.value, randomAxes(tensorType(x.value).rank()));
  // Sizes are below 300 in the checks.
  keep(b.mul(b.convert(position, builder.getF32Type()), 1.0 / 4096), 8, true);
}

/// Contracts two values over the axes whose sizes agree, each label used once.
void Generator::addContraction() {
  Known x = pick(), y = pick();
  ArrayRef<SizeAttr> left = tensorType(x.value).getSizes(), right = tensorType(y.value).getSizes();
  SmallVector<int64_t> lhs = llvm::to_vector(llvm::seq<int64_t>(0, left.size())), rhs;
  SmallVector<int64_t> out = lhs;
  SmallVector<SizeAttr> summed;
  for (SizeAttr size : right) {
    int64_t label = int64_t(left.size() + rhs.size());
    for (int64_t axis : lhs)
      if (left[axis] == size && !llvm::is_contained(rhs, axis) && random.below(4) > 0)
        label = axis;
    rhs.push_back(label);
    if (label >= int64_t(left.size()))
      out.push_back(label);
    else if (random.below(4) > 0) {
      llvm::erase(out, label);
      summed.push_back(size);
    }
  }
  if (out.size() > 3)
    return;
  Value product = b.contract(x.value, y.value, lhs, rhs, out);
  keep(summed.empty() ? product : dividedBy(product, summed), x.bound * y.bound);
}

// ---- Shapes -----------------------------------------------------------------------------------

void Generator::addBroadcast() {
  Known x = pick();
  SizedTensorType type = tensorType(x.value);
  if (type.rank() > 2)
    return;
  SmallVector<SizeAttr> sizes;
  SmallVector<int64_t> axes;
  int64_t before = random.below(type.rank() + 1); // the new axis comes before this one
  for (int64_t axis = 0; axis <= type.rank(); ++axis) {
    if (axis == before)
      sizes.push_back(randomSize());
    if (axis == type.rank())
      break;
    axes.push_back(sizes.size());
    sizes.push_back(type.getSizes()[axis]);
  }
  keep(b.broadcast(x.value, type.withSizes(sizes), axes), x.bound, x.exact);
}

void Generator::addTranspose() {
  Known x = pick();
  keep(b.transpose(x.value, randomPermutation(tensorType(x.value).rank())), x.bound, x.exact);
}

void Generator::addReshape() {
  Known x = pick();
  SmallVector<SizeAttr> sizes = llvm::to_vector(tensorType(x.value).getSizes());
  if (sizes.size() < 2 || random.below(2))
    sizes.insert(sizes.begin() + random.below(sizes.size() + 1), SizeAttr::constant(&context, 1));
  else
    sizes = {sizes[0].mul(sizes[1])};
  if (SizeAttr::product(&context, sizes) != tensorType(x.value).numElements() || sizes.size() > 3)
    return;
  keep(b.reshape(x.value, sizes), x.bound, x.exact);
}

void Generator::addIndices() {
  SizedTensorType type = randomType(1, 2);
  Value index = b.iota(type.withElementType(builder.getI32Type()), random.below(type.rank()));
  keep(b.mul(b.convert(index, builder.getF32Type()), 1.0 / 256), 2, true);
}

// ---- Moves ------------------------------------------------------------------------------------

/// A block that begins and ends at random along axes of constant size, and is whole along others.
void Generator::addSlice() {
  Known x = pick();
  SmallVector<SizeAttr> sizes(tensorType(x.value).getSizes()), starts;
  for (SizeAttr &size : sizes) {
    // n + 2 has 2 elements to spare, whatever n is.
    int64_t room = 0;
    for (MonomialAttr term : size.getTerms())
      if (term.getAtoms().empty())
        room = term.getCoefficient();
    int64_t cut = random.below(std::max<int64_t>(room, 0) + 1);
    starts.push_back(SizeAttr::constant(&context, random.below(cut + 1)));
    size = size.sub(SizeAttr::constant(&context, cut));
  }
  keep(b.slice(x.value, sizes, starts), x.bound, x.exact);
}

void Generator::addPad() {
  Known x = pick();
  SmallVector<SizeAttr> sizes(tensorType(x.value).getSizes()), low;
  for (SizeAttr &size : sizes) {
    int64_t more = random.below(3);
    low.push_back(SizeAttr::constant(&context, random.below(more + 1)));
    size = size.add(SizeAttr::constant(&context, more));
  }
  keep(b.pad(x.value, sizes, low), x.bound, x.exact);
}

void Generator::addConcat() {
  Known x = pick();
  int64_t rank = tensorType(x.value).rank();
  if (rank == 0)
    return;
  int64_t axis = random.below(rank);
  if (tensorType(x.value).getSizes()[axis].getTerms().size() > 2)
    return; // it grew before
  Known y = pickLike(x);
  SmallVector<Value> inputs{x.value, y.value};
  if (random.below(3) == 0)
    inputs.push_back(x.value);
  keep(b.concat(inputs, axis), std::max(x.bound, y.bound), x.exact && y.exact);
}

void Generator::addReverse() {
  Known x = pick();
  if (tensorType(x.value).rank() == 0)
    return;
  keep(ReverseOp::create(builder, loc, x.value, randomAxes(tensorType(x.value).rank())), x.bound,
       x.exact);
}

Value Generator::randomIds(ArrayRef<SizeAttr> first, int64_t extent) {
  mlir::Type i32 = builder.getI32Type();
  SmallVector<SizeAttr> sizes(first);
  for (int64_t more = random.below(3); more > 0; --more)
    sizes.push_back(randomSize());
  auto type = SizedTensorType::get(i32, sizes);
  // From a value without rounding, so that the same elements are picked at any precision.
  Value x = pickExact().value;
  if (int64_t rank = tensorType(x).rank())
    x = ReduceMaxOp::create(builder, loc, x, llvm::to_vector(llvm::seq<int64_t>(0, rank)));
  Value ids = b.broadcast(b.convert(x, i32), type, {});
  if (type.rank() > 0)
    ids = b.add(ids, b.iota(type, random.below(type.rank())));
  return b.max(b.min(ids, b.scalar(double(extent - 1), i32)), b.scalar(0, i32));
}

void Generator::addGather() {
  Known x = pick();
  ArrayRef<SizeAttr> sizes = tensorType(x.value).getSizes();
  for (auto [axis, size] : llvm::enumerate(sizes))
    if (std::optional<int64_t> extent = size.getConstant(); extent && *extent > 0) {
      Value ids = randomIds(sizes.take_front(axis), *extent);
      if (tensorType(ids).rank() + int64_t(sizes.size() - axis) - 1 <= 3)
        keep(b.gather(x.value, ids, axis), x.bound, x.exact);
      return;
    }
}

/// Sends the first axes of a value to a few places.
void Generator::addScatter() {
  Known x = pick();
  ArrayRef<SizeAttr> sizes = tensorType(x.value).getSizes();
  int64_t sent = random.below(sizes.size() + 1), places = 1 + random.below(5);
  auto type = SizedTensorType::get(builder.getI32Type(), sizes.take_front(sent));
  Value ids = b.broadcast(b.scalar(double(random.below(places)), builder.getI32Type()), type, {});
  if (sent > 0)
    ids = b.min(b.add(ids, b.iota(type, random.below(sent))),
                b.scalar(double(places - 1), builder.getI32Type()));
  SmallVector<SizeAttr> result{SizeAttr::constant(&context, places)};
  llvm::append_range(result, sizes.drop_front(sent));
  Value sum = b.scatterAdd(x.value, ids, 0, result);
  keep(sent > 0 ? dividedBy(sum, sizes.take_front(sent)) : sum, x.bound);
}

// ---- The module -------------------------------------------------------------------------------

void Generator::makeParameter(unsigned index) {
  SmallVector<SizeAttr> sizes;
  for (int64_t rank = 1 + random.below(2); rank > 0; --rank)
    sizes.push_back(SizeAttr::constant(&context, random.below(2) ? 3 : 8));
  auto type = SizedTensorType::get(builder.getF32Type(), sizes);
  std::string path = "p" + std::to_string(index);
  {
    OpBuilder::InsertionGuard guard(builder);
    builder.setInsertionPoint(builder.getInsertionBlock()->getParentOp());
    ParamOp::create(builder, loc, builder.getStringAttr(path), TypeAttr::get(type),
                    InitAttr::get(&context, "uniform", -0.5, 0.5), UnitAttr());
  }
  known.push_back({b.read(path, type), 0.5, true});
}

OwningOpRef<ModuleOp> Generator::make() {
  OwningOpRef<ModuleOp> module = ModuleOp::create(builder, loc);
  builder.setInsertionPointToEnd(module->getBody());

  auto n = SizeAttr::symbol(&context, "n"), m = SizeAttr::symbol(&context, "m");
  SmallVector<Type> arguments{SizedTensorType::get(builder.getF32Type(), {n, m})};
  for (int64_t more = 1 + random.below(3); more > 0; --more)
    arguments.push_back(randomType(0, 3));
  auto named = [&](StringRef name) {
    return builder.getDictionaryAttr(
        builder.getNamedAttr("graph.name", builder.getStringAttr(name)));
  };

  OperationState state(loc, FuncOp::getOperationName());
  Region *body = state.addRegion();
  Block &block = body->emplaceBlock();
  SmallVector<Attribute> argumentNames;
  for (auto [i, type] : llvm::enumerate(arguments)) {
    known.push_back({block.addArgument(type, loc), 3, true});
    argumentNames.push_back(named("x" + std::to_string(i)));
  }
  state.addAttribute("sym_name", builder.getStringAttr("random"));
  state.addAttribute("arg_attrs", builder.getArrayAttr(argumentNames));
  state.addAttribute(sizesAttrName, builder.getStrArrayAttr({"n", "m"}));
  state.addAttribute("function_type", TypeAttr::get(builder.getFunctionType(arguments, {})));
  auto function = cast<FuncOp>(builder.create(state));

  builder.setInsertionPointToEnd(&function.getBody().front());
  for (int64_t i = random.below(3); i > 0; --i)
    makeParameter(i);
  static const Step steps[] = {
      &Generator::addUnary,       &Generator::addUnary,     &Generator::addBinary,
      &Generator::addBinary,      &Generator::addDivision,  &Generator::addJump,
      &Generator::addSelect,      &Generator::addReduction, &Generator::addReduction,
      &Generator::addArgmax,      &Generator::addWide,      &Generator::addContraction,
      &Generator::addContraction, &Generator::addBroadcast, &Generator::addTranspose,
      &Generator::addReshape,     &Generator::addIndices,   &Generator::addSlice,
      &Generator::addPad,         &Generator::addConcat,    &Generator::addReverse,
      &Generator::addGather,      &Generator::addScatter};
  for (int64_t count = 5 + random.below(15); count > 0; --count)
    (this->*steps[random.below(std::size(steps))])();

  // The last value, and one or two others.
  SmallVector<Value> results{known.back().value};
  for (int64_t more = random.below(3); more > 0; --more)
    results.push_back(pick().value);
  SmallVector<Attribute> resultNames;
  for (size_t i = 0; i < results.size(); ++i)
    resultNames.push_back(named("y" + std::to_string(i)));
  function.setFunctionType(builder.getFunctionType(arguments, ValueRange(results).getTypes()));
  function.setResAttrsAttr(builder.getArrayAttr(resultNames));
  ReturnOp::create(builder, loc, results);
  return module;
}

OwningOpRef<ModuleOp> makeRandomGraph(MLIRContext &context, uint64_t seed) {
  return Generator(context, seed).make();
}

} // namespace tenon::oracle
