#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

namespace tarn::ui {

/// A colour, red, green and blue from 0 to 255.
using Rgb = std::array<std::uint8_t, 3>;

/// Maps numbers to colours. Every map is monotone in lightness, so that it survives print in grey
/// and is read by people who see fewer colours.
class ColourMap {
 public:
  /// Throws Error(usage) for a name that colourMapNames() does not list.
  explicit ColourMap(std::string_view name, bool reversed = false);

  /// The colour at t from 0 to 1; beyond, that of the nearer end.
  Rgb at(double t) const;

 private:
  std::span<const std::uint32_t> anchors_;
  bool reversed_;
};

/// "viridis", "cividis", …, the default first.
std::span<const std::string_view> colourMapNames();

}  // namespace tarn::ui
