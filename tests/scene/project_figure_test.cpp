#include "ui/figures/project_figure.h"

#include <QTemporaryDir>
#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>

#include "topology/base/error.h"

namespace {

using Catch::Approx;
using namespace tarn;

NdArray vectorOf(const std::vector<double>& values) {
  return NdArray::fromDoubles({values.size()}, values);
}

StoredExperiment experimentOf(const char* loss, std::size_t parameters) {
  StoredExperiment experiment;
  experiment.experiment = {{"loss", loss}};
  experiment.described = {{"parameters", parameters}, {"groups", {{{"size", parameters}}}}};
  return experiment;
}

std::int64_t addRun(Project& project, std::int64_t experiment, const std::string& name,
                    const std::vector<std::vector<double>>& snapshots) {
  StoredRun run;
  run.experiment = experiment;
  run.name = name;
  const std::int64_t id = project.addRun(run);
  for (std::size_t step = 0; step < snapshots.size(); ++step) {
    StoredSnapshot snapshot;
    snapshot.step = static_cast<std::int64_t>(step);
    snapshot.loss = 1.0 / static_cast<double>(step + 1);
    snapshot.parameters = vectorOf(snapshots[step]);
    project.addSnapshot(id, snapshot);
  }
  return id;
}

StoredDirection directionOf(const std::string& name, double eigenvalue,
                            const std::vector<double>& values) {
  StoredDirection direction;
  direction.name = name;
  direction.kind = "hessian";
  direction.eigenvalue = eigenvalue;
  direction.values = vectorOf(values);
  return direction;
}

/// A 3 × 4 landscape around (1, 1, 1) along the second and the third coordinate.
class SmallProject {
 public:
  SmallProject()
      : project(Project::create(folder_.path().toStdString() + "/p.tarn")),
        experiment(project->addExperiment(experimentOf("mse", 3))) {
    StoredDirections set;
    set.experiment = experiment;
    set.normalize = "none";
    set.axes = {directionOf("hessian:1", 9.0, {0, 1, 0}), directionOf("hessian:2", 4.0, {0, 0, 1})};
    set.center = vectorOf({1, 1, 1});
    StoredLandscape stored;
    stored.experiment = experiment;
    stored.directions = project->addDirections(set);
    stored.axes = {{{-1, 0, 1}, "hessian:1", ""}, {{-1, 0, 1, 2}, "hessian:2", ""}};
    stored.quantities = {"loss"};
    stored.tilePoints = 12;
    landscape = project->addLandscape(stored);
    StoredTile tile;
    tile.values["loss"] = std::vector<double>(12, 1.0);
    project->commitTiles(landscape, {&tile, 1});
  }

 private:
  QTemporaryDir folder_;

 public:
  std::shared_ptr<Project> project;
  std::int64_t experiment;
  std::int64_t landscape = 0;
};

}  // namespace

TEST_CASE("captions come from the directions: the last axis is x") {
  const SmallProject small;
  const auto data = ui::landscapeDataOf(*small.project, small.landscape);
  CHECK(data.x.text() == "hessian:2 (λ = 4)");
  CHECK(data.y.text() == "hessian:1 (λ = 9)");
  CHECK(data.grid->shape() == std::vector<std::size_t>{3, 4});
  CHECK(data.tree->minimaCount == 1);
}

TEST_CASE("runs stand where the plane's coordinates say: θ = centre + a·d₁ + b·d₂ is (b, a)") {
  const SmallProject small;
  addRun(*small.project, small.experiment, "sgd", {{5, 1.5, -1}, {1, 1, 1}});
  const auto data = ui::landscapeDataOf(*small.project, small.landscape);
  REQUIRE(data.trajectories.size() == 1);
  const auto& run = data.trajectories.front();
  CHECK(run.name == "sgd");
  REQUIRE(run.points.size() == 2);
  CHECK(run.points[0][0] == Approx(-2));
  CHECK(run.points[0][1] == Approx(0.5));
  CHECK(run.points[1][0] == Approx(0).margin(1e-12));
  CHECK(run.loss == std::vector<double>{1.0, 0.5});
}

TEST_CASE("runs of one name are told apart") {
  const SmallProject small;
  const auto first = addRun(*small.project, small.experiment, "sgd", {{1, 1, 1}});
  addRun(*small.project, small.experiment, "sgd", {{1, 1, 2}});
  const auto data = ui::landscapeDataOf(*small.project, small.landscape);
  REQUIRE(data.trajectories.size() == 2);
  CHECK(data.trajectories[0].name == "sgd (run " + std::to_string(first) + ")");
  CHECK(data.trajectories[0].name != data.trajectories[1].name);
}

TEST_CASE("runs of another network and runs without snapshots are left out") {
  const SmallProject small;
  const auto other = small.project->addExperiment(experimentOf("cross-entropy", 5));
  addRun(*small.project, other, "elsewhere", {{1, 2, 3, 4, 5}});
  addRun(*small.project, small.experiment, "empty", {});
  CHECK(ui::landscapeDataOf(*small.project, small.landscape).trajectories.empty());
}

TEST_CASE("runs of another experiment on the same parameters are shown") {
  const SmallProject small;
  const auto same = small.project->addExperiment(experimentOf("cross-entropy", 3));
  addRun(*small.project, same, "sgd", {{1, 1, 1}});
  CHECK(ui::landscapeDataOf(*small.project, small.landscape).trajectories.size() == 1);
}

TEST_CASE("a landscape that is not there is said to be missing") {
  const SmallProject small;
  try {
    ui::landscapeDataOf(*small.project, 77);
    FAIL("landscape 77 was found");
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::notFound);
  }
}

TEST_CASE("a bare grid of any dimension has a tree, and captions from its axes") {
  const std::vector<std::size_t> shape = {2, 3, 4};
  const auto data = ui::landscapeDataOf(ScalarGrid::fromArray(shape, std::vector<double>(24, 0.0)));
  CHECK(data.tree->minimaCount == 1);
  REQUIRE(data.axes.size() == 3);
  CHECK(data.axes[0].text() == "axis 1");
  CHECK(data.axes[2].text() == "axis 3");
  const auto plane = ui::landscapeDataOf(
      ScalarGrid::fromArray(std::vector<std::size_t>{2, 3}, std::vector<double>(6, 0.0)));
  CHECK(plane.x.text() == "x");
  CHECK(plane.y.text() == "y");
}
