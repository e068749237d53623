// Waiting for another thread: a short time by looking, then asleep in the kernel.
#ifndef TENON_HAL_CPU_SPIN_H
#define TENON_HAL_CPU_SPIN_H

#include <atomic>
#include <cstdint>

namespace tenon::rt {

/// Looks at memory before a thread goes to sleep: 20 to 40 us on current processors. Longer than the
/// gap between two kernels of a step, shorter than what waking a sleeper costs both sides.
constexpr int spinsBeforeSleep = 1000;

/// Tells the processor that this is a waiting loop.
inline void spinPause() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#else
  asm volatile("yield");
#endif
}

/// Sleeps while *word == expected; may also return without reason.
void futexWait(std::atomic<uint32_t> *word, uint32_t expected);
/// Wakes the threads that sleep on the word.
void futexWake(std::atomic<uint32_t> *word);

} // namespace tenon::rt

#endif
