// Trains the model of mlp.tenon on arrays of this program, predicts, saves the weights and loads
// them again. Everything that begins with mlp_ is declared by the generated mlp.h.
#include "mlp.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { Rows = 256, Features = 10, Batch = 32, Steps = 800 };
static float x[Rows * Features], y[Rows], before[Rows], after[Rows];

// A status is NULL, or says what went wrong.
static void check(tenon_status_t status) {
  if (status == NULL)
    return;
  fprintf(stderr, "%s\n", tenon_status_message(status));
  exit(1);
}

// Features between -1 and 1; the target depends on three of them.
static void make_samples(void) {
  uint32_t random = 1;
  for (int i = 0; i < Rows * Features; ++i) {
    random = random * 1664525u + 1013904223u;
    x[i] = (float)(random >> 8) / (1 << 23) - 1;
  }
  for (int row = 0; row < Rows; ++row)
    y[row] = 2 * x[row * Features] - x[row * Features + 1] * x[row * Features + 2];
}

int main(void) {
  tenon_env_t *env;
  tenon_model_t *fresh, *trained, *loaded;
  tenon_trainer_t *trainer;
  tenon_session_t *session;
  make_samples();
  check(tenon_env_create(NULL, &env));
  check(mlp_model_load(env, NULL, &fresh)); // from the initialisers
  check(mlp_train_create(env, fresh, &(mlp_train_options){.total_steps = Steps}, &trainer));
  for (int step = 1, row = 0; step <= Steps; ++step, row = (row + Batch) % Rows) {
    mlp_train_info info;
    check(mlp_train_step(trainer, &(mlp_train_batch){&x[row * Features], &y[row], Batch}, &info));
    if (step % 200 == 0)
      printf("step %d: loss %.4f\n", step, info.loss);
  }
  check(mlp_train_snapshot(trainer, &trained));
  check(mlp_session_create(trained, &(mlp_limits){.batch = Rows}, &session));
  check(mlp_predict(session, x, Rows, before));
  check(mlp_model_save(trained, "mlp.safetensors"));
  check(mlp_model_load(env, &(tenon_weights_source){.path = "mlp.safetensors"}, &loaded));
  check(mlp_session_use(session, loaded));
  check(mlp_predict(session, x, Rows, after));
  printf("row 0: %.2f, predicted %.2f\n", y[0], before[0]);
  tenon_session_release(session);
  tenon_trainer_release(trainer);
  tenon_model_release(fresh);
  tenon_model_release(trained);
  tenon_model_release(loaded);
  tenon_env_release(env);
  return memcmp(before, after, sizeof before) != 0; // equal bit for bit?
}
