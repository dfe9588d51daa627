#include "engine/client/stderr_log.h"

#include <algorithm>

#include "engine/protocol/frame.h"

namespace tarn {
namespace {

constexpr std::size_t kMostLines = 200;
constexpr std::size_t kLongestLine = 1000;
constexpr std::size_t kLastWords = 5;

}  // namespace

void StderrLog::push(std::string_view text) {
  for (const char c : text) {
    if (c != '\n') {
      if (open_.size() < kLongestLine) {
        open_ += c;
      }
      continue;
    }
    lines_.push_back(toUtf8(open_));
    open_.clear();
    if (lines_.size() > kMostLines) {
      lines_.pop_front();
    }
  }
}

std::vector<std::string> StderrLog::lines() const {
  std::vector<std::string> all(lines_.begin(), lines_.end());
  if (!open_.empty()) {
    all.push_back(toUtf8(open_));
  }
  return all;
}

std::string StderrLog::lastWords() const {
  const auto all = lines();
  const auto count = std::min(all.size(), kLastWords);
  std::string words = count == 0 ? "" : " It wrote last:";
  for (auto line = all.end() - static_cast<std::ptrdiff_t>(count); line != all.end(); ++line) {
    words += "\n  " + *line;
  }
  return words;
}

}  // namespace tarn
