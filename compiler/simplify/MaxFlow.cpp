#include "compiler/simplify/MaxFlow.h"

#include <algorithm>

using namespace tenon::simplify;

static constexpr unsigned unreached = ~0u;

void FlowNetwork::addEdge(unsigned from, unsigned to, int64_t capacity) {
  edgesOf[from].push_back(edges.size());
  edges.push_back({to, capacity});
  edgesOf[to].push_back(edges.size());
  edges.push_back({from, 0});
}

/// Breadth first: how many edges with capacity left lead from the source to each node.
bool FlowNetwork::findLevels(unsigned source, unsigned sink) {
  std::fill(level.begin(), level.end(), unreached);
  level[source] = 0;
  std::vector<unsigned> queue{source};
  for (size_t i = 0; i < queue.size(); ++i)
    for (unsigned index : edgesOf[queue[i]]) {
      const Edge &edge = edges[index];
      if (edge.capacity == 0 || level[edge.to] != unreached)
        continue;
      level[edge.to] = level[queue[i]] + 1;
      queue.push_back(edge.to);
    }
  return level[sink] != unreached;
}

/// Sends flow along one path that goes a level up with each edge. `next` remembers the edges of
/// each node that lead nowhere. (No recursion: paths are as long as the program.)
bool FlowNetwork::augment(unsigned source, unsigned sink) {
  std::vector<unsigned> path; // edges
  unsigned node = source;
  while (node != sink) {
    if (next[node] == edgesOf[node].size()) { // a dead end
      if (path.empty())
        return false;
      node = edges[path.back() ^ 1].to;
      path.pop_back();
      ++next[node];
      continue;
    }
    unsigned index = edgesOf[node][next[node]];
    const Edge &edge = edges[index];
    if (edge.capacity > 0 && level[edge.to] == level[node] + 1) {
      path.push_back(index);
      node = edge.to;
    } else {
      ++next[node];
    }
  }
  int64_t flow = kInfinite;
  for (unsigned index : path)
    flow = std::min(flow, edges[index].capacity);
  for (unsigned index : path) {
    edges[index].capacity -= flow;
    edges[index ^ 1].capacity += flow;
  }
  return true;
}

std::vector<bool> FlowNetwork::cutNearSink(unsigned source, unsigned sink) {
  while (findLevels(source, sink)) {
    std::fill(next.begin(), next.end(), 0);
    while (augment(source, sink)) {
    }
  }
  // From here the sink can still be reached: backwards over edges with capacity left.
  std::vector<bool> reachesSink(edgesOf.size());
  reachesSink[sink] = true;
  std::vector<unsigned> queue{sink};
  for (size_t i = 0; i < queue.size(); ++i)
    for (unsigned index : edgesOf[queue[i]]) {
      unsigned from = edges[index].to;
      if (edges[index ^ 1].capacity == 0 || reachesSink[from])
        continue;
      reachesSink[from] = true;
      queue.push_back(from);
    }
  return reachesSink;
}
