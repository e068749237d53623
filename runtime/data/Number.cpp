#include "runtime/data/Number.h"

#include <charconv>
#include <cmath>
#include <string>

namespace tenon::data {

static bool isBlank(char c) { return c == ' ' || c == '\t'; }

static std::string_view trim(std::string_view text) {
  while (!text.empty() && isBlank(text.front()))
    text.remove_prefix(1);
  while (!text.empty() && isBlank(text.back()))
    text.remove_suffix(1);
  return text;
}

/// std::from_chars takes no plus sign; "+-1" must stay an error.
static std::string_view withoutPlus(std::string_view text) {
  if (text.size() > 1 && text[0] == '+' && text[1] != '-')
    text.remove_prefix(1);
  return text;
}

NumberError parseNumber(std::string_view cell, char decimal, double &out) {
  std::string_view text = withoutPlus(trim(cell));
  // from_chars knows the words "nan" and "infinity"; numbers here are written with digits only.
  if (text.find_first_not_of("0123456789+-eE.,") != std::string_view::npos)
    return NumberError::NotANumber;
  std::string replaced;
  if (decimal != '.') {
    if (text.find('.') != std::string_view::npos)
      return NumberError::NotANumber;
    replaced = text;
    size_t point = replaced.find(decimal);
    if (point != std::string::npos)
      replaced[point] = '.';
    text = replaced;
  }
  const char *end = text.data() + text.size();
  auto [rest, error] = std::from_chars(text.data(), end, out);
  if (error == std::errc::result_out_of_range && rest == end)
    return NumberError::OutOfRange;
  if (error != std::errc() || rest != end || !std::isfinite(out))
    return NumberError::NotANumber;
  return NumberError::None;
}

NumberError parseInteger(std::string_view cell, char decimal, int64_t &out) {
  std::string_view text = withoutPlus(trim(cell));
  const char *end = text.data() + text.size();
  auto [rest, error] = std::from_chars(text.data(), end, out);
  if (error == std::errc() && rest == end)
    return NumberError::None;
  if (error == std::errc::result_out_of_range && rest == end)
    return NumberError::OutOfRange;
  double number;
  if (NumberError failed = parseNumber(cell, decimal, number); failed != NumberError::None)
    return failed;
  if (number != std::trunc(number))
    return NumberError::NotANumber;
  if (std::fabs(number) > 9007199254740992.0) // beyond 2^53 a fraction's digits are lost
    return NumberError::OutOfRange;
  out = static_cast<int64_t>(number);
  return NumberError::None;
}

} // namespace tenon::data
