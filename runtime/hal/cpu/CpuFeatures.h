// Which instructions this machine and its operating system allow, by LLVM's feature names.
#ifndef TENON_HAL_CPU_CPUFEATURES_H
#define TENON_HAL_CPU_CPUFEATURES_H

#include <string>

namespace tenon::rt {

enum class FeatureSupport { Present, Absent, Unknown /* to this version of the runtime */ };

/// "avx2", "fma" …: names of LLVM's X86 features. What only tunes code and uses no instruction is
/// Present.
FeatureSupport cpuFeature(const std::string &name);

} // namespace tenon::rt

#endif
