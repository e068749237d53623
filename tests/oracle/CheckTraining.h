// Checks of training: compiled steps, which update weights and optimizer states in place, against the
// interpreter.
#ifndef TENON_TESTS_ORACLE_CHECKTRAINING_H
#define TENON_TESTS_ORACLE_CHECKTRAINING_H

#include "tests/oracle/Check.h"

namespace tenon::oracle {

/// Trains every train block of `module`, which is as the frontend gives it, for `steps` steps on
/// batches of `batch` made rows: by the interpreter in both precisions, and compiled at -O0 and -O3
/// with 1 and 2 threads. All start from the model's own initial values. Compares the values that
/// each step reports, and all weights at the end.
void checkTraining(mlir::ModuleOp module, int64_t batch, int64_t steps, Findings &findings);

} // namespace tenon::oracle

#endif
