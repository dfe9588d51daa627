// One selection, seen and changed in every view.
#include "tests/ui/window_fixture.h"
#include "ui/views/contour_view.h"
#include "ui/views/tree_view.h"
#include "ui/views/view_area.h"

using namespace tarn;
using namespace tarn::test;
using namespace tarn::ui;

TEST_CASE("a minimum that is clicked in the merge tree is selected everywhere") {
  Window t;
  t.openGrid();
  auto* tree = t.window.views()->tree();
  t.window.views()->setCurrent(tree);
  const auto vertex = t.shown().analysis->tree.nodes[1].vertex;
  REQUIRE(eventually([&] { return tree->nodePosition(1).has_value(); }));
  QTest::mouseClick(tree, Qt::LeftButton, {}, tree->nodePosition(1)->toPoint());
  CHECK(t.shown().landscape.selection == vertex);
  CHECK(t.inspectorText().contains(QString::number(vertex)));
  CHECK(t.inspectorText().contains("minimum"));

  SECTION("and the keys go on to the saddle above it") {
    QTest::keyClick(tree, Qt::Key_Up);
    CHECK(t.shown().landscape.selection == t.shown().analysis->tree.nodes[2].vertex);
    CHECK(t.inspectorText().contains("two basins meet"));
  }
  SECTION("and undo and redo walk through what was selected") {
    t.action("actionClearSelection")->trigger();
    CHECK_FALSE(t.shown().landscape.selection);
    t.action("actionUndo")->trigger();
    CHECK(t.shown().landscape.selection == vertex);
    t.action("actionRedo")->trigger();
    CHECK_FALSE(t.shown().landscape.selection);
  }
}

TEST_CASE("a point that is clicked in the contour plot is selected, zoomed or not") {
  Window t;
  t.openGrid();
  auto* contour = t.window.views()->contour();
  t.window.views()->setCurrent(contour);
  REQUIRE(eventually([&] { return contour->positionOf({0, 0}).has_value(); }));
  const auto& minimum = t.shown().analysis->tree.nodes[0];
  const auto indices = t.shown().landscape.grid->indices(minimum.vertex);
  const auto& axes = t.shown().landscape.grid->axes();
  const QPointF at(axes[1].coordinates[indices[1]], axes[0].coordinates[indices[0]]);
  QTest::mouseClick(contour, Qt::LeftButton, {}, contour->positionOf(at)->toPoint());
  CHECK(t.shown().landscape.selection == minimum.vertex);
  t.action("actionClearSelection")->trigger();

  const auto before = contour->plane();
  contour->zoom(3.0, *contour->positionOf(at));
  CHECK(contour->plane().x[1] - contour->plane().x[0] < 0.34 * (before.x[1] - before.x[0]));
  QTest::mouseClick(contour, Qt::LeftButton, {}, contour->positionOf(at)->toPoint());
  CHECK(t.shown().landscape.selection == minimum.vertex);
  QTest::keyClick(contour, Qt::Key_R);
  CHECK(contour->plane() == before);
}
