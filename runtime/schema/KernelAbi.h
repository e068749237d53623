/* The call interface of compiled CPU kernels: what the code generator emits and the CPU device
 * calls. */
#ifndef TENON_SCHEMA_KERNEL_ABI_H
#define TENON_SCHEMA_KERNEL_ABI_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What a training step knows about itself; for inference entries what the session was told of random
 * numbers (tenon_session_set_random), and no total_steps. */
typedef struct tenon_step {
  uint64_t seed;          /* of the run */
  int64_t step;           /* counts from 1 */
  int64_t total_steps;    /* of the run; schedules are relative to it */
  int64_t example_offset; /* of the micro-batch's first example in the global batch */
} tenon_step;

/* What a kernel may find wrong in data. */
enum {
  TENON_FAULT_NONE = 0,
  TENON_FAULT_INDEX = 1, /* an index that is out of range; nothing was read or written there */
  TENON_FAULT_FIELD = 2  /* a number that the type of its field does not hold */
};

typedef struct tenon_fault {
  int64_t found;  /* which of them */
  int64_t value;  /* the index, or the bits of the number, an f64 */
  int64_t bound;  /* of an index, the size of its axis; of a number, the field's position in its data block */
  int64_t place;  /* where it stands along the first axis of its tensor */
  int64_t size;   /* which of tenon_kernel_args.size is the extent of that axis; -1: none is */
} tenon_fault;

typedef struct tenon_kernel_args {
  void *const *buf;       /* one pointer per kernel argument, each aligned to 64 bytes */
  const int64_t *size;    /* the launch's size expressions, evaluated */
  const tenon_step *step; /* never null */
  uint32_t site;          /* of the launch: random numbers of the kernel are of sites relative to it */
  void *scratch;          /* of this thread, `Launch.scratch` bytes, aligned to 64; null if 0 */
  tenon_fault *fault;     /* of this thread, never null: takes the first one that the kernel meets */
} tenon_kernel_args;

/* Computes the tiles [tile_begin, tile_end) of the launch. Tiles are independent of each other. */
typedef void (*tenon_kernel_fn)(const tenon_kernel_args *args, int64_t tile_begin,
                                int64_t tile_end);

#ifdef __cplusplus
}
#endif
#endif
