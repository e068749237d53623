//===- CodeImage.h - An object as bytes that can be mapped ------*- C++ -*-===//
//
// A code image is a linked object that needs nothing but to be copied to memory: no relocation is
// left, no symbol comes from outside, nothing in it is written at run time. The runtime maps it
// without a linker, and the same bytes work at any address.
//
//===----------------------------------------------------------------------===//
#ifndef TENON_COMPILER_SERIALIZE_CODEIMAGE_H
#define TENON_COMPILER_SERIALIZE_CODEIMAGE_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/Error.h"
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace tenon::serialize {

struct CodeImage {
  /// Segments start at multiples of this, so that they fall on pages of 4, 16 and 64 KiB.
  static constexpr uint64_t kSegmentAlignment = 65536;

  struct Segment {
    uint64_t address; ///< in the image, a multiple of kSegmentAlignment
    uint64_t size;    ///< in bytes, not 0
    uint64_t offset;  ///< of its contents in `bytes`, a multiple of 64
    bool executable;  ///< read-execute, else read-only
  };
  struct Symbol {
    uint64_t address; ///< in the image
    uint64_t size;
  };

  uint64_t memorySize = 0;               ///< of the mapped image
  std::vector<Segment> segments;         ///< by address, without overlap
  std::string bytes;                     ///< the segments' contents, packed
  std::map<std::string, Symbol> symbols; ///< the functions that can be called, by name
  std::vector<Symbol> ehFrames;          ///< unwind tables, one per object that has one
};

/// Links relocatable ELF objects that do not refer to each other. They are linked at two addresses
/// and refused unless the results are equal. Errors: symbols from outside (by name), writable data, a dependence on the address.
llvm::Expected<CodeImage> linkCodeImage(llvm::ArrayRef<std::string> objects);

} // namespace tenon::serialize

#endif // TENON_COMPILER_SERIALIZE_CODEIMAGE_H
