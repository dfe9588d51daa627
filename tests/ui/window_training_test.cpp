// Runs that are trained in the real window: curves and ways that grow, and what is kept.
#include <QApplication>
#include <QCheckBox>
#include <QClipboard>
#include <QDoubleSpinBox>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QSpinBox>
#include <algorithm>
#include <filesystem>

#include "tests/ui/small_experiment.h"
#include "tests/ui/window_fixture.h"
#include "ui/panels/runs_panel.h"
#include "ui/panels/training_panel.h"
#include "ui/views/contour_view.h"
#include "ui/views/curves_view.h"
#include "ui/views/view_area.h"
#include "ui/window/sampling_controller.h"

using namespace tarn;
using namespace tarn::test;
using namespace tarn::ui;
using nlohmann::json;

namespace {

/// Three arcs of a circle, told apart by a small network.
void describeExperiment(const Window& t) {
  writeCircle(t.file("data.npz"), 60);
  t.window.findChild<QLineEdit*>("experimentModel")->setText("mlp:2-8-3@init:1");
  t.window.findChild<QLineEdit*>("experimentData")->setText(t.file("data.npz"));
}

void chooseOptimizers(const Window& t, int epochs) {
  auto* panel = t.window.findChild<TrainingPanel*>();
  panel->addOptimizer(parseOptimizerSpec("sgd:lr=0.1"));
  panel->addOptimizer(parseOptimizerSpec("adamw:lr=0.01"));
  t.window.findChild<QSpinBox*>("trainingEpochs")->setValue(epochs);
  t.window.findChild<QSpinBox*>("trainingBatch")->setValue(10);
}

CurvesView* curves(const Window& t) {
  return t.window.views()->curves();
}

bool ended(const Window& t) {
  return eventually([&] { return !t.window.sampling()->running(); }, 120'000);
}

bool reopened(const Window& t) {
  return eventually([&] {
    return t.window.workspace()->isOpen() && t.window.workspace()->file().project &&
           !t.window.workspace()->file().project->writable();
  });
}

}  // namespace

TEST_CASE("two optimizers are trained from the window, with their curves and their table") {
  requireEngine();
  Window t;
  describeExperiment(t);
  chooseOptimizers(t, 5);
  t.window.findChild<QLineEdit*>("trainingValidation")->setText("0.2@1");
  t.window.findChild<QCheckBox*>("trainingSmad")->setChecked(true);
  t.window.findChild<QLineEdit*>("samplingProject")->setText(t.file("runs.tarn"));
  t.action("actionStartTraining")->trigger();
  INFO(t.notice().toStdString());
  REQUIRE(t.window.sampling()->running());
  CHECK_FALSE(t.action("actionStart")->isEnabled());
  REQUIRE(ended(t));
  // Without a landscape the curves are what there is to see.
  CHECK(t.window.views()->current() == curves(t));
  REQUIRE(reopened(t));
  REQUIRE(eventually([&] { return curves(t)->curves()->runs.size() == 2; }));
  REQUIRE(eventually([&] { return t.window.findChild<RunsPanel*>()->rowCount() == 2; }));
  const auto project = Project::open(t.file("runs.tarn").toStdString(), Access::read);
  for (const StoredRun& run : project->runs()) {
    CHECK(run.status == "complete");
    const auto shown = std::ranges::find(curves(t)->curves()->runs, run.id, &RunCurves::run);
    REQUIRE(shown != curves(t)->curves()->runs.end());
    // Every tenth snapshot, and the last.
    const auto snapshots = project->snapshots(run.id);
    const auto& smad = shown->of(CurvePart::smad).steps;
    REQUIRE(smad.size() == (snapshots.size() - 2) / 10 + 2);
    CHECK(smad[1] == static_cast<double>(snapshots[10].step));
    CHECK(smad.back() == static_cast<double>(snapshots.back().step));
    const auto metrics = project->metrics(run.id);
    const auto& loss = shown->of(CurvePart::loss);
    REQUIRE(!loss.empty());
    CHECK(loss.values.back() == metrics.back().loss);
    CHECK_FALSE(shown->heldOutLoss.empty());
  }
  CHECK(t.action("actionExport")->isEnabled());
}

TEST_CASE("a training that is stopped keeps its runs, and goes on from there") {
  requireEngine();
  Window t;
  describeExperiment(t);
  chooseOptimizers(t, 100'000);
  t.window.findChild<QLineEdit*>("samplingProject")->setText(t.file("runs.tarn"));
  t.action("actionStartTraining")->trigger();
  REQUIRE(eventually(
      [&] {
        const auto& runs = curves(t)->curves()->runs;
        return runs.size() == 2 && std::ranges::all_of(runs, [](const RunCurves& run) {
                 return !run.of(CurvePart::loss).empty();
               });
      },
      120'000));
  t.action("actionCancel")->trigger();
  REQUIRE(ended(t));
  REQUIRE(reopened(t));
  CHECK(t.notice().contains("Continue"));
  std::vector<std::int64_t> last;
  {
    const auto project = Project::open(t.file("runs.tarn").toStdString(), Access::read);
    REQUIRE(project->runs().size() == 2);
    for (const StoredRun& run : project->runs()) {
      CHECK(run.status == "stopped");
      last.push_back(project->metrics(run.id).back().step);
    }
  }
  REQUIRE(eventually([&] { return t.action("actionContinueTraining")->isEnabled(); }));
  t.action("actionContinueTraining")->trigger();
  REQUIRE(t.window.sampling()->running());
  REQUIRE(eventually(
      [&] {
        const auto& runs = curves(t)->curves()->runs;
        return runs.size() == 2 &&
               runs[0].of(CurvePart::loss).steps.back() > static_cast<double>(last[0]);
      },
      120'000));
  t.action("actionCancel")->trigger();
  REQUIRE(ended(t));
}

TEST_CASE("runs walk on the plane that is shown while they are trained") {
  requireEngine();
  Window t;
  describeExperiment(t);
  t.window.findChild<QLineEdit*>("samplingProject")->setText(t.file("both.tarn"));
  t.window.findChild<QSpinBox*>("directionsSteps")->setValue(5);
  t.action("actionStart")->trigger();
  REQUIRE(ended(t));
  REQUIRE(reopened(t));
  REQUIRE(eventually([&] { return t.analysed(); }));
  chooseOptimizers(t, 20'000);
  t.action("actionStartTraining")->trigger();
  // Points come while the training goes on, on the landscape that is still shown.
  REQUIRE(eventually(
      [&] {
        const auto& runs = t.shown().landscape.trajectories;
        return runs.size() == 2 && runs[0].points.size() > 1 && runs[1].points.size() > 1;
      },
      120'000));
  CHECK(t.shown().landscape.grid != nullptr);
  const bool stillRunning = t.window.sampling()->running();
  CHECK(stillRunning);
  t.action("actionCancel")->trigger();
  REQUIRE(ended(t));
  REQUIRE(reopened(t));
  // What is read from the file afterwards is what was seen, and perhaps more.
  REQUIRE(eventually([&] {
    const auto& runs = t.shown().landscape.trajectories;
    return runs.size() == 2 && runs[0].explainedVariance.has_value();
  }));
}

TEST_CASE("the copied command draws the curves as they are shown") {
  Window t;
  const QString path = t.file("runs.tarn");
  {
    const auto project = Project::create(path.toStdString());
    StoredExperiment experiment;
    experiment.experiment = experimentFromText({.model = "mlp:2-2", .data = "data.npz"});
    StoredRun run;
    run.experiment = project->addExperiment(experiment);
    run.name = "sgd";
    run.optimizer = {{"name", "sgd"}, {"options", json::object()}};
    run.status = "complete";
    const std::int64_t id = project->addRun(run);
    StoredMetric metric;
    metric.loss = 1;
    metric.rate = 0.1;
    project->addMetrics(id, std::vector{metric});
    project->close();
  }
  t.window.open(path);
  REQUIRE(eventually([&] { return curves(t)->curves()->runs.size() == 1; }));
  t.action("actionShowCurves")->trigger();
  curves(t)->setPart(CurvePart::loss);
  curves(t)->setLogarithmic(true);
  curves(t)->setAxis(CurveAxis::epoch);
  t.window.findChild<QDoubleSpinBox*>("curvesSmoothing")->setValue(0.9);
  QSettings().setValue("exportFolder", t.folder.path());
  t.action("actionCopyCommand")->trigger();
  const QString line = QApplication::clipboard()->text();
  INFO(line.toStdString());
  CHECK(line.contains("runs.tarn --view curves"));
  CHECK(line.contains("--part loss --log --by epoch --smoothing 0.9"));
  curves(t)->resetView();
  CHECK_FALSE(curves(t)->style().smoothing);
}
