#include "compiler/tools/CommandLine.h"
#include "compiler/pipeline/Pipeline.h"
#include <CLI/CLI.hpp>

using namespace tenon;
using namespace tenon::pipeline;

static const char *const examples = R"(Examples:
  tenonc mlp.tenon                          compile to mlp.tnm
  tenonc mlp.tenon --emit=lib -o out/risk   out/librisk.a and out/risk.h, to link into a C program
  tenonc mlp.tenon -D mlp.hidden=64         set a hyper-parameter
  tenonc mlp.tenon --check                  only report errors
  tenonc mlp.tenon --emit=graph             show what the model means
  tenonc mlp.tenon --print-memory=batch=64  what each entry takes at that size
  tenonc mlp.tenon --explain-fusion         which kernels there are, and why
  tenonc mlp.tenon --mcpu=x86-64-v3,x86-64-v4   one artifact for both kinds of processor
Exit codes: 0 done, 1 an error of yours, 2 a bug of ours, 3 the environment.
)";

/// From "64MiB" to bytes, at least one. Gives the error, or nothing.
static std::string readSize(std::string &text) {
  std::string refused = "'" + text + "' is not a size of at least one byte";
  if (text.find('-') != std::string::npos) // which CLI11 would wrap
    return refused;
  std::string error = CLI::AsSizeValue(/*kb_is_1000=*/true)(text);
  return text == "0" ? refused : error;
}

std::optional<int> tools::parseCommandLine(int argc, char **argv, Options &options) {
  CLI::App app("tenonc: compiles a model file to an artifact that trains and runs it");
  app.footer(examples);
  app.set_version_flag("--version", "tenonc " TENON_VERSION);
  app.add_option("input", options.input, "a .tenon file, a run directory, or .mlir")
      ->required()
      ->type_name("FILE");
  app.add_option("-o", options.output, "where the result goes ('-': standard output)")
      ->type_name("OUT");
  app.add_option("-D", options.defines, "a file constant, hyper-parameter or train setting")
      ->type_name("NAME=VALUE")
      ->allow_extra_args(false) // "-D a=1 FILE": the file is not a second value
      ->take_all();

  std::string emit = "module", target = "cpu", compileTo;
  app.add_option("--emit", emit, "what to write")
      ->check(CLI::IsMember({"module", "lib", "graph", "fuse", "exec", "llvm", "asm", "obj"}))
      ->type_name("module|lib|graph|fuse|exec|llvm|asm|obj");
  app.add_option("--compile-to", compileTo, "print the program after this phase")
      ->check(CLI::IsMember({"graph", "autodiff", "simplify", "fuse", "schedule", "exec"}))
      ->type_name("PHASE");
  app.add_option("--target", target, "devices to compile for")
      ->check([](const std::string &name) {
        return name == "cpu" ? "" : "'" + name + "' is not supported yet; this version compiles for cpu";
      })
      ->type_name("cpu");
  app.add_option("--mcpu", options.cpus, "processors by LLVM's names, one variant each")
      ->delimiter(',')
      ->allow_extra_args(false) // a following FILE is not one of them
      ->type_name("CPU[,CPU]");
  app.add_option("--entries", options.entries, "functions to keep; train blocks always stay")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->type_name("A,B");
  app.add_option("--dump-dir", options.dumpDirectory, "write the program after each phase there")
      ->type_name("DIR");
  app.add_option("-O", options.optLevel, "optimisation; 0 fuses nothing")
      ->check(CLI::Range(0u, 3u))
      ->type_name("0..3");
  app.add_flag("--check", options.check, "report errors and warnings, write nothing");
  app.add_flag("--format", options.format, "print the source in its one layout");
  app.add_flag("--json", options.json, "report diagnostics as JSON lines");
  std::string sizes;
  CLI::Option *printMemory = app.add_flag(
      "--print-memory{}", sizes, "bytes that each entry takes, =batch=32,threads=2,… for other limits; write nothing");
  app.add_option("--memory-budget", options.memoryBudget,
                 "bytes that training may take: more is computed again, or it is refused")
      ->transform(CLI::Validator(readSize, "SIZE"))
      ->type_name("SIZE");
  app.add_flag("--explain-fusion", options.explainFusion,
               "say what runs as one kernel, what does not and why, with predicted times; write nothing");
  app.add_flag("--time-phases", options.timePhases, "milliseconds per phase on standard error");

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError &error) {
    return app.exit(error) == 0 ? Done : UserError;
  }

  if (printMemory->count() != 0)
    options.printMemory = sizes;
  static const std::pair<llvm::StringRef, Emit> kinds[] = {
      {"module", Emit::Module}, {"lib", Emit::Library}, {"llvm", Emit::Llvm},
      {"asm", Emit::Assembly},  {"obj", Emit::Object}};
  options.emit = Emit::Text;
  for (const auto &[name, kind] : kinds)
    if (name == emit)
      options.emit = kind;
  if (!compileTo.empty()) {
    options.emit = Emit::Text;
    options.lastPhase = *phaseNamed(compileTo);
  } else if (options.emit == Emit::Text) {
    options.lastPhase = *phaseNamed(emit);
  }
  return std::nullopt;
}
