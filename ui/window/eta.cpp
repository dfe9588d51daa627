#include "ui/window/eta.h"

namespace tarn::ui {

std::optional<double> Eta::update(const std::string& stage, std::uint64_t done, std::uint64_t total,
                                  Time now) {
  if (!begun_ || stage != stage_ || done < first_) {
    begun_ = true;
    stage_ = stage;
    first_ = done;
    since_ = now;
    secondsPerStep_.reset();
    return std::nullopt;
  }
  const double seconds = std::chrono::duration<double>(now - since_).count();
  if (done == first_ || seconds <= 0) {
    return std::nullopt;
  }
  secondsPerStep_ = seconds / static_cast<double>(done - first_);
  if (total == 0 || done > total) {
    return std::nullopt;
  }
  return *secondsPerStep_ * static_cast<double>(total - done);
}

}  // namespace tarn::ui
