#include "runtime/hal/cpu/ThreadPool.h"

#include "runtime/hal/cpu/Spin.h"

#include <csignal>
#include <cstring>
#include <pthread.h>
#include <system_error>

namespace tenon::rt {
namespace {

// States of a worker. The caller moves Idle and Asleep to Work or Exit; the worker moves Idle to
// Asleep and Work to Idle; a caller that waits long moves Work to Awaited.
enum : uint32_t { Idle, Asleep, Work, Awaited, Exit };

/// Gives a worker work (or Exit) and wakes it if it sleeps.
void post(std::atomic<uint32_t> *state, uint32_t what) {
  if (state->exchange(what, std::memory_order_acq_rel) == Asleep)
    futexWake(state);
}

void awaitDone(std::atomic<uint32_t> *state) {
  for (int i = 0; i < spinsBeforeSleep; ++i) {
    if (state->load(std::memory_order_acquire) != Work)
      return;
    spinPause();
  }
  uint32_t expected = Work;
  if (!state->compare_exchange_strong(expected, Awaited, std::memory_order_acq_rel))
    return;
  while (state->load(std::memory_order_acquire) == Awaited)
    futexWait(state, Awaited);
}

} // namespace

Status ThreadPool::create(uint32_t threads, std::unique_ptr<ThreadPool> *out) {
  std::unique_ptr<ThreadPool> pool(new ThreadPool);
  pool->workers.reset(new Worker[threads - 1]);
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  Status status;
  for (; pool->count < threads; ++pool->count) {
    uint32_t index = pool->count - 1;
    try {
      pool->workers[index].thread = std::thread([raw = pool.get(), index] { raw->work(index); });
    } catch (const std::system_error &error) {
      status = Status::error(TENON_STATUS_IO, "cannot start thread %u of %u: %s", pool->count + 1,
                             threads, std::strerror(error.code().value()));
      break;
    }
  }
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  if (status.ok())
    *out = std::move(pool);
  return status;
}

ThreadPool::~ThreadPool() {
  for (uint32_t i = 0; i + 1 < count; ++i)
    post(&workers[i].state, Exit);
  for (uint32_t i = 0; i + 1 < count; ++i)
    workers[i].thread.join();
}

void ThreadPool::run(uint32_t parts, PartFunction part, void *context) {
  jobPart = part;
  jobContext = context;
  for (uint32_t i = 1; i < parts; ++i)
    post(&workers[i - 1].state, Work);
  part(context, 0);
  for (uint32_t i = 1; i < parts; ++i)
    awaitDone(&workers[i - 1].state);
}

void ThreadPool::work(uint32_t index) {
  std::atomic<uint32_t> &state = workers[index].state;
  for (;;) {
    uint32_t now = state.load(std::memory_order_acquire);
    for (int i = 0; i < spinsBeforeSleep && now == Idle; ++i) {
      spinPause();
      now = state.load(std::memory_order_acquire);
    }
    if (now == Idle)
      state.compare_exchange_strong(now, Asleep, std::memory_order_acq_rel);
    while ((now = state.load(std::memory_order_acquire)) == Asleep)
      futexWait(&state, Asleep);
    if (now == Exit)
      return;
    if (now != Work && now != Awaited)
      continue;
    jobPart(jobContext, index + 1);
    if (state.exchange(Idle, std::memory_order_acq_rel) == Awaited)
      futexWake(&state);
  }
}

} // namespace tenon::rt
