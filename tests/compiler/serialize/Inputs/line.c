// Fits, trains, predicts and saves through the generated header of line.mlir.
#include "line.h"
#include <math.h>
#include <stdio.h>

#define TRY(call)                                                                                  \
  do {                                                                                             \
    tenon_status_t status = (call);                                                                \
    if (status) {                                                                                  \
      printf("%s: %s\n", #call, tenon_status_message(status));                                     \
      tenon_status_free(status);                                                                   \
      return 1;                                                                                    \
    }                                                                                              \
  } while (0)

int main(void) {
  const points_x_row position[] = {{1}, {2}, {3}, {4}};
  const points_y_row height[] = {{-3}, {-1}, {1}, {3}};
  tenon_env_t *env;
  tenon_model_t *model, *trained;
  tenon_trainer_t *trainer;
  tenon_session_t *session;
  TRY(tenon_env_create(NULL, &env));
  TRY(line_model_load(env, NULL, &model));
  TRY(line_fit(model, position, height, 4));

  line_limits limits = {0};
  limits.rows = 4;
  TRY(line_session_create(model, &limits, &session));
  float x[4], y[4];
  points_prepare_args prepare = {
      (const double *)position, (const double *)height, NULL, NULL, x, y, 4};
  TRY(points_prepare(session, &prepare));

  line_train_options options = {1, 4, 20};
  TRY(line_train_create(env, model, &options, &trainer));
  const line_train_batch batch = {x, y, 4};
  line_train_info info = {0};
  for (int step = 0; step < 20; ++step)
    TRY(line_train_step(trainer, &batch, &info));
  printf("loss %s\n", info.loss < 1e-6 ? "small" : "large");

  TRY(line_train_snapshot(trainer, &trained));
  TRY(line_session_use(session, trained));
  double tall[4];
  TRY(line_predict(session, position, 4, tall));
  for (int i = 0; i < 4; ++i)
    printf("%.1f%c", tall[i], i < 3 ? ' ' : '\n');
  TRY(line_model_save(trained, "line.safetensors"));

  tenon_session_release(session);
  tenon_trainer_release(trainer);
  tenon_model_release(trained);
  tenon_model_release(model);
  tenon_env_release(env);
  return 0;
}
