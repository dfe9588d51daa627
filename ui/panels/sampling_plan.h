#pragma once

#include <QString>
#include <cstdint>
#include <vector>

#include "engine/protocol/tile_order.h"

namespace tarn::ui {

/// Along one axis.
inline constexpr int mostSteps = 1'000'000;
inline constexpr auto mostPoints = static_cast<double>(TileOrder::maximumPoints);
/// What is said of a grid of more points than that.
QString tooManyPoints(double points);

/// "8, 32": whole numbers from `least` to `most`. Throws Error(usage) for anything else, also for
/// an empty text.
std::vector<std::uint64_t> wholeNumbers(const QString& text, std::uint64_t least,
                                        std::uint64_t most);
/// "4" or "4,0": the same, one for all axes or one each.
std::vector<std::uint64_t> numbersPerAxis(const QString& text, std::size_t axes,
                                          std::uint64_t least);

/// "1,681", or "4.75e+18" when there are too many digits.
QString countText(double count);
/// "12 s", "3 min 20 s", "2 h 5 min".
QString durationText(double seconds);

}  // namespace tarn::ui
