// The table of what fuses with what.
//
//   producer    | elementwise of its shape | elementwise of its row shape | reduction of its shape
//   pointwise   | joins                    | -                            | joins: becomes rows, or columns if nothing escapes
//   rows        | joins                    | joins                        | joins, over the same axes
//   columns     | -                        | joins                        | -
//   contract    | joins                    | -                            | -
//   scatter     | -                        | -                            | -
//
// A value of the row shape reaches ops of the full shape by a broadcast along the reduced axes; a
// value of the full shape reaches them directly. Contractions and scatters always start a kernel. A pointwise
// group that only one other group of its shape, or row shape, reads is taken over by that group.
// Whether a contraction computes an operand that a pointwise group gives it is a question of sizes:
// Operands.cpp and InlineProducers.cpp.
#include "compiler/fusion/Grouping.h"

using namespace mlir;
using namespace tenon;
using namespace tenon::fusion;
using fuse::Anchor;
using graph::FusionKind;
using graph::SizeAttr;

static FusionKind kindOf(Operation *op) {
  return cast<graph::FusionInterface>(op).getFusionKind();
}

static ArrayRef<SizeAttr> shapeOf(Value value) { return graph::tensorType(value).getSizes(); }

SmallVector<SizeAttr> Group::rowShape() const {
  SmallVector<SizeAttr> kept;
  for (auto [axis, size] : llvm::enumerate(shape))
    if (!llvm::is_contained(reduced, int64_t(axis)))
      kept.push_back(size);
  return kept;
}

bool fusion::isCloned(Operation *op) {
  FusionKind kind = kindOf(op);
  return kind == FusionKind::Source || kind == FusionKind::IndexMap || kind == FusionKind::Move;
}

bool fusion::readsMemory(Operation *op) {
  FusionKind kind = kindOf(op);
  return kind == FusionKind::View || kind == FusionKind::Program || startsKernel(op);
}

bool fusion::startsKernel(Operation *op) {
  FusionKind kind = kindOf(op);
  return kind == FusionKind::Contraction || kind == FusionKind::Scatter;
}

static Anchor anchorOf(ArrayRef<int64_t> reduced, int64_t rank) {
  bool trailing = reduced.front() == rank - int64_t(reduced.size());
  bool leading = reduced.back() == int64_t(reduced.size()) - 1;
  // Other axes are a strided case of rows.
  return leading && !trailing ? Anchor::columns : Anchor::rows;
}

Group fusion::startGroup(Operation *op) {
  Group group;
  group.ops.push_back(op);
  group.shape = shapeOf(op->getResult(0));
  if (kindOf(op) == FusionKind::Contraction)
    group.anchor = Anchor::contract;
  if (kindOf(op) == FusionKind::Scatter)
    group.anchor = Anchor::scatter;
  if (auto reduction = dyn_cast<graph::ReductionInterface>(op)) {
    group.shape = shapeOf(op->getOperand(0));
    group.reduced = llvm::to_vector(reduction.getReducedAxes());
    group.anchor = anchorOf(group.reduced, group.shape.size());
  }
  return group;
}

/// Is a member of the group behind `value`, looked at through cloned ops?
static bool readsMember(const Group &group, Value value) {
  Operation *def = value.getDefiningOp();
  if (!def || !isCloned(def))
    return def && group.contains(def);
  return llvm::any_of(def->getOperands(),
                      [&](Value operand) { return readsMember(group, operand); });
}

/// Do index maps between a member of the group and `value` only repeat row values along the
/// reduced axes? True as well when no member is behind `value`.
static bool reachesByRowBroadcast(const Group &group, Value value) {
  SmallVector<graph::IndexMapInterface> maps;
  Operation *def = value.getDefiningOp();
  for (; def && isCloned(def); def = maps.back()->getOperand(0).getDefiningOp()) {
    if (def->getNumOperands() == 0)
      return true;
    if (kindOf(def) == FusionKind::Move) // reads at indices that may be computed later
      return !readsMember(group, value);
    maps.push_back(cast<graph::IndexMapInterface>(def));
  }
  if (maps.empty() || !def || !group.contains(def))
    return true;
  SmallVector<int64_t> kept;
  for (int64_t axis = 0, rank = group.shape.size(); axis < rank; ++axis)
    if (!llvm::is_contained(group.reduced, axis))
      kept.push_back(axis);
  return group.anchor == Anchor::rows && maps.size() == 1 && shapeOf(value) == group.shape &&
         shapeOf(def->getResult(0)) == ArrayRef<SizeAttr>(group.rowShape()) &&
         maps[0].getOperandAxes() == kept;
}

/// Is every value of the group used only by the group itself or where `alsoInside` says?
static bool nothingEscapes(const Group &group, function_ref<bool(Operation *)> alsoInside) {
  return llvm::all_of(group.ops, [&](Operation *member) {
    return llvm::all_of(member->getUsers(), [&](Operation *user) {
      return alsoInside(user) || group.contains(user);
    });
  });
}

bool fusion::canAbsorb(const Group &source, const Group &target) {
  bool row = !target.reduced.empty() && source.shape == ArrayRef<SizeAttr>(target.rowShape());
  return source.anchor == Anchor::pointwise && (source.shape == target.shape || row) &&
         nothingEscapes(source, [&](Operation *user) { return target.contains(user); });
}

static constexpr StringLiteral kNotComplete =
    "what that kernel computes is complete only when all of its tiles are";

bool fusion::canJoin(const Group &group, Operation *op, Group &joined, StringRef &reason) {
  FusionKind kind = kindOf(op);
  reason = "it reads that kernel's values at other indices";
  if (!llvm::all_of(op->getOperands(),
                    [&](Value operand) { return reachesByRowBroadcast(group, operand); }))
    return false;
  joined = group;

  if (kind == FusionKind::Elementwise) {
    // Of the shapes in the table it has one: that of the values it reads.
    reason = kNotComplete;
    return group.anchor != Anchor::scatter;
  }

  auto reduction = dyn_cast<graph::ReductionInterface>(op);
  reason = "it reduces another shape than that kernel computes";
  if (!reduction || shapeOf(op->getOperand(0)) != group.shape)
    return false;
  ArrayRef<int64_t> axes = reduction.getReducedAxes();
  reason = "a kernel reduces one set of axes";
  if (group.anchor == Anchor::rows)
    return axes == ArrayRef<int64_t>(group.reduced);
  reason = kNotComplete;
  if (group.anchor != Anchor::pointwise)
    return false;
  reason = "a reduction over columns takes over what it reads only if nothing else reads it";
  joined.anchor = anchorOf(axes, group.shape.size());
  joined.reduced = llvm::to_vector(axes);
  return joined.anchor == Anchor::rows ||
         nothingEscapes(group, [&](Operation *user) { return user == op; });
}
