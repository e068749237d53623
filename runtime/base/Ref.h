// Counted objects behind the opaque handles.
#ifndef TENON_BASE_REF_H
#define TENON_BASE_REF_H

#include <atomic>
#include <cstdint>
#include <utility>

namespace tenon::rt {

/// Starts with one reference, which belongs to whoever created it.
class RefCounted {
public:
  RefCounted(const RefCounted &) = delete;
  RefCounted &operator=(const RefCounted &) = delete;

  void retain() const { references.fetch_add(1, std::memory_order_relaxed); }
  void release() const {
    if (references.fetch_sub(1, std::memory_order_acq_rel) == 1)
      delete this;
  }
  /// Whether the caller's reference is the only one. What others did before they let go of theirs
  /// has then happened.
  bool isUnique() const { return references.load(std::memory_order_acquire) == 1; }

protected:
  RefCounted() = default;
  virtual ~RefCounted() = default;

private:
  mutable std::atomic<uint32_t> references{1};
};

/// Owns one reference of a RefCounted, or nothing.
template <typename T> class Ref {
public:
  Ref() = default;
  Ref(const Ref &other) : object(other.object) {
    if (object)
      object->retain();
  }
  Ref(Ref &&other) noexcept : object(other.take()) {}
  Ref &operator=(Ref other) noexcept {
    std::swap(object, other.object);
    return *this;
  }
  ~Ref() {
    if (object)
      object->release();
  }

  /// Takes over the caller's reference.
  static Ref adopt(T *object) { return Ref(object); }
  /// Adds a reference of its own.
  static Ref share(T *object) {
    if (object)
      object->retain();
    return Ref(object);
  }

  T *get() const { return object; }
  T *operator->() const { return object; }
  T &operator*() const { return *object; }
  explicit operator bool() const { return object != nullptr; }
  /// Hands the reference over to the caller.
  T *take() noexcept { return std::exchange(object, nullptr); }

private:
  explicit Ref(T *object) : object(object) {}
  T *object = nullptr;
};

} // namespace tenon::rt

#endif
