#pragma once

#include <stop_token>
#include <string>
#include <string_view>

#include "topology/base/error.h"

namespace tarn {

/// Throws Error(cancelled) when the user has asked to stop. `work` is what ends: "the tree".
inline void throwIfStopped(const std::stop_token& stop, std::string_view work) {
  if (stop.stop_requested()) {
    throw Error(ErrorCode::cancelled,
                "The computation of " + std::string(work) + " was cancelled.");
  }
}

}  // namespace tarn
