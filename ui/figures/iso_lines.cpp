#include "ui/figures/iso_lines.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>

namespace tarn::ui {
namespace {

/// A place on the grid's edges: 2v and 2v + 1 are the crossings on the edges from vertex v along x
/// and along y; 2N + v is vertex v itself.
using Key = std::size_t;

struct Segment {
  Key from;
  Key to;
  bool used = false;
};

class Tracer {
 public:
  Tracer(const Plane& plane, double level) : plane_(plane), level_(level) {}

  std::vector<Polyline> trace(bool outline) {
    for (std::size_t j = 0; j + 1 < plane_.y.size(); ++j) {
      for (std::size_t i = 0; i + 1 < width(); ++i) {
        if (known(i, j)) {
          addCell(i, j);
          if (outline) {
            addBorder(i, j);
          }
        }
      }
    }
    std::sort(segments_.begin(), segments_.end(),
              [](const Segment& a, const Segment& b) { return a.from < b.from; });
    return link();
  }

 private:
  std::size_t width() const { return plane_.x.size(); }
  std::size_t vertex(std::size_t i, std::size_t j) const { return j * width() + i; }
  double value(std::size_t v) const { return plane_.values[v]; }
  bool inside(std::size_t v) const { return value(v) >= level_; }

  bool known(std::size_t i, std::size_t j) const {
    const std::size_t v = vertex(i, j);
    return std::isfinite(value(v)) && std::isfinite(value(v + 1)) &&
           std::isfinite(value(v + width())) && std::isfinite(value(v + width() + 1));
  }

  bool cellExists(std::size_t i, std::size_t j) const {
    return i + 1 < width() && j + 1 < plane_.y.size() && known(i, j);
  }

  /// The corners of a cell, counter-clockwise, and the crossings on the edges that start at them.
  std::array<std::size_t, 4> corners(std::size_t i, std::size_t j) const {
    const std::size_t v = vertex(i, j);
    return {v, v + 1, v + width() + 1, v + width()};
  }
  std::array<Key, 4> crossings(std::size_t i, std::size_t j) const {
    const std::size_t v = vertex(i, j);
    return {2 * v, 2 * (v + 1) + 1, 2 * (v + width()), 2 * v + 1};
  }

  void addCell(std::size_t i, std::size_t j) {
    const auto corner = corners(i, j);
    const auto crossing = crossings(i, j);
    // A walk around the cell leaves the high region at some edges and enters it at others; a
    // segment runs from where it is left to where it is entered, so that high values are left.
    std::array<Key, 2> leaves{};
    std::array<Key, 2> enters{};
    std::size_t count = 0;
    std::size_t entered = 0;
    bool leftFirst = false;
    for (std::size_t k = 0; k < 4; ++k) {
      const bool here = inside(corner[k]);
      const bool next = inside(corner[(k + 1) % 4]);
      if (here && !next) {
        leftFirst = leftFirst || entered == 0;
        leaves[count++] = crossing[k];
      } else if (!here && next) {
        enters[entered++] = crossing[k];
      }
    }
    if (count == 1) {
      segments_.push_back({leaves[0], enters[0]});
    } else if (count == 2) {
      double mean = 0.0;
      for (const std::size_t v : corner) {
        mean += value(v) / 4;
      }
      // Joined through the middle, the low corners are cut off: each segment goes from a leave to
      // the next enter. Otherwise the high corners are: from a leave to the enter before it.
      const std::size_t next = leftFirst ? 0 : 1;
      const bool joined = mean >= level_;
      const std::size_t first = joined ? next : 1 - next;
      segments_.push_back({leaves[0], enters[first]});
      segments_.push_back({leaves[1], enters[1 - first]});
    }
  }

  void addBorder(std::size_t i, std::size_t j) {
    const std::array<bool, 4> open = {j == 0 || !cellExists(i, j - 1), !cellExists(i + 1, j),
                                      !cellExists(i, j + 1), i == 0 || !cellExists(i - 1, j)};
    const auto corner = corners(i, j);
    const auto crossing = crossings(i, j);
    for (std::size_t k = 0; k < 4; ++k) {
      if (!open[k]) {
        continue;
      }
      const std::size_t a = corner[k];
      const std::size_t b = corner[(k + 1) % 4];
      const Key from = inside(a) ? cornerKey(a) : crossing[k];
      const Key to = inside(b) ? cornerKey(b) : crossing[k];
      if (from != to) {
        segments_.push_back({from, to});
      }
    }
  }

  Key cornerKey(std::size_t v) const { return 2 * plane_.values.size() + v; }

  std::array<double, 2> place(Key key) const {
    const std::size_t total = plane_.values.size();
    if (key >= 2 * total) {
      const std::size_t v = key - 2 * total;
      return {plane_.x[v % width()], plane_.y[v / width()]};
    }
    const std::size_t a = key / 2;
    const bool alongY = key % 2 != 0;
    const std::size_t b = alongY ? a + width() : a + 1;
    const double part = (level_ - value(a)) / (value(b) - value(a));
    const double x = plane_.x[a % width()];
    const double y = plane_.y[a / width()];
    return alongY ? std::array{x, y + (plane_.y[b / width()] - y) * part}
                  : std::array{x + (plane_.x[b % width()] - x) * part, y};
  }

  Segment* unusedFrom(Key key) {
    auto found = std::lower_bound(segments_.begin(), segments_.end(), key,
                                  [](const Segment& s, Key k) { return s.from < k; });
    for (; found != segments_.end() && found->from == key; ++found) {
      if (!found->used) {
        return &*found;
      }
    }
    return nullptr;
  }

  Polyline follow(Segment* segment) {
    Polyline line;
    const Key start = segment->from;
    line.points.push_back(place(start));
    while (segment != nullptr) {
      segment->used = true;
      if (segment->to == start) {
        line.closed = true;
        break;
      }
      line.points.push_back(place(segment->to));
      segment = unusedFrom(segment->to);
    }
    return line;
  }

  std::vector<Polyline> link() {
    std::vector<Key> targets;
    targets.reserve(segments_.size());
    for (const Segment& segment : segments_) {
      targets.push_back(segment.to);
    }
    std::sort(targets.begin(), targets.end());
    std::vector<Polyline> lines;
    for (Segment& segment : segments_) {
      if (!segment.used && !std::binary_search(targets.begin(), targets.end(), segment.from)) {
        lines.push_back(follow(&segment));
      }
    }
    for (Segment& segment : segments_) {
      if (!segment.used) {
        lines.push_back(follow(&segment));
      }
    }
    return lines;
  }

  const Plane& plane_;
  double level_;
  std::vector<Segment> segments_;
};

std::optional<std::size_t> cellOf(std::span<const double> coordinates, double at) {
  if (coordinates.size() < 2 || !(at >= coordinates.front()) || !(at <= coordinates.back())) {
    return std::nullopt;
  }
  const auto above = std::upper_bound(coordinates.begin(), coordinates.end(), at);
  const auto index = static_cast<std::size_t>(above - coordinates.begin());
  return std::min(index - 1, coordinates.size() - 2);
}

}  // namespace

std::vector<Polyline> isoLines(const Plane& plane, double level) {
  return Tracer(plane, level).trace(false);
}

std::vector<Polyline> isoRegion(const Plane& plane, double level) {
  return Tracer(plane, level).trace(true);
}

double interpolate(const Plane& plane, double x, double y) {
  const auto i = cellOf(plane.x, x);
  const auto j = cellOf(plane.y, y);
  if (!i || !j) {
    return std::numeric_limits<double>::quiet_NaN();
  }
  const double u = (x - plane.x[*i]) / (plane.x[*i + 1] - plane.x[*i]);
  const double v = (y - plane.y[*j]) / (plane.y[*j + 1] - plane.y[*j]);
  const std::size_t width = plane.x.size();
  const double* low = &plane.values[*j * width + *i];
  const double* high = low + width;
  return (1 - v) * ((1 - u) * low[0] + u * low[1]) + v * ((1 - u) * high[0] + u * high[1]);
}

}  // namespace tarn::ui
