#include "ui/figures/plot_scale.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numbers>

namespace tarn::ui {

PlotScale::PlotScale(ScaleKind kind, double low, double high, double linearWithin)
    : kind_(kind), low_(low), high_(high), unit_(1.0) {
  const bool logarithmic = kind == ScaleKind::logarithmic;
  if (!(high_ - low_ > (logarithmic ? 0.0 : 1e-290))) {
    const double half = logarithmic ? 0.0 : std::max(std::abs(low), 1e-280) / 2;
    low_ = logarithmic ? low / 2 : low - half;
    high_ = logarithmic ? high * 2 : high + half;
  }
  constexpr double kMost = std::numeric_limits<double>::max();
  low_ = std::clamp(low_, -kMost, kMost);
  high_ = std::clamp(high_, -kMost, kMost);
  const double largest = std::max(std::abs(low_), std::abs(high_));
  if (kind == ScaleKind::linear) {
    unit_ = largest;
  } else if (kind == ScaleKind::symmetric) {
    unit_ = std::max({std::min(linearWithin, largest), 1e-15 * largest, 1e-300});
  }
}

double PlotScale::place(double value) const {
  switch (kind_) {
    case ScaleKind::linear:
      return value / unit_;
    case ScaleKind::logarithmic:
      return std::log10(std::max(value, 1e-6 * low_));
    case ScaleKind::symmetric:
      break;
  }
  // asinh(v/2u)/ln 10 is log₁₀(v/u) for large values and linear for small ones.
  return std::asinh(value / unit_ / 2) / std::numbers::ln10;
}

double PlotScale::value(double place) const {
  switch (kind_) {
    case ScaleKind::linear:
      return place * unit_;
    case ScaleKind::logarithmic:
      return std::pow(10.0, place);
    case ScaleKind::symmetric:
      break;
  }
  return 2 * unit_ * std::sinh(place * std::numbers::ln10);
}

std::vector<Tick> PlotScale::ticks(int about) const {
  std::vector<Tick> ticks;
  switch (kind_) {
    case ScaleKind::linear:
      ticks = roundTicks(low_, high_, about);
      break;
    case ScaleKind::logarithmic:
      ticks = HeightMap(std::array{low_, high_}, HeightScale::logarithmic).ticks(about);
      break;
    case ScaleKind::symmetric:
      ticks = symmetricTicks(about);
      break;
  }
  std::erase_if(ticks, [](const Tick& tick) { return !std::isfinite(tick.value); });
  for (Tick& tick : ticks) {
    tick.value = place(tick.value);
  }
  return ticks;
}

// Powers of ten on both sides, every so many that there is room, and 0.
std::vector<Tick> PlotScale::symmetricTicks(int about) const {
  const int first = static_cast<int>(std::ceil(std::log10(unit_)));
  const int last =
      static_cast<int>(std::floor(std::log10(std::max({std::abs(low_), std::abs(high_), unit_}))));
  std::vector<Tick> ticks;
  for (int stride = 1;; ++stride) {
    ticks.clear();
    const auto add = [&](double value) {
      if (value >= low_ * (low_ < 0 ? 1 + 1e-9 : 1 - 1e-9) && value <= high_ * (1 + 1e-9)) {
        ticks.push_back({value, formatNumber(value)});
      }
    };
    for (int power = last; power >= first; --power) {
      if ((last - power) % stride == 0) {
        add(-std::pow(10.0, power));
      }
    }
    add(0.0);
    for (int power = first; power <= last; ++power) {
      if ((last - power) % stride == 0) {
        add(std::pow(10.0, power));
      }
    }
    if (ticks.size() <= static_cast<std::size_t>(std::max(about, 2)) || stride > last - first) {
      break;
    }
  }
  // Within one decade there are no powers to tell it by.
  return ticks.size() > 1 ? ticks : roundTicks(low_, high_, about);
}

}  // namespace tarn::ui
