// The machine that a run was made on.
#ifndef TENON_TRAIN_MACHINE_H
#define TENON_TRAIN_MACHINE_H

#include <cstdint>
#include <string>

namespace tenon::train {

struct MachineInfo {
  std::string cpu;     // "AMD EPYC 7B13"
  uint32_t cores = 1;  // physical ones that this process may use
  uint64_t memory = 0; // bytes
  std::string system;  // "Linux 6.1.0 x86_64"
};

MachineInfo describeMachine();

/// Physical cores among the processors that this process may run on, at least 1.
uint32_t physicalCores();

} // namespace tenon::train

#endif // TENON_TRAIN_MACHINE_H
