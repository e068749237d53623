/*
 * tenon.h: load, run, train and save a model that tenonc compiled.
 *
 *   env      threads, allocator, log. Made first, released last.
 *   model    a program and its weights. Immutable once a session or trainer uses it; counted.
 *   session  the memory to run a model's entries up to declared sizes. One thread at a time.
 *   trainer  weights being trained, and optimizer state. One thread at a time.
 *
 * Rules that hold for every function
 *   - It returns NULL (success) or a status that the caller releases with tenon_status_free.
 *     On failure every `out_` argument that is a handle is set to NULL, and nothing has changed.
 *   - No exception, abort, signal handler or output crosses this border; no environment variable
 *     is read.
 *   - Pointers passed in are only read during the call, and tensors are dense, row-major, in the
 *     machine's (little-endian) byte order. Strings are UTF-8.
 *   - Strings and arrays handed out belong to the handle they were asked from and live as long.
 *   - Structs that the caller fills start zeroed: `tenon_env_options o = {0};`. Zero means default.
 *   - Models may be used by many threads at once; two threads may not use one session or one
 *     trainer at the same time. retain and release are safe from any thread.
 */
#ifndef TENON_TENON_H
#define TENON_TENON_H

#include <stddef.h>
#include <stdint.h>

#if defined(TENON_BUILDING)
#define TENON_API __attribute__((visibility("default")))
#else
#define TENON_API
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Version ------------------------------------------------------------------------------- */

/* Of the structs and functions below; a linked model built against another one is refused. */
#define TENON_ABI_VERSION 1

/* "0.1.0", of the library that runs. Static. */
TENON_API const char *tenon_version(void);

/* ---- Status -------------------------------------------------------------------------------- */

typedef enum tenon_status_code {
  TENON_STATUS_OK = 0,
  TENON_STATUS_INVALID_ARGUMENT = 1, /* the caller broke a rule of this header */
  TENON_STATUS_NOT_FOUND = 2,        /* no entry, parameter, fit … of that name */
  TENON_STATUS_LIMIT = 3,            /* a size above the limits that the session was created with */
  TENON_STATUS_REQUIREMENT = 4,      /* a `require` of the model does not hold, or data hold an index
                                        out of range or a number that its field does not take; see
                                        status_line and status_example */
  TENON_STATUS_NOT_READY = 5,        /* fitted values are missing: fit the model or load weights */
  TENON_STATUS_NOT_FINITE = 6,       /* the loss of a training step is NaN or infinite */
  TENON_STATUS_OUT_OF_MEMORY = 7,
  TENON_STATUS_IO = 8,               /* the operating system refused; the message has its reason */
  TENON_STATUS_CORRUPT = 9,          /* an artifact breaks the format; the message names the field */
  TENON_STATUS_INCOMPATIBLE = 10,    /* another version, or code for a CPU with other features */
  TENON_STATUS_MISMATCH = 11,        /* weights of another model: missing name, other shape or type */
  TENON_STATUS_INTERNAL = 12,        /* a bug of Tenon */

  /* A safetensors file breaks rule 1 … 14 of the reader (runtime/safetensors/README.md). */
  TENON_STATUS_SAFETENSORS_TOO_SHORT = 101,
  TENON_STATUS_SAFETENSORS_HEADER_LENGTH = 102,
  TENON_STATUS_SAFETENSORS_TRUNCATED_HEADER = 103,
  TENON_STATUS_SAFETENSORS_NOT_A_HEADER = 104,
  TENON_STATUS_SAFETENSORS_JSON = 105,
  TENON_STATUS_SAFETENSORS_DUPLICATE_KEY = 106,
  TENON_STATUS_SAFETENSORS_METADATA = 107,
  TENON_STATUS_SAFETENSORS_ENTRY = 108,
  TENON_STATUS_SAFETENSORS_DTYPE = 109,
  TENON_STATUS_SAFETENSORS_SHAPE = 110,
  TENON_STATUS_SAFETENSORS_OFFSETS = 111,
  TENON_STATUS_SAFETENSORS_LENGTH = 112,
  TENON_STATUS_SAFETENSORS_LAYOUT = 113,
  TENON_STATUS_SAFETENSORS_NAME = 114
} tenon_status_code;

typedef struct tenon_status *tenon_status_t; /* NULL: success */

/* TENON_STATUS_OK for NULL. */
TENON_API tenon_status_code tenon_status_get_code(tenon_status_t status);
/* One or more lines without a final newline: the place, the reason, a way out. "ok" for NULL. */
TENON_API const char *tenon_status_message(tenon_status_t status);
/* The line of the model text that the failure belongs to, from 1; 0 if there is none. */
TENON_API uint32_t tenon_status_line(tenon_status_t status);
/* Which example of the call's batch the failure is about, from 0; -1: about none, or not known. */
TENON_API int64_t tenon_status_example(tenon_status_t status);
/* NULL is allowed. */
TENON_API void tenon_status_free(tenon_status_t status);

/* ---- Environment --------------------------------------------------------------------------- */

typedef enum tenon_log_level {
  TENON_LOG_NOTE = 0,   /* worth knowing: tensors of a weights file that the model ignores */
  TENON_LOG_WARNING = 1 /* probably not what was meant */
} tenon_log_level;

typedef struct tenon_env_options {
  /* Threads that compute, the caller's included. 0 and 1: the caller's thread only. The results do
   * not depend on it. At most 256. */
  uint32_t threads;

  /* Given: runs `part(context, i)` for every i in [0, parts), on any threads, and returns when all
   * are done; parts <= threads. Not given: the env starts threads - 1 threads of its own, which
   * spin briefly between kernels and then sleep. */
  void (*parallel_for)(void *user, uint32_t parts, void (*part)(void *context, uint32_t index),
                       void *context);
  void *parallel_user;

  /* For weights, arenas and code tables (small bookkeeping uses operator new). Both or none.
   * allocate returns NULL when there is no memory; `alignment` is a power of two, at most 64.
   * They may be called from any thread that calls Tenon. */
  void *(*allocate)(void *user, size_t bytes, size_t alignment);
  void (*deallocate)(void *user, void *memory, size_t bytes);
  void *allocator_user;

  /* Not given: nothing is logged. `message` ends without a newline and lives during the call. */
  void (*log)(void *user, tenon_log_level level, const char *message);
  void *log_user;
} tenon_env_options;

typedef struct tenon_env tenon_env_t;

/* `options` may be NULL: one thread, malloc, no log. */
TENON_API tenon_status_t tenon_env_create(const tenon_env_options *options, tenon_env_t **out_env);
/* Models, sessions and trainers keep their env alive: the order of releases is free. */
TENON_API void tenon_env_retain(tenon_env_t *env);
TENON_API void tenon_env_release(tenon_env_t *env);
/* The number of threads that compute. */
TENON_API uint32_t tenon_env_threads(const tenon_env_t *env);

/* ---- Values -------------------------------------------------------------------------------- */

typedef enum tenon_dtype {
  TENON_DTYPE_F32 = 0,
  TENON_DTYPE_F64 = 1,
  TENON_DTYPE_I32 = 2,
  TENON_DTYPE_I64 = 3,
  TENON_DTYPE_BOOL = 4, /* one byte, 0 or 1 */
  /* Only in tensor files, never in a model of this version: */
  TENON_DTYPE_F16 = 16,
  TENON_DTYPE_BF16 = 17,
  TENON_DTYPE_U8 = 18,
  TENON_DTYPE_I8 = 19,
  TENON_DTYPE_U16 = 20,
  TENON_DTYPE_I16 = 21,
  TENON_DTYPE_U32 = 22,
  TENON_DTYPE_U64 = 23,
  TENON_DTYPE_F8_E4M3 = 24,
  TENON_DTYPE_F8_E5M2 = 25
} tenon_dtype;

/* Bytes of one element; 0 for an unknown value. */
TENON_API size_t tenon_dtype_size(tenon_dtype dtype);
/* "f32", as the language writes it; "?" for an unknown value. */
TENON_API const char *tenon_dtype_name(tenon_dtype dtype);

/* ---- Model --------------------------------------------------------------------------------- */

/* Where weights come from: a safetensors file, or its bytes in memory, or the initialisers of the
 * model text. Path and data together are refused. */
typedef struct tenon_weights_source {
  const char *path;
  const void *data;
  size_t size;
  uint64_t seed; /* of the initialisers when there is no file; 0: 1 */
} tenon_weights_source;

/* Reads `bytes` bytes at `offset` into `buffer`; returns 0, or an errno value. */
typedef struct tenon_reader {
  int (*read)(void *user, uint64_t offset, void *buffer, size_t bytes);
  void *user;
  uint64_t size; /* of everything that can be read */
} tenon_reader;

/* What `tenonc --emit=lib` puts into libNAME.a. NAME.h hides it. */
struct tenon_kernel_args;
typedef void (*tenon_kernel_fn)(const struct tenon_kernel_args *args, int64_t tile_begin,
                                int64_t tile_end);
typedef struct tenon_linked_model {
  uint32_t abi_version;  /* TENON_ABI_VERSION of the compiler */
  uint32_t kernel_count; /* equal to the number of kernels of the artifact's only variant */
  const tenon_kernel_fn *kernels;
  const void *artifact; /* the .tnm without code */
  uint64_t artifact_size;
} tenon_linked_model;

typedef struct tenon_model tenon_model_t;

/* Loads a .tnm and its weights. The artifact is verified completely before anything of it runs;
 * it contains native code, so load only artifacts that you trust. `weights` may be NULL: the
 * initialisers with seed 1. Fitted values come with the weights (metadata `tenon.prepare`).
 * Errors: IO, CORRUPT, INCOMPATIBLE, OUT_OF_MEMORY, and those of tenon_model_load_weights. */
TENON_API tenon_status_t tenon_model_load_file(tenon_env_t *env, const char *path,
                                               const tenon_weights_source *weights,
                                               tenon_model_t **out_model);
/* The bytes are copied. */
TENON_API tenon_status_t tenon_model_load_memory(tenon_env_t *env, const void *data, size_t size,
                                                 const tenon_weights_source *weights,
                                                 tenon_model_t **out_model);
TENON_API tenon_status_t tenon_model_load_reader(tenon_env_t *env, const tenon_reader *reader,
                                                 const tenon_weights_source *weights,
                                                 tenon_model_t **out_model);
/* `linked` must stay valid as long as the model lives: it normally is static data. */
TENON_API tenon_status_t tenon_model_load_linked(tenon_env_t *env, const tenon_linked_model *linked,
                                                 const tenon_weights_source *weights,
                                                 tenon_model_t **out_model);
TENON_API void tenon_model_retain(tenon_model_t *model);
TENON_API void tenon_model_release(tenon_model_t *model);
/* A model of the same program with its own copy of weights and fitted values, free to change. */
TENON_API tenon_status_t tenon_model_copy(tenon_model_t *model, tenon_model_t **out_model);

/* ---- Model: weights ------------------------------------------------------------------------ */

/* Weights are the parameters and the states of the model, named by their path; the optimizer's
 * states belong to a trainer. Functions that change a model fail with INVALID_ARGUMENT once a
 * session or trainer was created from it or it was retained: change a tenon_model_copy. */

/* `bytes` must be the size of the tensor. Errors: NOT_FOUND, INVALID_ARGUMENT. */
TENON_API tenon_status_t tenon_model_get_weight(const tenon_model_t *model, const char *path,
                                                void *out_data, size_t bytes);
TENON_API tenon_status_t tenon_model_set_weight(tenon_model_t *model, const char *path,
                                                const void *data, size_t bytes);
/* Takes all weights, and the fitted values if the file has them. Tensors that the model does not
 * know are ignored with one log note. Errors: IO, SAFETENSORS_*, and MISMATCH for a missing tensor
 * or another type or shape; then the model is unchanged. */
TENON_API tenon_status_t tenon_model_load_weights(tenon_model_t *model,
                                                  const tenon_weights_source *source);
/* Writes weights and fitted values as safetensors: into a temporary file beside `path`, synced,
 * then renamed over it, so that `path` is either the old file or the whole new one. The same model
 * gives the same bytes. */
TENON_API tenon_status_t tenon_model_save(const tenon_model_t *model, const char *path);

/* ---- Model: fitted values ------------------------------------------------------------------ */

/* Computes every fit of data block `data` (an index into the artifact's data) from raw rows:
 * groups[i] is raw group i as f64[rows, columns]. Two passes in f64; a standardize of a constant
 * column has scale 0. Give the training rows only. Errors: INVALID_ARGUMENT (also for a value that
 * is not finite, named by row and column), NOT_FOUND. */
TENON_API tenon_status_t tenon_model_fit(tenon_model_t *model, uint32_t data,
                                         const double *const *groups, size_t group_count,
                                         int64_t rows);
/* Two f64[columns] vectors of one fit, by the fit's name ("x.0"). get: NOT_READY if not fitted. */
TENON_API tenon_status_t tenon_model_get_fit(const tenon_model_t *model, uint32_t data,
                                             const char *fit, double *out_shift, double *out_scale,
                                             size_t columns);
TENON_API tenon_status_t tenon_model_set_fit(tenon_model_t *model, uint32_t data, const char *fit,
                                             const double *shift, const double *scale,
                                             size_t columns);
/* 1 if every fit of the data block is known (also if it has none), else 0. */
TENON_API int tenon_model_is_fitted(const tenon_model_t *model, uint32_t data);

/* ---- Model: what is inside ----------------------------------------------------------------- */

typedef enum tenon_entry_kind {
  TENON_ENTRY_FUNCTION = 0, /* an `fn` of the model */
  TENON_ENTRY_STEP = 1,     /* a training step; runs in a trainer */
  TENON_ENTRY_EVALUATE = 2, /* loss, then every metric: means over the batch's rows */
  TENON_ENTRY_PREDICT = 3,  /* raw groups and fitted values (or fields) in, predictions out */
  TENON_ENTRY_PREPARE = 4   /* raw groups and fitted values in, fields out */
} tenon_entry_kind;

typedef struct tenon_entry_info {
  const char *name; /* "forward", "mlp.step", "patients.prepare" */
  const char *doc;  /* "" if there is none */
  tenon_entry_kind kind;
  uint32_t line;              /* of the declaration in the model text; 0 if unknown */
  uint32_t input_count;
  uint32_t output_count;
  uint32_t size_count;        /* run-time sizes, such as the batch */
  const char *const *sizes;   /* their names */
} tenon_entry_info;

typedef struct tenon_tensor_info {
  const char *name;
  const char *doc;   /* "" if there is none */
  const char *shape; /* "[batch, 2*seq + 1, 10]"; "[]" for a scalar */
  tenon_dtype dtype;
  uint32_t rank;
  int optional; /* 1: a fitted value; a NULL input pointer takes the model's own */
} tenon_tensor_info;

typedef struct tenon_parameter_info { /* also for states */
  const char *path;
  const char *shape; /* "[100, 10]" */
  const int64_t *dims;
  tenon_dtype dtype;
  uint32_t rank;
  uint64_t bytes;
  uint32_t line;
  int nodecay;
  int optimizer; /* 1: a state of the optimizer; only a trainer has it */
} tenon_parameter_info;

TENON_API uint32_t tenon_model_entry_count(const tenon_model_t *model);
/* NOT_FOUND lists the names that exist. */
TENON_API tenon_status_t tenon_model_find_entry(const tenon_model_t *model, const char *name,
                                                uint32_t *out_entry);
TENON_API tenon_status_t tenon_model_entry(const tenon_model_t *model, uint32_t entry,
                                           tenon_entry_info *out_info);
TENON_API tenon_status_t tenon_model_input(const tenon_model_t *model, uint32_t entry,
                                           uint32_t index, tenon_tensor_info *out_info);
TENON_API tenon_status_t tenon_model_output(const tenon_model_t *model, uint32_t entry,
                                            uint32_t index, tenon_tensor_info *out_info);
/* The axes of an input or output for given sizes, in the entry's order of sizes; out_dims has room
 * for `rank` values. Fails if a size is negative or an axis overflows. */
TENON_API tenon_status_t tenon_model_input_dims(const tenon_model_t *model, uint32_t entry,
                                                uint32_t index, const int64_t *sizes,
                                                size_t size_count, int64_t *out_dims);
TENON_API tenon_status_t tenon_model_output_dims(const tenon_model_t *model, uint32_t entry,
                                                 uint32_t index, const int64_t *sizes,
                                                 size_t size_count, int64_t *out_dims);
/* Bytes that a session limited to these sizes takes to run this entry. */
TENON_API tenon_status_t tenon_model_entry_memory(const tenon_model_t *model, uint32_t entry,
                                                  const int64_t *sizes, size_t size_count,
                                                  uint64_t *out_bytes);
TENON_API uint32_t tenon_model_parameter_count(const tenon_model_t *model);
TENON_API tenon_status_t tenon_model_parameter(const tenon_model_t *model, uint32_t index,
                                               tenon_parameter_info *out_info);
TENON_API uint32_t tenon_model_state_count(const tenon_model_t *model);
TENON_API tenon_status_t tenon_model_state(const tenon_model_t *model, uint32_t index,
                                           tenon_parameter_info *out_info);
/* The index of the artifact's variant that this machine runs. */
TENON_API uint32_t tenon_model_variant(const tenon_model_t *model);
/* The verified flatbuffer (runtime/schema/program.fbs, root type Artifact): data blocks, training
 * settings, source text, kernels and everything else. `out_size` may be NULL. */
TENON_API const void *tenon_model_artifact(const tenon_model_t *model, size_t *out_size);

/* ---- Session ------------------------------------------------------------------------------- */

typedef struct tenon_limit {
  const char *size; /* a size name of the entries, "batch" */
  int64_t max;      /* at least 1 */
} tenon_limit;

typedef struct tenon_session_options {
  const tenon_limit *limits;
  size_t limit_count;
  /* The entries to take memory for; none given: every entry but training steps whose size names
   * all have a limit. Naming an entry whose sizes have no limit is an error. */
  const uint32_t *entries;
  size_t entry_count;
} tenon_session_options;

typedef struct tenon_call {
  const void *const *inputs; /* one pointer per input */
  size_t input_count;
  void *const *outputs; /* one per output; may not overlap any input or each other */
  size_t output_count;
  const int64_t *sizes; /* in the entry's order of size names; 0 <= size <= limit */
  size_t size_count;
} tenon_call;

typedef struct tenon_session tenon_session_t;

/* Takes all memory that runs up to the limits need. Keeps the model alive.
 * Errors: INVALID_ARGUMENT, NOT_FOUND (a limit for a size that no entry has), OUT_OF_MEMORY. */
TENON_API tenon_status_t tenon_session_create(tenon_model_t *model,
                                              const tenon_session_options *options,
                                              tenon_session_t **out_session);
TENON_API void tenon_session_release(tenon_session_t *session);
/* Runs one entry. Allocates nothing (but the status of a failure) and takes no lock. Pointers
 * aligned to 64 bytes are used in place; others are copied. A pointer to a tensor of zero elements
 * may be NULL, as may optional inputs. The floating-point control words of the thread are set to
 * their defaults during the call and restored.
 * Errors: INVALID_ARGUMENT, LIMIT, REQUIREMENT, NOT_READY; outputs are then unspecified. */
TENON_API tenon_status_t tenon_session_run(tenon_session_t *session, uint32_t entry,
                                           const tenon_call *call);
/* What the random numbers of a run depend on, besides where in the model they are drawn. */
typedef struct tenon_random {
  uint64_t seed;
  int64_t step;           /* count calls here to see new numbers in each; its low 32 bits matter */
  int64_t example_offset; /* of the first row, in an axis called `batch`: a batch run in pieces has
                             the numbers of the whole */
} tenon_random;

/* Runs from now on draw the numbers of `random`: the same ones in each, until this is called again.
 * Before the first call all three are 0. Errors: INVALID_ARGUMENT. */
TENON_API tenon_status_t tenon_session_set_random(tenon_session_t *session,
                                                  const tenon_random *random);
/* Forgets what earlier runs left (caches); weights stay. */
TENON_API tenon_status_t tenon_session_reset(tenon_session_t *session);
/* Runs after this one use the weights and fits of `model`, which must be of the same artifact. */
TENON_API tenon_status_t tenon_session_use(tenon_session_t *session, tenon_model_t *model);
/* Bytes taken at creation. */
TENON_API uint64_t tenon_session_memory(const tenon_session_t *session);

/* ---- Trainer ------------------------------------------------------------------------------- */

typedef struct tenon_trainer_options {
  uint64_t seed;       /* of dropout and the like; 0: the train block's */
  int64_t max_batch;   /* most rows of a step; 0: the train block's batch */
  int64_t total_steps; /* of the run; schedules are relative to it; at least 1 */
  const tenon_limit *limits; /* of size names other than the batch */
  size_t limit_count;
} tenon_trainer_options;

typedef struct tenon_trainer tenon_trainer_t;

/* A trainer of train block `train` (an index into the artifact's trains; 0 is the default),
 * starting from copies of the model's weights and initial optimizer states. `env` may be NULL: the
 * model's. The batch is the first axis of the first field.
 * Errors: INVALID_ARGUMENT, NOT_FOUND, OUT_OF_MEMORY. */
TENON_API tenon_status_t tenon_trainer_create(tenon_env_t *env, tenon_model_t *model,
                                              uint32_t train,
                                              const tenon_trainer_options *options,
                                              tenon_trainer_t **out_trainer);
TENON_API void tenon_trainer_release(tenon_trainer_t *trainer);
/* One step on one batch: forward, backward, update; in micro-batches if the block accumulates,
 * which needs the memory of one micro-batch only. Inputs of `call` are the fields, in the order
 * of the step entry's inputs; outputs are not used (0, NULL). out_values receives every output of
 * the step entry as a double: the loss before the update, the learning rate, then the norm of the
 * gradients if it is clipped, and penalties; value_count must be their number. Errors: those of
 * tenon_session_run, and NOT_FINITE (loss or norm): then weights, optimizer states and the step
 * counter are unchanged and out_values is set. */
TENON_API tenon_status_t tenon_trainer_step(tenon_trainer_t *trainer, const tenon_call *call,
                                            double *out_values, size_t value_count);
/* Checks and keeps the arguments of a call, so that tenon_trainer_step_bound can use them any number
 * of times; so does tenon_trainer_step, and the latest of both counts. The memory that `call` points
 * to must stay valid, its contents may change between steps: inputs aligned to 64 bytes are read in
 * place, others are copied in each step. */
TENON_API tenon_status_t tenon_trainer_bind(tenon_trainer_t *trainer, const tenon_call *call);
/* tenon_trainer_step on the arguments bound last: nothing is checked, looked up or copied any more,
 * and nothing is allocated. Errors: INVALID_ARGUMENT if none are bound, NOT_FINITE. */
TENON_API tenon_status_t tenon_trainer_step_bound(tenon_trainer_t *trainer, double *out_values,
                                                  size_t value_count);
/* Steps done; the next one is this plus 1. */
TENON_API int64_t tenon_trainer_get_step(const tenon_trainer_t *trainer);
TENON_API tenon_status_t tenon_trainer_set_step(tenon_trainer_t *trainer, int64_t step);
/* The step entry of the train block. */
TENON_API uint32_t tenon_trainer_entry(const tenon_trainer_t *trainer);
/* A session that always sees the trainer's current weights, or their averages if the block has
 * `average`, for evaluation between steps; it counts as a use of the trainer (same thread). It may
 * outlive the trainer. */
TENON_API tenon_status_t tenon_trainer_create_session(tenon_trainer_t *trainer,
                                                      const tenon_session_options *options,
                                                      tenon_session_t **out_session);
/* A new model with a copy of the current weights, or of their averages if the block has `average`,
 * and the fits of the model trained. */
TENON_API tenon_status_t tenon_trainer_snapshot(const tenon_trainer_t *trainer,
                                                tenon_model_t **out_model);
/* The same into a model of the same artifact that exists, such as an older snapshot: allocates
 * nothing and takes no lock, so that snapshots can be published while another thread predicts.
 * Nobody else may have the model: sessions let go of it by tenon_session_use or their release.
 * INVALID_ARGUMENT, and nothing has changed, if somebody does. */
TENON_API tenon_status_t tenon_trainer_snapshot_into(const tenon_trainer_t *trainer,
                                                     tenon_model_t *model);
/* The whole state of training as two safetensors files, each written atomically: the weights that
 * are trained, not their averages, in the form of tenon_model_save; optimizer states, averages and
 * the step counter (metadata `tenon.step`). The same bits continue after tenon_trainer_load. load
 * changes nothing if it fails. */
TENON_API tenon_status_t tenon_trainer_save(const tenon_trainer_t *trainer,
                                            const char *weights_path, const char *optimizer_path);
TENON_API tenon_status_t tenon_trainer_load(tenon_trainer_t *trainer, const char *weights_path,
                                            const char *optimizer_path);

/* ---- Commands and their times, for tools --------------------------------------------------- */

/* An entry is a list of commands: kernels and copies, run in order. */
typedef struct tenon_command_info {
  const char *kernel; /* the kernel's name, "k3"; "copy" for a copy */
  const char *label;  /* what it computes: "contract+bias+relu"; "" if unknown */
  uint32_t line;      /* of the model text; 0 if unknown */
  int64_t tiles;      /* independent pieces of work */
  uint32_t threads;   /* that it is split over in this env */
  int64_t flops;      /* floating-point operations; 0: none or unknown */
  int64_t bytes;      /* of memory that it reads or writes at least; 0: none or unknown */
} tenon_command_info;

/* 0 for an entry that does not exist or was not compiled into the artifact. */
TENON_API uint32_t tenon_model_command_count(const tenon_model_t *model, uint32_t entry);
/* A command for given sizes, in the entry's order of size names. */
TENON_API tenon_status_t tenon_model_command(const tenon_model_t *model, uint32_t entry,
                                             uint32_t index, const int64_t *sizes,
                                             size_t size_count, tenon_command_info *out_info);

/* When a thread ran its part of a command, in nanoseconds of a clock that only goes forward. */
typedef struct tenon_launch_time {
  uint32_t command;
  uint32_t thread; /* 0: the caller */
  uint64_t begin;
  uint64_t end; /* equal to begin: the thread had no part */
  uint32_t entry; /* that the command is of */
} tenon_launch_time;

/* From now on runs of the entry, or steps, write down times: one for each thread of the env and
 * each command that has something to do, in order, at times[*used], adding to *used. A step that
 * accumulates gradients runs several entries, each on every part of the batch. A run of an entry for
 * which there is no room up to `capacity` is not written down. `times` and `used` must stay valid until
 * recording is ended by `times` NULL. A run without recording takes no time for it. */
TENON_API tenon_status_t tenon_session_record(tenon_session_t *session, uint32_t entry,
                                              tenon_launch_time *times, size_t capacity,
                                              size_t *used);
TENON_API tenon_status_t tenon_trainer_record(tenon_trainer_t *trainer, tenon_launch_time *times,
                                              size_t capacity, size_t *used);

/* ---- Tensor files (safetensors) ------------------------------------------------------------ */

typedef struct tenon_file_tensor {
  const char *name;
  tenon_dtype dtype;
  uint32_t rank; /* at most 8 */
  const int64_t *dims;
  const void *data; /* not aligned in files written by others */
  uint64_t bytes;
} tenon_file_tensor;

typedef struct tenon_metadata {
  const char *key;
  const char *value;
} tenon_metadata;

typedef struct tenon_tensors tenon_tensors_t;

/* Maps a file read-only and checks all of it. Errors: IO, SAFETENSORS_*. */
TENON_API tenon_status_t tenon_tensors_open(const char *path, tenon_tensors_t **out_tensors);
TENON_API void tenon_tensors_release(tenon_tensors_t *tensors);
TENON_API uint32_t tenon_tensors_count(const tenon_tensors_t *tensors);
/* In the order of the data in the file. */
TENON_API tenon_status_t tenon_tensors_get(const tenon_tensors_t *tensors, uint32_t index,
                                           tenon_file_tensor *out_tensor);
/* NULL if the file's metadata has no such key. */
TENON_API const char *tenon_tensors_metadata(const tenon_tensors_t *tensors, const char *key);
/* Writes a file atomically; same tensors and metadata, same bytes, in any order of the arguments. */
TENON_API tenon_status_t tenon_tensors_save(const char *path, const tenon_file_tensor *tensors,
                                            size_t count, const tenon_metadata *metadata,
                                            size_t metadata_count);

#ifdef __cplusplus
}
#endif
#endif
