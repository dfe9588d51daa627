#include "app/open_grid.h"

#include <cmath>
#include <format>

#include "engine/client/grid_file.h"
#include "engine/project/describe.h"
#include "engine/project/project.h"
#include "topology/base/error.h"

namespace tarn::app {

bool isProject(const std::string& address) {
  return parseAddress(address).path.extension() == ".tarn";
}

OpenedGrid openLandscapeGrid(const std::string& address, const std::stop_token& stop) {
  if (!isProject(address)) {
    return {readGridFile(parseGridAddress(address), stop), std::nullopt};
  }
  const ResultAddress where = parseAddress(address);
  if (where.kind != ResultKind::landscape) {
    throw Error(ErrorCode::usage, "'" + address + "' is not the address of a landscape.",
                "Write NAME.tarn#landscape/ID; `tarn info` lists the ids.");
  }
  const auto project = Project::open(where.path, Access::read);
  const auto id = project->resolve(where.kind, where.id);
  const StoredLandscape landscape = project->landscape(id);
  return {project->landscapeGrid(id, "loss").grid, modelLossOf(*project, landscape),
          whyUnfinished(*project, landscape)};
}

std::optional<std::string> whyUnfinished(const Project& project, const StoredLandscape& landscape) {
  if (landscape.status() == LandscapeStatus::complete) {
    return std::nullopt;
  }
  return std::format(
      "Landscape {} is not finished: {} of its {} tiles are there. Go on with it: tarn sample "
      "--resume --out {}.",
      landscape.id, landscape.tilesPresent, landscape.tiles, project.path().string());
}

std::optional<std::string> whyNothingToSee(const ScalarGrid& grid) {
  if (grid.maskedCount() == grid.size()) {
    return "No value of the landscape is a number.";
  }
  std::optional<double> first;
  for (const double value : grid.values()) {
    if (std::isfinite(value)) {
      if (value != first.value_or(value)) {
        return std::nullopt;
      }
      first = value;
    }
  }
  return std::format(
      "All values of the landscape are the same, {:.6g}: there is nothing to measure.", *first);
}

}  // namespace tarn::app
