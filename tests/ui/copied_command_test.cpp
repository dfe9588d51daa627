// The command that the window shows for a figure, run by a shell, makes the same figure.
#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QLineEdit>
#include <QProcess>
#include <QPushButton>
#include <QSlider>
#include <QSpinBox>

#include "support/paths.h"
#include "tests/ui/window_fixture.h"
#include "ui/actions/export_dialog.h"
#include "ui/views/contour_view.h"
#include "ui/views/persistence_view.h"
#include "ui/views/profile_view.h"
#include "ui/views/surface_view.h"
#include "ui/views/tree_view.h"
#include "ui/views/view_area.h"
#include "ui/views/volume_view.h"

using namespace tarn;
using namespace tarn::test;
using namespace tarn::ui;

namespace {

struct Outcome {
  int exitCode;
  QString said;
};

Outcome runInShell(const QString& line) {
  QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
  environment.insert("PATH",
                     QString::fromStdString(builtProgram("")) + ":" + environment.value("PATH"));
  QProcess shell;
  shell.setProcessEnvironment(environment);
  shell.start("sh", {"-c", line});
  REQUIRE(shell.waitForFinished(600'000));
  return {shell.exitCode(), QString::fromUtf8(shell.readAllStandardError())};
}

/// A project whose name a shell would take for two words.
void openProject(Window& t) {
  const QString path = t.file("two basins.tarn");
  writeProject(path, 1'000);
  t.window.open(path);
  REQUIRE(eventually([&] { return t.analysed(); }));
  REQUIRE_FALSE(t.window.workspace()->preliminary());
}

/// A landscape of three axes.
void openBowl(Window& t) {
  std::vector<double> axis;
  for (int i = 0; i < 9; ++i) {
    axis.push_back((i - 4) / 4.0);
  }
  std::vector<double> values;
  for (const double a : axis) {
    for (const double b : axis) {
      for (const double c : axis) {
        values.push_back(1 + a * a + b * b + (c * c - 0.25) * (c * c - 0.25) + 0.1 * c);
      }
    }
  }
  const QString path = t.file("a bowl.npz");
  writeGridNpz(path.toStdString(), {{{axis, "a", ""}, {axis, "b", ""}, {axis, "c", ""}}, values});
  t.window.open(path);
  REQUIRE(eventually([&] { return t.analysed(); }));
}

/// Exports the current view (or another kind) from the dialog, and the same by the command that it
/// shows.
void compareWithCommand(Window& t, const QString& kind = {}) {
  t.action("actionExport")->trigger();
  auto* dialog = t.window.findChild<ExportDialog*>();
  REQUIRE(dialog != nullptr);
  if (!kind.isEmpty()) {
    dialog->findChild<QComboBox*>("exportViewKind")->setCurrentText(kind);
  }
  dialog->findChild<QComboBox*>("exportFormat")->setCurrentText("PNG");
  const QString file = t.file("the figure.png");
  dialog->findChild<QLineEdit*>("exportFile")->setText(file);
  dialog->findChild<QSpinBox*>("exportWidth")->setValue(500);
  dialog->findChild<QDoubleSpinBox*>("exportScale")->setValue(1.5);
  const QString line = dialog->findChild<QLineEdit*>("exportCommand")->text();
  INFO(line.toStdString());
  dialog->findChild<QPushButton*>("exportAccept")->click();
  const auto written = [&] { return !QImage(file).isNull(); };
  REQUIRE(eventually(written));
  const QImage exported(file);
  REQUIRE(QFile::remove(file));
  const Outcome outcome = runInShell(line);
  INFO(outcome.said.toStdString());
  REQUIRE(outcome.exitCode == 0);
  const QImage rendered(file);
  CHECK(exported.width() == 750);
  CHECK(rendered == exported);
  CHECK(rendered.text("Description") == exported.text("Description"));
}

void changeEveryOption(Window& t) {
  for (const char* name :
       {"actionLogHeight", "actionColours_magma", "actionReverseColours", "actionContours"}) {
    t.action(name)->trigger();
  }
  t.window.findChild<QComboBox*>("inspectorConnectivity")->setCurrentIndex(1);
  REQUIRE(eventually([&] {
    return t.shown().analysis && t.shown().analysis->connectivity == Connectivity::freudenthal;
  }));
}

}  // namespace

TEST_CASE("the command of an exported contour plot makes it again") {
  Window t;
  openProject(t);
  t.window.views()->setCurrent(t.window.views()->contour());
  SECTION("as it is at first") {}
  SECTION("zoomed, in other colours") {
    changeEveryOption(t);
    auto* contour = t.window.views()->contour();
    REQUIRE(eventually([&] { return contour->positionOf({0, 0}).has_value(); }));
    contour->zoom(2.7, *contour->positionOf({0.3, 0.1}));
  }
  SECTION("without marks") {
    t.action("actionCriticalPoints")->trigger();
    t.action("actionTrajectories")->trigger();
  }
  compareWithCommand(t);
}

TEST_CASE("the command of an exported merge tree makes it again") {
  Window t;
  openProject(t);
  t.window.views()->setCurrent(t.window.views()->tree());
  changeEveryOption(t);
  compareWithCommand(t);
}

TEST_CASE("the command of an exported persistence plot, profile or map of basins makes it again") {
  Window t;
  openProject(t);
  const auto setThreshold = [&] {
    // Above the persistence of the only pair: one basin is left.
    t.window.workspace()->setThreshold(1.25 * t.shown().deepest);
    REQUIRE(eventually([&] { return t.shown().threshold > 0; }));
    REQUIRE(t.shown().landscape.tree->minimaCount == 1);
  };
  SECTION("barcode") {
    t.window.views()->setCurrent(t.window.views()->persistence());
    compareWithCommand(t);
  }
  SECTION("diagram with a threshold, in another connectivity") {
    changeEveryOption(t);
    setThreshold();
    t.window.views()->persistence()->setPlot(PersistencePlot::diagram);
    t.window.views()->setCurrent(t.window.views()->persistence());
    compareWithCommand(t);
  }
  SECTION("profile, simplified") {
    setThreshold();
    t.window.views()->setCurrent(t.window.views()->profile());
    compareWithCommand(t);
  }
  SECTION("merge tree, simplified") {
    setThreshold();
    t.window.views()->setCurrent(t.window.views()->tree());
    compareWithCommand(t);
  }
  SECTION("basins") {
    compareWithCommand(t, "Basins");
  }
  SECTION("basins, simplified, in other colours") {
    changeEveryOption(t);
    setThreshold();
    compareWithCommand(t, "Basins");
  }
}

TEST_CASE("the command of an exported surface makes it again") {
  if (!hasOpenGL()) {
    SKIP("needs a display with OpenGL");
  }
  Window t;
  openProject(t);
  t.window.views()->setCurrent(t.window.views()->surface());
  SECTION("as it is at first") {}
  SECTION("in the colours of its basins") {
    t.action("actionBasins")->trigger();
  }
  SECTION("turned and nearer, in other colours") {
    changeEveryOption(t);
    auto* canvas = t.window.views()->surface()->findChild<QWidget*>("surfaceCanvas");
    for (const Qt::Key key : {Qt::Key_Left, Qt::Key_Left, Qt::Key_Up, Qt::Key_Plus}) {
      QTest::keyClick(canvas, key);
    }
    REQUIRE(t.window.views()->surface()->viewPoint().has_value());
  }
  compareWithCommand(t);
}

TEST_CASE("the command of a slice of three axes makes it again") {
  Window t;
  openBowl(t);
  SECTION("the slice that is shown at first") {}
  SECTION("along other axes, elsewhere") {
    Slice slice = t.shown().slice;
    slice.x = 2;
    slice.at[1] = 6;
    t.window.workspace()->setSlice(slice);
  }
  t.window.views()->setCurrent(t.window.views()->contour());
  SECTION("contour plot") {
    compareWithCommand(t);
  }
  SECTION("basins") {
    compareWithCommand(t, "Basins");
  }
  SECTION("surface") {
    if (!hasOpenGL()) {
      SKIP("needs a display with OpenGL");
    }
    t.window.views()->setCurrent(t.window.views()->surface());
    compareWithCommand(t);
  }
}

TEST_CASE("a landscape of one axis is drawn as a line, and its command makes it again") {
  Window t;
  const QString path = t.file("a line.npz");
  writeGridNpz(path.toStdString(), {{{{-2, -1, 0, 1, 2, 3}, "way", ""}}, {3, 1, 2, 0.5, 4, 5}});
  t.window.open(path);
  REQUIRE(eventually([&] { return t.analysed(); }));
  auto* contour = t.window.views()->contour();
  t.window.views()->setCurrent(contour);
  REQUIRE(contour->showsLine());
  SECTION("as it is at first") {
    compareWithCommand(t);
  }
  SECTION("logarithmic, without marks") {
    t.action("actionLogHeight")->trigger();
    t.action("actionCriticalPoints")->trigger();
    compareWithCommand(t);
  }
  SECTION("a click selects the point nearest across") {
    QTest::mouseClick(contour, Qt::LeftButton, {}, contour->rect().center());
    REQUIRE(t.shown().landscape.selection.has_value());
    // Half-way between 0 and 1, but for the width of the caption at the left.
    CHECK((*t.shown().landscape.selection == 2 || *t.shown().landscape.selection == 3));
  }
}

TEST_CASE("the command of an exported volume makes it again") {
  if (!hasOpenGL()) {
    SKIP("needs a display with OpenGL");
  }
  Window t;
  openBowl(t);
  t.window.views()->setCurrent(t.window.views()->volume());
  SECTION("as it is at first") {}
  SECTION("turned, with other surfaces and slices, in other colours") {
    changeEveryOption(t);
    QTest::keyClick(t.window.findChild<QWidget*>("volumeCanvas"), Qt::Key_Left);
    t.window.findChild<QDoubleSpinBox*>("volumeLevel")->setValue(1.3);
    t.window.findChild<QSpinBox*>("volumeSurfaces")->setValue(2);
    t.window.findChild<QSlider*>("volumeAxis1Slider")->setValue(2);
    t.window.findChild<QCheckBox*>("volumeAxis3Shown")->click();
  }
  compareWithCommand(t);
}

TEST_CASE("the copied command is one that the program takes") {
  Window t;
  openProject(t);
  t.window.views()->setCurrent(t.window.views()->tree());
  QSettings().setValue("exportFolder", t.folder.path());
  t.action("actionCopyCommand")->trigger();
  const Outcome outcome = runInShell(QApplication::clipboard()->text());
  INFO(outcome.said.toStdString());
  CHECK(outcome.exitCode == 0);
  CHECK(QFile::exists(t.file("tree.svg")));
}
