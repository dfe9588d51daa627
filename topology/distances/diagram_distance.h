#pragma once

#include <span>
#include <stop_token>
#include <vector>

#include "topology/persistence/diagram.h"

namespace tarn {

/// One point of a persistence diagram. A class that never dies has death ±∞.
struct DiagramPoint {
  double birth = 0.0;
  double death = 0.0;
};

/// The points of one degree.
std::vector<DiagramPoint> pointsOf(const PersistenceDiagram& diagram, int degree);

/// The bottleneck distance of two diagrams of one degree, exact (bottleneck.h): the least e such
/// that the points can be matched with each other or with the diagonal within e, by the maximum
/// norm. Classes that never die are matched by birth; ∞ when their numbers differ.
/// Throws Error(cancelled).
double bottleneckDistance(std::span<const DiagramPoint> a, std::span<const DiagramPoint> b,
                          const std::stop_token& stop = {});

/// The p-Wasserstein distance, p ≥ 1, exact: the p-th root of the least sum of distances to the
/// p-th power, distances as above. Throws Error(usage) for p < 1 and Error(unsupported) for more
/// than 5,000 points in one diagram. Throws Error(cancelled).
double wassersteinDistance(std::span<const DiagramPoint> a, std::span<const DiagramPoint> b,
                           double p, const std::stop_token& stop = {});

}  // namespace tarn
