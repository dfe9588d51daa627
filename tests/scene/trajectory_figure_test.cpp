#include "ui/figures/trajectory_figure.h"

#include <QImage>
#include <QPainter>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <limits>

#include "ui/figures/marks.h"

using namespace tarn;
using namespace tarn::ui;

namespace {

constexpr QRectF kWaysArea(0, 0, 800, 600);

TrajectoryData twoRuns() {
  TrajectoryData data;
  data.runs = {{"first", {{0, 0}, {2, 1}, {4, 4}}, {3, 2, 1}, 0.5},
               {"second", {{0, 0}, {-2, 3}}, {3, 1}, 0.25}};
  data.x.name = "pca:1";
  data.x.share = 0.62;
  data.y.name = "pca:2";
  return data;
}

bool looksLike(const QColor& seen, const QColor& wanted) {
  return std::abs(seen.red() - wanted.red()) + std::abs(seen.green() - wanted.green()) +
             std::abs(seen.blue() - wanted.blue()) <
         60;
}

}  // namespace

TEST_CASE("the part of the plane that is shown holds all points of all runs, with a margin") {
  const PlaneView view = planeOf(twoRuns());
  CHECK(view.x[0] < -2);
  CHECK(view.x[1] > 4);
  CHECK(view.y[0] < 0);
  CHECK(view.y[1] > 4);
  CHECK(view.x[1] - view.x[0] < 1.2 * 6);
}

TEST_CASE("a plane without a finite point, or with one alone, is still a plane") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  TrajectoryData data;
  CHECK(planeOf(data).x[0] < planeOf(data).x[1]);
  data.runs = {{"lost", {{nan, 1}}, {1}}};
  CHECK(planeOf(data).y[0] < planeOf(data).y[1]);
  data.runs = {{"still", {{5, 5}}, {1}}};
  CHECK(planeOf(data).x[0] < 5);
  CHECK(planeOf(data).x[1] > 5);
}

TEST_CASE("every run is drawn in its own colour, where its points are") {
  for (const Theme theme : {Theme::light, Theme::dark}) {
    const TrajectoryFigure figure(twoRuns(), theme);
    QImage image(kWaysArea.size().toSize(), QImage::Format_RGB32);
    image.fill(theme == Theme::light ? Qt::white : Qt::black);
    QPainter painter(&image);
    figure.paint(painter, kWaysArea);
    // Somewhere on the second run's only line there is its dash.
    const QPointF from = figure.positionOf(kWaysArea, {0, 0});
    const QPointF to = figure.positionOf(kWaysArea, {-2, 3});
    int seen = 0;
    for (int i = 20; i < 80; ++i) {
      const QPointF at = from + (to - from) * i / 100.0;
      seen += looksLike(image.pixelColor(at.toPoint()), runLook(1).colour) ? 1 : 0;
    }
    CHECK(seen > 10);
  }
}

TEST_CASE("an axis says how much of the motion lies along it") {
  CHECK(twoRuns().x.text() == "pca:1 (62 % of the motion)");
  CHECK(twoRuns().y.text() == "pca:2");
}
