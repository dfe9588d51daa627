#pragma once

#include <string>

namespace tarn {

/// How far an axis of a landscape reaches, as it is written:
///
///   auto         the engine finds it
///   abs:x        −x … x in units of the direction
///   abs:a..b     a … b
///   rel:x        the same in units of ‖θ‖/‖d‖; also rel:a..b
struct RangeText {
  enum class Kind { automatic, absolute, relative };
  Kind kind = Kind::automatic;
  double from = 0;  ///< of absolute and relative
  double to = 0;
};

/// Throws Error(usage) with the grammar, also for an end that is not finite or a range that is
/// empty.
RangeText parseRange(const std::string& text);

}  // namespace tarn
