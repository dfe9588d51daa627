#include "topology/persistence/representations.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numbers>

#include "topology/base/error.h"

namespace tarn {
namespace {

double low(const DiagramPoint& point) {
  return std::min(point.birth, point.death);
}
double high(const DiagramPoint& point) {
  return std::max(point.birth, point.death);
}

std::vector<DiagramPoint> dying(std::span<const DiagramPoint> points) {
  std::vector<DiagramPoint> result;
  std::copy_if(points.begin(), points.end(), std::back_inserter(result),
               [](const DiagramPoint& point) { return std::isfinite(point.death); });
  return result;
}

/// The share of a Gaussian around `centre` between two edges.
double gaussianBetween(double from, double to, double centre, double sigma) {
  const double scale = 1.0 / (sigma * std::numbers::sqrt2);
  return 0.5 * (std::erf((to - centre) * scale) - std::erf((from - centre) * scale));
}

/// That share for each pixel of a side.
std::vector<double> alongSide(std::size_t pixels, double start, double size, double centre,
                              double sigma) {
  std::vector<double> shares(pixels);
  for (std::size_t i = 0; i < pixels; ++i) {
    const double edge = start + static_cast<double>(i) * size;
    shares[i] = gaussianBetween(edge, edge + size, centre, sigma);
  }
  return shares;
}

}  // namespace

std::vector<std::size_t> bettiCurve(std::span<const DiagramPoint> points,
                                    std::span<const double> levels) {
  std::vector<std::size_t> alive(levels.size(), 0);
  for (std::size_t i = 0; i < levels.size(); ++i) {
    for (const DiagramPoint& point : points) {
      const bool rises = point.death >= point.birth;
      alive[i] += rises ? (point.birth <= levels[i] && levels[i] < point.death)
                        : (point.death < levels[i] && levels[i] <= point.birth);
    }
  }
  return alive;
}

double persistentEntropy(std::span<const DiagramPoint> points) {
  const auto classes = dying(points);
  double total = 0.0;
  for (const DiagramPoint& point : classes) {
    total += high(point) - low(point);
  }
  double entropy = 0.0;
  for (const DiagramPoint& point : classes) {
    const double share = (high(point) - low(point)) / total;
    entropy -= share > 0.0 ? share * std::log(share) : 0.0;
  }
  return entropy;
}

std::vector<std::vector<double>> persistenceLandscape(std::span<const DiagramPoint> points,
                                                      std::span<const double> levels,
                                                      std::size_t count) {
  const auto classes = dying(points);
  std::vector<std::vector<double>> rows(count, std::vector<double>(levels.size(), 0.0));
  std::vector<double> tents;
  for (std::size_t i = 0; i < levels.size(); ++i) {
    tents.clear();
    for (const DiagramPoint& point : classes) {
      const double tent = std::min(levels[i] - low(point), high(point) - levels[i]);
      if (tent > 0.0) {
        tents.push_back(tent);
      }
    }
    const std::size_t kept = std::min(count, tents.size());
    std::partial_sort(tents.begin(), tents.begin() + static_cast<std::ptrdiff_t>(kept), tents.end(),
                      std::greater<>());
    for (std::size_t k = 0; k < kept; ++k) {
      rows[k][i] = tents[k];
    }
  }
  return rows;
}

PersistenceImage persistenceImage(std::span<const DiagramPoint> points, std::size_t resolution,
                                  double sigma) {
  constexpr std::size_t kLargest = 4096;
  if (resolution == 0 || resolution > kLargest) {
    throw Error(ErrorCode::usage,
                "A persistence image of " + std::to_string(resolution) + " pixels a side.",
                "Ask for 1 to 4096 pixels.");
  }
  if (!(sigma > 0.0)) {
    throw Error(ErrorCode::usage, "The Gaussians of a persistence image have no width.",
                "Give a standard deviation above 0, in pixels.");
  }
  PersistenceImage image{resolution, 0.0, 0.0, 0.0,
                         std::vector<double>(resolution * resolution, 0.0)};
  const auto classes = dying(points);
  if (classes.empty()) {
    return image;
  }
  image.birthLow = image.birthHigh = classes.front().birth;
  for (const DiagramPoint& point : classes) {
    image.birthLow = std::min(image.birthLow, point.birth);
    image.birthHigh = std::max(image.birthHigh, point.birth);
    image.persistenceHigh = std::max(image.persistenceHigh, high(point) - low(point));
  }
  if (image.persistenceHigh == 0.0) {
    return image;
  }
  const auto side = static_cast<double>(resolution);
  // Equal births still need a width to stand in.
  if (image.birthHigh == image.birthLow) {
    image.birthLow -= 0.5 * image.persistenceHigh;
    image.birthHigh += 0.5 * image.persistenceHigh;
  }
  const double width = (image.birthHigh - image.birthLow) / side;
  const double height = image.persistenceHigh / side;
  for (const DiagramPoint& point : classes) {
    const double persistence = high(point) - low(point);
    const double weight = persistence / image.persistenceHigh;
    const auto columns = alongSide(resolution, image.birthLow, width, point.birth, sigma * width);
    const auto rows = alongSide(resolution, 0.0, height, persistence, sigma * height);
    for (std::size_t row = 0; row < resolution; ++row) {
      for (std::size_t column = 0; column < resolution; ++column) {
        image.pixels[row * resolution + column] += weight * rows[row] * columns[column];
      }
    }
  }
  return image;
}

}  // namespace tarn
