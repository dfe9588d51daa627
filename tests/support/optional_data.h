#pragma once

#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string>

#include "support/paths.h"

namespace tarn::test {

/// A file of the optional test data (public grids, a pretrained network, images), if it is there:
/// looked for under $TARN_TEST_DATA, else in the folder `shared` beside the checkout.
inline std::optional<std::filesystem::path> optionalData(const std::string& relative) {
  const char* set = std::getenv("TARN_TEST_DATA");
  const auto base =
      set != nullptr ? std::filesystem::path(set) : std::filesystem::path(sourceFile("../shared"));
  auto path = base / relative;
  if (std::filesystem::exists(path)) {
    return path;
  }
  return std::nullopt;
}

}  // namespace tarn::test
