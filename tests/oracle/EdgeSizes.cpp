#include "tests/oracle/EdgeSizes.h"
#include <set>

using namespace llvm;

namespace tenon::oracle {

using List = std::vector<std::vector<int64_t>>;

/// By the number of size names, at most four.
static const List &edges(size_t count) {
  static const List lists[] = {
      {{}},
      {{0}, {1}, {2}, {3}, {7}, {8}, {9}, {16}, {31}, {33}, {64}, {257}, {1000}, {20011}},
      {{0, 0}, {0, 3}, {3, 0}, {1, 1}, {1, 7}, {7, 1}, {3, 5}, {8, 16}, {17, 33}, {64, 9},
       {2, 1025}, {1025, 2}, {130, 70}},
      {{0, 2, 3}, {2, 0, 3}, {2, 3, 0}, {1, 1, 1}, {1, 9, 1}, {3, 5, 7}, {9, 1, 17}, {8, 16, 8},
       {16, 33, 4}, {5, 65, 24}, {70, 130, 35}, {6, 400, 16}},
      {{0, 2, 3, 4}, {2, 0, 3, 4}, {2, 3, 0, 4}, {2, 3, 4, 0}, {1, 1, 1, 1}, {2, 3, 5, 7},
       {3, 17, 9, 8}, {4, 8, 16, 33}}};
  return lists[count];
}

static const List &small(size_t count) {
  static const List lists[] = {
      {{}}, {{1}, {7}}, {{1, 1}, {3, 5}, {8, 2}}, {{1, 1, 1}, {2, 3, 4}}, {{2, 3, 2, 3}}};
  return lists[count];
}

static std::vector<Sizes> named(graph::FuncOp function, const List &(*valuesFor)(size_t)) {
  auto names = function->getAttrOfType<mlir::ArrayAttr>(graph::sizesAttrName);
  std::vector<Sizes> result;
  for (const std::vector<int64_t> &values : valuesFor(names.size())) {
    Sizes sizes;
    for (auto [name, value] : zip(names.getAsRange<mlir::StringAttr>(), values))
      sizes[name.str()] = value;
    result.push_back(std::move(sizes));
  }
  return result;
}

std::vector<Sizes> edgeSizes(graph::FuncOp function) { return named(function, edges); }
std::vector<Sizes> smallSizes(graph::FuncOp function) { return named(function, small); }

std::vector<Sizes> borderSizes(graph::FuncOp function, ArrayRef<int64_t> borders) {
  auto names = function->getAttrOfType<mlir::ArrayAttr>(graph::sizesAttrName);
  std::set<int64_t> near;
  for (int64_t border : borders)
    near.insert({border - 1, border, border + 1});
  std::set<Sizes> result; // not the same twice
  for (int64_t other : {1, 5, 17}) {
    Sizes sizes;
    for (auto name : names.getAsRange<mlir::StringAttr>())
      sizes[name.str()] = other;
    result.insert(sizes);
    for (auto name : names.getAsRange<mlir::StringAttr>())
      for (int64_t size : near) {
        Sizes changed = sizes;
        changed[name.str()] = size;
        result.insert(changed);
      }
  }
  return {result.begin(), result.end()};
}

} // namespace tenon::oracle
