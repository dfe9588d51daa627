#pragma once

#include <QString>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <numbers>
#include <vector>

#include "engine/client/engine_client.h"
#include "topology/base/error.h"
#include "topology/io/npz.h"

namespace tarn::test {

inline bool hasEngine() {
  try {
    return std::filesystem::exists(findEngine());
  } catch (const Error&) {
    return false;
  }
}

/// Skips a test that needs the engine where it is not built.
inline void requireEngine() {
  if (!hasEngine()) {
    SKIP("tarn-engine is not built");
  }
}

/// Points of a circle, in three classes by their angle.
inline void writeCircle(const QString& path, int count) {
  std::vector<double> inputs;
  std::vector<std::int64_t> targets;
  for (int i = 0; i < count; ++i) {
    const double angle = i * 2.0 * std::numbers::pi / count;
    inputs.insert(inputs.end(), {std::cos(angle), std::sin(angle)});
    targets.push_back(i / (count / 3));
  }
  const auto rows = static_cast<std::size_t>(count);
  writeNpz(path.toStdString(), {{"inputs", NdArray::fromDoubles({rows, 2}, inputs)},
                                {"targets", NdArray::fromInt64({rows}, targets)}});
}

}  // namespace tarn::test
