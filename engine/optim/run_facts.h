#pragma once

#include <cstdint>
#include <string>

#include "engine/data/loss.h"
#include "engine/model/parameter_space.h"

namespace tarn::engine {

/// What is known of a run before its first step.
struct RunFacts {
  std::int64_t parameters = 0;
  std::int64_t samples = 0;
  std::int64_t batchSize = 0;
  std::int64_t targetNumbers = 1;    ///< of one sample's targets
  std::int64_t batchNormLayers = 0;  ///< which normalize by the batch in training
  Loss loss;
  std::uint64_t memoryBytes = 0;  ///< what a rule's own memory may be; 0: not known
  std::uint64_t numberBytes = 4;  ///< of one of θ's numbers
};

// What rules may need of a run. `who` is the rule's name; all throw when it isn't so.

/// The batch's loss is the mean of its samples' losses, each a function of its sample alone: no
/// BatchNorm, and not the loss `model`. Throws Error(unsupported).
void requireSampleLosses(const std::string& who, const RunFacts& facts);

/// The model returns outputs. Throws Error(unsupported) for the loss `model`.
void requireOutputs(const std::string& who, const RunFacts& facts);

/// Every step sees the whole data, the same function of θ. Throws Error(usage).
void requireWholeBatch(const std::string& who, const RunFacts& facts);

/// So many vectors of θ's size fit into the memory. `smaller` says what makes them fewer. Throws
/// Error(memory) that names both sizes.
void requireVectors(const std::string& who, std::int64_t vectors, const RunFacts& facts,
                    const std::string& smaller);

}  // namespace tarn::engine
