// Cells of text files as numbers, exactly and without a locale.
#ifndef TENON_DATA_NUMBER_H
#define TENON_DATA_NUMBER_H

#include <cstdint>
#include <string_view>

namespace tenon::data {

enum class NumberError {
  None,
  NotANumber, // letters, an empty cell, "nan" and "inf" too: a number that came from nowhere is
              // worse than an error
  OutOfRange, // a number, but not one that 64 bits hold
};

/// Reads the whole of `cell` as a decimal number, rounded to the nearest f64. Blanks around it are
/// allowed, and one leading '+'; `decimal` is the character of the decimal point.
NumberError parseNumber(std::string_view cell, char decimal, double &out);

/// Reads the whole of `cell` as a whole number. "3.0" is one, "3.5" is not.
NumberError parseInteger(std::string_view cell, char decimal, int64_t &out);

} // namespace tenon::data

#endif // TENON_DATA_NUMBER_H
