// A landscape of three axes in the window: which slice of it surface and contour plot show.
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QSlider>
#include <QSpinBox>
#include <QTabWidget>

#include "scene/landscapes.h"
#include "tests/ui/window_fixture.h"
#include "ui/views/contour_view.h"
#include "ui/views/slice_bar.h"
#include "ui/views/surface_view.h"
#include "ui/views/tree_view.h"
#include "ui/views/view_area.h"
#include "ui/views/volume_view.h"

using namespace tarn;
using namespace tarn::test;
using namespace tarn::ui;

namespace {

/// Its minima are points 2 and 6 of 9 along the first and last axis, 4 along the other.
void openWells(Window& t) {
  const QString path = t.file("wells.npz");
  writeGridNpz(path.toStdString(), wellsInCube(9));
  t.window.open(path);
  REQUIRE(eventually([&] { return t.analysed() && t.shown().landscape.grid->dimension() == 3; }));
}

QSlider* sliderOf(const Window& t, int axis) {
  auto* slider = t.window.findChild<QSlider*>(QString("sliceAxis%1Slider").arg(axis));
  REQUIRE(slider != nullptr);
  return slider;
}

}  // namespace

TEST_CASE("only a landscape of three axes or more has a slice to choose") {
  Window t;
  auto* bar = t.window.views()->sliceBar();
  CHECK_FALSE(bar->isVisible());
  t.openGrid();
  CHECK_FALSE(bar->isVisible());
  openWells(t);
  CHECK(bar->isVisible());
  CHECK(sliderOf(t, 3)->isVisible());
  CHECK_FALSE(sliderOf(t, 1)->isVisible());
  CHECK(sliderOf(t, 3)->accessibleName() == "axis 3");
  CHECK(sliderOf(t, 3)->value() == 4);  // c = 0
  t.openGrid();
  CHECK(eventually([&] { return !bar->isVisible(); }));
}

TEST_CASE("the slider moves the slice; tree and persistence stay those of the whole landscape") {
  Window t;
  openWells(t);
  const auto tree = t.shown().landscape.tree;
  const auto before = t.shown().plane.grid;
  sliderOf(t, 3)->setValue(6);
  CHECK(t.shown().slice.at[2] == 6);
  CHECK(t.shown().plane.grid != before);
  CHECK(t.shown().plane.place == "axis 3 = 0.5");
  CHECK(t.shown().landscape.tree == tree);
  CHECK(t.shown().plane.grid->value(2 * 9 + 4) == 0.1);
}

TEST_CASE("a minimum that is selected in the tree moves the slice to where it lies") {
  Window t;
  openWells(t);
  auto* tree = t.window.views()->tree();
  t.window.views()->setCurrent(tree);
  const auto vertex = t.shown().analysis->tree.nodes[1].vertex;
  REQUIRE(vertex == (2 * 9 + 4) * 9 + 6);
  REQUIRE(eventually([&] { return tree->nodePosition(1).has_value(); }));
  QTest::mouseClick(tree, Qt::LeftButton, {}, tree->nodePosition(1)->toPoint());
  CHECK(t.shown().landscape.selection == vertex);
  CHECK(sliderOf(t, 3)->value() == 6);
  CHECK(t.shown().plane.selection == 2 * 9 + 4);

  // The slice may leave it, and it stays selected.
  sliderOf(t, 3)->setValue(1);
  CHECK(t.shown().landscape.selection == vertex);
  CHECK_FALSE(t.shown().plane.selection);
}

TEST_CASE("a point that is clicked in the contour plot is that of the whole landscape") {
  Window t;
  openWells(t);
  sliderOf(t, 3)->setValue(2);
  auto* contour = t.window.views()->contour();
  t.window.views()->setCurrent(contour);
  REQUIRE(eventually([&] { return contour->positionOf({0, 0.5}).has_value(); }));
  // x is b, y is a.
  QTest::mouseClick(contour, Qt::LeftButton, {}, contour->positionOf({0, 0.5})->toPoint());
  CHECK(t.shown().landscape.selection == (6 * 9 + 4) * 9 + 2);
}

TEST_CASE("an axis that is chosen for x is shown there, and the sliders are those of the others") {
  Window t;
  openWells(t);
  auto* x = t.window.findChild<QComboBox*>("sliceX");
  auto* y = t.window.findChild<QComboBox*>("sliceY");
  REQUIRE(x->currentText() == "axis 2");
  REQUIRE(y->currentText() == "axis 1");
  const auto choose = [](QComboBox* box, int index) {
    box->setCurrentIndex(index);
    Q_EMIT box->activated(index);
  };
  choose(x, 2);
  CHECK(t.shown().plane.x.name == "axis 3");
  CHECK(sliderOf(t, 2)->isVisible());
  CHECK_FALSE(sliderOf(t, 3)->isVisible());
  SECTION("and the axis of y is taken from it: they swap") {
    choose(x, 0);
    CHECK(t.shown().plane.x.name == "axis 1");
    CHECK(t.shown().plane.y.name == "axis 3");
    CHECK(y->currentText() == "axis 3");
  }
}

TEST_CASE("the volume is offered for three axes, and its slices lie where the slice does") {
  Window t;
  auto* tabs = t.window.findChild<QTabWidget*>("viewTabs");
  auto* volume = t.window.views()->volume();
  t.openGrid();
  CHECK_FALSE(tabs->isTabVisible(tabs->indexOf(volume)));
  CHECK_FALSE(t.action("actionShowVolume")->isEnabled());
  openWells(t);
  CHECK(tabs->isTabVisible(tabs->indexOf(volume)));
  t.action("actionShowVolume")->trigger();
  REQUIRE(t.window.views()->current() == volume);
  if (!hasOpenGL()) {
    SKIP("needs a display with OpenGL");
  }
  auto* place = t.window.findChild<QSlider*>("volumeAxis2Slider");
  REQUIRE(eventually([&] { return place->isVisible(); }));
  place->setValue(7);
  CHECK(t.shown().slice.at[1] == 7);
  // Axis b is shown as x: the slice of the other views stays.
  CHECK(t.shown().plane.place == "axis 3 = 0");
  t.window.findChild<QSlider*>("volumeAxis3Slider")->setValue(1);
  CHECK(t.shown().plane.place == "axis 3 = −0.75");
  CHECK(sliderOf(t, 3)->value() == 1);

  SECTION("and side by side it stands with the others") {
    t.action("actionTile")->setChecked(true);
    CHECK(volume->isVisible());
    CHECK(volume->height() >= 80);
  }
  SECTION("and it is gone with the landscape") {
    t.openGrid();
    CHECK(eventually([&] { return t.window.views()->current() == t.window.views()->surface(); }));
  }
}

TEST_CASE("the level of the outermost surface is chosen by its loss or by its height") {
  if (!hasOpenGL()) {
    SKIP("needs a display with OpenGL");
  }
  Window t;
  openWells(t);
  t.action("actionShowVolume")->trigger();
  const auto& volume = t.window.views()->volume()->volume();
  CHECK_FALSE(volume.level);
  auto* level = t.window.findChild<QDoubleSpinBox*>("volumeLevel");
  auto* height = t.window.findChild<QSlider*>("volumeHeight");
  REQUIRE(eventually([&] { return level->isVisible(); }));
  // From 0 in the deeper well to 3.5 in a corner.
  height->setValue(100);
  CHECK(volume.level == 1.75);
  CHECK(level->value() == 1.75);
  level->setValue(0.875);
  CHECK(volume.level == 0.875);
  CHECK(height->value() == 50);
  t.window.findChild<QSpinBox*>("volumeSurfaces")->setValue(0);
  CHECK(volume.surfaces == 0);
  CHECK_FALSE(level->isEnabled());
}

TEST_CASE("what is seen in the volume is probed, and selected by a click") {
  if (!hasOpenGL()) {
    SKIP("needs a display with OpenGL");
  }
  Window t;
  openWells(t);
  t.action("actionShowVolume")->trigger();
  auto* canvas = t.window.findChild<QWidget*>("volumeCanvas");
  QString probe;
  QObject::connect(t.window.views()->volume(), &LandscapeView::probed, &t.window,
                   [&](const QString& text) { probe = text; });
  // Wherever something is seen in the middle of the cube, a vertex is meant.
  REQUIRE(eventually([&] {
    QTest::mouseMove(canvas, canvas->rect().center() + QPoint(3, 3));
    QTest::mouseMove(canvas, canvas->rect().center());
    return !probe.isEmpty();
  }));
  CHECK(probe.contains("axis 3 = "));
  QTest::mouseClick(canvas, Qt::LeftButton, {}, canvas->rect().center());
  REQUIRE(t.shown().landscape.selection);
  CHECK(t.shown().slice.at == t.shown().landscape.grid->indices(*t.shown().landscape.selection));
}
