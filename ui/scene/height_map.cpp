#include "ui/scene/height_map.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <format>
#include <limits>

namespace tarn::ui {
namespace {

std::string trueMinus(std::string text) {
  for (std::size_t at = text.find('-'); at != std::string::npos; at = text.find('-', at)) {
    text.replace(at, 1, "−");
  }
  return text;
}

std::string superscript(int exponent) {
  constexpr std::array<const char*, 10> kDigits = {"⁰", "¹", "²", "³", "⁴",
                                                   "⁵", "⁶", "⁷", "⁸", "⁹"};
  std::string text = exponent < 0 ? "⁻" : "";
  for (const char digit : std::to_string(std::abs(exponent))) {
    text += kDigits[static_cast<std::size_t>(digit - '0')];
  }
  return text;
}

/// The round step (1, 2, 2.5 or 5 times a power of ten) nearest to cutting a span into parts.
double roundStep(double span, int parts) {
  const double wanted = span / std::max(parts, 1);
  const double power = std::pow(10.0, std::floor(std::log10(wanted)));
  for (const double factor : {1.0, 2.0, 2.5, 5.0}) {
    if (factor * power >= wanted * 0.999) {
      return factor * power;
    }
  }
  return 10.0 * power;
}

int decimalsOf(double step) {
  for (int decimals = 0; decimals < 12; ++decimals) {
    const double scaled = step * std::pow(10.0, decimals);
    if (std::abs(scaled - std::round(scaled)) < 1e-6 * scaled) {
      return decimals;
    }
  }
  return 12;
}

constexpr double kPlainFrom = 1e-3;  // numbers in between are written without a power of ten
constexpr double kPlainTo = 1e5;

/// "10⁶", "3×10⁶": all labels of an axis in the same way.
std::string powerOfTen(double factor, int exponent) {
  if (exponent == 0 || exponent == 1) {
    return std::format("{:g}", exponent == 0 ? factor : 10.0 * factor);
  }
  const std::string power = "10" + superscript(exponent);
  return factor == 1.0 ? power : std::format("{:g}×", factor) + power;
}

std::vector<Tick> logTicks(double low, double high, int about) {
  const double slack = 1e-9;
  const int first = static_cast<int>(std::floor(std::log10(low)));
  const int last = static_cast<int>(std::ceil(std::log10(high)));
  const bool plain = low >= kPlainFrom && high < kPlainTo;
  const auto make = [&](std::span<const double> factors, int stride) {
    std::vector<Tick> ticks;
    for (int exponent = first; exponent <= last; ++exponent) {
      if (exponent % stride != 0) {
        continue;
      }
      for (const double factor : factors) {
        const double value = factor * std::pow(10.0, exponent);
        if (value >= low * (1.0 - slack) && value <= high * (1.0 + slack)) {
          ticks.push_back({value, plain ? formatNumber(value) : powerOfTen(factor, exponent)});
        }
      }
    }
    return ticks;
  };
  constexpr std::array<double, 5> kFine = {1.0, 1.5, 2.0, 3.0, 5.0};
  constexpr std::array<double, 3> kMiddle = {1.0, 2.0, 5.0};
  constexpr std::array<double, 2> kCoarse = {1.0, 3.0};
  constexpr std::array<double, 1> kPowers = {1.0};
  const auto most = static_cast<std::size_t>(std::max(about, 2));
  const std::array<std::span<const double>, 4> choices = {kFine, kMiddle, kCoarse, kPowers};
  for (const std::span<const double> factors : choices) {
    if (std::vector<Tick> ticks = make(factors, 1); ticks.size() <= most) {
      return ticks;
    }
  }
  for (int stride = 2;; ++stride) {
    if (std::vector<Tick> ticks = make(kPowers, stride); ticks.size() <= most) {
      return ticks;
    }
  }
}

}  // namespace

std::string formatNumber(double value, int digits) {
  if (!std::isfinite(value)) {
    return std::isnan(value) ? "NaN" : (value < 0 ? "−∞" : "∞");
  }
  if (value == 0.0) {
    return "0";
  }
  const double size = std::abs(value);
  if (size >= kPlainFrom && size < kPlainTo) {
    return trueMinus(std::format("{:.{}g}", value, std::max(digits, size >= 1e4 ? 5 : 1)));
  }
  int exponent = static_cast<int>(std::floor(std::log10(size)));
  std::string mantissa = std::format("{:.{}g}", value / std::pow(10.0, exponent), digits);
  if (mantissa == "10" || mantissa == "-10") {
    mantissa.erase(mantissa.size() - 1);
    ++exponent;
  }
  const std::string power = "10" + superscript(exponent);
  if (mantissa == "1") {
    return power;
  }
  return mantissa == "-1" ? "−" + power : trueMinus(mantissa) + "×" + power;
}

std::vector<Tick> roundTicks(double low, double high, int about) {
  const double size = std::max(std::abs(low), std::abs(high));
  // Of less there is no step: it would be rounded to 0.
  if (!(high - low > std::max(size * 1e-12, 1e-300))) {
    return {{low, formatNumber(low, 6)}};
  }
  const double step = roundStep(high - low, about);
  const int decimals = decimalsOf(step);
  const bool plain = size < kPlainTo && size >= kPlainFrom && decimals < 8;
  // Otherwise all labels have one power of ten: 2×10⁶ to 12×10⁶, not 0.2×10⁷ to 1.2×10⁷.
  const auto powerOf = [](double x) { return static_cast<int>(std::floor(std::log10(x) + 1e-9)); };
  const bool few = size < 15.0 * std::pow(10.0, powerOf(step));
  const int exponent = powerOf(few ? step : size);
  const double unit = plain ? 1.0 : std::pow(10.0, exponent);
  const std::string power = plain ? "" : "×10" + superscript(exponent);
  const int shown = plain ? decimals : decimalsOf(step / unit);
  std::vector<Tick> ticks;
  const double last = std::min(high + 1e-9 * step, std::numeric_limits<double>::max());
  for (double i = std::ceil(low / step - 1e-9); i * step <= last; ++i) {
    const double value = i == 0.0 ? 0.0 : i * step;
    std::string label = trueMinus(std::format("{:.{}f}", value / unit, shown)) + power;
    ticks.push_back({value, value == 0.0 && !plain ? "0" : std::move(label)});
  }
  return ticks;
}

HeightMap::HeightMap(std::span<const double> values, HeightScale scale,
                     std::optional<double> clip) {
  constexpr double kNone = std::numeric_limits<double>::infinity();
  double low = kNone;
  double lowPositive = kNone;
  double high = -kNone;
  for (const double value : values) {
    if (!std::isfinite(value)) {
      continue;
    }
    ++count_;
    low = std::min(low, value);
    high = std::max(high, value);
    if (value > 0.0) {
      lowPositive = std::min(lowPositive, value);
    } else if (scale == HeightScale::logarithmic) {
      ++notPositive_;
    }
  }
  if (low > high) {
    return;
  }
  linear_ = scale == HeightScale::linear || lowPositive == kNone;
  low_ = linear_ ? low : lowPositive;
  clipped_ = clip && *clip > low_ && *clip < high;
  high_ = clipped_ ? *clip : high;
}

double HeightMap::unit(double value) const {
  if (!std::isfinite(value)) {
    return std::numeric_limits<double>::quiet_NaN();
  }
  if (!(value > low_) || !(high_ > low_)) {
    return 0.0;
  }
  if (value >= high_) {
    return 1.0;
  }
  // Halved: the span of two doubles may be larger than a double.
  return linear_ ? (value / 2 - low_ / 2) / (high_ / 2 - low_ / 2)
                 : std::log(value / low_) / std::log(high_ / low_);
}

std::vector<Tick> HeightMap::ticks(int about) const {
  if (linear_ || high_ < 8.0 * low_) {
    return roundTicks(low_, high_, about);
  }
  return logTicks(low_, high_, about);
}

std::vector<Tick> HeightMap::levels(int about) const {
  if (linear_ || !(high_ > low_)) {
    return ticks(about);
  }
  const double first = std::log10(low_);
  const double last = std::log10(high_);
  const double step = roundStep(last - first, about);
  // Enough digits to tell neighbours apart.
  const int digits = 3 + static_cast<int>(std::max(0.0, std::ceil(-1.7 - std::log10(step))));
  std::vector<Tick> levels;
  for (double i = std::ceil(first / step - 1e-9); i * step <= last + 1e-9 * step; ++i) {
    const double value = std::pow(10.0, i * step);
    levels.push_back({value, formatNumber(value, digits)});
  }
  return levels;
}

}  // namespace tarn::ui
