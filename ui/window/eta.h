#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace tarn::ui {

/// How long a job still needs, from how far it got since its present stage began.
class Eta {
 public:
  using Time = std::chrono::steady_clock::time_point;

  /// Seconds left; nothing before the stage has made a step, or without a total.
  std::optional<double> update(const std::string& stage, std::uint64_t done, std::uint64_t total,
                               Time now);
  /// Seconds a step took in this stage; nothing before the first.
  std::optional<double> secondsPerStep() const { return secondsPerStep_; }

 private:
  std::string stage_;
  std::uint64_t first_ = 0;
  Time since_{};
  bool begun_ = false;
  std::optional<double> secondsPerStep_;
};

}  // namespace tarn::ui
