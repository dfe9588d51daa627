// The real window, driven by its actions, clicks and keys. What needs no OpenGL runs anywhere.
#include <QAction>
#include <QClipboard>
#include <QComboBox>
#include <QDockWidget>
#include <QDropEvent>
#include <QFile>
#include <QLabel>
#include <QLineEdit>
#include <QMenuBar>
#include <QMimeData>
#include <QRegularExpression>
#include <QSettings>
#include <QTemporaryDir>
#include <QTest>
#include <QTreeWidget>
#include <cmath>
#include <fstream>
#include <set>

#include "engine/project/project.h"
#include "engine/protocol/tile_order.h"
#include "tests/ui/window_support.h"
#include "topology/io/grid_io.h"
#include "topology/io/npz.h"
#include "ui/panels/inspector_panel.h"
#include "ui/panels/notice_bar.h"
#include "ui/views/contour_view.h"
#include "ui/views/surface_view.h"
#include "ui/views/tree_view.h"
#include "ui/views/view_area.h"
#include "ui/window/main_window.h"
#include "ui/window/theme.h"
#include "ui/window/workspace.h"

using namespace tarn;
using namespace tarn::test;
using namespace tarn::ui;

namespace {

constexpr std::size_t side = 31;

/// Two basins of unlike depth with a ridge between them: minima at columns 7 and 23 of row 15.
double twoBasins(std::size_t row, std::size_t column) {
  const double y = (static_cast<double>(row) - 15) / 15;
  const double x = (static_cast<double>(column) - 15) / 15;
  return (x * x - 0.28) * (x * x - 0.28) * 6 + y * y + 0.1 * x + 1;
}

ScalarGrid basinsGrid() {
  std::vector<double> axis(side);
  std::vector<double> values;
  for (std::size_t i = 0; i < side; ++i) {
    axis[i] = (static_cast<double>(i) - 15) / 15;
  }
  for (std::size_t row = 0; row < side; ++row) {
    for (std::size_t column = 0; column < side; ++column) {
      values.push_back(twoBasins(row, column));
    }
  }
  return {{{axis, "b", ""}, {axis, "a", ""}}, values};
}

/// A project with the first `tiles` tiles of that landscape.
std::int64_t writeProject(const QString& path, std::uint64_t tiles) {
  const auto project = Project::create(path.toStdString());
  const ScalarGrid grid = basinsGrid();
  StoredLandscape landscape;
  landscape.name = "two basins";
  landscape.axes = grid.axes();
  landscape.quantities = {"loss"};
  landscape.tilePoints = 16;
  landscape.provenance = {{"made by", "a test"}};
  const std::int64_t id = project->addLandscape(landscape);
  const TileOrder order({side, side}, 16);
  std::vector<StoredTile> stored;
  for (std::uint64_t index = 0; index < std::min(tiles, order.tiles()); ++index) {
    StoredTile tile;
    tile.index = index;
    for (const std::uint32_t vertex : order.tile(index)) {
      tile.values["loss"].push_back(grid.values()[vertex]);
    }
    stored.push_back(tile);
  }
  project->commitTiles(id, stored);
  project->close();
  return id;
}

struct Window {
  QTemporaryDir folder;
  MainWindow window;

  Window() {
    QSettings().clear();
    window.resize(1000, 640);
    window.show();
    REQUIRE(QTest::qWaitForWindowExposed(&window));
  }

  QString file(const QString& name) const { return folder.filePath(name); }
  QAction* action(const char* name) const {
    auto* found = window.findChild<QAction*>(name);
    REQUIRE(found != nullptr);
    return found;
  }
  const ShownLandscape& shown() const { return window.workspace()->shown(); }
  bool analysed() const { return shown().analysis != nullptr; }
  QString notice() const { return window.notices()->text(); }
  QString inspectorText() const {
    QString all;
    for (const QLabel* label : window.findChild<InspectorPanel*>()->findChildren<QLabel*>()) {
      all += label->text() + "\n";
    }
    return all;
  }
  void openGrid() {
    const QString path = file("basins.npz");
    writeGridNpz(path.toStdString(), basinsGrid());
    window.open(path);
    REQUIRE(eventually([this] { return analysed(); }));
  }
};

}  // namespace

TEST_CASE("every action and every input explains itself") {
  const Window t;
  for (const QAction* action : t.window.findChildren<QAction*>(QRegularExpression("^action"))) {
    INFO(action->objectName().toStdString());
    CHECK_FALSE(action->text().isEmpty());
    CHECK_FALSE(action->toolTip().isEmpty());
    CHECK_FALSE(action->statusTip().isEmpty());
  }
  int inputs = 0;
  for (const QWidget* panel : {t.window.findChild<QWidget*>("experimentPanel"),
                               t.window.findChild<QWidget*>("samplingPanel")}) {
    for (const QWidget* widget : panel->findChildren<QWidget*>()) {
      if (widget->focusPolicy() == Qt::NoFocus || widget->objectName().startsWith("qt_") ||
          widget->parentWidget()->inherits("QComboBox") ||
          widget->parentWidget()->inherits("QAbstractItemView") ||
          widget->inherits("QAbstractItemView")) {
        continue;
      }
      ++inputs;
      INFO(widget->metaObject()->className() << " " << widget->objectName().toStdString());
      CHECK_FALSE(widget->objectName().isEmpty());
      CHECK_FALSE(widget->accessibleName().isEmpty());
      CHECK_FALSE(widget->toolTip().isEmpty());
    }
  }
  CHECK(inputs >= 14);
  QStringList menus;
  for (const QAction* menu : t.window.menuBar()->actions()) {
    menus += QString(menu->text()).remove('&');
  }
  CHECK(menus == QStringList{"File", "Edit", "View", "Run", "Tools", "Help"});
}

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

TEST_CASE("a grid that is no plane is analysed, and the views say what they cannot draw") {
  Window t;
  std::vector<double> values(5 * 5 * 5);
  for (std::size_t i = 0; i < values.size(); ++i) {
    values[i] = std::sin(static_cast<double>(i));
  }
  const std::vector<std::size_t> shape{5, 5, 5};
  writeGridNpz(t.file("cube.npz").toStdString(), ScalarGrid::fromArray(shape, values));
  t.window.open(t.file("cube.npz"));
  REQUIRE(eventually([&] { return t.analysed(); }));
  CHECK(t.window.findChild<QLabel*>("surfaceMessage")->text().contains("two axes"));
  t.window.views()->setCurrent(t.window.views()->contour());
  letPass(50);
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

TEST_CASE("views are exported as figures, and copied as a command") {
  Window t;
  t.openGrid();
  const auto write = [&](ViewKind view, const char* name) {
    ExportOrder order;
    order.view = view;
    order.file = t.file(name).toStdString();
    order.size = {600, 450};
    order.source = "basins.npz";
    t.window.exportNow(order);
    CHECK(eventually([&] { return QFile::exists(t.file(name)); }, 60'000));
    QFile file(t.file(name));
    REQUIRE(file.open(QIODevice::ReadOnly));
    return file.readAll();
  };
  CHECK(write(ViewKind::contour, "contour.svg").contains("<svg"));
  CHECK(write(ViewKind::tree, "tree.pdf").startsWith("%PDF"));
  const QImage picture = QImage::fromData(write(ViewKind::contour, "contour.png"));
  CHECK(picture.size() == QSize(600, 450));
  t.window.views()->setCurrent(t.window.views()->contour());
  t.action("actionCopyCommand")->trigger();
  CHECK(QApplication::clipboard()->text().contains("--view contour"));

  ExportOrder nowhere;
  nowhere.view = ViewKind::tree;
  nowhere.file = t.file("no/such/folder/tree.svg").toStdString();
  t.window.exportNow(nowhere);
  CHECK(eventually([&] { return t.notice().contains("not written"); }));
}

TEST_CASE("the layout is kept, and can be reset") {
  const QString name = "dockInspector";
  {
    Window t;
    t.window.findChild<QDockWidget*>(name)->hide();
    t.action("actionTile")->setChecked(true);
    t.window.close();
  }
  MainWindow again;
  again.show();
  REQUIRE(QTest::qWaitForWindowExposed(&again));
  CHECK(again.findChild<QDockWidget*>(name)->isHidden());
  CHECK(again.views()->tiled());
  again.findChild<QAction*>("actionResetLayout")->trigger();
  CHECK_FALSE(again.findChild<QDockWidget*>(name)->isHidden());
  CHECK_FALSE(again.views()->tiled());
}

TEST_CASE("the surface is on the screen, and the same vertex is picked there") {
  if (!hasOpenGL()) {
    SKIP("needs a display with OpenGL");
  }
  Window t;
  t.openGrid();
  auto* surface = t.window.views()->surface();
  const auto colours = [&] {
    const QImage image = onScreen(*surface);
    std::set<QRgb> seen;
    for (int y = image.height() / 3; y < 2 * image.height() / 3; y += 5) {
      for (int x = image.width() / 3; x < 2 * image.width() / 3; x += 5) {
        seen.insert(image.pixel(x, y));
      }
    }
    return seen.size();
  };
  CHECK(eventually([&] { return colours() > 50; }));
  auto* canvas = surface->findChild<QWidget*>("surfaceCanvas");
  QTest::mouseClick(canvas, Qt::LeftButton, {}, canvas->rect().center());
  CHECK(t.shown().landscape.selection.has_value());

  SECTION("and stays there side by side with the others, and back in tabs") {
    t.action("actionTile")->setChecked(true);
    CHECK(eventually([&] { return colours() > 50; }));
    t.action("actionTile")->setChecked(false);
    CHECK(eventually([&] { return colours() > 50; }));
  }
  SECTION("and is exported as it is seen") {
    ExportOrder order;
    order.view = ViewKind::surface;
    order.file = t.file("surface.png").toStdString();
    order.size = {500, 400};
    order.source = "basins.npz";
    t.window.exportNow(order);
    REQUIRE(eventually([&] { return QFile::exists(t.file("surface.png")); }, 60'000));
    const QImage image(t.file("surface.png"));
    CHECK(image.size() == QSize(500, 400));
    CHECK(image.pixel(250, 200) != image.pixel(2, 2));
  }
}

TEST_CASE("the window follows the theme") {
  Window t;
  t.openGrid();
  t.window.findChild<QAction*>("actionTheme_dark")->trigger();
  CHECK(currentTheme() == Theme::dark);
  CHECK(eventually([&] { return t.window.palette().color(QPalette::Window).lightness() < 100; }));
  t.window.findChild<QAction*>("actionTheme_light")->trigger();
  CHECK(currentTheme() == Theme::light);
}
