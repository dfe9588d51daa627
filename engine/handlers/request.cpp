#include "engine/handlers/request.h"

#include <cmath>

#include <torch/torch.h>

#include "engine/model/tensor_bytes.h"
#include "engine/protocol/fields.h"
#include "topology/base/error.h"

namespace tarn::engine {

ArrayLookup arraysOf(const JobContext& job) {
  return [&job](const std::string& hash) { return job.storedArray(hash); };
}

std::vector<at::Tensor> directionsOf(const JobContext& job) {
  const auto hashes = field(job.request(), "directions");
  if (!hashes.is_array() || hashes.empty()) {
    throw Error(ErrorCode::usage, "'directions' must be a list of at least one array's hash.");
  }
  std::vector<at::Tensor> result;
  for (const auto& hash : hashes) {
    if (!hash.is_string()) {
      throw Error(ErrorCode::usage, "'directions' must hold hashes, as text.");
    }
    auto direction = tensorFromBytes(*job.storedArray(hash.get<std::string>())).reshape({-1});
    if (!direction.is_floating_point()) {
      throw Error(ErrorCode::badInput, "The direction " + hash.get<std::string>() +
                                           " does not hold floating-point numbers.");
    }
    result.push_back(std::move(direction));
  }
  return result;
}

nlohmann::json numberOrNull(const std::optional<double>& value) {
  return value && std::isfinite(*value) ? nlohmann::json(*value) : nlohmann::json();
}

}  // namespace tarn::engine
