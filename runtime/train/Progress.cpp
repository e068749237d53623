#include "runtime/train/Progress.h"

#include <sys/ioctl.h>

#include <algorithm>
#include <cmath>
#include <cstdarg>

namespace tenon::train {

__attribute__((format(printf, 1, 2))) static std::string format(const char *pattern, ...) {
  char text[256];
  va_list arguments;
  va_start(arguments, pattern);
  std::vsnprintf(text, sizeof text, pattern, arguments);
  va_end(arguments);
  return text;
}

std::string formatCount(double count) {
  if (!(count >= 0))
    return "-";
  if (count < 999.5)
    return format("%.0f", count);
  if (count < 999.5e3)
    return format(count < 99.95e3 ? "%.1fk" : "%.0fk", count / 1e3);
  return format("%.1fM", count / 1e6);
}

std::string formatSeconds(double seconds) {
  if (!(seconds >= 0) || seconds > 1e9)
    return "-";
  long long whole = std::llround(seconds);
  if (whole < 3600)
    return format("%lld:%02lld", whole / 60, whole % 60);
  return format("%lld:%02lld:%02lld", whole / 3600, whole / 60 % 60, whole % 60);
}

std::string formatValue(double value) {
  if (std::isnan(value))
    return "nan"; // whatever its sign
  std::string text = format("%#.4g", value); // '#' keeps zeros, so that columns of numbers align
  if (text.back() == '.')
    text.pop_back();
  return text;
}

static void append(std::string &line, const std::vector<NamedValue> &values) {
  for (const NamedValue &named : values)
    line += "  " + named.name + " " + formatValue(named.value);
}

/// "epoch  3/20", the number as wide as the last epoch's.
static std::string epochLabel(int64_t epoch, int64_t epochs) {
  std::string last = std::to_string(epochs);
  return format("epoch %*lld/%s", static_cast<int>(last.size()), static_cast<long long>(epoch),
                last.c_str());
}

std::string formatEpoch(const EpochEvent &event) {
  std::string line = epochLabel(event.epoch, event.epochs) + "  loss " + formatValue(event.loss);
  if (!event.evaluation.empty()) {
    std::string values;
    append(values, event.evaluation);
    line += "  " + event.evaluatedSplit + values.substr(1);
  }
  return line + "  " + formatCount(event.examplesPerSecond) + " examples/s";
}

static int terminalColumns(FILE *out) {
  winsize size{};
  if (ioctl(fileno(out), TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
    return 80;
  return size.ws_col;
}

Progress::Progress(FILE *out, bool terminal) : out(out), terminal(terminal) {}

Progress::~Progress() { clear(); }

void Progress::clear() {
  if (!drawn)
    return;
  std::fputs("\r\033[K", out); // to the first column, and erase the line
  std::fflush(out);
  drawn = false;
}

void Progress::line(const std::string &text) {
  clear();
  std::fprintf(out, "%s\n", text.c_str());
  std::fflush(out);
}

std::string Progress::bar(const StepEvent &event) const {
  double seconds = std::chrono::duration<double>(Clock::now() - begin).count();
  double stepsTimed = static_cast<double>(event.step - firstStep);
  double left = static_cast<double>(event.totalSteps - event.step) * seconds / stepsTimed;
  double done = static_cast<double>(event.step) / static_cast<double>(event.totalSteps);
  std::string head = epochLabel(event.epoch, event.epochs) + " ";
  std::string tail = format(" %3.0f%%", 100 * done);
  append(tail, event.values);
  tail += "  " + formatCount(event.examplesPerSecond) + " examples/s";
  if (stepsTimed > 0)
    tail += "  " + formatSeconds(left) + " left";
  int columns = terminalColumns(out);
  int width = columns - static_cast<int>(head.size() + tail.size()) - 3; // brackets, last column
  if (width < 5)
    return (head + tail).substr(0, static_cast<size_t>(std::max(columns - 1, 0)));
  width = std::min(width, 40);
  int filled = static_cast<int>(done * width);
  return head + "[" + std::string(filled, '=') + std::string(width - filled, ' ') + "]" + tail;
}

void Progress::step(const StepEvent &event) {
  if (!terminal)
    return;
  constexpr auto Interval = std::chrono::milliseconds(100);
  Clock::time_point now = Clock::now();
  if (firstStep < 0) {
    firstStep = event.step;
    begin = now;
  } else if (now - lastDrawn < Interval) {
    return;
  }
  lastDrawn = now;
  std::fprintf(out, "\r%s\033[K", bar(event).c_str());
  std::fflush(out);
  drawn = true;
}

void Progress::epoch(const EpochEvent &event) { line(formatEpoch(event)); }

void Progress::note(const std::string &text) { line(text); }

} // namespace tenon::train
