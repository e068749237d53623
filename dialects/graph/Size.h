// Sizes: polynomials over names, in a normal form. The only header of this dialect that other
// dialects may include.
#ifndef TENON_DIALECTS_GRAPH_SIZE_H
#define TENON_DIALECTS_GRAPH_SIZE_H

#include "mlir/IR/Attributes.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/OpImplementation.h"
#include "llvm/ADT/SetVector.h"
#include <optional>

#include "dialects/graph/GraphEnums.h.inc"

#define GET_ATTRDEF_CLASSES
#include "dialects/graph/GraphAttrs.h.inc"

#endif
