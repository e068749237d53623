// The floating-point control words of a thread: kernels are compiled for the defaults (round to
// nearest, subnormals kept, no traps), whatever the host has set.
#ifndef TENON_HAL_CPU_FLOATCONTROL_H
#define TENON_HAL_CPU_FLOATCONTROL_H

#include <cstdint>

namespace tenon::rt {

/// Sets the defaults; its end restores what was there.
class FloatControl {
public:
#if defined(__x86_64__)
  FloatControl() {
    mxcsr = __builtin_ia32_stmxcsr();
    asm volatile("fnstcw %0" : "=m"(x87));
    __builtin_ia32_ldmxcsr(0x1f80);
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
  FloatControl() {
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
