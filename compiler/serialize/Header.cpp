//===- Header.cpp - The C interface of one model --------------------------===//
//
// NAME.h is generated text that people read: typed structs and inline functions over the generic
// calls of tenon/tenon.h, each with the shapes and units that the model gives. It holds no state
// and no strings of its own; entries and blocks are named by their positions in the artifact.
//
//===----------------------------------------------------------------------===//

#include "compiler/serialize/CNames.h"
#include "compiler/serialize/HeaderNames.h"
#include "compiler/serialize/Library.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/Path.h"

using namespace mlir;
using llvm::formatv;

namespace tenon::serialize {

//===----------------------------------------------------------------------===//
// The writer
//===----------------------------------------------------------------------===//

namespace {

/// A field of an argument struct: what C calls it, and what it stands for.
struct Field {
  std::string name;
  std::string declaration; ///< "const float *x"
  std::string doc;
};

/// The fields of an entry's argument struct.
struct Arguments {
  SmallVector<Field> inputs, outputs, sizes;
};

class HeaderWriter {
public:
  HeaderWriter(ModuleOp module, const ArtifactOptions &options, StringRef library)
      : os(text), module(module), globals(module, options.name), model(globals.model()),
        modelName(options.name), source(options.sourceName), library(library) {
    for (auto entry : module.getOps<exec::EntryOp>())
      entries.push_back(entry);
    for (auto data : module.getOps<exec::DataOp>())
      datas.push_back(data);
  }

  std::string write();

private:
  void writeTop();
  void writeOverview();
  void writeModel();
  void writeLimits();
  void writeSessions();
  void writeEntry(exec::EntryOp entry, unsigned index);
  void writePredict(exec::EntryOp entry, unsigned index, exec::TrainOp train, exec::DataOp data);
  void writeRows(exec::DataOp data);
  void writeTraining(exec::TrainOp train, unsigned index);
  void writeFit(exec::TrainOp train, exec::DataOp data);
  void writeTrainer(exec::TrainOp train, unsigned index);
  void writeStep(exec::TrainOp train, exec::EntryOp step);

  Arguments argumentsOf(exec::EntryOp entry, bool withOutputs);
  void writeArray(StringRef declaration, ArrayRef<Field> fields, StringRef from, StringRef empty);
  void writeCall(const Arguments &arguments, StringRef from);
  exec::DataOp dataOf(exec::TrainOp train);
  exec::EntryOp entryNamed(StringRef symbol);

  std::string text;
  llvm::raw_string_ostream os;
  ModuleOp module;
  HeaderNames globals;
  std::string model; ///< prefix of functions
  StringRef modelName, source, library;
  SmallVector<exec::EntryOp> entries;
  SmallVector<exec::DataOp> datas;
  SmallVector<std::string> limits; ///< size names of the entries that sessions run
};

} // namespace

exec::DataOp HeaderWriter::dataOf(exec::TrainOp train) {
  return *llvm::find_if(datas,
                        [&](exec::DataOp data) { return data.getName() == train.getData(); });
}

exec::EntryOp HeaderWriter::entryNamed(StringRef symbol) {
  return *llvm::find_if(entries, [&](exec::EntryOp entry) { return entry.getSymName() == symbol; });
}

//===----------------------------------------------------------------------===//
// Calls
//===----------------------------------------------------------------------===//

Arguments HeaderWriter::argumentsOf(exec::EntryOp entry, bool withOutputs) {
  Arguments arguments;
  UniqueNames names({"session", "inputs", "outputs", "sizes", "call"}); // of the functions below
  auto isFitted = [&](StringRef name) {
    return llvm::any_of(datas, [&](exec::DataOp data) {
      return llvm::any_of(data.getFits().getAsRange<exec::FitAttr>(), [&](exec::FitAttr fit) {
        return name == (fit.getName() + ".shift").str() || name == (fit.getName() + ".scale").str();
      });
    });
  };
  auto addTensors = [&](ArrayAttr tensors, StringRef qualifier, StringRef prefix,
                        SmallVector<Field> &fields) {
    for (exec::TensorAttr tensor : tensors.getAsRange<exec::TensorAttr>()) {
      std::string name = names.get(tensor.getName(), prefix);
      StringRef type = toCType(tensor.getType().getElementType());
      std::string doc = typeText(tensor.getType());
      if (!tensor.getDoc().empty())
        doc += ": " + commentText(tensor.getDoc());
      if (isFitted(tensor.getName()))
        doc += "; NULL: the model's own fitted value";
      fields.push_back({name, (qualifier + type + " *" + name).str(), doc});
    }
  };
  addTensors(entry.getInputs(), "const ", "in_", arguments.inputs);
  if (withOutputs)
    addTensors(entry.getOutputs(), "", "out_", arguments.outputs);
  for (StringAttr size : entry.getSizes().getAsRange<StringAttr>()) {
    std::string name = names.get(size.getValue(), "size_");
    arguments.sizes.push_back(
        {name, "int64_t " + name, "the size `" + size.str() + "` of this call"});
  }
  return arguments;
}

/// `DECLARATION[] = {from->a, from->b};`, or one unused element where C needs one.
void HeaderWriter::writeArray(StringRef declaration, ArrayRef<Field> fields, StringRef from,
                              StringRef empty) {
  os << "  " << declaration << "[] = {";
  llvm::interleaveComma(fields, os, [&](const Field &field) { os << from << field.name; });
  os << (fields.empty() ? empty : "") << "};\n";
}

/// Declares `call` from the fields of an argument struct.
void HeaderWriter::writeCall(const Arguments &arguments, StringRef from) {
  writeArray("const void *const inputs", arguments.inputs, from, "NULL");
  if (!arguments.outputs.empty())
    writeArray("void *const outputs", arguments.outputs, from, "NULL");
  writeArray("const int64_t sizes", arguments.sizes, from, "0");
  os << formatv("  const tenon_call call = {{inputs, {0}, {1}, {2}, sizes, {3}};\n",
                arguments.inputs.size(), arguments.outputs.empty() ? "NULL" : "outputs",
                arguments.outputs.size(), arguments.sizes.size());
}

/// A struct whose comments stand in one column.
static void writeStruct(raw_ostream &os, StringRef name, ArrayRef<SmallVector<Field> *> groups) {
  size_t width = 0;
  for (const SmallVector<Field> *group : groups)
    for (const Field &field : *group)
      width = std::max(width, field.declaration.size());
  os << "typedef struct " << name << " {\n";
  for (const SmallVector<Field> *group : groups)
    for (const Field &field : *group) {
      os << "  " << field.declaration << ';';
      os.indent(width - field.declaration.size()) << " ///< " << field.doc << '\n';
    }
  os << "} " << name << ";\n\n";
}

/// What an entry is for, where the model text does not say it.
static StringRef purposeOf(exec::EntryKind kind) {
  switch (kind) {
  case exec::EntryKind::Prepare:
    return "From raw rows to the fields that training and evaluation take.";
  case exec::EntryKind::Evaluate:
    return "The loss, then every metric: means over the rows of one batch.";
  case exec::EntryKind::Function:
  case exec::EntryKind::Step:
  case exec::EntryKind::Predict:
    break;
  }
  return {};
}

void HeaderWriter::writeEntry(exec::EntryOp entry, unsigned index) {
  std::string function = globals.function(entry).str();
  Arguments arguments = argumentsOf(entry, /*withOutputs=*/true);
  os << "/// Arguments of " << function << ": inputs, then outputs, then sizes.\n";
  writeStruct(os, function + "_args", {&arguments.inputs, &arguments.outputs, &arguments.sizes});
  if (!entry.getDoc().empty())
    os << "/// " << commentText(entry.getDoc()) << '\n';
  else if (StringRef purpose = purposeOf(entry.getKind()); !purpose.empty())
    os << "/// " << purpose << '\n';
  else
    os << "/// Runs `" << entry.getSymName() << "` of the model.\n";
  for (exec::RequireAttr require : entry.getRequires().getAsRange<exec::RequireAttr>())
    os << "/// Requires: " << commentText(require.getMessage()) << ".\n";
  os << formatv(
      "static inline tenon_status_t\n{0}(tenon_session_t *session, const {0}_args *args) {{\n",
      function);
  writeCall(arguments, "args->");
  os << "  return tenon_session_run(session, " << index << ", &call);\n}\n\n";
}

//===----------------------------------------------------------------------===//
// Models and sessions
//===----------------------------------------------------------------------===//

void HeaderWriter::writeTop() {
  std::string guard = StringRef("TENON_MODEL_" + toIdentifier(library) + "_H").upper();
  os << formatv(R"(/// {0}.h: the model `{1}`, compiled by tenonc from {2}.
///
/// Link with `-l{0} -ltenon_rt`. Every function returns NULL, or a status that the caller frees
/// (tenon/tenon.h). Arrays are dense and row-major; the comment of each gives its shape.
/// Zero-initialise the structs that you fill: a zero means the default.
)",
                library, commentText(modelName),
                source.empty() ? "text" : commentText(llvm::sys::path::filename(source)));
  writeOverview();
  os << formatv(R"(#ifndef {1}
#define {1}

#include "tenon/tenon.h"

#if TENON_ABI_VERSION != {2}
#error "{0}.h was made for another release of tenon/tenon.h: compile the model again"
#endif

#ifdef __cplusplus
extern "C" {{
#endif

/// The program and its kernels, in lib{0}.a.
extern const tenon_linked_model {3};

)",
                library, guard, kLinkAbiVersion, linkSymbol(library));
}

/// The functions of the header in the order of their use.
void HeaderWriter::writeOverview() {
  os << "///\n/// In the order of use, after tenon_env_create:\n";
  auto item = [&](const llvm::Twine &name, StringRef purpose) {
    os << "///   " << llvm::left_justify(name.str(), 24) << ' ' << purpose << '\n';
  };
  item(model + "_model_load", "a model: the program with weights");
  for (auto train : module.getOps<exec::TrainOp>()) {
    std::string block = HeaderNames::prefixOf(train.getName());
    if (!dataOf(train).getFits().empty())
      item(block + "_fit", "learns the preparation from raw rows");
    item(block + "_train_create", "a trainer of block `" + train.getName().str() + "`");
    item(block + "_train_step", "one step on one batch");
    item(block + "_train_snapshot", "a model with the trainer's weights");
  }
  item(model + "_session_create", "the memory in which a model runs");
  for (exec::EntryOp entry : entries)
    if (entry.getKind() != exec::EntryKind::Step)
      item(globals.function(entry), ("runs `" + entry.getSymName() + "`").str());
  item(model + "_model_save", "the weights as a file");
}

void HeaderWriter::writeModel() {
  os << formatv(
      R"(// ---- Model -----------------------------------------------------------------------------------

/// Makes a model of the linked program. `weights` says where its parameters come from; with NULL
/// they come from their initialisers, seed 1.
static inline tenon_status_t
{0}_model_load(tenon_env_t *env, const tenon_weights_source *weights, tenon_model_t **out_model) {{
  return tenon_model_load_linked(env, &{1}, weights, out_model);
}

/// Writes the weights, and the fitted values of the data if it has any, to a safetensors file.
static inline tenon_status_t
{0}_model_save(const tenon_model_t *model, const char *path) {{
  return tenon_model_save(model, path);
}

)",
      model, linkSymbol(library));
}

void HeaderWriter::writeLimits() {
  llvm::StringSet<> seen;
  for (exec::EntryOp entry : entries)
    if (entry.getKind() != exec::EntryKind::Step)
      for (StringAttr size : entry.getSizes().getAsRange<StringAttr>())
        if (seen.insert(size.getValue()).second)
          limits.push_back(size.str());
  if (limits.empty())
    return;
  os << "/// The largest sizes that a session will meet. An entry is available if all of its sizes "
        "have a\n/// limit.\n";
  os << "typedef struct " << model << "_limits {\n";
  for (const std::string &limit : limits)
    os << "  int64_t " << toFreeName(limit) << ";\n";
  os << "} " << model << "_limits;\n\n";
}

void HeaderWriter::writeSessions() {
  os << "// ---- Session "
        "---------------------------------------------------------------------------------\n\n";
  writeLimits();
  os << "/// Takes all memory that calls up to the limits need; calls themselves allocate "
        "nothing.\n";
  if (limits.empty()) {
    os << formatv(R"(static inline tenon_status_t
{0}_session_create(tenon_model_t *model, tenon_session_t **out_session) {{
  return tenon_session_create(model, NULL, out_session);
}

)",
                  model);
  } else {
    os << formatv(R"(static inline tenon_status_t
{0}_session_create(tenon_model_t *model, const {0}_limits *limits, tenon_session_t **out_session) {{
  tenon_limit given[{1}];
  tenon_session_options options = {{given, 0, NULL, 0};
)",
                  model, limits.size());
    for (const std::string &limit : limits)
      os << formatv(R"(  if (limits->{0} != 0) {{
    given[options.limit_count].size = "{1}";
    given[options.limit_count++].max = limits->{0};
  }
)",
                    toFreeName(limit), limit);
    os << "  return tenon_session_create(model, &options, out_session);\n}\n\n";
  }
  os << formatv(
      R"(/// Calls from now on use the weights of `model`, a snapshot or copy of the same program.
static inline tenon_status_t
{0}_session_use(tenon_session_t *session, tenon_model_t *model) {{
  return tenon_session_use(session, model);
}

)",
      model);
}

//===----------------------------------------------------------------------===//
// Data
//===----------------------------------------------------------------------===//

static std::string columnName(Attribute column) {
  if (auto name = dyn_cast<StringAttr>(column))
    return commentText(name);
  return "column_" + std::to_string(cast<IntegerAttr>(column).getInt());
}

void HeaderWriter::writeRows(exec::DataOp data) {
  for (exec::RawGroupAttr group : data.getRaws().getAsRange<exec::RawGroupAttr>()) {
    std::string type = globals.rowType(data, group.getName()).str();
    UniqueNames names;
    os << formatv(
        "/// A row of `{0}` as data `{1}` reads it: source columns, before preparation.\n",
        group.getName(), data.getName());
    os << "typedef struct " << type << " {\n";
    for (Attribute column : group.getColumns())
      os << "  double " << names.get(columnName(column), "_") << "; ///< column "
         << (isa<StringAttr>(column)
                 ? columnName(column)
                 : std::to_string(cast<IntegerAttr>(column).getInt()) + " of the source, from 0")
         << '\n';
    os << "} " << type << ";\n\n";
  }
}

/// The raw groups are the first inputs of a predict entry with data that has a source; then come
/// the fitted values, which the model itself knows.
void HeaderWriter::writePredict(exec::EntryOp entry, unsigned index, exec::TrainOp train,
                                exec::DataOp data) {
  std::string function = globals.function(entry).str();
  Arguments arguments = argumentsOf(entry, /*withOutputs=*/true);
  SmallVector<std::string> parameters;
  SmallVector<exec::RawGroupAttr> raws =
      llvm::to_vector(data.getRaws().getAsRange<exec::RawGroupAttr>());
  os << "/// Predicts";
  for (auto [input, tensor] :
       llvm::zip(arguments.inputs, entry.getInputs().getAsRange<exec::TensorAttr>())) {
    bool isGroup = llvm::any_of(raws, [&, &tensor = tensor](exec::RawGroupAttr group) {
      return group.getName() == tensor.getName();
    });
    if (isGroup)
      parameters.push_back(formatv("const {0} *{1}", globals.rowType(data, tensor.getName()), input.name));
    else if (raws.empty())
      parameters.push_back(input.declaration);
    else
      input.name = "NULL"; // a fitted value: the model's own
  }
  for (const Field &size : arguments.sizes)
    parameters.push_back(size.declaration);
  for (const Field &output : arguments.outputs)
    parameters.push_back(output.declaration);
  os << (raws.empty() ? " from the fields of `" : " from raw rows of `") << data.getName()
     << "`.\n";
  if (raws.empty())
    for (const Field &input : arguments.inputs)
      os << "/// - " << input.name << ": " << input.doc << '\n';
  for (auto [output, prediction] :
       llvm::zip(arguments.outputs, train.getPredictions().getAsRange<exec::PredictionAttr>())) {
    os << "/// - " << output.name << ": " << output.doc;
    if (prediction.getLike() >= 0) {
      os << ", in the units of ";
      llvm::interleaveComma(raws[prediction.getLike()].getColumns(), os,
                            [&](Attribute column) { os << columnName(column); });
    }
    os << '\n';
  }
  os << "static inline tenon_status_t\n" << function << "(tenon_session_t *session";
  for (const std::string &parameter : parameters)
    os << ", " << parameter;
  os << ") {\n";
  writeCall(arguments, "");
  os << "  return tenon_session_run(session, " << index << ", &call);\n}\n\n";
}

//===----------------------------------------------------------------------===//
// Training
//===----------------------------------------------------------------------===//

/// The size name of the batch; empty if the data has no fields.
static StringRef batchOf(exec::DataOp data) {
  if (data.getFields().empty())
    return {};
  return cast<exec::TensorAttr>(data.getFields()[0]).getType().getSizes()[0].getName();
}

void HeaderWriter::writeFit(exec::TrainOp train, exec::DataOp data) {
  if (data.getFits().empty())
    return;
  os << formatv(
      "/// Fits the preparation of `{0}` (means, deviations, ranges) on raw training rows. "
      "Needed once,\n/// where no weights file brings the fitted values.\n",
      data.getName());
  os << "static inline tenon_status_t\n"
     << HeaderNames::prefixOf(train.getName()) << "_fit(tenon_model_t *model";
  UniqueNames names({"model", "groups", "rows"});
  SmallVector<std::string> groups;
  for (exec::RawGroupAttr group : data.getRaws().getAsRange<exec::RawGroupAttr>()) {
    groups.push_back(names.get(group.getName(), "_"));
    os << ", const " << globals.rowType(data, group.getName()) << " *" << groups.back();
  }
  os << ", int64_t rows) {\n  const double *const groups[] = {";
  llvm::interleaveComma(groups, os,
                        [&](const std::string &group) { os << "(const double *)" << group; });
  os << formatv("};\n  return tenon_model_fit(model, {0}, groups, {1}, rows);\n}\n\n",
                llvm::find(datas, data) - datas.begin(), groups.size());
}

void HeaderWriter::writeStep(exec::TrainOp train, exec::EntryOp step) {
  std::string block = HeaderNames::prefixOf(train.getName());
  Arguments arguments = argumentsOf(step, /*withOutputs=*/false);
  os << "/// One batch of examples: fields after preparation, then sizes.\n";
  writeStruct(os, block + "_train_batch", {&arguments.inputs, &arguments.sizes});
  UniqueNames names;
  SmallVector<Field> values;
  for (exec::TensorAttr output : step.getOutputs().getAsRange<exec::TensorAttr>()) {
    std::string name = names.get(output.getName(), "_");
    StringRef doc = name == "loss" ? "before the update, without penalties"
                    : name == "lr" ? "the learning rate of this step"
                    : name == "grad_norm" ? "of all gradients, before they are clipped"
                                          : "of this step";
    values.push_back({name, "double " + name, doc.str()});
  }
  os << "/// What a step reports.\n";
  writeStruct(os, block + "_train_info", {&values});
  os << formatv(
      R"(/// One training step: forward, backward, update. `out_info` may be NULL. A loss that is not finite
/// (or the norm of the gradients, if it is clipped) is an error and leaves weights and optimizer as
/// they were.
static inline tenon_status_t
{0}_train_step(tenon_trainer_t *trainer, const {0}_train_batch *examples,
    {0}_train_info *out_info) {{
)",
      block);
  writeCall(arguments, "examples->");
  os << formatv(R"(  double values[{0}] = {{0};
  tenon_status_t status = tenon_trainer_step(trainer, &call, values, {0});
  if (out_info != NULL) {{
)",
                values.size());
  for (auto [index, value] : llvm::enumerate(values))
    os << "    out_info->" << value.name << " = values[" << index << "];\n";
  os << "  }\n  return status;\n}\n\n";
}

/// The options of a run, and the function that makes a trainer. Sizes other than the batch have
/// limits of their own.
void HeaderWriter::writeTrainer(exec::TrainOp train, unsigned index) {
  std::string block = HeaderNames::prefixOf(train.getName());
  StringRef batch = batchOf(dataOf(train));
  SmallVector<StringRef> others;
  for (StringAttr size : entryNamed(train.getStep()).getSizes().getAsRange<StringAttr>())
    if (size.getValue() != batch)
      others.push_back(size.getValue());
  os << formatv(R"(/// How a run is trained.
typedef struct {0}_train_options {{
  uint64_t seed;       ///< of the run; 0: {1}, the block's
  int64_t max_batch;   ///< most examples of a step; 0: {2}, the block's
  int64_t total_steps; ///< of the run, which schedules are relative to; at least 1
)",
                block, train.getSeed(), train.getBatch());
  for (StringRef size : others)
    os << "  int64_t max_" << toIdentifier(size) << "; ///< largest size " << size << '\n';
  os << formatv(R"(} {0}_train_options;

/// A trainer that starts from copies of the model's weights. It may outlive the model.
static inline tenon_status_t
{0}_train_create(tenon_env_t *env, tenon_model_t *model, const {0}_train_options *options,
    tenon_trainer_t **out_trainer) {{
  tenon_trainer_options all = {{options->seed, options->max_batch, options->total_steps, NULL, 0};
)",
                block);
  if (!others.empty()) {
    os << "  const tenon_limit limits[] = {";
    llvm::interleaveComma(others, os, [&](StringRef size) {
      os << "{\"" << size << "\", options->max_" << toIdentifier(size) << "}";
    });
    os << "};\n  all.limits = limits;\n  all.limit_count = " << others.size() << ";\n";
  }
  os << "  return tenon_trainer_create(env, model, " << index << ", &all, out_trainer);\n}\n\n";
}

void HeaderWriter::writeTraining(exec::TrainOp train, unsigned index) {
  std::string block = HeaderNames::prefixOf(train.getName());
  exec::DataOp data = dataOf(train);
  os << formatv("// ---- Training block `{0}` {1}\n\n", train.getName(),
                std::string(std::max<int>(3, 72 - int(train.getName().size())), '-'));
  writeFit(train, data);
  writeTrainer(train, index);
  writeStep(train, entryNamed(train.getStep()));
  os << formatv(
      R"(/// A new model with a copy of the current weights: to predict with, to save, to deploy.
static inline tenon_status_t
{0}_train_snapshot(const tenon_trainer_t *trainer, tenon_model_t **out_model) {{
  return tenon_trainer_snapshot(trainer, out_model);
}

)",
      block);
  if (train.getPredict()) {
    exec::EntryOp predict = entryNamed(*train.getPredict());
    writePredict(predict, llvm::find(entries, predict) - entries.begin(), train, data);
  }
}

std::string HeaderWriter::write() {
  writeTop();
  writeModel();
  writeSessions();
  for (exec::DataOp data : datas)
    writeRows(data);
  for (auto [index, entry] : llvm::enumerate(entries)) {
    if (HeaderNames::hasOwnFunction(entry))
      writeEntry(entry, index);
  }
  for (auto [index, train] : llvm::enumerate(module.getOps<exec::TrainOp>()))
    writeTraining(train, index);
  os << "#ifdef __cplusplus\n}\n#endif\n#endif\n";
  return std::move(text);
}

std::string writeHeader(ModuleOp module, const ArtifactOptions &options, StringRef name) {
  return HeaderWriter(module, options, name).write();
}

} // namespace tenon::serialize
