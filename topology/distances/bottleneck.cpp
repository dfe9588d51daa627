#include "topology/distances/bottleneck.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "topology/base/numbers.h"
#include "topology/base/stop.h"

namespace tarn {
namespace {

double toDiagonal(const DiagramPoint& point) {
  return 0.5 * std::abs(point.death - point.birth);
}

/// Matches points of one diagram to points of another.
class OneSidedMatching {
 public:
  OneSidedMatching(std::span<const DiagramPoint> from, std::span<const DiagramPoint> to,
                   const std::stop_token& stop)
      : from_(from), to_(to.begin(), to.end()), stop_(stop), reachedFrom_(to.size(), kNone) {
    std::ranges::sort(to_, {}, &DiagramPoint::birth);
  }

  /// Whether all points that are further than the radius from the diagonal have a partner within
  /// it, no two the same.
  bool coversAll(double radius) {
    partnerOf_.assign(from_.size(), kNone);
    takenBy_.assign(to_.size(), kNone);
    for (std::size_t point = 0; point < from_.size(); ++point) {
      if (toDiagonal(from_[point]) > radius && !match(point, radius)) {
        return false;
      }
    }
    return true;
  }

 private:
  static constexpr std::int64_t kNone = -1;

  /// Finds the point a partner, for which others may have to take another one.
  bool match(std::size_t start, double radius) {
    throwIfStopped(stop_, "the bottleneck distance");
    const std::int64_t partner = freePartner(start, radius);
    passOn(partner);
    for (const std::size_t place : reached_) {
      reachedFrom_[place] = kNone;
    }
    reached_.clear();
    return partner != kNone;
  }

  /// The nearest free partner by way of taken ones, breadth first.
  std::int64_t freePartner(std::size_t start, double radius) {
    waiting_.assign(1, start);
    for (std::size_t next = 0; next < waiting_.size(); ++next) {
      const std::size_t point = waiting_[next];
      const DiagramPoint& own = from_[point];
      const auto first = std::ranges::partition_point(
          to_, [&](const DiagramPoint& other) { return own.birth - other.birth > radius; });
      for (auto other = first; other != to_.end() && !(other->birth - own.birth > radius);
           ++other) {
        const auto place = static_cast<std::size_t>(other - to_.begin());
        if (reachedFrom_[place] != kNone || std::abs(own.death - other->death) > radius) {
          continue;
        }
        reachedFrom_[place] = static_cast<std::int64_t>(point);
        reached_.push_back(place);
        if (takenBy_[place] == kNone) {
          return static_cast<std::int64_t>(place);
        }
        waiting_.push_back(at(takenBy_[place]));
      }
    }
    return kNone;
  }

  /// Gives a free partner to whom it was reached from, whose own goes to whom that was reached
  /// from, and so on to the start.
  void passOn(std::int64_t partner) {
    while (partner != kNone) {
      const std::int64_t point = reachedFrom_[at(partner)];
      takenBy_[at(partner)] = point;
      std::swap(partner, partnerOf_[at(point)]);
    }
  }

  std::span<const DiagramPoint> from_;
  std::vector<DiagramPoint> to_;  ///< by birth
  const std::stop_token& stop_;
  std::vector<std::int64_t> partnerOf_;    ///< per point of from_
  std::vector<std::int64_t> takenBy_;      ///< per point of to_
  std::vector<std::int64_t> reachedFrom_;  ///< per point of to_
  std::vector<std::size_t> reached_;
  std::vector<std::size_t> waiting_;
};

}  // namespace

double leastMatchingRadius(std::span<const DiagramPoint> a, std::span<const DiagramPoint> b,
                           const std::stop_token& stop) {
  OneSidedMatching forth(a, b, stop);
  OneSidedMatching back(b, a, stop);
  const auto suffices = [&](double radius) {
    return forth.coversAll(radius) && back.coversAll(radius);
  };
  double enough = 0.0;
  for (const auto points : {a, b}) {
    for (const DiagramPoint& point : points) {
      enough = std::max(enough, toDiagonal(point));
    }
  }
  if (suffices(0.0)) {
    return 0.0;
  }
  // Doubles that are not negative are in the order of their bits.
  std::uint64_t low = 0;
  std::uint64_t high = std::bit_cast<std::uint64_t>(enough);
  while (high - low > 1) {
    const std::uint64_t middle = low + (high - low) / 2;
    (suffices(std::bit_cast<double>(middle)) ? high : low) = middle;
  }
  return std::bit_cast<double>(high);
}

}  // namespace tarn
