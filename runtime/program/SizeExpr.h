// Size expressions of an artifact: polynomials over the run-time sizes of an entry, evaluated with
// checked arithmetic.
#ifndef TENON_PROGRAM_SIZEEXPR_H
#define TENON_PROGRAM_SIZEEXPR_H

#include <cstdint>
#include <string>
#include <vector>

namespace tenon::schema {
struct SizeExpr;
}

namespace tenon::rt {

enum class SizeError {
  None,
  Overflow, // a value does not fit 64 bits, or a tensor has more than 2^48 elements
  Divisor,  // floor division by zero or less
  Negative  // an axis is negative
};

/// Why a size has no value, for messages.
const char *sizeErrorText(SizeError error);

class SizeExpr {
public:
  /// Reads an expression over `nameCount` sizes. Returns NULL, or the reason to refuse it.
  static const char *decode(const schema::SizeExpr *flat, uint32_t nameCount, SizeExpr *out);

  /// `sizes` has one value per size name. Allocates nothing.
  SizeError evaluate(const int64_t *sizes, int64_t *out) const;
  /// Bounds of the value while every size lies between 0 and its `max` (interval arithmetic: sound,
  /// exact if no size occurs both added and subtracted). Divisors count as at least 1.
  SizeError bounds(const int64_t *max, int64_t *low, int64_t *high) const;

  /// Whether this is the size name itself, with nothing around it.
  bool isName(uint32_t name) const;
  /// Whether no size name occurs; then *out is the value.
  bool isConstant(int64_t *out) const;
  /// "2*seq + 1", as the language writes it.
  std::string text(const std::vector<std::string> &names) const;

private:
  struct Atom {
    int32_t name = -1;           // a size, or -1:
    std::vector<SizeExpr> parts; // numerator and denominator of a floor division
  };
  struct Term {
    int64_t coefficient = 0;
    std::vector<Atom> atoms;
  };

  static const char *decodeAt(const schema::SizeExpr *flat, uint32_t nameCount, int depth,
                              SizeExpr *out);
  bool usesNames() const;

  std::vector<Term> terms;
};

/// The number of elements of a tensor of that shape.
SizeError elementsOf(const std::vector<SizeExpr> &shape, const int64_t *sizes, uint64_t *out);
/// The largest number of elements while every size lies between 0 and its `max`.
SizeError mostElementsOf(const std::vector<SizeExpr> &shape, const int64_t *max, uint64_t *out);

} // namespace tenon::rt

#endif
