#pragma once

#include <chrono>
#include <string>

#include "engine/tasks/observer.h"

namespace tarn::app {

/// Shows a task's progress on stderr: a bar with the remaining time on a terminal, a line every few
/// seconds otherwise, nothing when quiet.
class ProgressPrinter : public TaskObserver {
 public:
  explicit ProgressPrinter(bool quiet);
  ~ProgressPrinter() override;

  void onProgress(const Progress& progress) override;
  void onRemark(const std::string& text) override;
  void onRouting(std::int64_t run, const nlohmann::json& routing) override;
  /// Ends the bar, so that other output starts on a fresh line.
  void finish();

 private:
  using Clock = std::chrono::steady_clock;

  void drawBar(const Progress& progress, double secondsLeft);
  void printLine(const Progress& progress, double secondsLeft);

  bool quiet_;
  bool terminal_;
  bool barShown_ = false;
  std::string stage_;
  Clock::time_point stageStart_;
  std::uint64_t stageStartDone_ = 0;
  Clock::time_point lastShown_;
};

}  // namespace tarn::app
