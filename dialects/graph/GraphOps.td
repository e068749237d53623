// All ops of the graph dialect, by family.
#ifndef TENON_GRAPH_OPS
#define TENON_GRAPH_OPS

include "dialects/graph/ops/Elementwise.td"
include "dialects/graph/ops/Reduce.td"
include "dialects/graph/ops/Contract.td"
include "dialects/graph/ops/Shape.td"
include "dialects/graph/ops/Move.td"
include "dialects/graph/ops/Random.td"
include "dialects/graph/ops/Program.td"

#endif
