// Samplings that are started from the real window, with the real engine.
#include <QAction>
#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPointer>
#include <QProgressBar>
#include <QPushButton>
#include <QSettings>
#include <QSpinBox>
#include <QTemporaryDir>
#include <QTest>
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <memory>

#include <signal.h>
#include <unistd.h>

#include "engine/client/engine_client.h"
#include "engine/project/project.h"
#include "engine/project/writer_lock.h"
#include "tests/ui/small_experiment.h"
#include "tests/ui/window_support.h"
#include "ui/panels/axis_wish.h"
#include "ui/panels/directions_panel.h"
#include "ui/panels/jobs_panel.h"
#include "ui/panels/notice_bar.h"
#include "ui/views/view_area.h"
#include "ui/window/main_window.h"
#include "ui/window/sampling_controller.h"
#include "ui/window/workspace.h"

using namespace tarn;
using namespace tarn::test;
using namespace tarn::ui;

namespace {

/// The engines that this process has started.
std::vector<pid_t> engines() {
  std::vector<pid_t> found;
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    const std::string name = entry.path().filename().string();
    std::ifstream status(entry.path() / "stat");
    std::string pid;
    std::string command;
    std::string state;
    pid_t parent = 0;
    if (name.find_first_not_of("0123456789") == std::string::npos &&
        status >> pid >> command >> state >> parent && parent == getpid() &&
        command == "(tarn-engine)" && state != "Z") {
      found.push_back(static_cast<pid_t>(std::stol(pid)));
    }
  }
  return found;
}

/// So many samples that a large grid takes seconds, and what is done to a running sampling meets it
/// running.
constexpr int kManySamples = 9000;

struct Sampling {
  QTemporaryDir folder;
  std::unique_ptr<MainWindow> window;

  Sampling() {
    QSettings().clear();
    writeCircle(folder.filePath("data.npz"), kManySamples);
    window = std::make_unique<MainWindow>();
    window->resize(1000, 640);
    window->show();
    REQUIRE(QTest::qWaitForWindowExposed(window.get()));
    // The pictures are tested elsewhere; the merge tree is quick to draw.
    window->views()->setCurrent(window->views()->views().back());
    type("experimentModel", "mlp:2-8-3@init:1");
    type("experimentData", folder.filePath("data.npz"));
    type("samplingProject", project());
    window->findChild<DirectionsPanel*>()->setDirections("random:2");
    window->findChild<QComboBox*>("directionsRange")->setCurrentText("abs:1");
  }

  QString project() const { return folder.filePath("result.tarn"); }
  void type(const char* name, const QString& text) const {
    window->findChild<QLineEdit*>(name)->setText(text);
  }
  void start(int steps) const {
    window->findChild<QSpinBox*>("directionsSteps")->setValue(steps);
    window->findChild<QAction*>("actionStart")->trigger();
  }
  /// Starts, and cancels when some of it is computed.
  void stopPartWay() const {
    start(201);
    REQUIRE(eventually([&] { return computed() > 500; }, 120'000));
    window->findChild<QPushButton*>("jobCancel")->click();
    REQUIRE(eventually([&] { return !running(); }));
  }
  bool running() const { return window->sampling()->running(); }
  std::size_t computed() const { return window->workspace()->computedPoints(); }
  QString notice() const { return window->notices()->text(); }
  std::uint64_t keptTiles() const {
    return Project::open(project().toStdString(), Access::read)->landscapes().back().tilesPresent;
  }
};

}  // namespace

TEST_CASE("a sampling that is started in the window refines, ends, and is in the project") {
  requireEngine();
  const Sampling t;
  t.start(41);
  REQUIRE(t.running());
  CHECK_FALSE(t.window->findChild<QAction*>("actionStart")->isEnabled());
  bool preliminary = false;
  bool moving = false;
  CHECK(eventually(
      [&] {
        preliminary = preliminary || (t.window->workspace()->preliminary() &&
                                      t.window->workspace()->shown().analysis != nullptr);
        const auto* bar = t.window->findChild<QProgressBar*>("jobProgress");
        moving =
            moving || (bar->maximum() > 0 && bar->value() > 0 && bar->value() < bar->maximum());
        return !t.running();
      },
      120'000));
  INFO(t.notice().toStdString());
  CHECK(preliminary);
  CHECK(moving);
  CHECK(t.computed() == 1681);
  CHECK(eventually([&] { return t.window->workspace()->shown().analysis != nullptr; }));
  CHECK_FALSE(t.window->workspace()->preliminary());
  CHECK(engines().empty());
  // What is shown is what is in the file.
  CHECK(eventually([&] {
    return t.window->workspace()->file().project &&
           !t.window->workspace()->file().project->writable();
  }));
  const auto stored = Project::open(t.project().toStdString(), Access::read);
  CHECK(stored->landscapes().back().status() == LandscapeStatus::complete);
  const LandscapeValues values = stored->landscapeGrid(1, "loss");
  const auto& grid = t.window->workspace()->shown().landscape.grid;
  REQUIRE(grid->size() == values.grid.size());
  CHECK(std::ranges::equal(grid->values(), values.grid.values()));
}

TEST_CASE("a sampling that is cancelled keeps what it has, and goes on from there") {
  requireEngine();
  const Sampling t;
  t.stopPartWay();
  CHECK(t.notice().contains("stopped"));
  CHECK(engines().empty());
  const std::uint64_t kept = t.keptTiles();
  CHECK(kept > 0);
  // Going on, by the button of the message.
  t.window->notices()->findChild<QPushButton*>("jobAgain")->click();
  REQUIRE(t.running());
  REQUIRE(eventually([&] { return t.keptTiles() > kept || !t.running(); }, 120'000));
  t.window->sampling()->cancel();
  REQUIRE(eventually([&] { return !t.running(); }));
  INFO(t.notice().toStdString());
  CHECK(t.keptTiles() > kept);
}

TEST_CASE("a sampling that goes on at once waits until its project is closed") {
  requireEngine();
  const Sampling t;
  t.stopPartWay();
  const std::uint64_t kept = t.keptTiles();
  REQUIRE(eventually([&] { return !db::WriterLock::isHeld(t.project().toStdString()); }));
  // As long as this is there, the project is being written.
  auto closing = Project::open(t.project().toStdString(), Access::write);
  t.window->notices()->findChild<QPushButton*>("jobAgain")->click();
  QTest::qWait(300);
  CHECK(t.running());
  closing.reset();
  CHECK(eventually([&] { return t.keptTiles() > kept || !t.running(); }, 120'000));
  INFO(t.notice().toStdString());
  CHECK(t.keptTiles() > kept);
}

TEST_CASE("when the engine is killed, it is said, and what was computed stays") {
  requireEngine();
  const Sampling t;
  t.start(201);
  REQUIRE(eventually([&] { return t.computed() > 500; }, 120'000));
  const auto pids = engines();
  REQUIRE(pids.size() == 1);
  REQUIRE(kill(pids.front(), SIGKILL) == 0);
  REQUIRE(eventually([&] { return !t.running(); }));
  INFO(t.notice().toStdString());
  CHECK(t.notice().contains("engine"));
  CHECK(t.window->notices()->findChild<QPushButton*>("jobAgain") != nullptr);
  CHECK(t.keptTiles() > 0);
  CHECK(t.window->workspace()->shown().analysis != nullptr);
}

TEST_CASE("the cost of a sampling is measured before it, and nothing is sampled") {
  requireEngine();
  const Sampling t;
  t.type("samplingProject", {});  // none is needed
  const auto* cost = t.window->findChild<QLabel*>("samplingCost");
  auto* steps = t.window->findChild<QSpinBox*>("directionsSteps");
  steps->setValue(41);
  CHECK(cost->text().contains("Estimate measures"));
  t.window->findChild<QPushButton*>("samplingEstimate")->click();
  REQUIRE(t.running());
  CHECK_FALSE(t.window->findChild<QPushButton*>("samplingStart")->isEnabled());
  REQUIRE(eventually([&] { return !t.running(); }, 120'000));
  INFO(t.notice().toStdString());
  CHECK(cost->text().contains("as measured"));
  CHECK_FALSE(t.window->workspace()->isOpen());
  CHECK(engines().empty());
  // It holds for other numbers of points, not for other numbers of axes or another model.
  steps->setValue(21);
  CHECK(cost->text().contains("as measured"));
  SECTION("more axes") {
    t.window->findChild<DirectionsPanel*>()->setDirections("random:3");
    CHECK_FALSE(cost->text().contains("as measured"));
  }
  SECTION("another model") {
    t.type("experimentModel", "mlp:2-16-3@init:1");
    CHECK_FALSE(cost->text().contains("as measured"));
  }
}

TEST_CASE("an estimate can be stopped") {
  requireEngine();
  const Sampling t;
  t.window->findChild<QAction*>("actionEstimate")->trigger();
  REQUIRE(t.running());
  t.window->findChild<QPushButton*>("jobCancel")->click();
  REQUIRE(eventually([&] { return !t.running(); }, 120'000));
  CHECK(t.notice().contains("stopped"));
  CHECK(engines().empty());
  CHECK(t.window->findChild<QAction*>("actionStart")->isEnabled());
}

TEST_CASE("a landscape of three unlike axes keeps what else was asked for") {
  requireEngine();
  const Sampling t;
  t.window->findChild<DirectionsPanel*>()->setDirections("hessian:1,random:1,gradient");
  t.window->findChild<QCheckBox*>("samplingClassLoss")->setChecked(true);
  t.window->findChild<QCheckBox*>("samplingGradientNorm")->setChecked(true);
  t.start(5);
  REQUIRE(eventually([&] { return !t.running(); }, 120'000));
  INFO(t.notice().toStdString());
  const auto project = Project::open(t.project().toStdString(), Access::read);
  const StoredLandscape landscape = project->landscapes().back();
  CHECK(landscape.status() == LandscapeStatus::complete);
  CHECK(landscape.shape() == std::vector<std::size_t>{5, 5, 5});
  std::vector<std::string> labels;
  std::ranges::transform(landscape.axes, std::back_inserter(labels), &Axis::label);
  CHECK(labels == std::vector<std::string>{"hessian:1", "random:1", "gradient"});
  const auto has = [&](const std::string& quantity) {
    return std::ranges::find(landscape.quantities, quantity) != landscape.quantities.end();
  };
  for (const char* quantity : {"loss", "accuracy", "standard_error", "gradient_norm"}) {
    INFO(quantity);
    CHECK(has(quantity));
  }
  CHECK(std::ranges::any_of(landscape.quantities, [](const std::string& quantity) {
    return quantity.starts_with("class_loss");
  }));
}

TEST_CASE("the landscape that is shown is extended and refined, and is given an axis") {
  requireEngine();
  const Sampling t;
  auto* what = t.window->findChild<QComboBox*>("samplingWhat");
  const auto* cost = t.window->findChild<QLabel*>("samplingCost");
  const auto growable = [&] { return t.window->workspace()->growable() != nullptr; };
  const auto finished = [&] {
    return eventually([&] { return !t.running(); }, 120'000) && eventually(growable) &&
           eventually([&] { return t.window->workspace()->shown().analysis != nullptr; });
  };
  t.start(5);
  REQUIRE(finished());
  REQUIRE(t.computed() == 25);

  what->setCurrentIndex(1);
  t.type("growthExtend", "1");
  t.type("growthRefine", "2,1");
  // (5 + 2 − 1)·2 + 1 by 5 + 2 points, of which 5 by 5 are there.
  CHECK(eventually([&] { return cost->text().contains("91 points, 66 of them new"); }));
  t.window->findChild<QPushButton*>("samplingEstimate")->click();
  REQUIRE(eventually([&] { return !t.running(); }, 120'000));
  INFO(t.notice().toStdString());
  CHECK(cost->text().contains("as measured"));
  t.window->findChild<QPushButton*>("samplingStart")->click();
  REQUIRE(t.running());
  REQUIRE(finished());
  CHECK(t.window->workspace()->shownId() == 2);
  CHECK(t.computed() == 91);

  // What grows next is what is shown now.
  REQUIRE(what->currentIndex() == 1);
  t.window->findChild<QCheckBox*>("growthAdd")->setChecked(true);
  auto* kind = t.window->findChild<QComboBox*>("growthKind");
  kind->setCurrentIndex(kind->findData(static_cast<int>(AxisKind::gradient)));
  t.window->findChild<QSpinBox*>("growthSteps")->setValue(3);
  CHECK(eventually([&] { return cost->text().contains("273 points, 182 of them new"); }));
  t.window->findChild<QAction*>("actionStart")->trigger();
  REQUIRE(finished());

  const auto project = Project::open(t.project().toStdString(), Access::read);
  const auto values = [&](std::int64_t id) { return project->landscapeGrid(id, "loss").grid; };
  REQUIRE(project->landscapes().size() == 3);
  CHECK(project->landscape(3).status() == LandscapeStatus::complete);
  CHECK(values(3).axes()[2].label == "gradient");
  const ScalarGrid first = values(1);
  const ScalarGrid second = values(2);
  const ScalarGrid third = values(3);
  REQUIRE(second.size() == 91);
  REQUIRE(third.size() == 273);
  // What was there is what it was, to the bit.
  for (std::size_t row = 0; row < 5; ++row) {
    for (std::size_t column = 0; column < 5; ++column) {
      CHECK(second.values()[(2 * row + 2) * 7 + column + 1] == first.values()[row * 5 + column]);
    }
  }
  for (std::size_t vertex = 0; vertex < 91; ++vertex) {
    CHECK(third.values()[3 * vertex + 1] == second.values()[vertex]);
  }
}

TEST_CASE("a window that is closed while a sampling runs asks, stops it, and closes") {
  requireEngine();
  const Sampling t;
  t.start(201);
  REQUIRE(eventually([&] { return t.computed() > 200; }, 120'000));
  t.window->close();
  CHECK(t.window->isVisible());
  CHECK(t.notice().contains("running"));
  t.window->notices()->findChild<QPushButton*>("closeKeep")->click();
  CHECK(t.running());
  t.window->close();
  t.window->notices()->findChild<QPushButton*>("closeStop")->click();
  CHECK(eventually([&] { return !t.window->isVisible(); }, 30'000));
  CHECK_FALSE(t.running());
  CHECK(engines().empty());
  CHECK(t.keptTiles() > 0);
}

TEST_CASE("a window that is destroyed while a sampling runs takes its engine with it") {
  requireEngine();
  Sampling t;
  t.start(201);
  REQUIRE(eventually([&] { return t.computed() > 200; }, 120'000));
  t.window.reset();
  CHECK(eventually([] { return engines().empty(); }));
  CHECK(t.keptTiles() > 0);
}

TEST_CASE("what is wrong with model or data is said in the window") {
  requireEngine();
  const Sampling t;
  SECTION("a model that does not fit the data") {
    t.type("experimentModel", "mlp:5-3@init:1");
    t.start(11);
  }
  SECTION("data that is no archive") {
    std::ofstream(t.folder.filePath("letter.npz").toStdString()) << "Dear reader";
    t.type("experimentData", t.folder.filePath("letter.npz"));
    t.start(11);
  }
  REQUIRE(t.running());
  REQUIRE(eventually([&] { return !t.running(); }, 120'000));
  CHECK_FALSE(t.notice().isEmpty());
  CHECK(t.window->findChild<QAction*>("actionStart")->isEnabled());
}

TEST_CASE("a model file is not run before the user has trusted it") {
  requireEngine();
  const Sampling t;
  // No TorchScript at all: whether it would run does not matter, it must be asked first.
  const QString model = t.folder.filePath("model.pt");
  std::ofstream(model.toStdString()) << "program";
  t.type("experimentModel", model);
  t.start(11);
  REQUIRE(eventually([&] { return t.notice().contains("SHA-256"); }, 120'000));
  CHECK(t.running());
  SECTION("no") {
    t.window->notices()->findChild<QPushButton*>("trustNo")->click();
    REQUIRE(eventually([&] { return !t.running(); }));
    CHECK(t.notice().contains("not run"));
  }
  SECTION("closing the window is no answer, and stops it") {
    t.window->close();
    t.window->notices()->findChild<QPushButton*>("closeStop")->click();
    CHECK(eventually([&] { return !t.window->isVisible(); }, 30'000));
  }
}
