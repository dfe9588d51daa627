#include "engine/landscape/range.h"

#include <optional>
#include <string>
#include <vector>

#include <torch/torch.h>

#include "engine/handlers/handlers.h"
#include "engine/handlers/request.h"
#include "engine/model/optional_fields.h"

namespace tarn::engine {
namespace {

std::optional<double> curvatureOf(const nlohmann::json& request, std::size_t axis) {
  const auto found = request.find("curvatures");
  if (found == request.end() || !found->is_array() || axis >= found->size() ||
      !(*found)[axis].is_number()) {
    return std::nullopt;
  }
  return (*found)[axis].get<double>();
}

}  // namespace

nlohmann::json handleRange(JobContext& job, OpenedExperiments& experiments) {
  const auto& request = job.request();
  auto experiment = experiments.of(job);
  const auto directions = directionsOf(job);
  const auto ranges = field(request, "range");
  if (!ranges.is_array() || ranges.size() != directions.size()) {
    throw Error(ErrorCode::usage, "'range' must be one text for each of the " +
                                      std::to_string(directions.size()) + " directions.");
  }
  RangeFinder finder(experiment, [&job] { job.checkpoint(); });
  auto halfWidths = nlohmann::json::array();
  auto reaches = nlohmann::json::array();
  for (std::size_t axis = 0; axis < directions.size(); ++axis) {
    if (!ranges[axis].is_string()) {
      throw Error(ErrorCode::usage, "'range' must hold texts: auto, rel:x or abs:x.");
    }
    job.progress(axis, directions.size(), "range");
    const auto reach =
        finder.find(directions[axis], ranges[axis].get<std::string>(), curvatureOf(request, axis));
    halfWidths.push_back(reach.to);
    reaches.push_back({reach.from, reach.to});
  }
  job.send({{"type", "range"}, {"half_widths", halfWidths}, {"ranges", reaches}});
  return nlohmann::json::object();
}

}  // namespace tarn::engine
