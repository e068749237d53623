// Owners of the C API's handles.
#ifndef TENON_DATA_HANDLES_H
#define TENON_DATA_HANDLES_H

#include "tenon/tenon.h"

#include <memory>

namespace tenon::data {

struct HandleRelease {
  void operator()(tenon_env_t *env) const { tenon_env_release(env); }
  void operator()(tenon_model_t *model) const { tenon_model_release(model); }
  void operator()(tenon_session_t *session) const { tenon_session_release(session); }
  void operator()(tenon_trainer_t *trainer) const { tenon_trainer_release(trainer); }
  void operator()(tenon_tensors_t *tensors) const { tenon_tensors_release(tensors); }
};

using Env = std::unique_ptr<tenon_env_t, HandleRelease>;
using Model = std::unique_ptr<tenon_model_t, HandleRelease>;
using Session = std::unique_ptr<tenon_session_t, HandleRelease>;
using Trainer = std::unique_ptr<tenon_trainer_t, HandleRelease>;
using Tensors = std::unique_ptr<tenon_tensors_t, HandleRelease>;

} // namespace tenon::data

#endif // TENON_DATA_HANDLES_H
