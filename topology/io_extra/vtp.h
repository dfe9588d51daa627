#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace tarn {

/// Points, lines through them, and numbers that belong to either.
struct PolyLines {
  std::vector<std::array<double, 3>> points;
  /// Indices of points; none: the points stand alone.
  std::vector<std::vector<std::int64_t>> lines;
  std::map<std::string, std::vector<double>> ofPoints;  ///< one number a point
  std::map<std::string, std::vector<double>> ofLines;   ///< one number a line
};

/// Writes a VTK file of poly data (.vtp). Throws Error(io).
void writeVtp(const std::filesystem::path& path, const PolyLines& shape);

}  // namespace tarn
