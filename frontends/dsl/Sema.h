//===- Sema.h - Checks a program and emits it -------------------*- C++ -*-===//
//
// One pass does both: it evaluates the program at compile time, and evaluating a tensor operation
// emits it. Functions are inlined, static loops unrolled. Private to this folder; the interface is
// Compile.h. The methods are defined in Sema<Subject>.cpp and Emit<Subject>.cpp.
//
//===----------------------------------------------------------------------===//

#ifndef TENON_FRONTENDS_DSL_SEMA_H
#define TENON_FRONTENDS_DSL_SEMA_H

#include "frontends/dsl/Compile.h"
#include "frontends/dsl/SemaRemat.h"
#include "frontends/dsl/SemaScope.h"
#include "llvm/ADT/DenseSet.h"

#include <deque>
#include <map>
#include <set>

namespace tenon::dsl::sema {

namespace limits {
constexpr unsigned operations = 100'000; // emitted for one program
constexpr unsigned evaluations = 3'000'000;
constexpr unsigned depth = 1000;   // of expressions and calls together
constexpr unsigned calls = 64;     // functions inlined into each other
constexpr unsigned instances = 64; // modules inside modules
constexpr int64_t iterations = 100'000;
} // namespace limits

/// An argument after evaluation.
struct Argument {
  llvm::StringRef name; // empty for a positional one
  Value value;
  SourceRange range;
  SourceRange nameRange;
  const ast::Expr *expr; // or null
};

/// A call that is a setting, known by its place: `csv("a.csv", header: false)`.
struct SettingForm {
  llvm::StringRef name;
  std::vector<llvm::StringRef> parameters;
  bool isPlanned = false; // in the language, not in this compiler yet
};

/// Which values of a number make sense.
enum class NumberRange { AtLeastZero, BelowOne, BetweenZeroAndOne, Positive, UpToOne, PartOfPeak };

/// An argument of a setting that is a number.
struct NumberSetting {
  llvm::StringRef name;
  NumberRange range;
  double value; // when it is left out
};

/// Such a call with its arguments, which stay expressions.
struct SettingCall {
  llvm::StringRef name;
  SourceRange range;
  std::map<llvm::StringRef, const ast::Expr *> arguments;

  const ast::Expr *get(llvm::StringRef argument) const {
    auto it = arguments.find(argument);
    return it == arguments.end() ? nullptr : it->second;
  }
};

/// A `data` block as far as others need it.
struct DataBlock {
  const ast::DataDecl *decl;
  struct Field {
    llvm::StringRef name;
    graph::SizedTensorType type; // with the batch axis
    Axes axes;
    SourceRange place;
    /// How the field was scaled, for `predict … like`.
    enum class Scaling { None, Standardize, MinMax, Other } scaling = Scaling::None;
    std::string fit;
    int64_t columns = 0;
    double low = 0, high = 1;
  };
  std::vector<Field> fields;
  bool hasSource = false;
  std::vector<std::string> splits;
  const Field *field(llvm::StringRef name) const;
};

class Sema {
public:
  Sema(mlir::MLIRContext &context, const SourceFile &source, const CompileOptions &options,
       DiagnosticEngine &diags);
  /// Null after an error.
  mlir::OwningOpRef<mlir::ModuleOp> run();

private:
  //===--- Reporting (SemaReport.cpp) -------------------------------------===//

  /// Reports once per place and kind. Inside the library the place is the user's call.
  template <typename... Args> Diagnostic &report(diag id, SourceRange range, Args &&...args) {
    SourceRange at = isLibrarys(range) ? userRange : range;
    if (isRepeated(id, at))
      return *repeated;
    return explain(diags.report(id, at, std::forward<Args>(args)...), range);
  }
  bool isRepeated(diag id, SourceRange at);
  /// Says which library function an error was found in.
  Diagnostic &explain(Diagnostic &d, SourceRange range);
  bool isLibrarys(SourceRange range) const;
  bool isUsers(SourceRange range) const { return range.file == &source; }
  /// The range itself, or the user's place that led to it.
  SourceRange visible(SourceRange range) const { return isUsers(range) ? range : userRange; }
  static std::string place(SourceRange range); // "3:23"
  Value notSupported(SourceRange range, llvm::Twine what);
  mlir::Location loc() const;
  mlir::Location loc(SourceRange range) const;

  //===--- Program (SemaProgram.cpp) --------------------------------------===//

  void loadFile(FileScope &scope, const SourceFile &text);
  void checkTopLevelNames();
  void instantiateModels();
  Instance *buildModel(const ast::ModuleDecl *decl, bool several);
  /// Every `fn` that nothing evaluated so far, on its own.
  void checkRemaining();
  void checkModule(const ast::ModuleDecl *decl);
  bool claimSymbol(llvm::StringRef name, SourceRange place, llvm::StringRef what);

  //===--- -D (SemaDefines.cpp) -------------------------------------------===//

  struct Define {
    std::unique_ptr<ast::File> file;
    const ast::Expr *value;
    SourceRange place;
    bool used = false;
  };
  void readDefines();
  /// The value given with -D for a dotted name, or null.
  const ast::Expr *define(const llvm::Twine &name);
  void checkUnusedDefines();

  //===--- Names (SemaNames.cpp) ------------------------------------------===//

  Value evaluateName(const ast::Name &name);
  /// Nothing when the name is unknown; no error then.
  std::optional<Value> lookup(llvm::StringRef name, SourceRange range);
  std::optional<Value> lookupMember(Instance *instance, llvm::StringRef name);
  std::optional<Value> lookupInFile(const FileScope &file, llvm::StringRef name, SourceRange range);
  Value evaluateConstant(const FileScope &file, const ast::ConstantDecl *decl);
  bool reportCycle(const ast::Decl *decl, const ast::Name &name);
  Value unknownName(llvm::StringRef name, SourceRange range);
  std::vector<std::string> visibleNames() const;
  /// The candidate a reader would take `name` for, or empty.
  static std::string closest(llvm::StringRef name, llvm::ArrayRef<std::string> candidates);
  /// Reports a local, parameter or loop variable that hides a name of the module.
  bool checkHiding(const ast::Name &name, llvm::StringRef what);
  void bind(const ast::Name &name, Value value, llvm::StringRef what);

  //===--- Expressions (SemaExpr.cpp) -------------------------------------===//

  Value evaluate(const ast::Expr *expr);
  Value evaluateKind(const ast::Expr *expr);
  Value evaluateNumber(const ast::NumberExpr *expr);
  Value evaluateConvert(const ast::ConvertExpr *expr);
  Value evaluateList(const ast::ListExpr *expr);
  Value evaluateComprehension(const ast::ComprehensionExpr *expr);
  Value evaluateIf(const ast::IfExpr *expr);
  Value evaluateMember(const ast::MemberExpr *expr);
  Value evaluateRange(const ast::RangeExpr *expr);
  Value evaluateUnary(const ast::UnaryExpr *expr);
  Value evaluateBinary(const ast::BinaryExpr *expr);
  Value evaluateLogical(const ast::BinaryExpr *expr);
  Value evaluateCompare(const ast::BinaryExpr *expr);
  Value evaluatePower(const ast::BinaryExpr *expr);
  /// Nothing for an operator that does not compare.
  static std::optional<graph::ComparePredicate> predicate(ast::BinaryExpr::Op op);
  /// A variable is read, everything else stays.
  Value read(Value value);
  /// The elements a static `for` runs over; nothing after an error.
  std::optional<std::vector<Value>> sequence(const ast::Expr *expr);

  //===--- What is known at compile time (SemaStatic.cpp) -----------------===//

  Value staticArithmetic(const ast::BinaryExpr *expr, const Value &left, const Value &right);
  Value staticPower(const ast::BinaryExpr *expr, const Value &base, const Value &exponent);
  std::optional<bool> staticCompare(const ast::BinaryExpr *expr, const Value &left,
                                    const Value &right);
  /// The value of a condition; nothing after an error.
  std::optional<bool> condition(const ast::Expr *expr, llvm::StringRef keyword);
  std::optional<int64_t> staticInt(const ast::Expr *expr, llvm::StringRef what);
  std::optional<double> staticFloat(const ast::Expr *expr, llvm::StringRef what);
  std::optional<bool> staticBool(const ast::Expr *expr, llvm::StringRef what);
  std::optional<std::string> staticString(const ast::Expr *expr, llvm::StringRef what);
  /// Reports that `what` must be `wanted` and got `value`.
  void wrongKind(SourceRange range, llvm::StringRef what, llvm::StringRef wanted,
                 const Value &value);

  //===--- Statements (SemaStmt.cpp) --------------------------------------===//

  /// What a block returned, if it did.
  std::optional<Value> execute(const ast::Block *block);
  std::optional<Value> execute(const ast::Stmt *stmt);
  void executeAssign(const ast::AssignStmt *stmt);
  std::optional<Value> executeFor(const ast::ForStmt *stmt);
  std::optional<Value> executeIf(const ast::IfStmt *stmt);
  /// False when it is known not to be met: then what follows would only repeat the error.
  bool require(const ast::Expr *condition, const ast::RequireStmt *stmt);
  Value evaluateValues(llvm::ArrayRef<ast::Expr *> values);
  void executeUpdate(const ast::UpdateStmt *stmt);
  /// The value of `name: type = value`; poison when it is of another type.
  Value checkDeclared(const ast::Name &name, const ast::Type *type, Value value, SourceRange range);

  //===--- Types and sizes (SemaTypes.cpp) --------------------------------===//

  mlir::Type elementType(ast::ElementType type, SourceRange range);
  graph::SizeAttr evaluateSize(const ast::Expr *expr);
  /// Resolves a type whose names are all bound; null after an error.
  graph::SizedTensorType resolveType(const ast::Type *type, Axes *axes = nullptr);
  /// The name of a dim that is a size nobody bound yet, or null.
  const ast::Name *unboundName(const ast::Dim &dim);
  Axis axisOf(const ast::Dim &dim);
  const Origin *originOf(const Instance &instance, const Bound &hyper);
  /// The type as the function declares it, with the values of hyper-parameters.
  std::string declared(const ast::Type *type);
  /// Reports a type whose bytes do not fit in 64 bits.
  bool checkBytes(graph::SizedTensorType type, SourceRange place);
  bool isUnsure(graph::SizeAttr size) const;
  /// Whether two sizes are equal, or cannot be told apart in a symbolic check.
  bool sameSize(graph::SizeAttr a, graph::SizeAttr b) const;
  void noteSizes(Diagnostic &d, graph::SizedTensorType type, llvm::ArrayRef<Axis> axes,
                 llvm::ArrayRef<graph::SizeAttr> expected);

  //===--- Calls (SemaCalls.cpp, SemaParameters.cpp) ----------------------===//

  Value evaluateCall(const ast::CallExpr *expr);
  std::vector<Argument> evaluateArguments(const ast::Args &args);
  Value call(const Function &function, const ast::CallExpr *expr);
  Value inlineFn(const Function &function, std::vector<Argument> arguments, SourceRange range,
                 SourceRange callee);
  bool bindArguments(const Function &function, std::vector<Argument> &arguments, SourceRange range,
                     SourceRange callee);
  bool bindTensor(const Function &function, const ast::Param &param, const ast::Name &name,
                  Argument &argument, SourceRange callee, llvm::ArrayRef<Argument> all);
  bool bindStatic(const Function &function, const ast::Param &param, const ast::Name &name,
                  Argument &argument, llvm::ArrayRef<Argument> all);
  void declareArgumentSizes(const ast::Param &param, const Argument &argument);
  /// Reports an argument whose type is not the parameter's; false.
  bool reportArgument(const Function &function, const ast::Param &param, const Argument &argument,
                      llvm::ArrayRef<graph::SizeAttr> expected, SourceRange callee);
  void noteExpectation(Diagnostic &d, const Function &function, const ast::Type *type,
                       const Tensor &tensor, llvm::ArrayRef<graph::SizeAttr> expected);
  bool checkResultNames(const ast::FnDecl *decl);
  Value runBody(const Function &function);
  Value checkResults(const Function &function, Value result, SourceRange range);
  Value checkResult(const Function &function, const ast::Result &result, Value value,
                    SourceRange range);
  Value matchResult(const Function &function, const ast::Type *type, const Tensor &tensor,
                    SourceRange range);
  Axis resultAxis(const ast::Dim &dim);
  /// A number as a tensor of a type; the value itself if it is one already.
  Value materialize(const Value &value, graph::SizedTensorType type, SourceRange range);
  bool fitsStatic(const ast::StaticType *type, Value &value);
  static std::string spelling(const ast::StaticType *type);

  //===--- Axes (SemaAxes.cpp) --------------------------------------------===//

  /// The axes an expression names in `of`, ascending; Absent stays. Poison after an error.
  Value evaluateAxes(const ast::Expr *expr, const Value &of);
  std::optional<int64_t> evaluateAxis(const ast::Expr *expr, const Tensor &of);
  std::optional<int64_t> axisByName(const ast::Name &name, const Tensor &of, bool mayMiss);
  std::optional<int64_t> checkAxis(int64_t axis, const Tensor &of, SourceRange range);
  /// A bound `over` argument as ascending axes.
  std::optional<llvm::SmallVector<int64_t>> axesOf(const Value &over, const Tensor &of,
                                                   SourceRange range);

  //===--- Selecting (SemaSelect.cpp) -------------------------------------===//

  struct Cut;
  Value evaluateSelect(const ast::SelectExpr *expr);
  Value selectFromTensor(const Tensor &tensor, const ast::Selection &selection);
  bool cutAlong(Cut &cut, int64_t axis, const ast::SelectItem &item);
  graph::SizeAttr cutPlace(const Value &value, graph::SizeAttr extent, SourceRange range);
  bool cutBlock(Cut &cut, int64_t axis, graph::SizeAttr begin, graph::SizeAttr end,
                SourceRange range);
  bool holds(graph::SizeAttr low, graph::SizeAttr high, graph::SizeAttr extent, SourceRange range);
  Value finishCut(const Cut &cut);

  //===--- Functions that move elements (SemaMoves.cpp) -------------------===//

  /// One argument for each parameter, null for one with a ? that is left out; nothing after an
  /// error.
  std::optional<llvm::SmallVector<const Argument *, 4>>
  placeArguments(llvm::StringRef name, llvm::ArrayRef<llvm::StringRef> parameters,
                 llvm::ArrayRef<Argument> arguments, SourceRange range);
  /// The tensor of an argument; null after an error.
  const Tensor *tensorArgument(const Argument &argument, const llvm::Twine &what);
  std::optional<int64_t> oneAxis(llvm::StringRef name, const Argument &over, const Tensor &of);
  std::optional<std::vector<Argument>> joined(llvm::StringRef name,
                                              llvm::ArrayRef<Argument> arguments,
                                              SourceRange range);
  bool fitJoined(const Tensor &first, Argument &part, int64_t except);
  std::optional<llvm::SmallVector<graph::SizeAttr>> splitSizes(const Argument &parts,
                                                               graph::SizeAttr whole);
  Value callConcat(llvm::ArrayRef<Argument> arguments, SourceRange range);
  Value callStack(llvm::ArrayRef<Argument> arguments, SourceRange range);
  Value callSplit(llvm::ArrayRef<Argument> arguments, SourceRange range);
  Value callPad(llvm::ArrayRef<Argument> arguments, SourceRange range);
  Value callFlip(llvm::ArrayRef<Argument> arguments, SourceRange range);
  Value callTake(llvm::ArrayRef<Argument> arguments, SourceRange range);
  Value callGather(llvm::ArrayRef<Argument> arguments, SourceRange range);
  Value gatherAlong(llvm::StringRef name, const Tensor &x, const Argument &ids, int64_t axis);

  //===--- Functions of the language (SemaFunctions.cpp, EmitOps.cpp) -----===//

  Value callLanguage(llvm::StringRef name, std::vector<Argument> arguments, SourceRange range,
                     SourceRange callee);
  bool isLanguageFunction(llvm::StringRef name) const;
  std::vector<std::string> languageFunctions() const;

  using Structural = Value (Sema::*)(llvm::ArrayRef<Argument>, SourceRange);
  static const llvm::StringMap<Structural> &structuralFunctions();
  Value callInitializer(llvm::StringRef name, llvm::ArrayRef<Argument> arguments,
                        SourceRange range);
  Value callZeros(llvm::ArrayRef<Argument> arguments, SourceRange range);
  Value callOnes(llvm::ArrayRef<Argument> arguments, SourceRange range);
  Value callFull(llvm::ArrayRef<Argument> arguments, SourceRange range);
  Value callIota(llvm::ArrayRef<Argument> arguments, SourceRange range);
  Value callCount(llvm::ArrayRef<Argument> arguments, SourceRange range);
  Value callLen(llvm::ArrayRef<Argument> arguments, SourceRange range);
  Value callGiven(llvm::ArrayRef<Argument> arguments, SourceRange range);
  Value callDiv(llvm::ArrayRef<Argument> arguments, SourceRange range);
  Value callMod(llvm::ArrayRef<Argument> arguments, SourceRange range);
  // SemaRandom.cpp
  Value callUniformOf(llvm::ArrayRef<Argument> arguments, SourceRange range);
  Value callGaussian(llvm::ArrayRef<Argument> arguments, SourceRange range);
  Value callBernoulli(llvm::ArrayRef<Argument> arguments, SourceRange range);
  uint32_t nextSite();
  mlir::Value randomBits(graph::SizedTensorType type);
  graph::SizedTensorType drawnType(llvm::ArrayRef<Argument> arguments, llvm::StringRef name,
                                   mlir::Type element, llvm::StringRef example, Axes &axes);
  std::optional<std::pair<graph::SizeAttr, graph::SizeAttr>>
  divisionSizes(llvm::ArrayRef<Argument> arguments, SourceRange range, llvm::StringRef name);
  Value fill(llvm::ArrayRef<Argument> arguments, SourceRange range, llvm::StringRef name,
             std::optional<double> value);
  bool expectCount(llvm::ArrayRef<Argument> arguments, size_t count, SourceRange range,
                   llvm::StringRef name);

  /// An op that is a function of the language.
  struct Primitive {
    mlir::RegisteredOperationName op;
    llvm::ArrayRef<llvm::StringRef> parameters;
    bool takesAxes() const { return llvm::is_contained(parameters, "over"); }
  };
  void collectPrimitives();
  Value callPrimitive(llvm::StringRef name, llvm::MutableArrayRef<Argument> arguments,
                      SourceRange range, SourceRange callee);
  Value elementwise(const Primitive &primitive, llvm::StringRef name,
                    llvm::ArrayRef<Argument> operands, SourceRange range);
  Value reduction(const Primitive &primitive, llvm::StringRef name, const Argument &operand,
                  const Value &over, bool keep, SourceRange range);
  void reportRefused(llvm::StringRef name, SourceRange range, mlir::Value value);
  Value foldStatic(const Primitive &primitive, llvm::StringRef name,
                   llvm::ArrayRef<Argument> operands, SourceRange range);
  std::optional<Value> fold(const Primitive &primitive, llvm::ArrayRef<Argument> operands);
  Value binaryOperator(llvm::StringRef name, const Argument &left, const Argument &right,
                       SourceRange range);
  /// Null when the op refuses the operands; nothing is reported then.
  mlir::Operation *buildOp(mlir::RegisteredOperationName op, mlir::ValueRange operands,
                           llvm::ArrayRef<mlir::NamedAttribute> attributes);

  //===--- One shape and dtype (EmitBroadcast.cpp) ------------------------===//

  /// Operands of an elementwise operation brought to one shape and dtype.
  struct Unified {
    llvm::SmallVector<mlir::Value, 4> values;
    Axes axes;
  };
  std::optional<Unified> unify(llvm::ArrayRef<Argument> operands, llvm::ArrayRef<bool> isBoolean,
                               SourceRange range);
  mlir::Type commonElementType(llvm::ArrayRef<Argument> operands, llvm::ArrayRef<bool> isBoolean,
                               SourceRange range);
  const Tensor *resultShape(llvm::ArrayRef<Argument> operands, SourceRange range);
  void reportNoBroadcast(const Argument &left, const Argument &right, SourceRange range);
  mlir::Value broadcast(mlir::Value value, graph::SizedTensorType type);
  bool broadcasts(llvm::ArrayRef<graph::SizeAttr> from, llvm::ArrayRef<graph::SizeAttr> to) const;

  //===--- einsum and rearrange (SemaPattern.cpp, EmitPattern.cpp) --------===//

  /// A tensor whose axes are split into labelled factors.
  struct Labelled {
    mlir::Value value;                 // one axis per label
    llvm::SmallVector<int64_t> labels; // index into PatternScope
    SourceRange range;
  };
  struct PatternScope;
  Value evaluatePattern(const ast::ContractionExpr *expr);
  std::optional<Labelled> splitOperand(const ast::PatternOperand &operand, PatternScope &scope,
                                       llvm::StringRef what);
  bool splitAxis(const ast::PatternItem &item, graph::SizeAttr size, const Axis &axis,
                 PatternScope &scope, Labelled &out, llvm::SmallVectorImpl<graph::SizeAttr> &sizes);
  /// The size a pattern word stands for: a number, a size in scope; null for a new label.
  graph::SizeAttr factorSize(const ast::PatternFactor &factor);
  bool splitLeading(const Tensor &tensor, int64_t count, const ast::Pattern &pattern,
                    PatternScope &scope, Labelled &out,
                    llvm::SmallVectorImpl<graph::SizeAttr> &sizes);
  void reportNotAMultiple(const ast::PatternItem &item, graph::SizeAttr size, graph::SizeAttr known,
                          const ast::PatternFactor *divisor);
  /// The labels of the result in order; nothing after an error.
  std::optional<llvm::SmallVector<int64_t>> resultLabels(const ast::ContractionExpr *expr,
                                                         PatternScope &scope,
                                                         llvm::ArrayRef<Labelled> operands);
  bool checkSummed(const ast::ContractionExpr *expr, PatternScope &scope,
                   llvm::ArrayRef<Labelled> operands, llvm::ArrayRef<int64_t> result);
  std::string summedGuess(PatternScope &scope, llvm::ArrayRef<Labelled> operands, int64_t label);
  void reportSummedOnce(const ast::ContractionExpr *expr, llvm::StringRef label, SourceRange range,
                        llvm::StringRef guess);
  bool checkFactors(llvm::ArrayRef<Labelled> operands, llvm::StringRef what);
  Labelled contract(const Labelled &a, const Labelled &b, llvm::ArrayRef<int64_t> keep);
  Value joinResult(const ast::Pattern &pattern, PatternScope &scope, const Labelled &operand,
                   llvm::ArrayRef<int64_t> result);

  //===--- Modules (SemaModules.cpp) --------------------------------------===//

  Value evaluateModuleCall(const ModuleRef &module, const ast::CallExpr *expr);
  bool bindHypers(ModuleRef &module, const ast::Args &args);
  /// Builds the module as member `name` at `path` (ends in '.'); null after an error.
  Instance *instantiate(const ModuleRef &module, llvm::StringRef name, llvm::StringRef path,
                        SourceRange range);
  bool completeHypers(Instance *instance, const ModuleRef &module, SourceRange range);
  Value symbolicHyper(const ast::Hyper &hyper);
  void buildMembers(Instance *instance, llvm::ArrayRef<ast::Decl *> members);
  void buildMember(Instance *instance, const ast::MemberDecl *decl);
  void buildVariable(Instance *instance, const ast::VariableDecl *decl);
  bool declareMember(Instance *instance, const ast::Name &name, Value value);
  Value moduleOf(const FileScope &file, const ast::ModuleDecl *decl);
  void tellRemat();
  bool checkAttrs(llvm::ArrayRef<ast::Attr> attrs, llvm::ArrayRef<llvm::StringRef> known);
  static const ast::Attr *findAttr(llvm::ArrayRef<ast::Attr> attrs, llvm::StringRef name);
  graph::InitAttr resolveInit(const Initializer &init, graph::SizedTensorType type,
                              SourceRange range);

  //===--- Entries (EmitEntry.cpp) ----------------------------------------===//

  void emitEntries(Instance *model, bool several);
  bool isEntry(const ast::FnDecl *fn);
  /// Reports names of `options.entries` that are none.
  void checkEntryNames();
  void emitFunction(Instance *self, const ast::FnDecl *fn, const FileScope *file,
                    llvm::StringRef name, bool isScratch);
  bool declareEntryNames(const ast::FnDecl *fn, bool isScratch);
  bool declareEntryTensors(const ast::FnDecl *fn, mlir::Block *block,
                           llvm::SmallVectorImpl<mlir::Attribute> &attributes);
  void finishFunction(const ast::FnDecl *fn, llvm::StringRef name,
                      std::unique_ptr<mlir::Block> block,
                      llvm::ArrayRef<mlir::Attribute> argumentNames, const Value &result);

  //===--- Settings (SemaSettings.cpp) ------------------------------------===//

  /// `what` is for messages: "a source". With a `prefix`, -D PREFIX.argument replaces arguments.
  /// What `call` gives for `setting`, or the value when it is left out.
  double number(const SettingCall &call, const NumberSetting &setting);
  std::optional<SettingCall> settingCall(const ast::Expr *expr, llvm::StringRef what,
                                         llvm::ArrayRef<SettingForm> forms,
                                         llvm::StringRef prefix = {});
  std::optional<SettingCall> bindSettings(const ast::CallExpr *expr, const SettingForm &form,
                                          llvm::StringRef prefix);
  std::optional<Duration> duration(const ast::Expr *expr, llvm::StringRef what,
                                   bool mayBeZero = false);
  mlir::Attribute durationAttr(const Duration &duration);

  //===--- data (SemaData.cpp, EmitData.cpp) ------------------------------===//

  struct DataBuilder;
  void emitData(const ast::DataDecl *decl);
  /// What `batch` stands for in data and train blocks.
  SizeBinding batchSize();
  void dataSetting(DataBuilder &data, const ast::SettingDecl *setting);
  void dataSource(DataBuilder &data, const ast::Expr *expr);
  void dataSplit(DataBuilder &data, const ast::Expr *expr);
  void dataField(DataBuilder &data, const ast::FieldDecl *decl);
  void oneField(DataBuilder &data, const ast::FieldDecl *decl, const ast::Name &name,
                graph::SizedTensorType type, const Axes &axes);
  mlir::Value fieldValue(DataBuilder &data, const ast::FieldDecl *decl, const ast::Name &name);
  mlir::Value toField(DataBuilder &data, const Tensor &value, SourceRange range);
  void finishData(DataBuilder &data, std::unique_ptr<mlir::Block> block);
  bool isDataCall(const ast::CallExpr *expr) const;
  Value dataCall(const ast::CallExpr *expr);
  bool appendColumns(DataBuilder &data, const ast::Arg &arg,
                     llvm::SmallVectorImpl<mlir::Attribute> &columns);
  Value rawGroup(DataBuilder &data, llvm::ArrayRef<mlir::Attribute> columns, SourceRange range);
  Value scaled(DataBuilder &data, const ast::CallExpr *expr, bool isMinMax);

  //===--- train (SemaTrain.cpp, SemaOptimizer.cpp, EmitTrain.cpp) --------===//

  struct TrainBuilder;
  void emitTrain(const ast::TrainDecl *decl);
  bool findModel(TrainBuilder &train);
  bool checkHypersOf(const TrainBuilder &train);
  bool findData(TrainBuilder &train);
  void collectSettings(TrainBuilder &train);
  void unknownSetting(const ast::SettingDecl *setting);
  /// The value of a setting, from -D or the block; null when it has none.
  const ast::Expr *setting(TrainBuilder &train, llvm::StringRef name);
  void set(TrainBuilder &train, llvm::StringRef name, mlir::Attribute value);
  void readSettings(TrainBuilder &train);
  void readNumbers(TrainBuilder &train);
  void readWords(TrainBuilder &train);
  mlir::Attribute durationOf(const ast::Expr *expr, llvm::StringRef what);
  mlir::Attribute every(const ast::Expr *expr, llvm::StringRef what);
  std::optional<llvm::StringRef> word(const ast::Expr *expr, llvm::StringRef what,
                                      llvm::ArrayRef<llvm::StringRef> words);
  void evaluateSetting(TrainBuilder &train, const ast::Expr *expr);
  void checkpointSetting(TrainBuilder &train, const ast::Expr *expr);
  mlir::Attribute bestOf(TrainBuilder &train, const ast::Expr *expr, llvm::StringRef where);
  void stopSetting(TrainBuilder &train, const ast::Expr *expr);
  void accumulateSetting(TrainBuilder &train, int64_t batch);
  void stepNumber(TrainBuilder &train, llvm::StringRef name, const SettingForm &form,
                  NumberRange range);
  mlir::DictionaryAttr optimizer(const TrainBuilder &train, const ast::Expr *expr);
  mlir::Attribute schedule(const TrainBuilder &train, const ast::Expr *expr);
  void emitTrainOp(TrainBuilder &train);
  mlir::Block *beginRegion(TrainBuilder &train, mlir::Region &region);
  void finishRegion(TrainBuilder &train, mlir::Block *block, llvm::ArrayRef<mlir::Value> values,
                    llvm::SmallVectorImpl<llvm::StringRef> &used);
  mlir::Value lossValue(const ast::Expr *loss);
  void emitObjective(TrainBuilder &train, mlir::Region &region);
  mlir::Value metricValue(const ast::MetricDecl *metric);
  void emitPredict(TrainBuilder &train, mlir::Region &region);
  mlir::Value unscale(TrainBuilder &train, const DataBlock::Field &field, const Tensor &value,
                      SourceRange range);

  //===--- State ----------------------------------------------------------===//

  friend struct FrameScope;
  friend struct RegionScope;

  mlir::MLIRContext &context;
  const SourceFile &source;
  const CompileOptions &options;
  DiagnosticEngine &diags;
  mlir::OwningOpRef<mlir::ModuleOp> module;

  FileScope userFile, prelude, nn;
  llvm::StringMap<Define> defines;
  std::deque<Instance> instances;
  std::deque<Origin> origins;
  std::deque<std::string> strings; // names made here that views point to
  llvm::StringMap<std::pair<std::string, SourceRange>> symbols;
  llvm::StringMap<llvm::SmallVector<Primitive, 2>> primitives;
  std::vector<Instance *> models;
  std::vector<std::string> entryNames;
  llvm::SmallVector<mlir::Attribute> sizeNames; // of the entry being emitted
  llvm::StringMap<Instance *> modelsByName;
  std::map<std::string, DataBlock> dataBlocks;

  // Where we are.
  Frame *frame = nullptr;
  SourceRange userRange;   // the innermost place in the user's file
  SourceRange returnRange; // of the value the last function returned
  mlir::Block scratch;     // takes what is emitted where only static values make sense
  mlir::OpBuilder builder;
  llvm::StringMap<mlir::Value> reads; // of the region being emitted
  llvm::StringMap<uint32_t> draws;    // random numbers so far, by the path of the instance
  bool training = false, sawTraining = false; // sawTraining: it was looked at
  bool symbolic = false;                 // hyper-parameters without value are names
  std::optional<std::string> memberPath; // set while the value of a member is evaluated
  llvm::StringRef memberName;
  bool inAlias = false; // a call of a module gives hyper-parameters, it makes no member
  DataBuilder *currentData = nullptr; // set while fields are computed
  unsigned depth = 0, callDepth = 0, instanceDepth = 0, evaluations = 0, operations = 0;
  RematMarks remat;
  bool exhausted = false; // a limit was hit: everything is poison from here on
  llvm::DenseSet<const ast::FnDecl *> checkedFns;
  llvm::DenseSet<const ast::Decl *> inProgress; // constants and aliases being evaluated
  std::set<std::tuple<const SourceFile *, uint32_t, unsigned>> reported;
  std::unique_ptr<Diagnostic> repeated; // takes what is chained on a repeated report
};

/// Makes a frame current for a scope.
struct FrameScope {
  FrameScope(Sema &sema, Frame &frame);
  ~FrameScope();
  Sema &sema;
  Frame *saved;
  std::optional<std::string> savedPath; // a member's path is not for what its arguments call
};

/// Emits into a block for a scope; parameters are read anew there.
struct RegionScope {
  RegionScope(Sema &sema, mlir::Block *block);
  ~RegionScope();
  Sema &sema;
  mlir::OpBuilder::InsertPoint saved;
  llvm::StringMap<mlir::Value> savedReads;
};

} // namespace tenon::dsl::sema

#endif // TENON_FRONTENDS_DSL_SEMA_H
