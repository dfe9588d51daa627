#pragma once

#include <span>
#include <stop_token>

#include "topology/distances/diagram_distance.h"

namespace tarn {

/// The least radius such that the points of two diagrams, all of which die, can be matched one to
/// one with each other, and the rest with the diagonal, none further than that apart in the maximum
/// norm. Exact, in memory linear in the points: radii are halved down to one double, and for each
/// the points that are too far from the diagonal are matched by augmenting paths, first those of
/// one diagram and then those of the other. A matching that covers both exists when these two do
/// (Mendelsohn, Dulmage 1958). Throws Error(cancelled).
double leastMatchingRadius(std::span<const DiagramPoint> a, std::span<const DiagramPoint> b,
                           const std::stop_token& stop = {});

}  // namespace tarn
