// What a compilation can be told: one struct, filled by the command line of tenonc.
#ifndef TENON_COMPILER_PIPELINE_OPTIONS_H
#define TENON_COMPILER_PIPELINE_OPTIONS_H

#include "compiler/simplify/RecomputePolicy.h"
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace tenon::pipeline {

/// The forms a program goes through, in order. `Graph` is what the frontend gives.
enum class Phase { Graph, Autodiff, Simplify, Fuse, Schedule, Exec };

/// What is written.
enum class Emit {
  Module, ///< a .tnm
  Library, ///< libNAME.a and NAME.h
  Text,   ///< the IR of `lastPhase`
  Llvm, Assembly, Object
};

struct Options {
  std::string input;                 ///< a .tenon file, a .mlir file, or a run directory
  std::string output;                ///< a file; empty: named after the input; "-": standard output
  std::vector<std::string> cpus = {"x86-64-v3"}; ///< one variant each, the first that fits is run
  std::vector<std::string> defines;  ///< -D name=value
  std::vector<std::string> entries;  ///< functions to keep; empty: all
  Emit emit = Emit::Module;
  Phase lastPhase = Phase::Exec;     ///< for Emit::Text
  std::string dumpDirectory;         ///< the IR after each phase goes there; empty: nowhere
  unsigned optLevel = 3;             ///< 0 fuses nothing
  bool json = false;                 ///< diagnostics as JSON lines
  bool check = false;                ///< only diagnose
  bool format = false;               ///< print the source in its one layout
  std::optional<std::string> printMemory; ///< say what entries take for sizes NAME=N,…; write nothing
  bool explainFusion = false;        ///< say what runs together and why; write nothing
  uint64_t memoryBudget = 0;         ///< bytes that a trainer may take; 0: any number
  simplify::RecomputePolicy recompute; ///< what is done to keep to it
  bool timePhases = false;           ///< milliseconds per phase on standard error
};

} // namespace tenon::pipeline

#endif
