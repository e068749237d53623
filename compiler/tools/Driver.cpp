#include "compiler/tools/Driver.h"
#include "compiler/pipeline/MemoryBudget.h"
#include "compiler/pipeline/Pipeline.h"
#include "compiler/pipeline/RematMarks.h"
#include "compiler/tools/CommandLine.h"
#include "dialects/exec/Exec.h"
#include "dialects/graph/Graph.h"
#include "dialects/graph/ProgramError.h"
#include "frontends/dsl/Compile.h"
#include "frontends/dsl/Format.h"
#include "frontends/dsl/Parser.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/Parser/Parser.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/SourceMgr.h"
#include "llvm/Support/ToolOutputFile.h"

using namespace mlir;
using namespace tenon;
using namespace tenon::tools;
using pipeline::Emit;

namespace {

class Compilation {
public:
  explicit Compilation(pipeline::Options options) : options(std::move(options)) {
    DialectRegistry registry;
    pipeline::registerDialects(registry);
    context.appendDialectRegistry(registry);
    context.disableMultithreading(); // small modules: threads cost more than they bring
  }

  int run() {
    for (const std::string &cpu : options.cpus)
      if (auto target = targets::TargetInfo::get(targets::kDefaultTriple, cpu); !target)
        return fail(UserError, "--mcpu: " + llvm::toString(target.takeError()));
    if (int code = resolveRunDirectory())
      return code;
    auto file = llvm::MemoryBuffer::getFile(options.input, /*IsText=*/false);
    if (!file)
      return fail(UserError, options.input + ": " + file.getError().message());
    text = (*file)->getBuffer().str();
    sources.AddNewSourceBuffer(std::move(*file), llvm::SMLoc());
    irDiagnostics.emplace(sources, &context); // errors in IR get the layout of the language's
    passDiagnostics.emplace(&context, [this](mlir::Diagnostic &told) { return takeOver(told); });
    if (StringRef(options.input).ends_with(".mlir"))
      return runOnIr();

    source = &diagnostics.addSource(options.input, text);
    if (options.format)
      return format();
    module = dsl::compileToGraph(context, *source, {options.defines, options.entries}, diagnostics);
    report();
    if (!module)
      return UserError;
    diagnostics.clear(); // warnings, and they are told
    return options.check ? int(Done) : emit();
  }

private:
  int fail(int code, const llvm::Twine &message) {
    llvm::errs() << "tenonc: error: " << message << '\n';
    return code;
  }

  void report() {
    if (options.json)
      diagnostics.renderJson(llvm::errs());
    else
      diagnostics.render(llvm::errs());
  }

  /// A run directory stands for the source text and the -D options that were recorded in it.
  int resolveRunDirectory() {
    if (!llvm::sys::fs::is_directory(options.input))
      return Done;
    llvm::SmallString<128> record(options.input), model(options.input);
    llvm::sys::path::append(record, "run.json");
    llvm::sys::path::append(model, "model.tenon");
    auto file = llvm::MemoryBuffer::getFile(record);
    if (!file)
      return fail(UserError, options.input + " is a directory without run.json, so no run of "
                                             "'tenon train'; name a .tenon file");
    llvm::Expected<llvm::json::Value> json = llvm::json::parse((*file)->getBuffer());
    if (!json)
      return fail(UserError, record + ": " + llvm::toString(json.takeError()));
    std::vector<std::string> defines;
    if (const llvm::json::Object *run = json->getAsObject())
      if (const llvm::json::Array *list = run->getArray("defines"))
        for (const llvm::json::Value &define : *list)
          if (auto string = define.getAsString())
            defines.push_back(string->str());
    // What stands on the command line comes later and so wins.
    llvm::append_range(defines, options.defines);
    options.defines = defines;
    options.input = model.str().str();
    return Done;
  }

  int format() {
    std::unique_ptr<dsl::ast::File> file = dsl::parse(*source, diagnostics);
    report();
    if (diagnostics.hasErrors())
      return UserError;
    return write(options.output.empty() ? "-" : options.output, dsl::format(*file));
  }

  // ---- From a module on -------------------------------------------------------------------------

  int runOnIr() {
    module = parseSourceFile<ModuleOp>(sources, &context);
    if (!module)
      return UserError;
    return options.check ? int(Done) : emit();
  }

  int emit() {
    if (module->getBody()->empty())
      llvm::errs() << "tenonc: note: '" << options.input
                   << "' declares no model: the program has nothing to run\n";
    auto observer = [&](StringRef phase, double milliseconds, ModuleOp module) {
      if (options.timePhases)
        llvm::errs() << llvm::formatv("{0,-10} {1,8:F2} ms\n", phase, milliseconds);
      dump(phase, module);
    };
    int code = emit(observer);
    return code == Done ? dumpFailure : code;
  }

  int emit(pipeline::PhaseObserver observer) {
    if (options.memoryBudget != 0)
      if (int code = fitBudget())
        return code;
    if (int code = checkMarks())
      return code;
    if (options.printMemory)
      return printMemory(observer);
    if (options.explainFusion)
      return explainFusion(observer);
    switch (options.emit) {
    case Emit::Module: {
      FailureOr<std::string> bytes =
          pipeline::compileToArtifact(*module, options, artifactOptions(), observer);
      return failed(bytes) ? explainFailure() : write(outputName(".tnm"), *bytes);
    }
    case Emit::Text: {
      if (failed(lower(options.lastPhase, observer)))
        return explainFailure();
      std::string ir;
      llvm::raw_string_ostream(ir) << *module;
      return write(options.output.empty() ? "-" : options.output, ir);
    }
    case Emit::Library:
    case Emit::Llvm:
    case Emit::Assembly:
    case Emit::Object:
      return emitForOneProcessor(observer);
    }
    return InternalError;
  }

  // ---- Memory -----------------------------------------------------------------------------------

  /// The sizes and threads of --print-memory.
  int readLimits(memory::MemoryLimits &limits) {
    if (!options.printMemory)
      return Done;
    for (StringRef size : llvm::split(*options.printMemory, ',')) {
      auto [name, number] = size.split('=');
      int64_t value;
      if (size.empty())
        continue;
      if (number.getAsInteger(10, value) || value < 0 || name.empty())
        return fail(UserError, "--print-memory: '" + size + "' is not SIZE=NUMBER");
      if (name == "threads")
        limits.threads = std::max<int64_t>(value, 1);
      else
        limits.sizes[name] = value;
    }
    return Done;
  }

  int printMemory(pipeline::PhaseObserver observer) {
    memory::MemoryLimits limits;
    if (int code = readLimits(limits))
      return code;
    if (failed(lower(pipeline::Phase::Exec, observer)))
      return explainFailure();
    std::string report;
    llvm::raw_string_ostream stream(report);
    if (llvm::Error error = memory::printMemory(*module, limits, stream))
      return fail(UserError, "--print-memory: " + llvm::toString(std::move(error)));
    return write(options.output.empty() ? "-" : options.output, report);
  }

  int explainFusion(pipeline::PhaseObserver observer) {
    fusion::Explanation explanation;
    if (failed(lower(pipeline::Phase::Fuse, observer, &explanation)))
      return explainFailure();
    std::string text;
    llvm::raw_string_ostream stream(text);
    explanation.print(*module, stream);
    return write(options.output.empty() ? "-" : options.output, text);
  }

  /// Decides what is computed again so that training fits --memory-budget.
  int fitBudget() {
    if (options.optLevel == 0)
      return fail(UserError, "--memory-budget needs -O1 or more: -O0 computes nothing again");
    memory::MemoryLimits limits;
    if (int code = readLimits(limits))
      return code;
    llvm::Expected<pipeline::BudgetPlan> plan =
        pipeline::fitMemoryBudget(*module, options, limits);
    if (!plan && (passesFailed || diagnostics.hasErrors())) {
      llvm::consumeError(plan.takeError());
      return explainFailure();
    }
    if (!plan)
      return fail(UserError, "--memory-budget: " + llvm::toString(plan.takeError()));
    options.recompute = plan->policy;
    llvm::errs() << "tenonc: note: '" << plan->entry << "' takes " << plan->bytes << " of "
                 << options.memoryBudget << " bytes";
    if (plan->policy.segment)
      llvm::errs() << "; activations are computed again";
    llvm::errs() << '\n';
    return Done;
  }

  /// Warns of marks @remat that save no memory. They are honoured nevertheless.
  int checkMarks() {
    if (!source)
      return Done; // marks are of the language
    memory::MemoryLimits limits;
    if (int code = readLimits(limits))
      return code;
    FailureOr<std::vector<pipeline::UselessMark>> marks =
        pipeline::findUselessMarks(*module, options, limits);
    if (failed(marks))
      return explainFailure();
    for (const pipeline::UselessMark &mark : *marks)
      diagnostics.report(dsl::diag::NoUse, placeOf(mark.at), mark.reason);
    report();
    diagnostics.clear();
    return Done;
  }

  LogicalResult lower(pipeline::Phase last, pipeline::PhaseObserver observer,
                      fusion::Explanation *explanation = nullptr) {
    return pipeline::lower(*module, last, options.optLevel, options.cpus[0], observer, explanation,
                           options.recompute);
  }

  int emitForOneProcessor(pipeline::PhaseObserver observer) {
    StringRef cpu = options.cpus[0];
    targets::TargetInfo target = llvm::cantFail(targets::TargetInfo::get(targets::kDefaultTriple, cpu));
    if (failed(lower(pipeline::Phase::Exec, observer)))
      return explainFailure();
    cpu::CodegenOptions codegen;
    codegen.optLevel = options.optLevel;
    if (options.emit == Emit::Library)
      return emitLibrary(target, codegen);
    cpu::CodegenOutput kind = options.emit == Emit::Llvm       ? cpu::CodegenOutput::LlvmIr
                              : options.emit == Emit::Assembly ? cpu::CodegenOutput::Assembly
                                                               : cpu::CodegenOutput::Object;
    FailureOr<std::string> code = cpu::compileKernels(*module, target, codegen, kind);
    if (failed(code))
      return explainFailure();
    bool toFile = !options.output.empty() || options.emit == Emit::Object;
    return write(toFile ? outputName(".o") : "-", *code);
  }

  int emitLibrary(const targets::TargetInfo &target, const cpu::CodegenOptions &codegen) {
    std::string output = outputName("");
    StringRef directory = llvm::sys::path::parent_path(output);
    StringRef name = llvm::sys::path::stem(output);
    name.consume_front("lib");
    FailureOr<serialize::Library> library =
        serialize::buildLibrary(*module, target, codegen, artifactOptions(), name);
    if (failed(library))
      return explainFailure();
    llvm::SmallString<128> archive(directory), header(directory);
    llvm::sys::path::append(archive, "lib" + name + ".a");
    llvm::sys::path::append(header, name + ".h");
    if (int code = write(archive, library->archive))
      return code;
    return write(header, library->header);
  }

  // ---- Files ------------------------------------------------------------------------------------

  serialize::ArtifactOptions artifactOptions() {
    std::string name = llvm::sys::path::stem(options.input).str();
    for (auto train : module->getOps<graph::TrainOp>()) {
      name = train.getModel().str();
      break;
    }
    for (auto train : module->getOps<exec::TrainOp>()) {
      name = train.getModel().str();
      break;
    }
    return {name, options.input, text, options.defines};
  }

  std::string outputName(StringRef extension) {
    if (!options.output.empty())
      return options.output;
    return (llvm::sys::path::stem(options.input) + extension).str();
  }

  int write(const llvm::Twine &path, StringRef contents) {
    llvm::SmallString<128> name;
    path.toVector(name);
    if (name == "-" || (llvm::sys::fs::exists(name) && !llvm::sys::fs::is_regular_file(name)))
      return writeToStream(name, contents);
    // Through a temporary file in the same directory: nothing half-written is left behind.
    llvm::Error error = llvm::writeToOutput(name, [&](llvm::raw_ostream &os) {
      os << contents;
      return llvm::Error::success();
    });
    if (error)
      return fail(EnvironmentError, "cannot write " + llvm::toString(std::move(error)));
    return Done;
  }

  /// Standard output, or a device or pipe, which a renamed file must not take the place of.
  int writeToStream(StringRef name, StringRef contents) {
    std::error_code error;
    llvm::raw_fd_ostream stream(name, error); // "-" is standard output
    if (!error) {
      stream << contents;
      stream.flush();
      error = stream.error();
      stream.clear_error(); // told below; left standing it would abort
    }
    if (error)
      return fail(EnvironmentError, "cannot write " +
                                        (name == "-" ? "to standard output" : "'" + name + "'") +
                                        ": " + error.message());
    return Done;
  }

  void dump(StringRef phase, ModuleOp module) {
    if (options.dumpDirectory.empty() || dumpFailure)
      return;
    llvm::SmallString<128> path(options.dumpDirectory);
    (void)llvm::sys::fs::create_directories(path);
    llvm::sys::path::append(path, std::to_string(dumped++) + "-" + phase + ".mlir");
    std::string ir;
    llvm::raw_string_ostream(ir) << module;
    dumpFailure = write(path, ir);
  }

  // ---- What passes find in the program --------------------------------------------------------

  /// The place in the source that a location has, if any.
  dsl::SourceRange placeOf(Location location) {
    dsl::SourceRange place;
    location->walk([&](Location at) {
      auto known = dyn_cast<FileLineColLoc>(at);
      if (!known || known.getFilename().getValue() != source->name())
        return WalkResult::advance();
      uint32_t offset = source->offset({known.getLine(), known.getColumn()});
      place = {source, offset, offset};
      return WalkResult::interrupt();
    });
    return place;
  }

  /// Makes an error about the program one of the language's; leaves any other as it is.
  LogicalResult takeOver(mlir::Diagnostic &told) {
    if (!source || !graph::isProgramError(told)) {
      passesFailed |= told.getSeverity() == DiagnosticSeverity::Error;
      return failure();
    }
    diagnostics.report(dsl::diag::Refused, placeOf(told.getLocation()), told.str());
    return success();
  }

  /// What passes say about the program is the user's to mend. Whatever else fails after the
  /// frontend accepted it is a bug of the compiler, unless the input was IR; the program is then
  /// kept to reproduce it.
  int explainFailure() {
    report();
    if (!source || (diagnostics.hasErrors() && !passesFailed))
      return UserError;
    std::string ir;
    dsl::DiagnosticEngine silent;
    const dsl::SourceFile &again = silent.addSource(options.input, text);
    if (auto graph = dsl::compileToGraph(context, again, {options.defines, options.entries}, silent))
      llvm::raw_string_ostream(ir) << *graph;
    std::string name = (llvm::sys::path::stem(options.input) + ".reproducer.mlir").str();
    write(name, ir);
    return fail(InternalError, "this is a bug in tenonc; please report it with " + name);
  }

  pipeline::Options options;
  MLIRContext context;
  llvm::SourceMgr sources;
  std::optional<SourceMgrDiagnosticHandler> irDiagnostics;
  dsl::DiagnosticEngine diagnostics;
  std::optional<ScopedDiagnosticHandler> passDiagnostics; // asked before irDiagnostics
  bool passesFailed = false; // with an error that is not about the program
  const dsl::SourceFile *source = nullptr;
  std::string text;
  OwningOpRef<ModuleOp> module;
  unsigned dumped = 0;
  int dumpFailure = Done; // of the first file that could not be written
};

} // namespace

int tools::runCompiler(pipeline::Options options) { return Compilation(std::move(options)).run(); }
