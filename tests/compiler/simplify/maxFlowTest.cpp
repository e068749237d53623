// Minimum cuts, against all cuts there are.
#include "compiler/simplify/MaxFlow.h"

#include <gtest/gtest.h>

#include <random>

using tenon::simplify::FlowNetwork;

namespace {

struct Edge {
  unsigned from, to;
  int64_t capacity;
};

/// What crosses from the source's side to the sink's; bit i of `sinkSide`: node i is on the latter.
int64_t costOf(const std::vector<Edge> &edges, unsigned sinkSide) {
  int64_t cost = 0;
  for (const Edge &edge : edges)
    if (!(sinkSide >> edge.from & 1) && (sinkSide >> edge.to & 1))
      cost += edge.capacity;
  return cost;
}

unsigned cut(unsigned nodes, const std::vector<Edge> &edges) {
  FlowNetwork network(nodes);
  for (const Edge &edge : edges)
    network.addEdge(edge.from, edge.to, edge.capacity);
  unsigned sinkSide = 0;
  std::vector<bool> side = network.cutNearSink(0, nodes - 1);
  for (unsigned i = 0; i < nodes; ++i)
    sinkSide |= unsigned(side[i]) << i;
  return sinkSide;
}

TEST(MaxFlow, ACutOfRandomNetworksIsLeastAndNearestToTheSink) {
  std::mt19937 random(7);
  for (int round = 0; round < 300; ++round) {
    unsigned nodes = 2 + random() % 7;
    std::vector<Edge> edges;
    for (unsigned i = 0, n = random() % (nodes * 3); i < n; ++i)
      edges.push_back({unsigned(random() % nodes), unsigned(random() % nodes), int64_t(random() % 4)});
    unsigned found = cut(nodes, edges);
    int64_t least = INT64_MAX;
    unsigned nearest = ~0u; // the cuts of least cost are a lattice: this is the smallest of them
    for (unsigned side = 0; side < 1u << nodes; ++side) {
      if (side & 1 || !(side >> (nodes - 1) & 1))
        continue;
      int64_t cost = costOf(edges, side);
      if (cost < least)
        nearest = ~0u;
      if (cost <= least)
        nearest &= side;
      least = std::min(least, cost);
    }
    EXPECT_EQ(costOf(edges, found), least);
    EXPECT_EQ(found, nearest);
  }
}

TEST(MaxFlow, NoInfiniteEdgeIsCutWhereAnotherWayExists) {
  constexpr int64_t inf = FlowNetwork::kInfinite;
  // source -> a -> b -> sink, and source -> b: a must be cut off behind it, b before it.
  std::vector<Edge> edges = {{0, 1, inf}, {1, 2, 5}, {0, 2, 1000}, {2, 3, inf}};
  EXPECT_EQ(cut(4, edges), 0b1100u);
}

TEST(MaxFlow, LongChainsNeedNoStack) {
  unsigned length = 200000;
  FlowNetwork network(length);
  for (unsigned i = 0; i + 1 < length; ++i)
    network.addEdge(i, i + 1, i == length / 2 ? 1 : 2);
  std::vector<bool> side = network.cutNearSink(0, length - 1);
  EXPECT_FALSE(side[length / 2]);
  EXPECT_TRUE(side[length / 2 + 1]);
}

} // namespace
