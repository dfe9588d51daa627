// The real window, driven by its actions. What needs no OpenGL runs anywhere.
#include <QComboBox>
#include <QDockWidget>
#include <QLabel>
#include <QLineEdit>
#include <QMenuBar>
#include <QRegularExpression>
#include <fstream>

#include "tests/ui/window_fixture.h"
#include "ui/panels/axis_wish.h"
#include "ui/views/view_area.h"
#include "ui/window/theme.h"

using namespace tarn;
using namespace tarn::test;
using namespace tarn::ui;

TEST_CASE("every action and every input explains itself") {
  const Window t;
  for (const QAction* action : t.window.findChildren<QAction*>(QRegularExpression("^action"))) {
    INFO(action->objectName().toStdString());
    CHECK_FALSE(action->text().isEmpty());
    CHECK_FALSE(action->toolTip().isEmpty());
    CHECK_FALSE(action->statusTip().isEmpty());
  }
  int inputs = 0;
  for (const char* name :
       {"experimentPanel", "directionsPanel", "samplingPanel", "spectrumPanel"}) {
    const auto* panel = t.window.findChild<QWidget*>(name);
    REQUIRE(panel != nullptr);
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
  CHECK(inputs >= 40);
  QStringList menus;
  for (const QAction* menu : t.window.menuBar()->actions()) {
    menus += QString(menu->text()).remove('&');
  }
  CHECK(menus == QStringList{"File", "Edit", "View", "Run", "Tools", "Help"});
}

TEST_CASE("what is wrong with an axis comes to the front, and is read whole") {
  const Window t;
  t.window.findChild<QLineEdit*>("experimentModel")->setText("mlp:2-3@init:1");
  const QString data = t.file("data.npz");
  std::ofstream(data.toStdString()) << "not looked into before the start";
  t.window.findChild<QLineEdit*>("experimentData")->setText(data);
  t.window.findChild<QLineEdit*>("samplingProject")->setText(t.file("p.tarn"));
  auto* kind = t.window.findChild<QComboBox*>("directionsKind");
  kind->setCurrentIndex(kind->findData(static_cast<int>(AxisKind::between)));
  t.window.findChild<QComboBox*>("directionsNormalize")->setCurrentText("layer");
  t.window.findChild<QDockWidget*>("dockExperiment")->raise();
  const auto* problem = t.window.findChild<QLabel*>("directionsToProblem");
  const auto* note = t.window.findChild<QLabel*>("directionsNote");
  t.action("actionStart")->trigger();
  CHECK(t.notice().contains("Directions"));
  REQUIRE(eventually([&] { return problem->isVisible(); }, 10'000));
  for (const QLabel* label : {problem, note}) {
    CHECK(label->text().size() > 40);
    CHECK(eventually([&] { return label->height() >= label->heightForWidth(label->width()); },
                     10'000));
  }
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

TEST_CASE("the window follows the theme") {
  Window t;
  t.openGrid();
  t.window.findChild<QAction*>("actionTheme_dark")->trigger();
  CHECK(currentTheme() == Theme::dark);
  CHECK(eventually([&] { return t.window.palette().color(QPalette::Window).lightness() < 100; }));
  t.window.findChild<QAction*>("actionTheme_light")->trigger();
  CHECK(currentTheme() == Theme::light);
}
