// What is seen in the window, and the files and commands made of it.
#include <QClipboard>
#include <QFile>
#include <set>

#include "tests/ui/window_fixture.h"
#include "ui/views/contour_view.h"
#include "ui/views/surface_view.h"
#include "ui/views/view_area.h"

using namespace tarn;
using namespace tarn::test;
using namespace tarn::ui;

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
