// The shapes at which ops are checked.
#ifndef TENON_TESTS_ORACLE_EDGESIZES_H
#define TENON_TESTS_ORACLE_EDGESIZES_H

#include "tests/oracle/Interpreter.h"

namespace tenon::oracle {

/// Values for a function's size names that find mistakes at the ends of loops: 0, 1, odd, around
/// multiples of vector widths, large. One empty entry for a function without size names.
std::vector<Sizes> edgeSizes(graph::FuncOp function);

/// A few small ones, for checks that look at every element by itself.
std::vector<Sizes> smallSizes(graph::FuncOp function);

/// One size at a time just below, at and just above each of `borders`, while the others are 1, 5 or
/// 17.
std::vector<Sizes> borderSizes(graph::FuncOp function, llvm::ArrayRef<int64_t> borders);

} // namespace tenon::oracle

#endif
