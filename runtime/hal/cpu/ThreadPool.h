// A small pool: part i of a job always runs on thread i, part 0 on the caller. Workers spin briefly
// for the next job, then sleep.
#ifndef TENON_HAL_CPU_THREADPOOL_H
#define TENON_HAL_CPU_THREADPOOL_H

#include "runtime/base/Status.h"

#include <atomic>
#include <cstdint>
#include <memory>
#include <thread>

namespace tenon::rt {

/// One part of a job.
using PartFunction = void (*)(void *context, uint32_t part);

class ThreadPool {
public:
  /// `threads` counts the caller; 1 starts none. Workers block every signal, so that the host's
  /// handlers never run on them.
  static Status create(uint32_t threads, std::unique_ptr<ThreadPool> *out);
  ~ThreadPool();

  uint32_t threads() const { return count; }

  /// Takes the pool for the calling thread until it calls `leave`; false if another thread has it.
  bool tryEnter() { return !busy.exchange(true, std::memory_order_acquire); }
  void leave() { busy.store(false, std::memory_order_release); }

  /// Runs part(context, i) for i in [0, parts), 1 <= parts <= threads(), all at the same time, and
  /// returns when they are done. Takes no lock and allocates nothing. The caller has entered.
  void run(uint32_t parts, PartFunction part, void *context);

private:
  struct alignas(64) Worker {
    std::atomic<uint32_t> state{0};
    std::thread thread;
  };

  ThreadPool() = default;
  void work(uint32_t index);

  uint32_t count = 1;
  std::unique_ptr<Worker[]> workers; // count - 1; worker i runs part i + 1
  std::atomic<bool> busy{false};
  // Of the running job; written by the caller while no worker has work.
  PartFunction jobPart = nullptr;
  void *jobContext = nullptr;
};

} // namespace tenon::rt

#endif
