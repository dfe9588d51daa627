#pragma once

#include <cmath>
#include <concepts>
#include <cstdint>
#include <format>
#include <optional>
#include <string>
#include <vector>

#include "topology/io/nd_array.h"

/// The small parts that every exported result is made of.
namespace tarn::app {

/// The shortest text that is read back as the same number; empty where it is undefined.
inline std::string text(double value) {
  return std::isnan(value) ? "" : std::format("{}", value);
}
inline std::string text(const std::optional<double>& value) {
  return value ? text(*value) : "";
}
inline std::string text(std::integral auto value) {
  return std::to_string(value);
}

inline NdArray doubles(const std::vector<double>& values) {
  return NdArray::fromDoubles({values.size()}, values);
}
inline NdArray integers(const std::vector<std::int64_t>& values) {
  return NdArray::fromInt64({values.size()}, values);
}

}  // namespace tarn::app
