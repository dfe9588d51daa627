#include "app/progress_printer.h"

#include <cmath>
#include <format>
#include <iostream>

#include <unistd.h>

#include "engine/tasks/routing_text.h"

namespace tarn::app {
namespace {

constexpr std::chrono::milliseconds kBarInterval{100};
constexpr std::chrono::seconds kLineInterval{5};
constexpr int kBarWidth = 28;

std::string duration(double seconds) {
  const auto whole = static_cast<long long>(std::lround(seconds));
  if (whole < 60) {
    return std::format("{} s", whole);
  }
  return whole < 3600 ? std::format("{} min {:02} s", whole / 60, whole % 60)
                      : std::format("{} h {:02} min", whole / 3600, whole / 60 % 60);
}

std::string remaining(double secondsLeft) {
  return secondsLeft >= 0 ? ", " + duration(secondsLeft) + " left" : "";
}

std::string counters(const Progress& progress) {
  std::string text = progress.total > 0 ? std::format("{}/{}", progress.done, progress.total)
                                        : std::format("{}", progress.done);
  return progress.note.empty() ? text : text + "  " + progress.note;
}

}  // namespace

ProgressPrinter::ProgressPrinter(bool quiet)
    : quiet_(quiet), terminal_(isatty(STDERR_FILENO) != 0) {}

ProgressPrinter::~ProgressPrinter() {
  finish();
}

void ProgressPrinter::onProgress(const Progress& progress) {
  if (quiet_) {
    return;
  }
  const auto now = Clock::now();
  if (progress.stage != stage_) {
    finish();
    stage_ = progress.stage;
    stageStart_ = now;
    stageStartDone_ = progress.done;
    lastShown_ = {};
  }
  const bool last = progress.total > 0 && progress.done >= progress.total;
  const auto wait = terminal_ ? Clock::duration(kBarInterval) : Clock::duration(kLineInterval);
  if (!last && now - lastShown_ < wait) {
    return;
  }
  lastShown_ = now;
  const double seconds = std::chrono::duration<double>(now - stageStart_).count();
  const auto made = static_cast<double>(progress.done - std::min(progress.done, stageStartDone_));
  const double left = progress.total > 0 && made > 0 && seconds > 1
                          ? seconds / made * static_cast<double>(progress.total - progress.done)
                          : -1;
  terminal_ ? drawBar(progress, left) : printLine(progress, left);
}

void ProgressPrinter::drawBar(const Progress& progress, double secondsLeft) {
  std::string bar;
  if (progress.total > 0) {
    const auto filled =
        static_cast<int>(kBarWidth * std::min(progress.done, progress.total) / progress.total);
    bar = "[" + std::string(static_cast<std::size_t>(filled), '=') +
          std::string(static_cast<std::size_t>(kBarWidth - filled), ' ') + "] ";
  }
  std::cerr << "\r\x1b[2K" << progress.stage << ' ' << bar << counters(progress)
            << remaining(secondsLeft) << std::flush;
  barShown_ = true;
}

void ProgressPrinter::printLine(const Progress& progress, double secondsLeft) {
  std::cerr << progress.stage << ' ' << counters(progress) << remaining(secondsLeft) << std::endl;
}

void ProgressPrinter::onRemark(const std::string& text) {
  if (!quiet_) {
    finish();
    std::cerr << text << std::endl;
  }
}

void ProgressPrinter::onRouting(std::int64_t run, const nlohmann::json& routing) {
  onRemark(std::format("run {}: what moves which tensor\n{}", run, routingText(routing)));
}

void ProgressPrinter::finish() {
  if (barShown_) {
    std::cerr << '\n';
    barShown_ = false;
  }
}

}  // namespace tarn::app
