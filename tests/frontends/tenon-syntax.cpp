//===- tenon-syntax.cpp - The syntax half of the language, for tests ----------===//
//
//   tenon-syntax [--check | --dump-ast | --format | --json] FILE
//
// `-` reads standard input. Diagnostics go to standard error (`--json`: to standard output); exit
// code 1 after an error.
//
//===----------------------------------------------------------------------===//

#include "frontends/dsl/Format.h"
#include "frontends/dsl/Parser.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/raw_ostream.h"

using namespace tenon::dsl;

int main(int argc, char **argv) {
  if (argc != 3) {
    llvm::errs() << "usage: tenon-syntax --check|--dump-ast|--format|--json FILE\n";
    return 1;
  }
  llvm::StringRef mode = argv[1];
  auto buffer = llvm::MemoryBuffer::getFileOrSTDIN(argv[2]);
  if (!buffer) {
    llvm::errs() << argv[2] << ": " << buffer.getError().message() << '\n';
    return 1;
  }
  DiagnosticEngine diags;
  llvm::StringRef name = llvm::StringRef(argv[2]).rsplit('/').second;
  const SourceFile &source =
      diags.addSource((name.empty() ? argv[2] : name).str(), (*buffer)->getBuffer().str());
  std::unique_ptr<ast::File> file = parse(source, diags);
  if (mode == "--json")
    diags.renderJson(llvm::outs());
  else
    diags.render(llvm::errs());
  if (diags.hasErrors())
    return 1;
  if (mode == "--dump-ast")
    llvm::outs() << ast::dump(*file);
  if (mode == "--format")
    llvm::outs() << format(*file);
  return 0;
}
