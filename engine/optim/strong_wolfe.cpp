#include "engine/optim/strong_wolfe.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include <ATen/ATen.h>

namespace tarn::engine {
namespace {

constexpr double enoughDecrease = 1e-4;
constexpr double enoughFlattening = 0.9;
constexpr double smallestBracket = 1e-9;
constexpr int mostTrials = 25;

/// The minimum within [least, most] of the cubic through two points and their slopes; the middle
/// where it has none.
double cubicMinimum(const LinePoint& a, const LinePoint& b, double least, double most) {
  const LinePoint& left = a.t <= b.t ? a : b;
  const LinePoint& right = a.t <= b.t ? b : a;
  const double d1 = left.slope + right.slope - 3 * (left.loss - right.loss) / (left.t - right.t);
  const double square = d1 * d1 - left.slope * right.slope;
  const double d2 = std::sqrt(square);
  const double minimum = right.t - (right.t - left.t) * ((right.slope + d2 - d1) /
                                                         (right.slope - left.slope + 2 * d2));
  return std::isfinite(minimum) ? std::clamp(minimum, least, most) : (least + most) / 2;
}

class WolfeSearch {
 public:
  WolfeSearch(const std::function<LinePoint(double)>& evaluate, const LinePoint& start,
              double longest)
      : evaluate_(evaluate), start_(start), longest_(longest) {}

  LineSearch from(double first) {
    LinePoint before = start_;
    LinePoint now = evaluate_(first);
    for (; trials_ < mostTrials; ++trials_) {
      if (tooHigh(now) || (trials_ > 1 && now.loss >= before.loss)) {
        return zoomed(before, now);
      }
      if (flat(now)) {
        return ended(now);
      }
      if (now.slope >= 0) {
        return zoomed(before, now);
      }
      const double next = cubicMinimum(before, now, now.t + 0.01 * (now.t - before.t), 10 * now.t);
      before = std::exchange(now, evaluate_(next));
    }
    return ended(start_.loss <= now.loss ? start_ : now);
  }

 private:
  bool tooHigh(const LinePoint& point) const {
    return !std::isfinite(point.loss) ||
           point.loss > start_.loss + enoughDecrease * point.t * start_.slope;
  }
  bool flat(const LinePoint& point) const {
    return std::abs(point.slope) <= -enoughFlattening * start_.slope;
  }

  LineSearch zoomed(const LinePoint& a, const LinePoint& b) {
    const bool ordered = a.loss <= b.loss || !std::isfinite(b.loss);
    LinePoint low = ordered ? a : b;
    LinePoint high = ordered ? b : a;
    bool nearTheEdge = false;
    while (trials_ < mostTrials && std::abs(high.t - low.t) * longest_ >= smallestBracket) {
      LinePoint now = evaluate_(between(low, high, nearTheEdge));
      ++trials_;
      if (tooHigh(now) || now.loss >= low.loss) {
        high = std::move(now);
        if (high.loss < low.loss) {
          std::swap(low, high);
        }
        continue;
      }
      if (flat(now)) {
        return ended(now);
      }
      if (now.slope * (high.t - low.t) >= 0) {
        high = low;
      }
      low = std::move(now);
    }
    return ended(low);
  }

  /// Where to look next. A point within a tenth of an end is allowed once, then moved inward.
  static double between(const LinePoint& low, const LinePoint& high, bool& nearTheEdge) {
    const double least = std::min(low.t, high.t);
    const double most = std::max(low.t, high.t);
    const double margin = 0.1 * (most - least);
    const double t = cubicMinimum(low, high, least, most);
    if (std::min(most - t, t - least) >= margin) {
      nearTheEdge = false;
      return t;
    }
    if (!nearTheEdge && t < most && t > least) {
      nearTheEdge = true;
      return t;
    }
    nearTheEdge = false;
    return std::abs(t - most) < std::abs(t - least) ? most - margin : least + margin;
  }

  LineSearch ended(const LinePoint& point) const { return {point, trials_ + 1}; }

  const std::function<LinePoint(double)>& evaluate_;
  const LinePoint& start_;
  double longest_;
  int trials_ = 0;  ///< after the first
};

}  // namespace

LineSearch strongWolfe(const std::function<LinePoint(double)>& evaluate, const LinePoint& start,
                       double first, double longest) {
  return WolfeSearch(evaluate, start, longest).from(first);
}

}  // namespace tarn::engine
