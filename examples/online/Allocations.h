// Counts what is allocated while the program runs, by anybody in it.
#ifndef ONLINE_ALLOCATIONS_H
#define ONLINE_ALLOCATIONS_H

#include "tenon/tenon.h"

#include <cstdint>

/// Calls of malloc, calloc, realloc and the aligned kinds, and so of operator new, by any thread.
uint64_t mallocs();

/// Calls of the allocator below.
uint64_t environmentAllocations();

/// Options of an environment whose memory comes from an allocator that counts.
tenon_env_options countingEnvironment();

#endif
