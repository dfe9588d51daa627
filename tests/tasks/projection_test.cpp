#include "engine/tasks/projection.h"

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <filesystem>

#include <unistd.h>

#include "topology/base/error.h"

using namespace tarn;
using Catch::Approx;

namespace {

NdArray vectorOf(const std::vector<double>& values) {
  return NdArray::fromDoubles({values.size()}, values);
}

// A project in a temporary folder with one run whose snapshots are the given vectors.
class RunOnDisk {
 public:
  explicit RunOnDisk(const std::vector<std::vector<double>>& snapshots)
      : folder_(std::filesystem::temp_directory_path() /
                ("tarn-projection-" + std::to_string(getpid()))) {
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
    project_ = Project::create(folder_ / "p.tarn");
    StoredExperiment experiment;
    experiment.experiment = {{"loss", "mse"}};
    StoredRun run;
    run.experiment = project_->addExperiment(experiment);
    run.name = "gd";
    run_ = project_->addRun(run);
    for (std::size_t step = 0; step < snapshots.size(); ++step) {
      StoredSnapshot snapshot;
      snapshot.step = static_cast<std::int64_t>(step);
      snapshot.parameters = vectorOf(snapshots[step]);
      project_->addSnapshot(run_, snapshot);
    }
  }
  ~RunOnDisk() {
    project_.reset();
    std::filesystem::remove_all(folder_);
  }
  RunOnDisk(const RunOnDisk&) = delete;
  RunOnDisk& operator=(const RunOnDisk&) = delete;

  ProjectedRun onPlane(const std::vector<double>& center,
                       const std::vector<std::vector<double>>& directions) const {
    StoredDirections plane;
    plane.center = vectorOf(center);
    for (const auto& direction : directions) {
      StoredDirection axis;
      axis.values = vectorOf(direction);
      plane.axes.push_back(axis);
    }
    return projectRun(*project_, run_, plane);
  }

 private:
  std::filesystem::path folder_;
  std::shared_ptr<Project> project_;
  std::int64_t run_ = 0;
};

}  // namespace

TEST_CASE("gradient descent on a quadratic follows (1 − ηλ)^t along the Hessian's axes") {
  // L = ½ Σ λᵢ xᵢ², start (1, −2, 0.5), the minimum at the centre: x_i(t) = (1 − ηλᵢ)^t x_i(0).
  const std::vector<double> lambda{3.0, 1.0, 0.2};
  const std::vector<double> start{1.0, -2.0, 0.5};
  const double rate = 0.1;
  std::vector<std::vector<double>> snapshots;
  for (int t = 0; t < 12; ++t) {
    std::vector<double> x;
    for (std::size_t i = 0; i < 3; ++i) {
      x.push_back(std::pow(1 - rate * lambda[i], t) * start[i]);
    }
    snapshots.push_back(x);
  }
  const RunOnDisk run(snapshots);
  const auto projected = run.onPlane({0, 0, 0}, {{1, 0, 0}, {0, 1, 0}});
  for (int t = 0; t < 12; ++t) {
    const auto& snapshot = projected.snapshots[static_cast<std::size_t>(t)];
    CHECK(snapshot.coordinates[0] == Approx(std::pow(1 - rate * 3.0, t)).epsilon(1e-12));
    CHECK(snapshot.coordinates[1] == Approx(-2 * std::pow(1 - rate, t)).epsilon(1e-12));
    CHECK(snapshot.offPlane == Approx(0.5 * std::pow(1 - rate * 0.2, t)).epsilon(1e-12));
  }
}

TEST_CASE("directions need not be orthonormal: the nearest point of the plane is found") {
  // By hand: (3, 4, 5) on span{(2,0,0), (1,1,0)} through 0 is (3, 4, 0) = −0.5·(2,0,0) + 4·(1,1,0).
  const RunOnDisk run({{3, 4, 5}});
  const auto projected = run.onPlane({0, 0, 0}, {{2, 0, 0}, {1, 1, 0}});
  CHECK(projected.snapshots.at(0).coordinates[0] == Approx(-0.5));
  CHECK(projected.snapshots.at(0).coordinates[1] == Approx(4.0));
  CHECK(projected.snapshots.at(0).offPlane == Approx(5.0));
}

TEST_CASE("explained variance is the in-plane part of the variance about the mean") {
  // Offsets (±3, ·, ·) and (·, ·, ±1): variance 4·9 + 4·1 = 40 in sums of squares, 36 in the plane.
  const RunOnDisk run({{13, 5, 6}, {13, 5, 8}, {7, 5, 6}, {7, 5, 8}});
  CHECK(run.onPlane({1, 1, 1}, {{1, 0, 0}, {0, 1, 0}}).explainedVariance == Approx(0.9));
}

TEST_CASE("how much of a run lies in the plane is said with what it means") {
  CHECK(motionText(0.123) == "12 % of its motion lies in this plane");
  CHECK(motionText(0.99996) == "100 % of its motion lies in this plane");
  CHECK(motionText(0.0004) ==
        "0.04 % of its motion lies in this plane, which shows little of its way");
  CHECK(motionText(0.123, 3) == "12 % of its motion lies in these 3 directions");
  CHECK(motionText(std::nan("")) == "it did not move");
}

TEST_CASE("a run of another parameter space is refused") {
  const RunOnDisk run({{1, 2}});
  CHECK_THROWS_AS(run.onPlane({0, 0, 0}, {{1, 0, 0}}), Error);
}
