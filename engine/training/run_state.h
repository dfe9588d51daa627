#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "engine/model/model.h"
#include "engine/optim/optimizer.h"

namespace tarn::engine {

/// Batch losses since the last metric.
struct RunningMean {
  double loss = 0;
  double correct = 0;  ///< Σ over samples of the share of right positions
  std::int64_t samples = 0;
};

/// The latest snapshot, and the loss and accuracy of the latest where they were measured.
struct LastSnapshot {
  std::int64_t step = 0;
  double loss = 0;
  double accuracy = 0;
};

/// Everything that a run carries from one step to the next besides θ and the buffers, which live in
/// the model. The batch order is a function of seed and step, so it needs no memory.
struct RunState {
  std::int64_t step = 0;
  RunningMean mean;
  LastSnapshot last;
  std::unique_ptr<Optimizer> optimizer;
};

/// The whole state as bytes: θ, buffers, optimizer, LibTorch's random numbers (dropout), position.
/// `course` says what run it belongs to.
std::vector<std::byte> saveRun(Model& model, RunState& state, const std::string& course);

/// The reverse. Throws Error(badInput) when the bytes are damaged or belong to another run.
void restoreRun(Model& model, RunState& state, const std::string& course,
                std::span<const std::byte> bytes);

}  // namespace tarn::engine
