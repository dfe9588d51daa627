#pragma once

#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace tarn {

/// The last lines of an engine's stderr.
class StderrLog {
 public:
  void push(std::string_view text);
  std::vector<std::string> lines() const;
  /// The last few lines as a sentence to append to an error, or nothing.
  std::string lastWords() const;

 private:
  std::deque<std::string> lines_;
  std::string open_;  ///< a line without its end yet
};

}  // namespace tarn
