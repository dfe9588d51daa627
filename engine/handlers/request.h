#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include <ATen/core/Tensor.h>

#include "engine/model/model.h"
#include "engine/server/job.h"

namespace tarn::engine {

/// The arrays that the job's client has put.
ArrayLookup arraysOf(const JobContext& job);

/// The request's `directions`: arrays that were put, by hash, as flat vectors.
/// Throws Error(usage) when there is none, Error(notFound), Error(badInput).
std::vector<at::Tensor> directionsOf(const JobContext& job);

/// A number, or null when there is none or it is not finite.
nlohmann::json numberOrNull(const std::optional<double>& value);

}  // namespace tarn::engine
