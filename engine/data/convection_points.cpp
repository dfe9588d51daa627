#include "engine/data/convection_points.h"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <numbers>
#include <span>
#include <vector>

#include "engine/protocol/sha256.h"
#include "topology/base/error.h"

namespace tarn::engine {
namespace {

constexpr std::string_view convectionWord = "pinn-convection";

Error wrongPoints(const std::string& path) {
  return {ErrorCode::usage,
          "The data '" + path.substr(0, 80) + "' is not a grid of collocation points.",
          "Write pinn-convection or pinn-convection:x=64,t=32, with 2 to 4096 points a side."};
}

struct PointGrid {
  std::size_t x = 64;
  std::size_t t = 32;
};

PointGrid parseGrid(const std::string& path) {
  PointGrid grid;
  std::string_view rest = std::string_view(path).substr(convectionWord.size());
  while (!rest.empty()) {
    rest.remove_prefix(1);
    const auto piece = rest.substr(0, rest.find(','));
    rest.remove_prefix(piece.size());
    std::size_t value = 0;
    const auto read = std::from_chars(piece.data() + std::min<std::size_t>(2, piece.size()),
                                      piece.data() + piece.size(), value);
    const bool good = piece.size() > 2 && (piece.starts_with("x=") || piece.starts_with("t=")) &&
                      read.ec == std::errc{} && read.ptr == piece.data() + piece.size() &&
                      value >= 2 && value <= 4096;
    if (!good) {
      throw wrongPoints(path);
    }
    (piece.front() == 'x' ? grid.x : grid.t) = value;
  }
  return grid;
}

}  // namespace

bool isConvectionData(const std::string& path) {
  std::error_code ignored;
  return (path == convectionWord || path.starts_with(std::string(convectionWord) + ":")) &&
         !std::filesystem::exists(path, ignored);
}

DataArrays convectionPoints(const std::string& path) {
  const auto grid = parseGrid(path);
  const std::size_t inside = grid.x * grid.t;
  const std::size_t boundary = grid.t + 1;
  const std::size_t count = inside + grid.x + boundary;
  std::vector<double> points;
  std::vector<double> weights;
  const auto add = [&](std::size_t i, std::size_t j, std::size_t term, std::size_t alike) {
    points.push_back(2 * std::numbers::pi * static_cast<double>(i) / static_cast<double>(grid.x));
    points.push_back(static_cast<double>(j) / static_cast<double>(grid.t));
    for (std::size_t k = 0; k < 3; ++k) {
      weights.push_back(k == term ? static_cast<double>(count) / static_cast<double>(alike) : 0);
    }
  };
  for (std::size_t i = 0; i < grid.x; ++i) {
    for (std::size_t j = 1; j <= grid.t; ++j) {
      add(i, j, 0, inside);
    }
  }
  for (std::size_t i = 0; i < grid.x; ++i) {
    add(i, 0, 1, grid.x);
  }
  for (std::size_t j = 0; j <= grid.t; ++j) {
    add(0, j, 2, boundary);
  }
  return {{NdArray::fromDoubles({count, 2}, points)},
          NdArray::fromDoubles({count, 3}, weights),
          sha256(std::as_bytes(std::span(path)))};
}

}  // namespace tarn::engine
