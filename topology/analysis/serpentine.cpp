#include "topology/analysis/serpentine.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <utility>
#include <vector>

#include "topology/base/error.h"

namespace tarn {
namespace {

constexpr std::size_t kSmallestForSerpentine = 8;

/// A 2D grid as lines: line l, place p along it.
struct Lines {
  const ScalarGrid& grid;
  std::size_t axis;

  std::size_t count() const { return grid.axes()[axis].coordinates.size(); }
  std::size_t length() const { return grid.axes()[1 - axis].coordinates.size(); }
  double at(std::size_t line, std::size_t place) const {
    const std::size_t id = axis == 0 ? line * length() + place : place * count() + line;
    return grid.values()[id];
  }
};

/// Mean |second difference| across the lines when odd lines are read `shift` places further on.
/// The places at both ends are left out, so that every shift uses the same ones.
double roughnessAcross(const Lines& lines, int shift) {
  double sum = 0.0;
  std::size_t count = 0;
  const auto read = [&](std::size_t line, std::size_t place) {
    const auto moved = static_cast<std::size_t>(static_cast<std::int64_t>(place) + shift);
    return lines.at(line, line % 2 == 1 ? moved : place);
  };
  for (std::size_t line = 1; line + 1 < lines.count(); ++line) {
    for (std::size_t place = 1; place + 1 < lines.length(); ++place) {
      const double second = read(line - 1, place) - 2.0 * read(line, place) + read(line + 1, place);
      if (std::isfinite(second)) {
        sum += std::abs(second);
        ++count;
      }
    }
  }
  return count > 0 ? sum / static_cast<double>(count) : 0.0;
}

}  // namespace

SerpentineCheck serpentineCheck(const ScalarGrid& grid) {
  SerpentineCheck best;
  const auto shape = grid.shape();
  if (shape.size() != 2 || std::min(shape[0], shape[1]) < kSmallestForSerpentine) {
    return best;
  }
  for (const std::size_t axis : {std::size_t{0}, std::size_t{1}}) {
    const Lines lines{grid, axis};
    const double before = roughnessAcross(lines, 0);
    for (const int shift : {-1, 1}) {
      const double ratio = before > 0.0 ? roughnessAcross(lines, shift) / before : 1.0;
      if (ratio < best.ratio) {
        best = {ratio, axis, shift};
      }
    }
  }
  return best;
}

ScalarGrid undoSerpentine(const ScalarGrid& grid, const SerpentineCheck& check) {
  if (check.shift == 0) {
    throw Error(ErrorCode::badInput, "The lines of this grid are not displaced.",
                "Leave it as it is.");
  }
  const std::size_t along = 1 - check.lineAxis;
  const Lines lines{grid, check.lineAxis};
  // Odd lines have no value where they would be read beyond their end.
  const std::size_t first = check.shift < 0 ? 1 : 0;
  const std::size_t last = lines.length() - (check.shift > 0 ? 1 : 0);
  std::vector<Axis> axes = grid.axes();
  const auto& whole = grid.axes()[along].coordinates;
  axes[along].coordinates.assign(whole.begin() + static_cast<std::ptrdiff_t>(first),
                                 whole.begin() + static_cast<std::ptrdiff_t>(last));
  const std::size_t length = last - first;
  std::vector<double> values(lines.count() * length);
  for (std::size_t line = 0; line < lines.count(); ++line) {
    for (std::size_t place = first; place < last; ++place) {
      const auto read = static_cast<std::size_t>(static_cast<std::int64_t>(place) +
                                                 (line % 2 == 1 ? check.shift : 0));
      const std::size_t kept = place - first;
      values[check.lineAxis == 0 ? line * length + kept : kept * lines.count() + line] =
          lines.at(line, read);
    }
  }
  return {std::move(axes), std::move(values)};
}

}  // namespace tarn
