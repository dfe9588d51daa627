#include "topology/distances/diagram_distance.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <utility>

#include "topology/base/error.h"
#include "topology/base/numbers.h"
#include "topology/distances/assignment.h"
#include "topology/distances/bottleneck.h"

namespace tarn {
namespace {

constexpr std::size_t kMostPoints = 5'000;

bool isEssential(const DiagramPoint& point) {
  return std::isinf(point.death);
}

std::vector<DiagramPoint> finiteOf(std::span<const DiagramPoint> points) {
  std::vector<DiagramPoint> result;
  std::ranges::remove_copy_if(points, std::back_inserter(result), isEssential);
  return result;
}

std::vector<double> essentialBirths(std::span<const DiagramPoint> points) {
  std::vector<double> result;
  for (const DiagramPoint& point : points) {
    if (isEssential(point)) {
      result.push_back(point.birth);
    }
  }
  std::ranges::sort(result);
  return result;
}

}  // namespace

std::vector<DiagramPoint> pointsOf(const PersistenceDiagram& diagram, int degree) {
  std::vector<DiagramPoint> result;
  for (const PersistenceInterval& interval : diagram.intervals) {
    if (interval.degree == degree) {
      result.push_back({interval.birth, interval.death});
    }
  }
  return result;
}

double bottleneckDistance(std::span<const DiagramPoint> a, std::span<const DiagramPoint> b,
                          const std::stop_token& stop) {
  const auto birthsA = essentialBirths(a);
  const auto birthsB = essentialBirths(b);
  if (birthsA.size() != birthsB.size()) {
    return kInfinity;
  }
  double result = leastMatchingRadius(finiteOf(a), finiteOf(b), stop);
  for (std::size_t i = 0; i < birthsA.size(); ++i) {
    result = std::max(result, std::abs(birthsA[i] - birthsB[i]));
  }
  return result;
}

double wassersteinDistance(std::span<const DiagramPoint> a, std::span<const DiagramPoint> b,
                           double p, const std::stop_token& stop) {
  if (!(p >= 1.0) || std::isinf(p)) {
    throw Error(ErrorCode::usage, "A Wasserstein distance needs a finite p of at least 1.",
                "The bottleneck distance is the one for p = ∞.");
  }
  if (std::max(a.size(), b.size()) > kMostPoints) {
    throw Error(ErrorCode::unsupported,
                "A diagram of " + std::to_string(std::max(a.size(), b.size())) +
                    " points is too large for the exact Wasserstein distance (at most " +
                    std::to_string(kMostPoints) + ").",
                "Leave out points of low persistence, or take the bottleneck distance.");
  }
  const auto birthsA = essentialBirths(a);
  const auto birthsB = essentialBirths(b);
  if (birthsA.size() != birthsB.size()) {
    return kInfinity;
  }
  // On a line, matching in order is best for every p ≥ 1.
  double total = 0.0;
  for (std::size_t i = 0; i < birthsA.size(); ++i) {
    total += std::pow(std::abs(birthsA[i] - birthsB[i]), p);
  }
  const auto rows = finiteOf(a);
  const auto columns = finiteOf(b);
  const auto toDiagonal = [&](const std::vector<DiagramPoint>& points) {
    std::vector<double> result;
    result.reserve(points.size());
    for (const DiagramPoint& point : points) {
      result.push_back(std::pow(0.5 * std::abs(point.death - point.birth), p));
    }
    return result;
  };
  const auto apart = [&](std::size_t row, std::size_t column) {
    return std::pow(std::max(std::abs(rows[row].birth - columns[column].birth),
                             std::abs(rows[row].death - columns[column].death)),
                    p);
  };
  total += leastAssignment(toDiagonal(rows), toDiagonal(columns), apart, stop);
  return std::pow(total, 1.0 / p);
}

}  // namespace tarn
