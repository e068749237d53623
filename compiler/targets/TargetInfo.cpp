//===- TargetInfo.cpp - What the compiler knows of a target ---------------===//

#include "compiler/targets/TargetInfo.h"
#include "mlir/IR/Diagnostics.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/TargetParser/Host.h"
#include "llvm/TargetParser/Triple.h"
#include "llvm/TargetParser/X86TargetParser.h"

using namespace llvm;

namespace tenon::targets {

/// The extensions of x86-64 that kernels may use: those that arithmetic on f32, f64, i32, i64 and
/// bytes profits from, and that the runtime's CPU device knows how to look for. A processor's
/// others (cache control, cryptography, ...) are not turned on, so the code cannot depend on them.
static constexpr StringLiteral kX86Extensions[] = {
    "avx",  "avx2", "avx512bw", "avx512cd", "avx512dq", "avx512f", "avx512vl", "bmi",    "bmi2",
    "f16c", "fma",  "lzcnt",    "movbe",    "popcnt",   "sse3",    "sse4.1",   "sse4.2", "ssse3"};

static Error unknown(const Twine &what) { return createStringError(what); }

/// The features of the compiling machine. A virtual machine may lack some that its processor's
/// name promises, so the name alone does not do.
static SmallVector<StringRef> hostFeatures() {
  SmallVector<StringRef> features;
  const StringMap<bool> host = sys::getHostCPUFeatures();
  for (StringRef name : kX86Extensions)
    if (host.lookup(name))
      features.push_back(name);
  return features;
}

Expected<TargetInfo> TargetInfo::get(StringRef triple, StringRef cpu) {
  TargetInfo info;
  Triple parsed(Triple::normalize(triple));
  if (parsed.getArch() != Triple::x86_64)
    return unknown("target '" + triple + "' is not supported: kernels are compiled for x86_64");
  info.triple = parsed.str();
  bool native = cpu == "native";
  info.cpu = native ? sys::getHostCPUName().str() : cpu.str();

  SmallVector<StringRef> features;
  if (native) {
    features = hostFeatures();
  } else if (X86::parseArchX86(cpu, /*Only64Bit=*/true) == X86::CK_None) {
    SmallVector<StringRef> known;
    X86::fillValidCPUArchList(known, /*Only64Bit=*/true);
    return unknown("unknown processor '" + cpu + "'; known are native, " + join(known, ", "));
  } else {
    X86::getFeaturesForCPU(cpu, features);
  }
  for (StringRef name : kX86Extensions)
    if (is_contained(features, name))
      info.features.push_back(name.str());

  // A processor's list leaves out what a listed feature implies.
  StringMap<bool> all;
  for (StringRef name : info.features) {
    all[name] = true;
    X86::updateImpliedFeatures(name, /*Enabled=*/true, all);
  }
  info.vectorBits = all.lookup("avx512f") ? 512 : all.lookup("avx") ? 256 : 128;
  info.vectorRegisters = all.lookup("avx512f") ? 32 : 16;
  info.hasFma = all.lookup("fma");
  return info;
}

mlir::FailureOr<TargetInfo> TargetInfo::getOrReport(StringRef cpu, mlir::Location where) {
  Expected<TargetInfo> info = get(kDefaultTriple, cpu);
  if (!info)
    return mlir::emitError(where, toString(info.takeError()));
  return std::move(*info);
}

} // namespace tenon::targets
