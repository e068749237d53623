// What a kernel computes, in words for profiles.
#ifndef TENON_COMPILER_SCHEDULE_KERNELLABEL_H
#define TENON_COMPILER_SCHEDULE_KERNELLABEL_H

#include "dialects/fuse/Fuse.h"
#include <string>

namespace tenon::schedule {

/// The kinds of its ops in the order of their first appearance, "contract+bias+relu": a sum with a
/// broadcast operand is a bias, the larger of something and zero a relu, and what only moves
/// elements is left out unless there is nothing else. At most six, then how many more.
std::string kernelLabel(fuse::FuncOp kernel);

} // namespace tenon::schedule

#endif
