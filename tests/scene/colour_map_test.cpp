#include "ui/scene/colour_map.h"

#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <string>

#include "topology/base/error.h"

namespace {

using tarn::ui::ColourMap;
using tarn::ui::colourMapNames;
using tarn::ui::Rgb;

/// CIE L*, from 0 to 100.
double lightness(const Rgb& rgb) {
  const auto linear = [](std::uint8_t channel) {
    const double c = channel / 255.0;
    return c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4);
  };
  const double y = 0.2126 * linear(rgb[0]) + 0.7152 * linear(rgb[1]) + 0.0722 * linear(rgb[2]);
  return y > 0.008856 ? 116 * std::cbrt(y) - 16 : 903.3 * y;
}

}  // namespace

TEST_CASE("every colour map grows in lightness, so that it survives print in grey") {
  for (const std::string_view name : colourMapNames()) {
    INFO(name);
    const ColourMap map(name);
    double last = lightness(map.at(0));
    for (int i = 1; i <= 64; ++i) {
      const double now = lightness(map.at(i / 64.0));
      CHECK(now > last - 0.6);  // one step of 8 bits
      last = now;
    }
    CHECK(last - lightness(map.at(0)) > 60);
  }
}

TEST_CASE("viridis has the colours that matplotlib publishes") {
  // plt.cm.viridis([0, 0.25, 0.5, 0.75, 1]), matplotlib 3.6; anchors are off by at most 6 of 255.
  const ColourMap map("viridis");
  const std::array<Rgb, 5> published = {
      Rgb{68, 1, 84}, {59, 82, 139}, {33, 145, 140}, {94, 201, 98}, {253, 231, 37}};
  for (std::size_t i = 0; i < published.size(); ++i) {
    const Rgb colour = map.at(static_cast<double>(i) / 4);
    for (std::size_t c = 0; c < 3; ++c) {
      CHECK(std::abs(colour[c] - published[i][c]) <= 6);
    }
  }
}

TEST_CASE("a map may be reversed, and stays at its ends beyond them") {
  const ColourMap map("magma");
  const ColourMap reversed("magma", true);
  CHECK(map.at(0.2) == reversed.at(0.8));
  CHECK(map.at(-3) == map.at(0));
  CHECK(map.at(7) == map.at(1));
}

TEST_CASE("a map that does not exist is refused with the names that do") {
  try {
    const ColourMap map("jet");
    FAIL("jet was accepted");
  } catch (const tarn::Error& error) {
    CHECK(error.code() == tarn::ErrorCode::usage);
    CHECK(error.remedy().find("viridis") != std::string::npos);
  }
}
