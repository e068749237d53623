// What makes random programs: the state of one under construction, and the steps by which it grows.
// Steps are in files of their families: RandomElementwise, RandomSums, RandomLayers, RandomMoves.
#ifndef TENON_TESTS_ORACLE_RANDOMGENERATOR_H
#define TENON_TESTS_ORACLE_RANDOMGENERATOR_H

#include "tests/oracle/RandomGraphs.h"

namespace tenon::oracle {

/// An f32 value of the graph and what is known of it.
struct Known {
  mlir::Value value;
  double bound; ///< of its absolute value
  bool exact;   ///< computed from inputs without rounding
};

class RandomGenerator {
public:
  RandomGenerator(mlir::MLIRContext &context, uint64_t seed)
      : context(context), random(seed), builder(&context), loc(mlir::UnknownLoc::get(&context)),
        b(builder, loc) {}

  mlir::OwningOpRef<mlir::ModuleOp> make();

private:
  using Value = mlir::Value;
  using Type = graph::SizedTensorType;
  using Axes = llvm::SmallVector<int64_t>;
  using Step = void (RandomGenerator::*)();

  // ---- The frame --------------------------------------------------------------------------------

  graph::FuncOp makeFunction();
  /// Declares a parameter of constant sizes and reads it.
  Known makeParameter(llvm::ArrayRef<int64_t> sizes);
  void returnResults(graph::FuncOp function);
  void addSteps();
  void layOutParameters(mlir::ModuleOp module);

  // ---- Steps: each adds one or a few ops whose result joins `known` -------------------------------

  void addUnary();
  void addBinary();
  void addDivision();
  void addJump();
  void addSelect();
  void addWide();
  void addUniform();

  void addReduction();
  void addArgmax();
  void addSoftmax();
  void addNormalised();
  void addContraction();
  void addLayer();

  void addBroadcast();
  void addTranspose();
  void addReshape();
  void addIndices();
  void addSlice();
  void addPad();
  void addConcat();
  void addReverse();
  void addGather();
  void addScatter();

  // ---- What steps are made of -------------------------------------------------------------------

  mlir::Attribute nameAttr(llvm::StringRef name) {
    return builder.getDictionaryAttr(
        builder.getNamedAttr("graph.name", builder.getStringAttr(name)));
  }
  graph::SizeAttr constant(int64_t size) { return graph::SizeAttr::constant(&context, size); }
  graph::SizeAttr randomSize();
  Type randomType(int64_t minRank, int64_t maxRank);
  Axes randomAxes(int64_t rank);
  Axes randomPermutation(int64_t rank);
  /// Indices below `extent`, of some shape of these first axes.
  Value randomIds(llvm::ArrayRef<graph::SizeAttr> first, int64_t extent);
  Value randomBits(Type type);
  /// True in every fourth place or so.
  Value randomMask(Type type);

  Known pick();
  Known pickExact();
  /// A value of the same type as `like`, broadcast or made up if there is none.
  Known pickLike(const Known &like);
  /// Scales a value so that it stays within `limit`.
  Known within(Known x, double limit);
  void keep(Known x) { known.push_back(within(x, 8)); }
  void keep(Value value, double bound, bool exact = false) { keep({value, bound, exact}); }
  /// Divides by a product of sizes: what makes a sum a mean. A sum over nothing stays 0.
  Value dividedBy(Value sum, llvm::ArrayRef<graph::SizeAttr> sizes);
  Value mean(Value x, llvm::ArrayRef<int64_t> axes);
  /// A value reduced over some axes of `like`, in every element along them.
  Value spread(Value reduced, Value like, llvm::ArrayRef<int64_t> axes);
  /// One or two ops on every element, as they follow a contraction: a bias, a residual, an
  /// activation, a mask.
  Known epilogue(Known y);
  Known bias(Known y);

  mlir::MLIRContext &context;
  Random random;
  mlir::OpBuilder builder;
  mlir::Location loc;
  graph::GraphBuilder b;
  std::vector<Known> known;
  std::vector<Known> parameters;
};

} // namespace tenon::oracle

#endif
