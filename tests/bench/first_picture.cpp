#include "first_picture.h"

#include <chrono>
#include <fstream>
#include <sstream>
#include <stop_token>

#include <unistd.h>

#include "engine/client/engine_client.h"
#include "engine/project/project.h"
#include "engine/project/tile_layout.h"
#include "engine/tasks/landscape_task.h"
#include "support/paths.h"
#include "support/program.h"
#include "support/temporary_folder.h"
#include "topology/base/error.h"

namespace tarn::bench {
namespace {

using std::chrono::steady_clock;

/// What this process's engine has taken of all cores so far; 0 before it runs.
double processorSeconds() {
  const auto engines = test::childrenNamed(getpid(), "tarn-engine");
  if (engines.empty()) {
    return 0;
  }
  std::ifstream file("/proc/" + std::to_string(engines.front()) + "/stat");
  std::string stat;
  std::getline(file, stat);
  std::istringstream fields(stat.substr(stat.rfind(')') + 1));
  std::string skipped;
  for (int field = 3; field < 14; ++field) {
    fields >> skipped;
  }
  double user = 0;
  double system = 0;
  fields >> user >> system;
  return (user + system) / static_cast<double>(sysconf(_SC_CLK_TCK));
}

/// Notes when what was reached, and stops when the picture can be drawn.
class Watch : public TaskObserver {
 public:
  void engineRuns() {
    const auto now = steady_clock::now();
    found.engineSeconds = std::chrono::duration<double>(now - before_).count();
    before_ = now;
    processorBefore_ = processorSeconds();
  }

  void reached(const std::string& what) {
    const auto now = steady_clock::now();
    const double processor = processorSeconds();
    found.steps.push_back(
        {what, std::chrono::duration<double>(now - before_).count(), processor - processorBefore_});
    found.seconds += found.steps.back().seconds;
    before_ = now;
    processorBefore_ = processor;
  }

  void onProgress(const Progress& progress) override {
    if (progress.stage != stage_) {
      stage_ = progress.stage;
      reached("until '" + stage_ + "'");
    }
  }

  void onLandscape(const StoredLandscape& landscape) override {
    found.points = orderOf(landscape).coarsestPoints();
    found.tilePoints = landscape.tilePoints;
    missing_ = (found.points + landscape.tilePoints - 1) / landscape.tilePoints;
    reached("until the landscape is in the project");
  }

  void onTile(std::int64_t /*landscape*/, const StoredTile& tile) override {
    if (tiles_++ == 0) {
      reached("until the first tile");
    }
    if (tile.index * found.tilePoints < found.points && --missing_ == 0) {
      reached("until the coarsest level is whole");
      stop.request_stop();
    }
  }

  FirstPicture found;
  std::stop_source stop;

 private:
  steady_clock::time_point before_ = steady_clock::now();
  double processorBefore_ = 0;
  std::string stage_;
  std::uint64_t tiles_ = 0;
  std::uint64_t missing_ = 0;
};

}  // namespace

FirstPicture firstPicture(const nlohmann::json& experiment, std::uint64_t steps) {
  const test::TemporaryFolder folder;
  const auto always = [](const std::string&, const std::string&) { return true; };
  LandscapeRequest request;
  request.directions = {"random:2"};
  request.normalize = "filter";
  request.range = {"abs:1"};
  request.steps = {steps};
  EngineCommand command;
  command.program = test::builtProgram("tarn-engine");

  Watch watch;
  const auto project = Project::create(folder / "first.tarn");
  const auto client = EngineClient::start(command);
  watch.engineRuns();
  const auto opened = openExperiment(*client, project.get(), experiment, always, watch, {});
  watch.reached("the model is open");
  const auto landscape = prepareLandscape(*client, *project, opened, request, always, watch, {});
  try {
    fillLandscape(*client, *project, landscape.id, always, watch, watch.stop.get_token(), &opened);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::cancelled) {
      throw;
    }
  }
  return watch.found;
}

}  // namespace tarn::bench
