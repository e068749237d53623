#include "runtime/train/Machine.h"

#include <sched.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <fstream>
#include <set>

namespace tenon::train {

/// The first line of a small file of the kernel; empty if there is none.
static std::string firstLine(const std::string &path) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  return line;
}

uint32_t physicalCores() {
  cpu_set_t allowed;
  if (sched_getaffinity(0, sizeof allowed, &allowed) != 0)
    return 1;
  std::set<std::string> cores; // each named by the list of processors that share it
  for (int processor = 0; processor < CPU_SETSIZE; ++processor) {
    if (!CPU_ISSET(processor, &allowed))
      continue;
    std::string name = std::to_string(processor);
    std::string siblings =
        firstLine("/sys/devices/system/cpu/cpu" + name + "/topology/thread_siblings_list");
    cores.insert(siblings.empty() ? name : siblings);
  }
  return cores.empty() ? 1 : static_cast<uint32_t>(cores.size());
}

static std::string cpuName() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);)
    if (line.rfind("model name", 0) == 0)
      if (size_t colon = line.find(": "); colon != std::string::npos)
        return line.substr(colon + 2);
  return "unknown";
}

MachineInfo describeMachine() {
  MachineInfo info;
  info.cpu = cpuName();
  info.cores = physicalCores();
  long pages = sysconf(_SC_PHYS_PAGES), pageSize = sysconf(_SC_PAGE_SIZE);
  if (pages > 0 && pageSize > 0)
    info.memory = static_cast<uint64_t>(pages) * static_cast<uint64_t>(pageSize);
  utsname names{};
  if (uname(&names) == 0)
    info.system = std::string(names.sysname) + " " + names.release + " " + names.machine;
  return info;
}

} // namespace tenon::train
