#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "engine/protocol/array_bytes.h"

namespace tarn {

/// Puts the pieces of one job's arrays together.
class ArrayAssembly {
 public:
  struct Named {
    std::string name;
    ArrayBytes array;
  };

  /// Takes one `array` event; returns the array when this was its last piece. Memory grows with the
  /// bytes that came, not with what they claim. Throws Error for a piece that does not fit.
  std::optional<Named> add(const nlohmann::json& event);

 private:
  std::map<std::string, ArrayBytes> unfinished_;
};

}  // namespace tarn
