#include "runtime/hal/cpu/CpuFeatures.h"

#include <cstdint>

#if defined(__x86_64__)
#include <cpuid.h>
#endif

namespace tenon::rt {

#if defined(__x86_64__)
namespace {

enum Register { EAX, EBX, ECX, EDX };

// What the operating system must save on a context switch for the registers to be usable (XCR0).
enum SavedState : uint32_t { None = 0, Avx = 0x6, Avx512 = 0xe6 };

struct Feature {
  const char *name;
  uint32_t leaf, subleaf;
  Register from;
  int bit;
  SavedState needs;
};

constexpr Feature features[] = {{"x87", 1, 0, EDX, 0, None},
                                {"cx8", 1, 0, EDX, 8, None},
                                {"cmov", 1, 0, EDX, 15, None},
                                {"mmx", 1, 0, EDX, 23, None},
                                {"fxsr", 1, 0, EDX, 24, None},
                                {"sse", 1, 0, EDX, 25, None},
                                {"sse2", 1, 0, EDX, 26, None},
                                {"sse3", 1, 0, ECX, 0, None},
                                {"pclmul", 1, 0, ECX, 1, None},
                                {"ssse3", 1, 0, ECX, 9, None},
                                {"fma", 1, 0, ECX, 12, Avx},
                                {"cx16", 1, 0, ECX, 13, None},
                                {"sse4.1", 1, 0, ECX, 19, None},
                                {"sse4.2", 1, 0, ECX, 20, None},
                                {"crc32", 1, 0, ECX, 20, None},
                                {"movbe", 1, 0, ECX, 22, None},
                                {"popcnt", 1, 0, ECX, 23, None},
                                {"aes", 1, 0, ECX, 25, None},
                                {"xsave", 1, 0, ECX, 26, None},
                                {"avx", 1, 0, ECX, 28, Avx},
                                {"f16c", 1, 0, ECX, 29, Avx},
                                {"rdrnd", 1, 0, ECX, 30, None},
                                {"fsgsbase", 7, 0, EBX, 0, None},
                                {"bmi", 7, 0, EBX, 3, None},
                                {"avx2", 7, 0, EBX, 5, Avx},
                                {"bmi2", 7, 0, EBX, 8, None},
                                {"invpcid", 7, 0, EBX, 10, None},
                                {"avx512f", 7, 0, EBX, 16, Avx512},
                                {"avx512dq", 7, 0, EBX, 17, Avx512},
                                {"rdseed", 7, 0, EBX, 18, None},
                                {"adx", 7, 0, EBX, 19, None},
                                {"avx512ifma", 7, 0, EBX, 21, Avx512},
                                {"clflushopt", 7, 0, EBX, 23, None},
                                {"clwb", 7, 0, EBX, 24, None},
                                {"avx512cd", 7, 0, EBX, 28, Avx512},
                                {"sha", 7, 0, EBX, 29, None},
                                {"avx512bw", 7, 0, EBX, 30, Avx512},
                                {"avx512vl", 7, 0, EBX, 31, Avx512},
                                {"avx512vbmi", 7, 0, ECX, 1, Avx512},
                                {"pku", 7, 0, ECX, 4, None},
                                {"avx512vbmi2", 7, 0, ECX, 6, Avx512},
                                {"shstk", 7, 0, ECX, 7, None},
                                {"gfni", 7, 0, ECX, 8, None},
                                {"vaes", 7, 0, ECX, 9, Avx},
                                {"vpclmulqdq", 7, 0, ECX, 10, Avx},
                                {"avx512vnni", 7, 0, ECX, 11, Avx512},
                                {"avx512bitalg", 7, 0, ECX, 12, Avx512},
                                {"avx512vpopcntdq", 7, 0, ECX, 14, Avx512},
                                {"rdpid", 7, 0, ECX, 22, None},
                                {"movdiri", 7, 0, ECX, 27, None},
                                {"movdir64b", 7, 0, ECX, 28, None},
                                {"fsrm", 7, 0, EDX, 4, None},
                                {"avx512vp2intersect", 7, 0, EDX, 8, Avx512},
                                {"serialize", 7, 0, EDX, 14, None},
                                {"avx512fp16", 7, 0, EDX, 23, Avx512},
                                {"avxvnni", 7, 1, EAX, 4, Avx},
                                {"avx512bf16", 7, 1, EAX, 5, Avx512},
                                {"xsaveopt", 13, 1, EAX, 0, None},
                                {"xsavec", 13, 1, EAX, 1, None},
                                {"xsaves", 13, 1, EAX, 3, None},
                                {"sahf", 0x80000001, 0, ECX, 0, None},
                                {"lzcnt", 0x80000001, 0, ECX, 5, None},
                                {"sse4a", 0x80000001, 0, ECX, 6, None},
                                {"prfchw", 0x80000001, 0, ECX, 8, None},
                                {"mwaitx", 0x80000001, 0, ECX, 29, None},
                                {"64bit", 0x80000001, 0, EDX, 29, None},
                                {"clzero", 0x80000008, 0, EBX, 0, None},
                                {"rdpru", 0x80000008, 0, EBX, 4, None},
                                {"wbnoinvd", 0x80000008, 0, EBX, 9, None}};

// In LLVM's lists, but no instruction of its own.
constexpr const char *tuningOnly[] = {"evex512", "prefer-256-bit", "prefer-128-bit"};

/// The register states that the operating system saves.
uint32_t savedStates() {
  uint32_t a, b, c, d;
  if (!__get_cpuid(1, &a, &b, &c, &d) || !(c & bit_OSXSAVE))
    return 0;
  uint32_t low, high;
  asm volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
  return low;
}

bool isPresent(const Feature &feature) {
  uint32_t registers[4] = {};
  if (!__get_cpuid_count(feature.leaf, feature.subleaf, &registers[EAX], &registers[EBX],
                         &registers[ECX], &registers[EDX]))
    return false;
  return (registers[feature.from] >> feature.bit & 1) &&
         (savedStates() & feature.needs) == feature.needs;
}

} // namespace

FeatureSupport cpuFeature(const std::string &name) {
  for (const Feature &feature : features)
    if (name == feature.name)
      return isPresent(feature) ? FeatureSupport::Present : FeatureSupport::Absent;
  for (const char *tuning : tuningOnly)
    if (name == tuning)
      return FeatureSupport::Present;
  return FeatureSupport::Unknown;
}

#else

FeatureSupport cpuFeature(const std::string &) { return FeatureSupport::Unknown; }

#endif

} // namespace tenon::rt
