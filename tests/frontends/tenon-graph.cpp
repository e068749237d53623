// tenon-graph FILE [-D NAME=VALUE]… [--entries A,B]: the graph module of a program on stdout,
// diagnostics on stderr; exit code 1 after an error.
#include "frontends/dsl/Compile.h"
#include "llvm/Support/MemoryBuffer.h"

using namespace llvm;
using namespace tenon::dsl;

int main(int argc, char **argv) {
  CompileOptions options;
  StringRef file;
  for (int i = 1; i < argc; ++i) {
    StringRef argument = argv[i];
    if (argument == "-D" && i + 1 < argc)
      options.defines.push_back(argv[++i]);
    else if (argument.consume_front("--entries=")) {
      SmallVector<StringRef> names;
      argument.split(names, ',');
      for (StringRef name : names)
        options.entries.push_back(name.str());
    } else
      file = argument;
  }
  auto buffer = MemoryBuffer::getFile(file);
  if (!buffer) {
    errs() << file << ": " << buffer.getError().message() << '\n';
    return 1;
  }
  DiagnosticEngine diags;
  // Tests see the file's own name, wherever they run.
  const SourceFile &source =
      diags.addSource(file.rsplit('/').second.empty() ? file.str() : file.rsplit('/').second.str(),
                      (*buffer)->getBuffer().str());
  mlir::MLIRContext context;
  auto module = compileToGraph(context, source, options, diags);
  diags.render(errs());
  if (!module)
    return 1;
  module->print(outs());
  outs() << '\n';
  return 0;
}
