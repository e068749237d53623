// Which parameters lie in panels.
//
// A contraction wants its matrix of weights in panels along the axis that the result keeps, which is
// the lanes of its vectors: then the micro-kernel reads the weights where they lie. The forward pass
// keeps the outputs of y = x W^T, the backward pass the inputs of dx = dy W. What lies otherwise is
// copied into panels by every call, which counts little only if many rows share the copy; a copy
// that has to transpose costs about twice as much as one that does not. With a single row nothing is
// copied, but panels are read in one stream and rows in several. Where lanes run along the other
// operand, y = W x, single elements of the weights are read: of rows that lie one after the other
// faster than of panels, of which a register tile takes a part of every cache line.
#include "compiler/fusion/Operands.h"
#include "compiler/fusion/Passes.h"
#include "dialects/graph/SizeHints.h"
#include "mlir/IR/SymbolTable.h"
#include <cmath>

namespace tenon::fusion {
#define GEN_PASS_DEF_CHOOSELAYOUTS
#include "compiler/fusion/Passes.h.inc"
} // namespace tenon::fusion

using namespace mlir;
using namespace tenon;
using fuse::LayoutAttr;
using fuse::LayoutKind;
using graph::FusionKind;

namespace {

/// Fewer elements than this are copied in no time, or are mostly padding.
constexpr int64_t kFewestElements = 512;
/// Rows that share a copy, as far as the batch is not known.
constexpr int64_t kUnknownRows = 32;
/// A copy is shared by at most about this many rows.
constexpr int64_t kRowsPerCopy = 128;

/// What it costs all entries to read a matrix in each layout, in copied elements.
struct Cost {
  double rowMajor = 0, packed = 0, transposed = 0;
};

/// The uses of all declarations of a module.
class Uses {
public:
  explicit Uses(ModuleOp module) {
    module.walk([&](Operation *op) {
      if (auto read = dyn_cast<graph::ReadOp>(op))
        reads[read.getPathAttr().getAttr()].push_back(read);
      else if (auto write = dyn_cast<graph::WriteOp>(op))
        writes[write.getPathAttr().getAttr()].push_back(write);
    });
  }

  /// Is every value that is read or written at `path` one that kernels read and make? Reshapes,
  /// results of entries and copies want row-major memory.
  bool mayBePacked(StringAttr path) const {
    auto isInKernel = [](Operation *user) {
      auto op = dyn_cast<graph::FusionInterface>(user);
      if (!op)
        return false;
      FusionKind kind = op.getFusionKind();
      return kind == FusionKind::Elementwise || kind == FusionKind::Contraction ||
             kind == FusionKind::Reduction || kind == FusionKind::IndexMap;
    };
    for (graph::ReadOp read : reads.lookup(path))
      if (!llvm::all_of(read.getY().getUsers(), isInKernel))
        return false;
    for (graph::WriteOp write : writes.lookup(path)) {
      auto def = write.getX().getDefiningOp<graph::FusionInterface>();
      if (!def || (def.getFusionKind() != FusionKind::Elementwise &&
                   def.getFusionKind() != FusionKind::Contraction))
        return false;
      for (Operation *user : write.getX().getUsers())
        if (user != write && !isInKernel(user))
          return false;
    }
    return true;
  }

  void addCost(StringAttr path, Cost &cost) const {
    for (graph::ReadOp read : reads.lookup(path))
      for (Operation *user : read.getY().getUsers())
        if (auto contraction = dyn_cast<graph::ContractOp>(user))
          addContraction(contraction, read.getY(), cost);
  }

private:
  static void addContraction(graph::ContractOp contraction, Value matrix, Cost &cost) {
    ArrayRef<int64_t> labels = contraction.getLhs(), others = contraction.getRhs();
    Value other = contraction.getB();
    if (contraction.getA() != matrix) {
      std::swap(labels, others);
      other = contraction.getA();
    } else if (other == matrix) {
      return;
    }
    ArrayRef<int64_t> out = contraction.getOut();
    bool keepsRows = llvm::is_contained(out, labels[0]);
    bool keepsColumns = llvm::is_contained(out, labels[1]);
    if (keepsRows == keepsColumns)
      return;
    double rows = 1;
    for (auto [label, size] : llvm::zip(others, graph::tensorType(other).getSizes()))
      if (llvm::is_contained(out, label))
        rows *= expected(contraction, size);
    double copies = std::ceil(rows / kRowsPerCopy);
    // Of an element: copied one by one, with a transpose, as it lies; read in panels, not copied.
    constexpr double oneByOne = 2, transposing = 1, plain = 0.5, inPanels = 0.1;
    if (isLeftOperand(contraction, others)) {
      cost.rowMajor += keepsRows ? 0 : copies * plain;
      cost.packed += copies * (keepsRows ? inPanels : oneByOne);
      cost.transposed += copies * (keepsRows ? oneByOne : inPanels);
    } else if (keepsRows) {
      cost.rowMajor += copies * transposing;
      cost.transposed += copies * transposing;
    } else {
      cost.rowMajor += copies * plain;
      cost.packed += copies * transposing;
    }
  }

  /// Do lanes run along the other operand, so that single elements of the matrix are read?
  static bool isLeftOperand(graph::ContractOp contraction, ArrayRef<int64_t> others) {
    int64_t axis = fusion::innermostAxis(graph::tensorType(contraction.getY()).getSizes());
    return axis >= 0 && llvm::is_contained(others, contraction.getOut()[axis]);
  }

  static double expected(Operation *op, graph::SizeAttr size) {
    auto entry = op->getParentOfType<graph::FuncOp>();
    std::optional<int64_t> value = size.evaluate([&](StringRef name) -> std::optional<int64_t> {
      return entry ? graph::sizeHint(entry, name).value_or(kUnknownRows) : kUnknownRows;
    });
    return value.value_or(kUnknownRows);
  }

  DenseMap<StringAttr, SmallVector<graph::ReadOp>> reads;
  DenseMap<StringAttr, SmallVector<graph::WriteOp>> writes;
};

struct ChooseLayouts : fusion::impl::ChooseLayoutsBase<ChooseLayouts> {
  using ChooseLayoutsBase::ChooseLayoutsBase;

  void runOnOperation() override {
    if (layouts == "row-major")
      return;
    Uses uses(getOperation());
    for (auto param : getOperation().getOps<graph::ParamOp>()) {
      auto type = cast<graph::SizedTensorType>(param.getType());
      if (type.rank() != 2 || !type.getElementType().isF32())
        continue;
      SmallVector<Operation *> family = familyOf(param);
      if (!llvm::all_of(family, [&](Operation *member) {
            return uses.mayBePacked(SymbolTable::getSymbolName(member));
          }))
        continue;
      if (LayoutAttr layout = choose(param, type, family, uses))
        for (Operation *member : family)
          member->setAttr(fuse::kLayoutAttrName, layout);
    }
  }

  /// The parameter and the states that belong to it.
  SmallVector<Operation *> familyOf(graph::ParamOp param) {
    SmallVector<Operation *> family{param};
    std::string suffix = ("." + param.getSymName()).str();
    for (auto state : getOperation().getOps<graph::StateOp>())
      if (state.getSymName().ends_with(suffix) && state.getType() == param.getType())
        family.push_back(state);
    return family;
  }

  LayoutAttr choose(graph::ParamOp param, graph::SizedTensorType type,
                    ArrayRef<Operation *> family, const Uses &uses) {
    auto packed = LayoutAttr::get(&getContext(), LayoutKind::packed, lanes);
    auto transposed = LayoutAttr::get(&getContext(), LayoutKind::packed_transposed, lanes);
    if (layouts == "packed")
      return packed;
    if (layouts == "packed-transposed")
      return transposed;
    Cost cost;
    for (Operation *member : family)
      uses.addCost(SymbolTable::getSymbolName(member), cost);
    int64_t rows = *type.getSizes()[0].getConstant(), columns = *type.getSizes()[1].getConstant();
    if (rows * columns < kFewestElements)
      return {};
    // Else most of the panel would be padding.
    bool mayPack = rows >= lanes, mayTranspose = columns >= lanes;
    if (mayPack && cost.packed < cost.rowMajor && (!mayTranspose || cost.packed <= cost.transposed))
      return packed;
    if (mayTranspose && cost.transposed < cost.rowMajor)
      return transposed;
    return {};
  }
};

} // namespace
