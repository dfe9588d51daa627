#include <QDockWidget>
#include <QMainWindow>
#include <QOpenGLContext>
#include <QOpenGLDebugLogger>
#include <QOpenGLFunctions>
#include <QTest>
#include <array>
#include <memory>

#include <vtkActor.h>
#include <vtkCamera.h>
#include <vtkConeSource.h>
#include <vtkNew.h>
#include <vtkPolyDataMapper.h>
#include <vtkProperty.h>
#include <vtkRenderer.h>

#include "tests/ui/window_support.h"
#include "ui/bridge/orbit_camera.h"
#include "ui/bridge/render_widget.h"

using namespace tarn::test;
using tarn::ui::RenderWidget;

namespace {

/// A red cone before a blue background, seen from the side.
struct Cone {
  vtkNew<vtkRenderer> renderer;

  explicit Cone(RenderWidget& widget) {
    vtkNew<vtkConeSource> source;
    source->SetResolution(40);
    source->SetDirection(0, 0, 1);
    vtkNew<vtkPolyDataMapper> mapper;
    mapper->SetInputConnection(source->GetOutputPort());
    vtkNew<vtkActor> actor;
    actor->SetMapper(mapper);
    actor->GetProperty()->SetColor(1, 0, 0);
    actor->GetProperty()->SetAmbient(0.5);
    renderer->AddActor(actor);
    renderer->SetBackground(0, 0, 1);
    widget.renderWindow()->AddRenderer(renderer);
    renderer->GetActiveCamera();
    renderer->ResetCamera();
    widget.requestRender();
  }
};

bool isRed(const QColor& color) {
  return color.red() > 90 && color.blue() < 60;
}

bool isBlue(const QColor& color) {
  return color.blue() > 200 && color.red() < 60;
}

bool coneIsOnScreen(const RenderWidget& widget) {
  const QImage image = onScreen(widget);
  return isRed(image.pixelColor(image.rect().center())) && isBlue(image.pixelColor(4, 4)) &&
         isBlue(image.pixelColor(image.width() - 5, image.height() - 5));
}

unsigned int firstError(RenderWidget& widget) {
  widget.makeCurrent();
  const auto error = widget.context()->functions()->glGetError();
  widget.doneCurrent();
  return error;
}

}  // namespace

TEST_CASE("a VTK scene is really on the screen") {
  if (!hasOpenGL()) {
    SKIP("needs a display with OpenGL");
  }
  RenderWidget widget;
  const Cone cone(widget);
  widget.resize(400, 300);
  widget.show();
  REQUIRE(QTest::qWaitForWindowExposed(&widget));
  CHECK(eventually([&] { return coneIsOnScreen(widget); }));
  CHECK(firstError(widget) == 0U);

  SECTION("after being resized") {
    widget.resize(640, 200);
    CHECK(eventually([&] { return widget.width() == 640 && coneIsOnScreen(widget); }));
    widget.resize(150, 500);
    CHECK(eventually([&] { return widget.width() == 150 && coneIsOnScreen(widget); }));
  }
  SECTION("after being hidden and shown") {
    widget.hide();
    letPass(50);
    widget.show();
    CHECK(eventually([&] { return coneIsOnScreen(widget); }));
  }
  CHECK(firstError(widget) == 0U);
}

TEST_CASE("a VTK scene survives floating and docking") {
  if (!hasOpenGL()) {
    SKIP("needs a display with OpenGL");
  }
  QMainWindow window;
  window.setGeometry(0, 0, 800, 500);
  auto* dock = new QDockWidget("surface");
  auto* widget = new RenderWidget;
  const Cone cone(*widget);
  dock->setWidget(widget);
  window.addDockWidget(Qt::LeftDockWidgetArea, dock);
  window.show();
  REQUIRE(QTest::qWaitForWindowExposed(&window));
  REQUIRE(eventually([&] { return coneIsOnScreen(*widget); }));
  const auto* context = widget->context();
  for (int round = 0; round < 3; ++round) {
    dock->setFloating(true);
    dock->setGeometry(850, 50, 350, 350);
    CHECK(eventually([&] { return coneIsOnScreen(*widget); }));
    dock->setFloating(false);
    CHECK(eventually([&] { return coneIsOnScreen(*widget); }));
    CHECK(firstError(*widget) == 0U);
  }
  CHECK(widget->context() == context);

  SECTION("and its window's end with another one still open") {
    RenderWidget other;
    const Cone otherCone(other);
    other.setGeometry(850, 50, 300, 300);
    other.show();
    REQUIRE(eventually([&] { return coneIsOnScreen(other); }));
    delete dock;
    other.requestRender();
    CHECK(eventually([&] { return coneIsOnScreen(other); }));
    CHECK(firstError(other) == 0U);
  }
}

TEST_CASE("a VTK scene is drawn again after its widget moved to a new parent") {
  if (!hasOpenGL()) {
    SKIP("needs a display with OpenGL");
  }
  auto first = std::make_unique<QWidget>();
  QWidget second;
  auto* widget = new RenderWidget(first.get());
  const Cone cone(*widget);
  for (QWidget* parent : {first.get(), &second}) {
    parent->setGeometry(50, 50, 320, 320);
    widget->setParent(parent);
    widget->setGeometry(10, 10, 300, 300);
    parent->show();
    widget->show();
    CHECK(eventually([&] { return coneIsOnScreen(*widget); }));
  }
  first.reset();
  CHECK(eventually([&] { return coneIsOnScreen(*widget); }));
}

TEST_CASE("OpenGL's own log has no error while a scene is drawn") {
  if (!hasOpenGL()) {
    SKIP("needs a display with OpenGL");
  }
  QSurfaceFormat format = QSurfaceFormat::defaultFormat();
  format.setOption(QSurfaceFormat::DebugContext);
  RenderWidget widget;
  widget.setFormat(format);
  const Cone cone(widget);
  widget.resize(300, 300);
  widget.show();
  REQUIRE(QTest::qWaitForWindowExposed(&widget));
  widget.makeCurrent();
  QOpenGLDebugLogger log;
  const bool logs = log.initialize();
  widget.doneCurrent();
  if (!logs) {
    SKIP("this OpenGL has no debug log");
  }
  widget.makeCurrent();
  log.startLogging(QOpenGLDebugLogger::SynchronousLogging);
  widget.doneCurrent();
  QStringList errors;
  QObject::connect(&log, &QOpenGLDebugLogger::messageLogged, &log,
                   [&](const QOpenGLDebugMessage& message) {
                     if (message.type() == QOpenGLDebugMessage::ErrorType) {
                       errors += message.message();
                     }
                   });
  for (const int side : {200, 350, 250}) {
    widget.resize(side, side);
    widget.requestRender();
    CHECK(eventually([&] { return coneIsOnScreen(widget); }));
  }
  CHECK(errors.join("\n").toStdString().empty());
  widget.makeCurrent();
  log.stopLogging();
  widget.doneCurrent();
}

TEST_CASE("dragging turns the camera, and a click that is no drag picks") {
  if (!hasOpenGL()) {
    SKIP("needs a display with OpenGL");
  }
  RenderWidget widget;
  const Cone cone(widget);
  tarn::ui::OrbitCamera orbit(&widget, cone.renderer);
  widget.resize(300, 300);
  widget.show();
  REQUIRE(QTest::qWaitForWindowExposed(&widget));
  int clicks = 0;
  int still = 0;
  QObject::connect(&orbit, &tarn::ui::OrbitCamera::clicked, [&] { ++clicks; });
  QObject::connect(&orbit, &tarn::ui::OrbitCamera::movingChanged,
                   [&](bool moving) { still += moving ? 0 : 1; });
  orbit.orbit(0, 20);
  const double before = cone.renderer->GetActiveCamera()->GetDistance();
  QTest::mouseClick(&widget, Qt::LeftButton, {}, QPoint(150, 150));
  CHECK(clicks == 1);
  std::array<double, 3> start{};
  cone.renderer->GetActiveCamera()->GetPosition(start.data());
  QTest::mousePress(&widget, Qt::LeftButton, {}, QPoint(100, 100));
  QTest::mouseMove(&widget, QPoint(160, 100));
  QTest::mouseMove(&widget, QPoint(200, 100));
  QTest::mouseRelease(&widget, Qt::LeftButton, {}, QPoint(200, 100));
  std::array<double, 3> end{};
  cone.renderer->GetActiveCamera()->GetPosition(end.data());
  CHECK(clicks == 1);
  CHECK(end != start);
  CHECK(std::abs(cone.renderer->GetActiveCamera()->GetDistance() - before) < 1e-9 * before);
  CHECK(eventually([&] { return still == 1; }));
}
