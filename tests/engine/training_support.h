#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include <torch/torch.h>

#include "engine/data/dataset.h"
#include "engine/training/trainer.h"

namespace tarn::test {

/// Two well separated clouds in the plane.
inline engine::Dataset clouds(std::int64_t samples, at::ScalarType dtype = at::kFloat) {
  torch::manual_seed(11);
  engine::Dataset data;
  data.targets = torch::arange(samples).remainder(2);
  const at::Tensor centre = data.targets.to(at::kDouble).unsqueeze(1) * 4 - 2;
  data.inputs = (torch::randn({samples, 2}, torch::kDouble) * 0.5 + centre).to(dtype);
  data.sha256 = "clouds";
  return data;
}

struct Saved {
  std::int64_t step;
  std::vector<std::byte> state;
};

struct Recorder : engine::TrainObserver {
  std::vector<engine::TrainMetric> metrics;
  std::vector<engine::TrainSnapshot> snapshots;
  std::vector<engine::TrainSnapshot> averages;
  std::vector<std::string> remarks;
  std::vector<Saved> checkpoints;
  std::function<void(std::int64_t)> atStep;

  void onStep(std::int64_t step, std::int64_t) override {
    if (atStep) {
      atStep(step);
    }
  }
  void onMetric(const engine::TrainMetric& metric) override { metrics.push_back(metric); }
  void onSnapshot(const engine::TrainSnapshot& snapshot) override { snapshots.push_back(snapshot); }
  void onAverage(const engine::TrainSnapshot& snapshot) override { averages.push_back(snapshot); }
  void onRemark(const std::string& remark) override { remarks.push_back(remark); }
  void onCheckpoint(std::int64_t step, std::span<const std::byte> state) override {
    checkpoints.push_back({step, {state.begin(), state.end()}});
  }
};

inline engine::TrainSettings settingsFor(const std::string& optimizer, std::int64_t epochs,
                                         std::int64_t batchSize) {
  engine::TrainSettings settings;
  settings.optimizer = parseOptimizerSpec(optimizer);
  settings.epochs = epochs;
  settings.batchSize = batchSize;
  return settings;
}

}  // namespace tarn::test
