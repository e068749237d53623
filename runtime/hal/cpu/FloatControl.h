// The floating-point control words of a thread: kernels are compiled for the defaults (round to
// nearest, no traps), whatever the host has set.
#ifndef TENON_HAL_CPU_FLOATCONTROL_H
#define TENON_HAL_CPU_FLOATCONTROL_H

#include <cstdint>

namespace tenon::rt {

/// What becomes of results below the least normal number.
enum class Subnormals {
  Keep,
  Flush ///< to 0, where the processor is faster so: x86-64
};

/// Sets the defaults; its end restores what was there.
class FloatControl {
public:
#if defined(__x86_64__)
  explicit FloatControl(Subnormals subnormals = Subnormals::Keep) {
    mxcsr = __builtin_ia32_stmxcsr();
    asm volatile("fnstcw %0" : "=m"(x87));
    constexpr uint32_t kDefault = 0x1f80, kFlushToZero = 0x8000;
    __builtin_ia32_ldmxcsr(subnormals == Subnormals::Flush ? kDefault | kFlushToZero : kDefault);
    const uint16_t defaultX87 = 0x037f;
    asm volatile("fldcw %0" : : "m"(defaultX87));
  }
  ~FloatControl() {
    asm volatile("fldcw %0" : : "m"(x87));
    __builtin_ia32_ldmxcsr(mxcsr);
  }

private:
  uint32_t mxcsr;
  uint16_t x87;
#else
  explicit FloatControl(Subnormals = Subnormals::Keep) {
    asm volatile("mrs %0, fpcr" : "=r"(fpcr));
    asm volatile("msr fpcr, %0" : : "r"(uint64_t{0}));
  }
  ~FloatControl() { asm volatile("msr fpcr, %0" : : "r"(fpcr)); }

private:
  uint64_t fpcr;
#endif

public:
  FloatControl(const FloatControl &) = delete;
  FloatControl &operator=(const FloatControl &) = delete;
};

} // namespace tenon::rt

#endif
