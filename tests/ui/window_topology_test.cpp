// One threshold of persistence for all views, and the persistence and profile views themselves.
#include <QDoubleSpinBox>
#include <QMouseEvent>
#include <QToolButton>
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <set>

#include "tests/ui/window_fixture.h"
#include "ui/scene/critical_points.h"
#include "ui/views/persistence_view.h"
#include "ui/views/profile_view.h"
#include "ui/views/surface_view.h"
#include "ui/views/threshold_box.h"
#include "ui/views/tree_view.h"
#include "ui/views/view_area.h"

using namespace tarn;
using namespace tarn::test;
using namespace tarn::ui;

namespace {

/// Along x straight lines through these heights, one every five columns; a parabola along y that is
/// 0 in the middle row. So by construction: minima 1, 0 and 3.2 at columns 5, 15 and 25 of row 15;
/// 1 meets 0 at height 3 (persistence 2), 3.2 meets both at 3.5 (persistence 0.3), on the side of
/// 0.
double threeBasins(std::size_t row, std::size_t column) {
  constexpr std::array heights{4.0, 1.0, 3.0, 0.0, 3.5, 3.2, 5.0};
  const double y = (static_cast<double>(row) - 15) / 15;
  const std::size_t piece = std::min<std::size_t>(column / 5, 5);
  const double t = static_cast<double>(column - 5 * piece) / 5;
  return heights[piece] + t * (heights[piece + 1] - heights[piece]) + y * y;
}

constexpr std::int64_t kDeepest = 15 * 31 + 15;
constexpr std::int64_t kSecond = 15 * 31 + 5;
constexpr std::int64_t kShallow = 15 * 31 + 25;
constexpr std::int64_t kSpill = 15 * 31 + 20;  ///< the saddle where the shallow basin spills

void openThreeBasins(Window& t) {
  std::vector<double> values;
  for (std::size_t row = 0; row < side; ++row) {
    for (std::size_t column = 0; column < side; ++column) {
      values.push_back(threeBasins(row, column));
    }
  }
  const ScalarGrid like = basinsGrid();
  const QString path = t.file("three.npz");
  writeGridNpz(path.toStdString(), ScalarGrid(like.axes(), values));
  t.window.open(path);
  REQUIRE(eventually([&] { return t.analysed(); }));
  REQUIRE(t.shown().landscape.tree->minimaCount == 3);
}

PersistenceView* showPersistence(Window& t) {
  auto* view = t.window.views()->persistence();
  t.action("actionShowPersistence")->trigger();
  REQUIRE(t.window.views()->current() == view);
  REQUIRE(eventually([&] { return view->thresholdPosition(0).has_value(); }));
  return view;
}

void sendMouse(QWidget* widget, QEvent::Type type, const QPointF& at) {
  const bool move = type == QEvent::MouseMove;
  const bool release = type == QEvent::MouseButtonRelease;
  QMouseEvent event(type, at, widget->mapToGlobal(at), move ? Qt::NoButton : Qt::LeftButton,
                    release ? Qt::NoButton : Qt::LeftButton, Qt::NoModifier);
  QApplication::sendEvent(widget, &event);
}

void drag(QWidget* widget, const QPointF& from, const QPointF& to) {
  sendMouse(widget, QEvent::MouseButtonPress, from);
  for (int step = 1; step <= 8; ++step) {
    sendMouse(widget, QEvent::MouseMove, from + (to - from) * step / 8.0);
  }
  sendMouse(widget, QEvent::MouseButtonRelease, to);
}

void click(QWidget* widget, const QPointF& at) {
  sendMouse(widget, QEvent::MouseButtonPress, at);
  sendMouse(widget, QEvent::MouseButtonRelease, at);
}

std::size_t basinCount(const Window& t) {
  const auto& basins = *t.shown().landscape.basins;
  return std::set<std::int32_t>(basins.begin(), basins.end()).size();
}

std::int32_t basinOf(const Window& t, std::int64_t vertex) {
  return (*t.shown().landscape.basins)[static_cast<std::size_t>(vertex)];
}

bool minimaAre(const Window& t, std::size_t count) {
  return t.shown().landscape.tree->minimaCount == count;
}

}  // namespace

TEST_CASE("dragging the threshold simplifies tree, glyphs and basins at once") {
  Window t;
  openThreeBasins(t);
  auto* view = showPersistence(t);
  auto* tree = t.window.views()->tree();
  auto* box = view->findChild<QDoubleSpinBox*>("persistenceThreshold");
  REQUIRE(box != nullptr);
  SECTION("in the barcode") {}
  SECTION("in the diagram") {
    view->findChild<QToolButton*>("persistenceDiagram")->click();
    CHECK(view->plot() == PersistencePlot::diagram);
    REQUIRE(eventually([&] { return view->thresholdPosition(0).has_value(); }));
  }
  const auto glyphs = [&] {
    return criticalPoints(t.shown().landscape.tree.get(), side * side).size();
  };
  CHECK(glyphs() == 5);
  CHECK(basinCount(t) == 3);
  REQUIRE(eventually([&] { return tree->nodePosition(5).has_value(); }));  // 3 + 2 + the root

  drag(view, *view->thresholdPosition(0), *view->thresholdPosition(1.0));
  CHECK(std::abs(t.window.workspace()->threshold() - 1.0) < 0.05);
  REQUIRE(eventually([&] { return t.shown().threshold == t.window.workspace()->threshold(); }));
  CHECK(minimaAre(t, 2));
  CHECK(box->value() == t.window.workspace()->threshold());
  CHECK(glyphs() == 3);
  CHECK(basinCount(t) == 2);
  // The shallow basin spills over its lower rim, into the deepest one.
  CHECK(basinOf(t, kShallow) == basinOf(t, kDeepest));
  CHECK(basinOf(t, kSecond) != basinOf(t, kDeepest));
  CHECK(eventually([&] { return tree->nodePosition(3) && !tree->nodePosition(4); }));
  CHECK(t.inspectorText().contains("2 of 3\n"));

  drag(view, *view->thresholdPosition(t.window.workspace()->threshold()),
       *view->thresholdPosition(2.4));
  REQUIRE(eventually([&] { return minimaAre(t, 1); }));
  CHECK(basinCount(t) == 1);

  box->setValue(0);
  REQUIRE(eventually([&] { return minimaAre(t, 3); }));
  CHECK(basinCount(t) == 3);
  CHECK_FALSE(t.inspectorText().contains(" of 3\n"));
}

TEST_CASE("a press beside the threshold's line moves nothing") {
  Window t;
  openThreeBasins(t);
  auto* view = showPersistence(t);
  drag(view, *view->thresholdPosition(1.0), *view->thresholdPosition(2.0));
  CHECK(t.window.workspace()->threshold() == 0.0);
}

TEST_CASE("the keys move the threshold, and it starts anew with another landscape") {
  Window t;
  openThreeBasins(t);
  auto* view = showPersistence(t);
  // A hundredth and a tenth of the largest finite persistence, which is 2.
  QTest::keyClick(view, Qt::Key_Right);
  CHECK(std::abs(t.window.workspace()->threshold() - 0.02) < 1e-12);
  QTest::keyClick(view, Qt::Key_Left);
  CHECK(t.window.workspace()->threshold() == 0.0);
  QTest::keyClick(view, Qt::Key_Left);
  CHECK(t.window.workspace()->threshold() == 0.0);
  QTest::keyClick(view, Qt::Key_PageUp);
  QTest::keyClick(view, Qt::Key_PageUp);
  CHECK(std::abs(t.window.workspace()->threshold() - 0.4) < 1e-12);
  CHECK(eventually([&] { return minimaAre(t, 2); }));

  t.openGrid();
  REQUIRE(
      eventually([&] { return t.window.workspace()->title() == "basins.npz" && t.analysed(); }));
  CHECK(t.window.workspace()->threshold() == 0.0);
  CHECK(view->findChild<QDoubleSpinBox*>("persistenceThreshold")->value() == 0.0);
  CHECK(t.shown().threshold == 0.0);
}

TEST_CASE("the automatic threshold is twice the rounding of the values") {
  Window t;
  openThreeBasins(t);
  auto* view = showPersistence(t);
  view->findChild<QToolButton*>("persistenceAuto")->click();
  // The values are double precision numbers; the largest is 5 + 1 in the corners.
  CHECK(t.window.workspace()->threshold() == 2 * 6 * std::numeric_limits<double>::epsilon());
  CHECK(eventually([&] { return t.shown().threshold > 0; }));
  CHECK(minimaAre(t, 3));
}

TEST_CASE("a class that is clicked is selected everywhere") {
  Window t;
  openThreeBasins(t);
  auto* view = showPersistence(t);
  SECTION("as a bar") {}
  SECTION("as a point") {
    view->setPlot(PersistencePlot::diagram);
    REQUIRE(eventually([&] { return view->classPosition(kShallow).has_value(); }));
  }
  click(view, *view->classPosition(kShallow));
  CHECK(t.shown().landscape.selection == kShallow);
  CHECK(view->highlighted() == kShallow);
  CHECK(t.inspectorText().contains(QString::number(kShallow)));
  CHECK(t.inspectorText().contains("minimum"));
  click(view, *view->classPosition(kSecond));
  CHECK(t.shown().landscape.selection == kSecond);
}

TEST_CASE("the class of what is selected elsewhere is highlighted") {
  Window t;
  openThreeBasins(t);
  auto* view = showPersistence(t);
  Workspace& workspace = *t.window.workspace();
  workspace.select(kSecond);
  CHECK(view->highlighted() == kSecond);
  workspace.select(kSpill);
  CHECK(view->highlighted() == kShallow);
  // A point of the slope belongs to the basin that it lies in.
  const std::int64_t slope = 10 * 31 + 24;
  workspace.select(slope);
  CHECK(view->highlighted() == kShallow);
  workspace.setThreshold(1.0);
  REQUIRE(eventually([&] { return minimaAre(t, 2); }));
  CHECK(view->highlighted() == kDeepest);
  workspace.select(std::nullopt);
  CHECK_FALSE(view->highlighted());

  SECTION("and the keys go from class to class, by persistence") {
    for (const std::int64_t expected : {kDeepest, kSecond, kShallow}) {
      QTest::keyClick(view, Qt::Key_Down);
      CHECK(t.shown().landscape.selection == expected);
    }
    QTest::keyClick(view, Qt::Key_Up);
    CHECK(t.shown().landscape.selection == kSecond);
  }
}

TEST_CASE("a part of the profile that is clicked is selected everywhere") {
  Window t;
  openThreeBasins(t);
  auto* profile = t.window.views()->profile();
  t.action("actionShowProfile")->trigger();
  REQUIRE(eventually([&] { return profile->nodePosition(1).has_value(); }));
  for (std::int32_t node = 0; node < 3; ++node) {
    click(profile, *profile->nodePosition(node));
    CHECK(t.shown().landscape.selection ==
          t.shown().landscape.tree->nodes[static_cast<std::size_t>(node)].vertex);
  }
  QTest::keyClick(profile, Qt::Key_Up);
  CHECK(t.shown().landscape.selection == kSpill);

  t.window.workspace()->setThreshold(1.0);
  REQUIRE(eventually([&] { return minimaAre(t, 2); }));
  CHECK(eventually([&] { return profile->nodePosition(3) && !profile->nodePosition(4); }));
}

TEST_CASE("all views of a plane stand side by side") {
  Window t;
  openThreeBasins(t);
  t.action("actionTile")->setChecked(true);
  for (const LandscapeView* view : t.window.views()->views()) {
    INFO(view->objectName().toStdString());
    if (view->objectName() == "volumeView") {
      CHECK_FALSE(view->isVisible());
      continue;
    }
    CHECK(view->isVisible());
    CHECK(view->width() >= 100);
    CHECK(view->height() >= 80);
  }
  auto* persistence = t.window.views()->persistence();
  CHECK(eventually([&] { return persistence->classPosition(kSecond).has_value(); }));
  t.action("actionTile")->setChecked(false);
  CHECK(t.window.views()->surface()->isVisible());
}

TEST_CASE("the surface shows its basins, and tints the selected one") {
  if (!hasOpenGL()) {
    SKIP("needs a display with OpenGL");
  }
  Window t;
  openThreeBasins(t);
  t.action("actionColours_cividis")->trigger();
  t.action("actionContours")->setChecked(false);
  t.action("actionCriticalPoints")->setChecked(false);
  auto* surface = t.window.views()->surface();
  // Little green: the selection's colour and mixtures of it with cividis, which has none such.
  const auto tinted = [&] {
    const QImage image = onScreen(*surface);
    int count = 0;
    for (int y = 0; y < image.height(); ++y) {
      for (int x = 0; x < image.width(); ++x) {
        const QColor pixel = image.pixelColor(x, y);
        count += pixel.red() > pixel.green() + 40 && pixel.blue() > pixel.green() + 10 ? 1 : 0;
      }
    }
    return count;
  };
  t.window.workspace()->select(kSecond);
  letPass(1500);
  const int mark = tinted();
  t.action("actionBasins")->setChecked(true);
  CHECK(eventually([&] { return tinted() > 5 * mark + 2000; }, 60'000));
  t.action("actionBasins")->setChecked(false);
  CHECK(eventually([&] { return tinted() < 2 * mark + 500; }, 60'000));
}

TEST_CASE("a threshold keeps the digits that it has") {
  ThresholdBox box;
  box.setValue(2.0 / 3.0);
  CHECK(box.value() == 2.0 / 3.0);
  box.interpretText();
  CHECK(box.value() == 2.0 / 3.0);
  box.setValue(2.384185791015625e-07);
  CHECK(box.value() == 2.384185791015625e-07);
  QString text = "3e-7";
  int position = 0;
  CHECK(box.validate(text, position) == QValidator::Acceptable);
  CHECK(box.valueFromText(text) == 3e-7);
  text = "3e-";
  CHECK(box.validate(text, position) == QValidator::Intermediate);
  text = "-1";
  CHECK(box.validate(text, position) == QValidator::Invalid);
  CHECK(shortThreshold(0.123456, 2.0) == 0.123);
  CHECK(shortThreshold(-1.0, 2.0) == 0.0);
}
