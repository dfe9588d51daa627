// Whether everyone can see the colours of runs, and tell them apart.
#include <QColor>
#include <algorithm>
#include <array>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <limits>
#include <vector>

#include "ui/figures/marks.h"
#include "ui/figures/palette.h"

using namespace tarn::ui;

namespace {

using Three = std::array<double, 3>;
using Matrix = std::array<Three, 3>;

constexpr std::size_t kRunColours = 7;

/// sRGB without its transfer function (IEC 61966-2-1).
Three linearRgb(const QColor& colour) {
  Three result{colour.redF(), colour.greenF(), colour.blueF()};
  for (double& part : result) {
    part = part <= 0.04045 ? part / 12.92 : std::pow((part + 0.055) / 1.055, 2.4);
  }
  return result;
}

Three times(const Matrix& matrix, const Three& vector) {
  Three result{};
  for (std::size_t i = 0; i < 3; ++i) {
    for (std::size_t j = 0; j < 3; ++j) {
      result[i] += matrix[i][j] * vector[j];
    }
  }
  return result;
}

/// WCAG 2.1, "contrast ratio" and "relative luminance".
double contrast(const QColor& a, const QColor& b) {
  const auto luminance = [](const QColor& colour) {
    const Three rgb = linearRgb(colour);
    return 0.2126 * rgb[0] + 0.7152 * rgb[1] + 0.0722 * rgb[2];
  };
  const auto [dark, light] = std::minmax({luminance(a), luminance(b)});
  return (light + 0.05) / (dark + 0.05);
}

/// CIE L*a*b* (1976) of linear sRGB, white D65.
Three labOf(Three rgb) {
  for (double& part : rgb) {
    part = std::clamp(part, 0.0, 1.0);
  }
  const Three xyz = times({{{0.4124564, 0.3575761, 0.1804375},
                            {0.2126729, 0.7151522, 0.0721750},
                            {0.0193339, 0.1191920, 0.9503041}}},
                          rgb);
  const auto f = [](double t) {
    return t > 216.0 / 24389 ? std::cbrt(t) : t * 841.0 / 108 + 4.0 / 29;
  };
  const double x = f(xyz[0] / 0.95047);
  const double y = f(xyz[1]);
  const double z = f(xyz[2] / 1.08883);
  return {116 * y - 16, 500 * (x - y), 200 * (y - z)};
}

/// Machado, Oliveira and Fernandes, A Physiologically-based Model for Simulation of Color Vision
/// Deficiency (2009), table 1 at severity 1; the first is normal vision.
constexpr std::array<Matrix, 4> kEyes = {{{{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}},
                                          {{{0.152286, 1.052583, -0.204868},
                                            {0.114503, 0.786281, 0.099216},
                                            {-0.003882, -0.048116, 1.051998}}},
                                          {{{0.367322, 0.860646, -0.227968},
                                            {0.280085, 0.672501, 0.047413},
                                            {-0.011820, 0.042940, 0.968881}}},
                                          {{{1.255528, -0.076749, -0.178779},
                                            {-0.078411, 0.930809, 0.147602},
                                            {0.004733, 0.691367, 0.303900}}}}};

/// How far apart the two nearest of some colours are to whom they are nearest.
double nearestOf(const std::vector<QColor>& colours) {
  double least = std::numeric_limits<double>::infinity();
  for (const Matrix& eye : kEyes) {
    for (std::size_t i = 0; i < colours.size(); ++i) {
      for (std::size_t j = 0; j < i; ++j) {
        const Three a = labOf(times(eye, linearRgb(colours[i])));
        const Three b = labOf(times(eye, linearRgb(colours[j])));
        least = std::min(least, std::hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]));
      }
    }
  }
  return least;
}

}  // namespace

TEST_CASE("the colour of every run stands out from the backgrounds of both themes") {
  // Black on white is the largest contrast there is.
  CHECK(std::abs(contrast(Qt::black, Qt::white) - 21) < 1e-9);
  for (std::size_t i = 0; i < kRunColours; ++i) {
    for (const Theme theme : {Theme::light, Theme::dark}) {
      INFO(runLook(i).colour.name().toStdString() << (theme == Theme::dark ? ", dark" : ", light"));
      CHECK(contrast(runLook(i).colour, paletteOf(theme).background) >= 3);
    }
  }
}

TEST_CASE("colour-blind readers tell the colours of runs apart as well as those of Okabe and Ito") {
  std::vector<QColor> ours;
  ours.reserve(kRunColours);
  for (std::size_t i = 0; i < kRunColours; ++i) {
    ours.push_back(runLook(i).colour);
  }
  CHECK(runLook(kRunColours).colour == ours.front());
  // Okabe and Ito, Color Universal Design (2008), without black.
  const double theirs =
      nearestOf({QColor(0xe6, 0x9f, 0x00), QColor(0x56, 0xb4, 0xe9), QColor(0x00, 0x9e, 0x73),
                 QColor(0xf0, 0xe4, 0x42), QColor(0x00, 0x72, 0xb2), QColor(0xd5, 0x5e, 0x00),
                 QColor(0xcc, 0x79, 0xa7)});
  CHECK(nearestOf(ours) >= theirs);
}
