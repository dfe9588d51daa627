#include <array>
#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <random>
#include <string>
#include <vector>

#include "ui/scene/height_map.h"

namespace {

using Catch::Approx;
using tarn::ui::formatNumber;
using tarn::ui::HeightMap;
using tarn::ui::HeightScale;
using tarn::ui::roundTicks;
using tarn::ui::Tick;

/// The number that a label says.
double read(std::string label) {
  const auto replace = [&](const std::string& from, const std::string& to) {
    for (std::size_t at = label.find(from); at != std::string::npos; at = label.find(from)) {
      label.replace(at, from.size(), to);
    }
  };
  replace("×10", "e");
  if (label.starts_with("10⁻") || label.find("10") == 0) {
    const bool power = label.size() > 2 && (label[2] & 0x80) != 0;
    label = power ? "1e" + label.substr(2) : label;
  }
  const std::array<const char*, 10> digits = {"⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"};
  for (std::size_t i = 0; i < digits.size(); ++i) {
    replace(digits[i], std::to_string(i));
  }
  replace("⁻", "-");
  replace("−", "-");
  return std::stod(label);
}

bool isRound(double step) {
  const double mantissa = step / std::pow(10.0, std::floor(std::log10(step) + 1e-9));
  for (const double round : {1.0, 2.0, 2.5, 5.0, 10.0}) {
    if (std::abs(mantissa - round) < 1e-6) {
      return true;
    }
  }
  return false;
}

}  // namespace

TEST_CASE(
    "ticks are multiples of a round step, fill the range, and their labels say their values") {
  std::mt19937_64 random(3);
  std::uniform_real_distribution<double> exponent(-9, 9);
  std::normal_distribution<double> normal;
  for (int trial = 0; trial < 500; ++trial) {
    const double middle = normal(random) * std::pow(10.0, exponent(random));
    const double half = std::abs(middle) * std::pow(10.0, -std::abs(exponent(random)) / 3);
    const double low = middle - half;
    const double high = middle + half;
    if (!(high > low)) {
      continue;
    }
    const auto ticks = roundTicks(low, high, 6);
    INFO(low << " to " << high);
    REQUIRE(ticks.size() >= 2);
    REQUIRE(ticks.size() <= 13);
    const double step = ticks[1].value - ticks[0].value;
    CHECK(isRound(step));
    CHECK(ticks.front().value - low < step * 1.001);
    CHECK(high - ticks.back().value < step * 1.001);
    for (const Tick& tick : ticks) {
      CHECK(tick.value >= low - 1e-6 * step);
      CHECK(tick.value <= high + 1e-6 * step);
      CHECK(read(tick.label) == Approx(tick.value).margin(1e-3 * step));
    }
  }
}

TEST_CASE("large numbers share a power of ten that leaves few digits before it") {
  const auto labels = [](double low, double high) {
    std::vector<std::string> all;
    for (const Tick& tick : roundTicks(low, high, 5)) {
      all.push_back(tick.label);
    }
    return all;
  };
  using Labels = std::vector<std::string>;
  CHECK(labels(0, 1e7) == Labels{"0", "2×10⁶", "4×10⁶", "6×10⁶", "8×10⁶", "10×10⁶"});
  CHECK(labels(0, 1e-6) == Labels{"0", "2×10⁻⁷", "4×10⁻⁷", "6×10⁻⁷", "8×10⁻⁷", "10×10⁻⁷"});
  CHECK(labels(0, 1.25e7) == Labels{"0", "2.5×10⁶", "5.0×10⁶", "7.5×10⁶", "10.0×10⁶", "12.5×10⁶"});
  CHECK(labels(0, 2.2e6) == Labels{"0", "0.5×10⁶", "1.0×10⁶", "1.5×10⁶", "2.0×10⁶"});
  // Far from zero the digits that differ stand behind the point.
  CHECK(labels(4e7, 4.0004e7) ==
        Labels{"4.0000×10⁷", "4.0001×10⁷", "4.0002×10⁷", "4.0003×10⁷", "4.0004×10⁷"});
}

TEST_CASE("a range of one value has that value as its tick") {
  const auto ticks = roundTicks(2.5, 2.5, 5);
  REQUIRE(ticks.size() == 1);
  CHECK(ticks.front().label == "2.5");
}

TEST_CASE("logarithmic ticks lie inside the range and are powers of ten when it is wide") {
  const std::array values = {3e-4, 2e7};
  const auto ticks = HeightMap(values, HeightScale::logarithmic).ticks(12);
  REQUIRE(ticks.size() >= 5);
  for (const Tick& tick : ticks) {
    CHECK(tick.value >= 3e-4);
    CHECK(tick.value <= 2e7);
    CHECK(read(tick.label) == Approx(tick.value));
    const double power = std::log10(tick.value);
    CHECK(power == Approx(std::round(power)).margin(1e-9));
  }
}

TEST_CASE("heights run from the lowest value at 0 to the highest at 1") {
  const std::array values = {1.0, 10.0, 100.0, std::nan("")};
  const HeightMap linear(values, HeightScale::linear);
  CHECK(linear.unit(1) == 0);
  CHECK(linear.unit(50.5) == Approx(0.5));
  CHECK(linear.unit(100) == 1);
  CHECK(std::isnan(linear.unit(std::nan(""))));
  const HeightMap logarithmic(values, HeightScale::logarithmic);
  CHECK(logarithmic.unit(10) == Approx(0.5));
  CHECK_FALSE(logarithmic.linear());
}

TEST_CASE(
    "levels of a logarithmic scale are evenly spaced in the logarithm, of narrow ranges too") {
  for (const double high : {1.9, 6.0, 40.0, 3e5, 1e60}) {
    const std::array values = {1.3, high};
    const HeightMap heights(values, HeightScale::logarithmic);
    const auto levels = heights.levels(12);
    INFO(high);
    REQUIRE(levels.size() >= 5);
    CHECK(levels.size() <= 13);
    const double ratio = levels[1].value / levels[0].value;
    for (std::size_t i = 1; i < levels.size(); ++i) {
      CHECK(levels[i].value / levels[i - 1].value == Approx(ratio).epsilon(1e-9));
      CHECK(levels[i].label != levels[i - 1].label);
      CHECK(read(levels[i].label) == Approx(levels[i].value).epsilon(0.005));
    }
  }
}

TEST_CASE("values above a clip stand at its height") {
  const std::array values = {0.0, 1.0, 1000.0};
  const HeightMap heights(values, HeightScale::linear, 2.0);
  CHECK(heights.clipped());
  CHECK(heights.unit(1) == Approx(0.5));
  CHECK(heights.unit(1000) == 1);
}

TEST_CASE("a logarithm of values that are not positive is not taken") {
  const std::array negative = {-2.0, -1.0};
  CHECK(HeightMap(negative, HeightScale::logarithmic).linear());
  CHECK(HeightMap(negative, HeightScale::logarithmic).notPositive() == 2);
  const std::array mixed = {-2.0, 0.0, 1.0, 100.0};
  const HeightMap heights(mixed, HeightScale::logarithmic);
  CHECK(heights.unit(-2) == 0);
  CHECK(heights.unit(1) == 0);
  CHECK(heights.unit(10) == Approx(0.5));
  CHECK(heights.notPositive() == 2);
  CHECK(heights.count() == 4);
  CHECK(HeightMap(mixed, HeightScale::linear).notPositive() == 0);
}

TEST_CASE("numbers are written with a true minus and superscript exponents") {
  CHECK(formatNumber(-0.25) == "−0.25");
  CHECK(formatNumber(3e-7) == "3×10⁻⁷");
  CHECK(formatNumber(1e6) == "10⁶");
  CHECK(formatNumber(271.4032) == "271.4");
  CHECK(formatNumber(0) == "0");
}
