#include "app/run_choice.h"

#include <algorithm>
#include <utility>

#include "app/open_grid.h"
#include "topology/base/error.h"

namespace tarn::app {
namespace {

std::vector<StoredRun> chosen(const Project& project, const std::vector<std::int64_t>& ids) {
  std::vector<StoredRun> all = project.runs();
  if (ids.empty()) {
    return all;
  }
  std::vector<StoredRun> runs;
  for (const std::int64_t id : ids) {
    const auto run = std::ranges::find(all, id, &StoredRun::id);
    if (run == all.end()) {
      throw Error(ErrorCode::usage,
                  project.path().string() + " has no run " + std::to_string(id) + ".",
                  "`tarn info " + project.path().string() + "` lists them.");
    }
    if (std::ranges::find(runs, id, &StoredRun::id) == runs.end()) {
      runs.push_back(*run);
    }
  }
  return runs;
}

}  // namespace

RunChoice openRuns(const std::string& text, const std::vector<std::int64_t>& ids) {
  if (!isProject(text)) {
    throw Error(ErrorCode::usage, "'" + text + "' is no project, so it has no runs.",
                "Name a NAME.tarn.");
  }
  const ResultAddress address = parseAddress(text);
  const bool bare = address.path.string() == text;
  RunChoice choice;
  choice.project = Project::open(address.path, Access::read);
  std::vector<std::int64_t> wanted = ids;
  if (!bare) {
    const std::int64_t id = choice.project->resolve(address.kind, address.id);
    if (address.kind == ResultKind::landscape) {
      choice.landscape = id;
    } else if (address.kind == ResultKind::directions) {
      choice.directions = id;
    } else if (address.kind == ResultKind::run && ids.empty()) {
      wanted = {id};
    } else {
      throw Error(ErrorCode::usage, "'" + text + "' names no runs.",
                  "Write NAME.tarn, and --runs ID,ID to choose; `tarn info` lists the ids.");
    }
  }
  choice.runs = chosen(*choice.project, wanted);
  if (choice.runs.empty()) {
    throw Error(ErrorCode::notFound, address.path.string() + " has no runs.",
                "Make some: tarn train … --out " + address.path.string() + ".");
  }
  return choice;
}

}  // namespace tarn::app
