// The side of a worker program: it opens workloads and times them when the harness says so.
//
// A worker reads one request a line and answers each with one line:
//
//   open NAME WORD...   prepares a workload and calls it NAME       -> ok
//   run NAME COUNT      does it COUNT times                         -> seconds 0.0123
//   close NAME          frees it                                    -> ok
//   about               the version of what is measured             -> about OpenBLAS 0.3.21
//   anything that fails                                             -> error in words
//
// The end of the input ends the worker. harness/workers.py is the other side.
#ifndef TENON_BENCHMARKS_SERVE_H
#define TENON_BENCHMARKS_SERVE_H

#include <chrono>
#include <cstdint>
#include <functional>
#include <iostream>
#include <map>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace tenon::bench {

/// Seconds since some fixed moment.
inline double now() {
  using namespace std::chrono;
  return duration<double>(steady_clock::now().time_since_epoch()).count();
}

/// Something to measure; it is open from its constructor to its destructor.
class Workload {
public:
  virtual ~Workload() = default;
  /// Does it `count` times and gives the seconds that took. Throws std::runtime_error.
  virtual double run(int64_t count) = 0;
};

using Words = std::vector<std::string>;
/// Makes the workload that the words describe, or throws std::runtime_error.
using Open = std::function<std::unique_ptr<Workload>(const Words &)>;

/// Calls `body` `count` times and gives the seconds.
template <typename Body> double timed(int64_t count, const Body &body) {
  double start = now();
  for (int64_t i = 0; i < count; ++i)
    body();
  return now() - start;
}

/// The value of `NAME=VALUE` among the words.
inline int64_t sizeNamed(const Words &words, const std::string &name) {
  for (const std::string &word : words)
    if (word.compare(0, name.size() + 1, name + "=") == 0)
      return std::stoll(word.substr(name.size() + 1));
  throw std::runtime_error("no size '" + name + "' was given");
}

/// Serves until the input ends; the result is for main().
inline int serve(const std::string &about, const Open &open) {
  std::map<std::string, std::unique_ptr<Workload>> workloads;
  for (std::string line; std::getline(std::cin, line);) {
    std::istringstream stream(line);
    std::string verb, name;
    stream >> verb >> name;
    Words words;
    for (std::string word; stream >> word;)
      words.push_back(word);
    try {
      if (verb == "open") {
        workloads[name] = open(words);
        std::cout << "ok" << std::endl;
      } else if (verb == "run") {
        auto found = workloads.find(name);
        if (found == workloads.end())
          throw std::runtime_error("'" + name + "' is not open");
        double seconds = found->second->run(std::stoll(words.at(0)));
        std::cout << "seconds " << seconds << std::endl;
      } else if (verb == "close") {
        workloads.erase(name);
        std::cout << "ok" << std::endl;
      } else if (verb == "about") {
        std::cout << "about " << about << std::endl;
      } else {
        throw std::runtime_error("unknown request '" + verb + "'");
      }
    } catch (const std::exception &error) {
      std::cout << "error " << error.what() << std::endl;
    }
  }
  return 0;
}

} // namespace tenon::bench

#endif
