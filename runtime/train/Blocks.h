// The train and data blocks of a model.
#ifndef TENON_TRAIN_BLOCKS_H
#define TENON_TRAIN_BLOCKS_H

#include "runtime/base/Status.h"
#include "runtime/data/Split.h"
#include "runtime/schema/program_generated.h"
#include "tenon/tenon.h"

#include <cstdint>
#include <string>
#include <vector>

namespace tenon::train {

/// A train block and the data block it is on. Points into the model.
struct TrainBlock {
  uint32_t trainIndex = 0;
  uint32_t dataIndex = 0;
  const schema::Train *train = nullptr;
  const schema::Data *data = nullptr;

  std::string name() const { return train->name()->str(); }
};

const schema::Artifact &artifactOf(const tenon_model_t *model);

/// Finds a train block by name; the first one if `name` is empty. Errors list the names there are.
rt::Status findTrainBlock(const tenon_model_t *model, const std::string &name, TrainBlock &out);

/// The parts that the data block divides its rows into.
std::vector<data::SplitFraction> splitFractions(const schema::Data &data);

/// The data file of a block: `given`, or the path in the block, which is relative to the folder
/// `sourceDirectory` of the model text. An error if the block has no source.
rt::Status resolveDataPath(const schema::Data &data, const std::string &sourceDirectory,
                           const std::string &given, std::string &out);

} // namespace tenon::train

#endif // TENON_TRAIN_BLOCKS_H
