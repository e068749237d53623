// A verified artifact, decoded for running on this machine: what models, sessions and trainers of
// one file share. Immutable.
#ifndef TENON_PROGRAM_PROGRAM_H
#define TENON_PROGRAM_PROGRAM_H

#include "runtime/base/Memory.h"
#include "runtime/base/Ref.h"
#include "runtime/hal/cpu/CodeImage.h"
#include "runtime/program/Layout.h"
#include "runtime/program/SizeExpr.h"
#include "runtime/program/Verify.h"
#include "runtime/rng/Initialize.h"
#include "runtime/schema/KernelAbi.h"

#include <string>
#include <vector>

namespace tenon::rt {

/// Where a fitted value that an entry takes comes from.
struct FitInput {
  int32_t data = -1; // data block; -1: not a fitted value
  uint32_t fit = 0;  // in the block
  bool isScale = false;
};

struct TensorSpec {
  std::string name, doc;
  tenon_dtype dtype = TENON_DTYPE_F32;
  std::vector<SizeExpr> shape;
  std::string shapeText; // "[batch, 10]"
  FitInput fitted;

  /// Bytes for given sizes.
  SizeError bytes(const int64_t *sizes, uint64_t *out) const;
};

enum class Comparison { Equal, LessEqual, Less, GreaterEqual, Greater, NotEqual };

struct RequireSpec {
  SizeExpr left, right;
  Comparison comparison = Comparison::Equal;
  std::string text; // "seq <= context"
  std::string message;
  uint32_t line = 0;
};

struct BufferSpec {
  schema::BufferKind kind = schema::BufferKind::Temp;
  uint32_t index = 0;
  SizeExpr bytes;
  uint32_t first = 0, last = 0;
  int32_t alias = -1;
  uint32_t root = 0; // the buffer whose memory this one has: itself without an alias
};

struct CommandSpec {
  schema::CommandKind kind = schema::CommandKind::Launch;
  uint32_t kernel = 0;
  std::vector<uint32_t> buffers;
  std::vector<SizeExpr> sizes;
  std::vector<bool> writes;       // by buffer
  SizeExpr tiles, grain, scratch; // 0 where the file has none
  SizeExpr flops, bytes;          // of work, for profiles; 0 where the file has none
  std::vector<uint64_t> tileBytes; // by buffer, see program.fbs
  uint32_t site = 0, line = 0;
};

struct EntrySpec {
  std::string name, doc;
  schema::EntryKind kind = schema::EntryKind::Function;
  uint32_t line = 0;
  std::vector<std::string> sizes;
  std::vector<const char *> sizeNames; // into `sizes`
  std::vector<TensorSpec> inputs, outputs;
  std::vector<RequireSpec> requirements;
  bool hasProgram = false; // whether the chosen variant implements it
  std::vector<BufferSpec> buffers;
  std::vector<CommandSpec> commands;
};

struct ParameterSpec { // also a state
  std::string path;
  tenon_dtype dtype = TENON_DTYPE_F32;
  std::vector<int64_t> dims;
  std::string shapeText;
  uint64_t elements = 0, bytes = 0; // of the values
  PackedMatrix layout;
  uint64_t storageBytes = 0; // in memory, padding included
  Initializer initializer;
  bool nodecay = false;
  bool isOptimizer = false;   // a state that only trainers have
  bool isAccumulator = false; // one of these that means nothing between steps: no file has it
  uint32_t line = 0;
};

/// Paths of states: the average of the parameter whose path follows, and what a step in
/// micro-batches adds up.
inline constexpr const char *averagePrefix = "optimizer.average.";
inline constexpr const char *accumulatorPrefixes[] = {"optimizer.accumulated.", "optimizer.total."};

class Program final : public RefCounted {
public:
  /// `bytes` holds the artifact in its first `size` bytes. `linked` is NULL for files; else its
  /// kernels are used and must outlive the program. Errors: CORRUPT, INCOMPATIBLE (no variant runs
  /// on this CPU; says why), IO, OUT_OF_MEMORY.
  static Status create(const Allocator &allocator, AlignedMemory bytes, uint64_t size,
                       const tenon_linked_model *linked, Ref<Program> *out);

  const schema::Artifact &artifact() const { return *flat; }
  const uint8_t *data() const { return bytes.data(); }
  uint64_t size() const { return byteCount; }
  uint32_t variant() const { return chosen; }

  const std::vector<EntrySpec> &entries() const { return entrySpecs; }
  const std::vector<ParameterSpec> &parameters() const { return parameterSpecs; }
  const std::vector<ParameterSpec> &states() const { return stateSpecs; }
  tenon_kernel_fn kernel(uint32_t index) const { return kernels[index]; }
  const uint8_t *constants() const { return constantBytes.data(); }

private:
  Status chooseVariant(bool isLinked);
  void decodeSignatures();
  void decodePrograms();
  void markFitInputs();
  Status loadConstants(const Allocator &allocator);
  Status loadKernels(const tenon_linked_model *linked);

  AlignedMemory bytes;
  uint64_t byteCount = 0;
  const schema::Artifact *flat = nullptr; // in `bytes`
  uint32_t chosen = 0;
  std::vector<EntrySpec> entrySpecs;
  std::vector<ParameterSpec> parameterSpecs, stateSpecs;
  AlignedMemory constantBytes;
  CodeImage image;
  std::vector<tenon_kernel_fn> kernels;
};

} // namespace tenon::rt

#endif
