// What the window opens, and what it says of what it cannot open.
#include <QComboBox>
#include <QDropEvent>
#include <QFile>
#include <QLineEdit>
#include <QMimeData>
#include <QTreeWidget>
#include <cmath>
#include <fstream>

#include "tests/ui/window_fixture.h"
#include "topology/io/npz.h"
#include "ui/views/contour_view.h"
#include "ui/views/view_area.h"

using namespace tarn;
using namespace tarn::test;
using namespace tarn::ui;

TEST_CASE("a grid is opened, analysed and inspected") {
  Window t;
  CHECK_FALSE(t.action("actionExport")->isEnabled());
  t.openGrid();
  CHECK(t.shown().analysis->minima == 2);
  CHECK(t.shown().analysis->saddles == 1);
  CHECK(t.inspectorText().contains("31 × 31"));
  CHECK(t.inspectorText().contains("SMAD"));
  CHECK(t.action("actionExport")->isEnabled());
  CHECK(t.window.windowTitle().contains("basins.npz"));

  auto* connectivity = t.window.findChild<QComboBox*>("inspectorConnectivity");
  connectivity->setCurrentIndex(1);
  CHECK(eventually([&] { return t.shown().analysis->connectivity == Connectivity::freudenthal; }));
  t.action("actionClose")->trigger();
  CHECK(t.shown().landscape.grid == nullptr);
  CHECK_FALSE(t.action("actionExport")->isEnabled());
  CHECK(t.action("actionOpenRecent")->toolTip().contains("basins.npz"));
}

TEST_CASE("a project shows its landscapes, and a partial one says so") {
  Window t;
  const QString path = t.file("basins.tarn");
  writeProject(path, 20);
  t.window.open(path);
  REQUIRE(eventually([&] { return t.analysed(); }));
  CHECK(t.window.workspace()->preliminary());
  CHECK(t.inspectorText().contains("Preliminary: 320 of 961 points"));
  CHECK(t.action("actionResume")->isEnabled());
  CHECK(t.shown().landscape.grid->maskedCount() == 0);
  auto* contents = t.window.findChild<QTreeWidget*>("contentsTree");
  CHECK(contents->findItems("1. two basins", Qt::MatchRecursive).size() == 1);
  auto* provenance = t.window.findChild<QTreeWidget*>("inspectorProvenance");
  CHECK(provenance->findItems("a test", Qt::MatchRecursive, 1).size() == 1);
  // Opening neither writes nor starts anything: nothing lies beside the file.
  CHECK_FALSE(QFile::exists(path + "-lock"));
}

TEST_CASE("what cannot be opened is said, and the program goes on") {
  Window t;
  SECTION("a file that is not there") {
    t.window.open(t.file("none.tarn"));
    REQUIRE(eventually([&] { return !t.notice().isEmpty(); }));
    CHECK(t.notice().contains("none.tarn"));
  }
  SECTION("a file of another kind") {
    std::ofstream(t.file("letter.txt").toStdString()) << "Dear reader, this is a letter.";
    t.window.open(t.file("letter.txt"));
    REQUIRE(eventually([&] { return !t.notice().isEmpty(); }));
    CHECK(t.notice().contains("letter.txt"));
    CHECK(t.notice().contains(".npy"));
  }
  SECTION("a project that was cut off") {
    writeProject(t.file("cut.tarn"), 5);
    QFile cut(t.file("cut.tarn"));
    REQUIRE(cut.resize(1500));
    t.window.open(t.file("cut.tarn"));
    REQUIRE(eventually([&] { return !t.notice().isEmpty(); }));
  }
  SECTION("an array that was cut off") {
    std::ofstream(t.file("cut.npy").toStdString(), std::ios::binary)
        << std::string("\x93NUMPY\x01\x00", 8) << "v";
    t.window.open(t.file("cut.npy"));
    REQUIRE(eventually([&] { return !t.notice().isEmpty(); }));
  }
  SECTION("a folder") {
    t.window.open(t.folder.path());
    REQUIRE(eventually([&] { return !t.notice().isEmpty(); }));
  }
  CHECK_FALSE(t.window.workspace()->isOpen());
  t.openGrid();
  CHECK(t.notice().isEmpty());
}

TEST_CASE("a project with an experiment that Tarn cannot have written is opened all the same") {
  Window t;
  const QString path = t.file("foreign.tarn");
  {
    const auto project = Project::openOrCreate(path.toStdString());
    StoredExperiment experiment;
    experiment.experiment = {{"model", "a text where a map should be"}, {"data", 7}};
    project->addExperiment(experiment);
  }
  t.window.open(path);
  REQUIRE(eventually([&] { return t.notice().contains("experiment could not be read"); }));
  CHECK(t.window.workspace()->isOpen());
  CHECK(t.action("actionClose")->isEnabled());
}

TEST_CASE("a grid of one axis is analysed and drawn, and the surface says that it cannot") {
  Window t;
  std::vector<double> values(50);
  for (std::size_t i = 0; i < values.size(); ++i) {
    values[i] = std::sin(static_cast<double>(i));
  }
  const std::vector<std::size_t> shape{values.size()};
  writeGridNpz(t.file("line.npz").toStdString(), ScalarGrid::fromArray(shape, values));
  t.window.open(t.file("line.npz"));
  REQUIRE(eventually([&] { return t.analysed(); }));
  CHECK(t.window.findChild<QLabel*>("surfaceMessage")->text().contains("two axes"));
  CHECK(t.window.views()->current() == t.window.views()->contour());
  CHECK(t.window.views()->contour()->showsLine());
  t.openGrid();
  CHECK(eventually([&] { return t.analysed() && t.shown().analysis->minima == 2; }));
}

TEST_CASE("a model or data that is dropped on the window goes into the Experiment panel") {
  Window t;
  const std::vector<double> half(8, 0.5);
  const std::vector<std::int64_t> labels{0, 1, 0, 1};
  const NdArray inputs = NdArray::fromDoubles({4, 2}, half);
  const NdArray targets = NdArray::fromInt64({4}, labels);
  writeNpz(t.file("data.npz").toStdString(), {{"inputs", inputs}, {"targets", targets}});
  QMimeData mime;
  mime.setUrls({QUrl::fromLocalFile(t.file("data.npz"))});
  // Qt gives a drop to the widget that was entered.
  QDragEnterEvent enter(QPoint(300, 300), Qt::CopyAction, &mime, Qt::LeftButton, Qt::NoModifier);
  QApplication::sendEvent(&t.window, &enter);
  CHECK(enter.isAccepted());
  QDropEvent drop(QPointF(300, 300), Qt::CopyAction, &mime, Qt::LeftButton, Qt::NoModifier);
  QApplication::sendEvent(&t.window, &drop);
  auto* data = t.window.findChild<QLineEdit*>("experimentData");
  CHECK(eventually([&] { return data->text() == t.file("data.npz"); }));
  CHECK_FALSE(t.window.workspace()->isOpen());
}
