// A run directory: everything that belongs to one training run, and how it was made.
#ifndef TENON_TRAIN_RUNDIRECTORY_H
#define TENON_TRAIN_RUNDIRECTORY_H

#include "runtime/base/Status.h"

#include <cstdint>
#include <string>
#include <vector>

namespace tenon::train {

/// The names in a run directory.
struct RunDirectory {
  std::string path;

  std::string model() const { return path + "/model.tnm"; }
  std::string source() const { return path + "/model.tenon"; }
  std::string weights() const { return path + "/weights.safetensors"; }
  std::string record() const { return path + "/run.json"; }
  std::string metrics() const { return path + "/metrics.jsonl"; }
  std::string checkpoints() const { return path + "/checkpoints"; }
};

/// What run.json says. It is written when the run begins and never changes.
struct RunRecord {
  std::string version;  // of Tenon, when the run began
  std::string producer; // of the artifact
  std::string block;    // train block
  std::string origin;   // absolute path of the .tenon or .tnm file
  std::string modelSha256;
  std::string sourceSha256; // of the model text
  std::vector<std::string> defines;
  std::string dataName;
  std::string dataPath; // absolute
  std::string dataSha256;
  int64_t dataRows = 0;
  uint64_t seed = 1;
  uint32_t threads = 1;
  std::string device = "cpu";
  std::string weights; // file the run started from; empty: initialisers
  std::vector<std::string> command;
};

/// Makes the directory. One that has anything in it is refused, unless `overwrite` is set and it is
/// a run directory; then the files of the old run are removed, and nothing else.
rt::Status createRunDirectory(const RunDirectory &directory, bool overwrite);

/// Removes the files of a run, and the directory if that leaves it empty.
void removeRunFiles(const RunDirectory &directory);

/// The same refusal, without changing anything: for checks before work begins.
rt::Status checkRunDirectory(const RunDirectory &directory, bool overwrite);

/// Writes the record, with the machine and the time added.
rt::Status writeRunRecord(const RunDirectory &directory, const RunRecord &record);

/// Reads it. Errors: no such directory; not a run directory; a record that is damaged.
rt::Status readRunRecord(const RunDirectory &directory, RunRecord &out);

} // namespace tenon::train

#endif // TENON_TRAIN_RUNDIRECTORY_H
