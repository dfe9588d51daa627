#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "topology/distances/diagram_distance.h"

namespace tarn {

// What a persistence diagram of one degree is summarized by. Points are births and deaths in any
// order (superlevel sets die downwards); a class that never dies has death ±∞.

/// How many classes are alive at each level: birth ≤ t < death (for superlevel sets, death < t ≤
/// birth).
std::vector<std::size_t> bettiCurve(std::span<const DiagramPoint> points,
                                    std::span<const double> levels);

/// The persistent entropy −Σ p ln p, p = persistence / Σ persistence, of the classes that die
/// (Chintakunta et al. 2015). 0 without one of positive persistence.
double persistentEntropy(std::span<const DiagramPoint> points);

/// The persistence landscape (Bubenik 2015): row k holds at each level the k-th largest of
/// max(0, min(t − birth, death − t)) over the classes that die, k = 1 … count.
std::vector<std::vector<double>> persistenceLandscape(std::span<const DiagramPoint> points,
                                                      std::span<const double> levels,
                                                      std::size_t count);

/// A persistence image (Adams et al. 2017).
struct PersistenceImage {
  std::size_t resolution = 0;              ///< pixels along each side
  double birthLow = 0.0, birthHigh = 0.0;  ///< the outer edges along births
  double persistenceHigh = 0.0;            ///< the outer edge along persistence; the inner one is 0
  std::vector<double> pixels;              ///< row = persistence, from 0 up; column = birth
};

/// Each class that dies is a Gaussian at (birth, persistence), weighted by its persistence over the
/// largest, and integrated over the pixels; `sigma` is its standard deviation in pixels. The births
/// span the columns. Throws Error(usage) for no pixel, more than 4096 a side, or sigma ≤ 0.
PersistenceImage persistenceImage(std::span<const DiagramPoint> points, std::size_t resolution,
                                  double sigma = 1.0);

}  // namespace tarn
