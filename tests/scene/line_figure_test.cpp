#include "ui/figures/line_figure.h"

#include <QImage>
#include <QPainter>
#include <catch2/catch_test_macros.hpp>
#include <limits>
#include <set>

#include "topology/base/error.h"
#include "ui/figures/marks.h"

namespace {

using namespace tarn;
using namespace tarn::ui;

constexpr QRectF kLineArea(0, 0, 800, 600);

LandscapeData valuesAlong(std::vector<double> values) {
  LandscapeData data;
  const std::size_t shape[] = {values.size()};
  data.grid = std::make_shared<const ScalarGrid>(ScalarGrid::fromArray(shape, std::move(values)));
  data.tree = std::make_shared<const MergeTree>(joinTree(*data.grid, Connectivity::axes2n));
  return data;
}

QImage lineImage(const LineFigure& figure) {
  QImage image(800, 600, QImage::Format_RGB32);
  image.fill(Qt::white);
  QPainter painter(&image);
  figure.paint(painter, kLineArea);
  return image;
}

/// How many pixels of a column have the colour of the line.
int lineIn(const QImage& image, int x) {
  int count = 0;
  for (int y = 0; y < image.height(); ++y) {
    count += image.pixelColor(x, y) == runLook(0).colour ? 1 : 0;
  }
  return count;
}

/// The middle of the column in which a vertex is drawn.
int lineColumnOf(const LineFigure& figure, std::int64_t vertex) {
  int first = 800;
  int last = 0;
  for (int x = 0; x < 800; ++x) {
    if (figure.vertexAt(kLineArea, QPointF(x, 300)) == vertex) {
      first = std::min(first, x);
      last = std::max(last, x);
    }
  }
  return (first + last) / 2;
}

LandscapeStyle withoutMarks() {
  LandscapeStyle style;
  style.criticalPoints = false;
  return style;
}

}  // namespace

TEST_CASE("a landscape along one direction is a line through its values") {
  const LineFigure figure(valuesAlong({3, 1, 2, 0, 4}), withoutMarks());
  const QImage image = lineImage(figure);
  CHECK(lineIn(image, lineColumnOf(figure, 1)) > 0);
  CHECK(lineIn(image, lineColumnOf(figure, 2)) > 0);
  CHECK_FALSE(figure.vertexAt(kLineArea, QPointF(1, 300)).has_value());
}

TEST_CASE("what has no value is a gap in the line") {
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  const LineFigure figure(valuesAlong({3, 1, nan, 0, 4, 5, 6}), withoutMarks());
  const QImage image = lineImage(figure);
  CHECK(lineIn(image, lineColumnOf(figure, 2)) == 0);
  CHECK(lineIn(image, lineColumnOf(figure, 4)) > 0);
}

TEST_CASE("minima and the maximum between them are marked in the line") {
  // A mark has a black rim; the line's own points have none.
  const LineFigure marked(valuesAlong({3, 1, 2, 0, 4, 3.5, 5}), LandscapeStyle());
  const LineFigure unmarked(valuesAlong({3, 1, 2, 0, 4, 3.5, 5}), withoutMarks());
  const auto colours = [](const LineFigure& figure, std::int64_t vertex) {
    const QImage image = lineImage(figure);
    const int x = lineColumnOf(figure, vertex);
    std::set<QRgb> found;
    for (int dx = -6; dx <= 6; ++dx) {
      for (int y = 60; y < 520; ++y) {
        found.insert(image.pixel(x + dx, y));
      }
    }
    return found.size();
  };
  for (const std::int64_t vertex : {1, 2, 3, 4, 5}) {
    CHECK(colours(marked, vertex) > colours(unmarked, vertex));
  }
}

TEST_CASE("only a grid of one axis is a line") {
  LandscapeData data;
  const std::size_t shape[] = {2, 2};
  data.grid = std::make_shared<const ScalarGrid>(ScalarGrid::fromArray(shape, {1, 2, 3, 4}));
  CHECK_THROWS_AS(LineFigure(data, LandscapeStyle()), Error);
  CHECK_THROWS_AS(LineFigure(valuesAlong({1}), LandscapeStyle()), Error);
}
