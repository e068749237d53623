//===- TargetInfo.h - What the compiler knows of a target -------*- C++ -*-===//
//
// Every decision that depends on hardware (vector widths, tile sizes, cost models) reads it from
// here. The numbers come from the target's triple and processor name alone: the machine that
// compiles is never looked at, so that the same command gives the same bytes everywhere. The only
// exception is the processor name `native`, which is a request to look.
//
//===----------------------------------------------------------------------===//
#ifndef TENON_COMPILER_TARGETS_TARGETINFO_H
#define TENON_COMPILER_TARGETS_TARGETINFO_H

#include "mlir/IR/Location.h"
#include "mlir/Support/LLVM.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

namespace tenon::targets {

/// The compilation target that tenonc takes when none is named.
inline constexpr llvm::StringLiteral kDefaultTriple = "x86_64-unknown-linux-gnu";
inline constexpr llvm::StringLiteral kDefaultCpu = "x86-64-v3";

struct TargetInfo {
  std::string triple; ///< LLVM's triple, e.g. "x86_64-unknown-linux-gnu"
  std::string cpu;    ///< processor name as LLVM spells it; `native` is already resolved

  /// The instruction-set extensions that kernels may use, by LLVM's names, sorted. Everything the
  /// code generator may emit is implied by these and by the architecture's baseline, so a device
  /// that has all of them can run the code. They are what the artifact records.
  std::vector<std::string> features;

  unsigned vectorBits = 128;     ///< width of the widest vector register
  unsigned vectorRegisters = 16; ///< number of vector registers
  bool hasFma = false;           ///< fused multiply-add in one instruction

  // Sizes that hold for the processors of the last ten years; a processor's own are not looked up,
  // because a blocking that fits these fits all of them.
  int64_t cacheLineBytes = 64;
  int64_t l1Bytes = 32 << 10;  ///< data, per core
  int64_t l2Bytes = 512 << 10; ///< per core
  int64_t l3Bytes = 4 << 20;   ///< share of one core

  // Rates of one core of a server processor of these years: estimates of time are made with them,
  // to compare ways of doing the same. Vector operations are those of one register.
  double gigahertz = 3.0;
  double vectorOpsPerCycle = 2; ///< additions, multiplications, or both in one
  double l1BytesPerNs = 160, l2BytesPerNs = 90, l3BytesPerNs = 60, memoryBytesPerNs = 20;
  double launchNs = 60; ///< to start a kernel on the thread that runs the program

  /// Elements of `bits` bits that fit one vector register, e.g. 8 for f32 on x86-64-v3.
  unsigned vectorElements(unsigned bits) const { return vectorBits / bits; }
  /// Vector registers that a cache line fills, at least one.
  unsigned vectorsPerCacheLine() const {
    return std::max<unsigned>(cacheLineBytes * 8 / vectorBits, 1);
  }

  /// Describes processor `cpu` of `triple`. An error names what is unknown and lists what is known.
  static llvm::Expected<TargetInfo> get(llvm::StringRef triple = kDefaultTriple,
                                        llvm::StringRef cpu = kDefaultCpu);
  /// The same of the default triple, for passes: an error is reported at `where`.
  static mlir::FailureOr<TargetInfo> getOrReport(llvm::StringRef cpu, mlir::Location where);
};

} // namespace tenon::targets

#endif // TENON_COMPILER_TARGETS_TARGETINFO_H
