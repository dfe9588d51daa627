#include <algorithm>
#include <array>
#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <cstdlib>
#include <limits>

#include "topology/base/error.h"
#include "ui/figures/graphics_check.h"
#include "ui/scene/still.h"

// All of these draw without a display: it is taken away first.

namespace {

using tarn::ui::LandscapeData;
using tarn::ui::LandscapeStyle;

template <typename Function>
LandscapeData landscapeOf(Function f, std::size_t side = 61) {
  ::unsetenv("DISPLAY");
  ::unsetenv("WAYLAND_DISPLAY");
  tarn::Axis axis;
  for (std::size_t i = 0; i < side; ++i) {
    axis.coordinates.push_back(-1.0 + 2.0 * static_cast<double>(i) / static_cast<double>(side - 1));
  }
  std::vector<double> values;
  for (const double y : axis.coordinates) {
    for (const double x : axis.coordinates) {
      values.push_back(f(x, y));
    }
  }
  LandscapeData data;
  data.grid =
      std::make_shared<tarn::ScalarGrid>(std::vector<tarn::Axis>{axis, axis}, std::move(values));
  return data;
}

/// Only the surface: no lines over it.
LandscapeStyle plainStyle() {
  LandscapeStyle style;
  style.contours = false;
  return style;
}

bool isColourful(QRgb pixel) {
  const int high = std::max({qRed(pixel), qGreen(pixel), qBlue(pixel)});
  const int low = std::min({qRed(pixel), qGreen(pixel), qBlue(pixel)});
  return high - low > 40;
}

/// Colourful pixels left of the colour bar.
int surfacePixels(const QImage& image) {
  int count = 0;
  for (int y = 0; y < image.height(); ++y) {
    for (int x = 0; x < image.width() * 8 / 10; ++x) {
      count += isColourful(image.pixel(x, y)) ? 1 : 0;
    }
  }
  return count;
}

}  // namespace

TEST_CASE("a surface is drawn without a display, in the size asked for") {
  const LandscapeData bowl = landscapeOf([](double x, double y) { return x * x + y * y; });
  const QImage image = tarn::ui::renderSurface(bowl, plainStyle(), QSize(400, 300), 1.0);
  REQUIRE(image.size() == QSize(400, 300));
  CHECK(isColourful(image.pixel(180, 150)));
  CHECK(image.pixel(2, 2) == qRgb(255, 255, 255));
  const QImage twice = tarn::ui::renderSurface(bowl, plainStyle(), QSize(400, 300), 2.0);
  CHECK(twice.size() == QSize(800, 600));
  // The same picture: where it is colourful does not depend on the scale.
  CHECK(surfacePixels(twice) == Catch::Approx(4.0 * surfacePixels(image)).epsilon(0.05));
}

TEST_CASE("colours say where a slope is low and where it is high") {
  // Seen from the front right, x + y rises from left to right; viridis grows lighter with it. A
  // plane is lit evenly.
  const LandscapeData slope = landscapeOf([](double x, double y) { return x + y; });
  const QImage image = tarn::ui::renderSurface(slope, plainStyle(), QSize(600, 450), 1.0);
  std::array<double, 4> light{};
  std::array<int, 4> count{};
  for (int x = 0; x < 480; ++x) {
    for (int y = 0; y < 450; ++y) {
      if (isColourful(image.pixel(x, y))) {
        light[static_cast<std::size_t>(x / 120)] += qGray(image.pixel(x, y));
        count[static_cast<std::size_t>(x / 120)] += 1;
      }
    }
  }
  for (std::size_t i = 0; i < 4; ++i) {
    REQUIRE(count[i] > 100);
    light[i] /= count[i];
  }
  CHECK(light[1] > light[0] + 15);
  CHECK(light[2] > light[1] + 15);
  CHECK(light[3] > light[2] + 15);
}

TEST_CASE("values that are not there leave a hole of their size") {
  // The square |x|, |y| < 0.35 is an eighth of the plane; so is the share of pixels that go, as
  // the surface is a plane. (Perspective and the border's cells move it a little.)
  const auto slope = [](double x, double y) { return x + y; };
  const auto torn = [&](double x, double y) {
    return std::abs(x) < 0.35 && std::abs(y) < 0.35 ? std::numeric_limits<double>::quiet_NaN()
                                                    : slope(x, y);
  };
  const QSize size(600, 450);
  const int whole =
      surfacePixels(tarn::ui::renderSurface(landscapeOf(slope), plainStyle(), size, 1));
  const int rest = surfacePixels(tarn::ui::renderSurface(landscapeOf(torn), plainStyle(), size, 1));
  const double share = 1.0 - static_cast<double>(rest) / whole;
  CHECK(share > 0.09);
  CHECK(share < 0.16);
}

TEST_CASE("the dark theme has a dark background") {
  LandscapeStyle style = plainStyle();
  style.theme = tarn::ui::Theme::dark;
  const LandscapeData slope = landscapeOf([](double x, double y) { return x + y; });
  const QImage image = tarn::ui::renderSurface(slope, style, QSize(300, 200), 1.0);
  CHECK(qGray(image.pixel(1, 1)) < 60);
}

TEST_CASE("a surface without any value is an empty box") {
  const LandscapeData nothing =
      landscapeOf([](double, double) { return std::numeric_limits<double>::quiet_NaN(); });
  const QImage image = tarn::ui::renderSurface(nothing, plainStyle(), QSize(400, 300), 1.0);
  CHECK(surfacePixels(image) == 0);
}

TEST_CASE("an image larger than OpenGL allows is refused") {
  const LandscapeData slope = landscapeOf([](double x, double) { return x; });
  try {
    tarn::ui::renderSurface(slope, plainStyle(), QSize(30000, 30000), 10.0);
    FAIL("it was drawn");
  } catch (const tarn::Error& error) {
    CHECK(error.code() == tarn::ErrorCode::unsupported);
    CHECK_FALSE(error.remedy().empty());
  }
}

TEST_CASE("the graphics that draw without a display have a name") {
  CHECK(tarn::ui::describeOffscreenGraphics().find("OpenGL") == 0);
}
