// Minimum cuts of directed graphs with integer capacities.
#ifndef TENON_COMPILER_SIMPLIFY_MAXFLOW_H
#define TENON_COMPILER_SIMPLIFY_MAXFLOW_H

#include <cstdint>
#include <vector>

namespace tenon::simplify {

/// A flow network, cut by Dinic's algorithm (Soviet Math. Doklady 11, 1970): shortest augmenting
/// paths by levels, O(nodes^2 edges) and close to linear on networks of few levels.
class FlowNetwork {
public:
  /// More than any cut that is wanted; the capacities of all other edges must add up to less.
  static constexpr int64_t kInfinite = int64_t(1) << 60;

  explicit FlowNetwork(unsigned nodes) : edgesOf(nodes), level(nodes), next(nodes) {}

  void addEdge(unsigned from, unsigned to, int64_t capacity);

  /// For each node whether it is on the sink's side of a cut of least capacity: of several, the one
  /// nearest to the sink, with the fewest nodes on its side. To be called once.
  std::vector<bool> cutNearSink(unsigned source, unsigned sink);

private:
  struct Edge {
    unsigned to;
    int64_t capacity; ///< what is left of it
  };

  bool findLevels(unsigned source, unsigned sink);
  bool augment(unsigned source, unsigned sink);

  std::vector<Edge> edges; ///< each is followed by its reverse
  std::vector<std::vector<unsigned>> edgesOf;
  std::vector<unsigned> level, next;
};

} // namespace tenon::simplify

#endif
