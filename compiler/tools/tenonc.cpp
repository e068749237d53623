//===- tenonc.cpp - The model compiler ------------------------------------===//

#include "compiler/tools/CommandLine.h"
#include "compiler/tools/Driver.h"

int main(int argc, char **argv) {
  tenon::pipeline::Options options;
  if (std::optional<int> code = tenon::tools::parseCommandLine(argc, argv, options))
    return *code;
  return tenon::tools::runCompiler(std::move(options));
}
