#include "ui/figures/contour_figure.h"

#include <QImage>
#include <QPainter>
#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <set>
#include <tuple>

#include "scene/landscapes.h"
#include "topology/base/error.h"
#include "ui/figures/marks.h"
#include "ui/figures/palette.h"
#include "ui/scene/colour_map.h"
#include "ui/scene/height_map.h"

namespace {

using Catch::Approx;
using namespace tarn;
using namespace tarn::ui;

constexpr QRectF kArea(0, 0, 800, 600);

QImage painted(const ContourFigure& figure) {
  QImage image(800, 600, QImage::Format_RGB32);
  image.fill(Qt::white);
  QPainter painter(&image);
  figure.paint(painter, kArea);
  return image;
}

/// Where a place of the plane is drawn, found by asking what is drawn where.
QPointF positionOf(const ContourFigure& figure, double x, double y) {
  QPointF inside(400, 300);
  const QPointF here = figure.coordinatesAt(kArea, inside).value();
  const QPointF right = figure.coordinatesAt(kArea, inside + QPointF(10, 0)).value();
  const QPointF below = figure.coordinatesAt(kArea, inside + QPointF(0, 10)).value();
  return inside + QPointF(10 * (x - here.x()) / (right.x() - here.x()),
                          10 * (y - here.y()) / (below.y() - here.y()));
}

LandscapeStyle plain() {
  LandscapeStyle style;
  style.contours = false;
  style.criticalPoints = false;
  style.trajectories = false;
  return style;
}

}  // namespace

TEST_CASE("the plane is drawn with x to the right and y upwards") {
  const ContourFigure figure(test::bowlWithRuns(), plain());
  const QPointF here = figure.coordinatesAt(kArea, {300, 300}).value();
  const QPointF there = figure.coordinatesAt(kArea, {400, 200}).value();
  CHECK(there.x() > here.x());
  CHECK(there.y() > here.y());
  CHECK_FALSE(figure.coordinatesAt(kArea, {3, 3}).has_value());
}

TEST_CASE("every band of a tilted plane has its colour") {
  const auto data = test::sampled(21, 11, [](double x, double) { return x; });
  const ContourFigure figure(data, plain());
  const QImage image = painted(figure);
  const HeightMap heights(data.grid->values(), HeightScale::linear);
  const auto levels = heights.levels(LandscapeStyle().levels);
  const ColourMap colours("viridis");
  REQUIRE(levels.size() > 5);
  for (std::size_t i = 0; i + 1 < levels.size(); ++i) {
    const double middle = (levels[i].value + levels[i + 1].value) / 2;
    const QPointF at = positionOf(figure, middle, 0.3);
    CHECK(image.pixelColor(at.toPoint()) == toColour(colours.at(heights.unit(middle))));
  }
}

TEST_CASE("cells without values are grey, whatever the colour map") {
  const auto data = test::sampled(21, 21, [](double x, double y) {
    return x > 0.35 && y > 0.7 ? std::numeric_limits<double>::quiet_NaN() : x + y;
  });
  const ContourFigure figure(data, plain());
  const QImage image = painted(figure);
  const QColor masked = image.pixelColor(positionOf(figure, 0.8, 1.5).toPoint());
  CHECK(masked.saturationF() < 0.15);
  const QColor known = image.pixelColor(positionOf(figure, -0.8, -1.5).toPoint());
  CHECK(known.saturationF() > 0.5);
}

TEST_CASE("a minimum is found where it is drawn, another vertex where it lies") {
  const auto data = test::noisy(9, 9, 5);
  const ContourFigure figure(data, LandscapeStyle());
  const auto place = [&](std::int64_t vertex) {
    const auto index = data.grid->indices(vertex);
    return positionOf(figure, data.grid->axes()[1].coordinates[index[1]],
                      data.grid->axes()[0].coordinates[index[0]]);
  };
  for (std::int64_t vertex = 0; vertex < static_cast<std::int64_t>(data.grid->size()); ++vertex) {
    CHECK(figure.vertexAt(kArea, place(vertex)) == vertex);
  }
  CHECK_FALSE(figure.vertexAt(kArea, {1, 1}).has_value());
}

TEST_CASE("a constant landscape has no minimum to be marked") {
  const auto data = test::sampled(9, 9, [](double, double) { return 0.5; });
  LandscapeStyle style = plain();
  const QImage without = painted(ContourFigure(data, style));
  style.criticalPoints = true;
  CHECK(painted(ContourFigure(data, style)) == without);
}

TEST_CASE("minima and saddles are marked") {
  const auto data = test::noisy(9, 9, 5);
  LandscapeStyle style = plain();
  const QImage without = painted(ContourFigure(data, style));
  style.criticalPoints = true;
  const ContourFigure figure(data, style);
  const QImage with = painted(figure);
  for (const TreeNode& node : data.tree->nodes) {
    if (node.kind == NodeKind::root) {
      continue;
    }
    const auto index = data.grid->indices(node.vertex);
    const QPointF at = positionOf(figure, data.grid->axes()[1].coordinates[index[1]],
                                  data.grid->axes()[0].coordinates[index[0]]);
    if (QRectF(0, 0, 800, 600).contains(at)) {
      CHECK(with.pixelColor(at.toPoint()) != without.pixelColor(at.toPoint()));
    }
  }
}

TEST_CASE("a zoomed view shows its part of the plane, and the whole is shown at first") {
  const auto data = test::bowlWithRuns();
  ContourFigure figure(data, LandscapeStyle());
  CHECK(figure.view() == wholePlane(*data.grid));
  const PlaneView part{{0.25, 0.5}, {-0.5, 0.1}};
  figure.setView(part);
  for (const double t : {0.02, 0.5, 0.98}) {
    const double x = part.x[0] + t * (part.x[1] - part.x[0]);
    const double y = part.y[0] + t * (part.y[1] - part.y[0]);
    const QPointF at = positionOf(figure, x, y);
    const QPointF back = figure.coordinatesAt(kArea, at).value();
    CHECK(back.x() == Approx(x));
    CHECK(back.y() == Approx(y));
  }
}

TEST_CASE("nothing is painted outside the plot when a view is zoomed") {
  auto data = test::bowlWithRuns();
  LandscapeStyle style;
  ContourFigure whole(data, style);
  whole.setView({{-0.1, 0.1}, {-0.1, 0.1}});
  const QImage image = painted(whole);
  // The margin at the right of the colour bar's caption and below the caption of x.
  for (int i = 0; i < 600; ++i) {
    CHECK(image.pixelColor(799, i) == QColor(Qt::white));
  }
  for (int i = 0; i < 800; ++i) {
    CHECK(image.pixelColor(i, 599) == QColor(Qt::white));
  }
}

TEST_CASE("the first twelve runs differ in more than their colour") {
  std::set<std::pair<int, int>> inGrey;
  std::set<std::tuple<QRgb, int, int>> looks;
  for (std::size_t i = 0; i < 12; ++i) {
    const RunLook look = runLook(i);
    inGrey.insert({static_cast<int>(look.dash), static_cast<int>(look.mark)});
    looks.insert({look.colour.rgb(), static_cast<int>(look.dash), static_cast<int>(look.mark)});
  }
  CHECK(inGrey.size() == 12);
  CHECK(looks.size() == 12);
}

TEST_CASE("a selected vertex has a ring around it") {
  auto data = test::bowlWithRuns();
  ContourFigure figure(data, plain());
  const QImage before = painted(figure);
  figure.select(0);
  CHECK(painted(figure) != before);
  figure.select(std::nullopt);
  CHECK(painted(figure) == before);
}

TEST_CASE("a contour plot is refused for a grid that has not two axes") {
  const std::vector<std::size_t> shape = {3, 3, 3};
  const auto cube = test::landscapeOf(ScalarGrid::fromArray(shape, std::vector<double>(27, 1.0)));
  try {
    const ContourFigure figure(cube, LandscapeStyle());
    FAIL("three axes were accepted");
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::unsupported);
  }
}

TEST_CASE("landscapes without contrast or without values are painted too") {
  for (const double value : {1.0, std::numeric_limits<double>::quiet_NaN()}) {
    const auto data = test::sampled(5, 5, [=](double, double) { return value; });
    LandscapeStyle style;
    style.height = HeightScale::logarithmic;
    const QImage image = painted(ContourFigure(data, style));
    CHECK(image.pixelColor(400, 300) != QColor(Qt::white));
  }
}
