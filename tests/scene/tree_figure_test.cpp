#include "ui/figures/tree_figure.h"

#include <QImage>
#include <QPainter>
#include <catch2/catch_test_macros.hpp>
#include <set>

#include "scene/landscapes.h"

namespace {

using namespace tarn;
using namespace tarn::ui;

constexpr QRectF kArea(0, 0, 800, 600);

QImage painted(const TreeFigure& figure) {
  QImage image(800, 600, QImage::Format_RGB32);
  image.fill(Qt::white);
  QPainter painter(&image);
  figure.paint(painter, kArea);
  return image;
}

}  // namespace

TEST_CASE("a tree is painted with as many leaves as minima, each standing for itself") {
  const auto data = test::noisy(20, 20, 3);
  const TreeFigure figure(data.tree, TreeStyle());
  const QImage image = painted(figure);
  std::set<double> places;
  for (std::size_t i = 0; i < data.tree->minimaCount; ++i) {
    const QPointF at = figure.nodePosition(kArea, static_cast<std::int32_t>(i));
    places.insert(at.x());
    const QRect around(at.toPoint() - QPoint(2, 2), at.toPoint() + QPoint(2, 2));
    int darkest = 255;
    for (int y = around.top(); y <= around.bottom(); ++y) {
      for (int x = around.left(); x <= around.right(); ++x) {
        darkest = std::min(darkest, image.pixelColor(x, y).lightness());
      }
    }
    CHECK(darkest < 140);
  }
  CHECK(data.tree->minimaCount > 40);
  CHECK(places.size() == data.tree->minimaCount);
}

TEST_CASE("a higher value stands higher, on both scales") {
  const auto data = test::noisy(12, 12, 9);
  for (const HeightScale scale : {HeightScale::linear, HeightScale::logarithmic}) {
    TreeStyle style;
    style.height = scale;
    const TreeFigure figure(data.tree, style);
    const auto& nodes = data.tree->nodes;
    for (std::size_t i = 0; i < nodes.size(); ++i) {
      for (std::size_t k = 0; k < nodes.size(); ++k) {
        if (nodes[i].value < nodes[k].value) {
          CHECK(figure.nodePosition(kArea, static_cast<std::int32_t>(i)).y() >
                figure.nodePosition(kArea, static_cast<std::int32_t>(k)).y());
        }
      }
    }
  }
}

TEST_CASE("a node is found where it is drawn, and nothing beside the tree") {
  const auto data = test::noisy(8, 8, 4);
  const TreeFigure figure(data.tree, TreeStyle());
  for (std::int32_t i = 0; i < static_cast<std::int32_t>(data.tree->nodes.size()); ++i) {
    CHECK(figure.nodeAt(kArea, figure.nodePosition(kArea, i)) == i);
  }
  CHECK_FALSE(figure.nodeAt(kArea, {-100, -100}).has_value());
}

TEST_CASE("selecting a vertex highlights the arc it lies on") {
  const auto data = test::noisy(8, 8, 4);
  TreeFigure figure(data.tree, TreeStyle());
  const QImage before = painted(figure);
  for (const std::int64_t vertex : {std::int64_t{17}, data.tree->nodes.front().vertex}) {
    figure.select(vertex);
    CHECK(painted(figure) != before);
  }
  figure.select(std::int64_t{1} << 40);
  CHECK(painted(figure) == before);
}

TEST_CASE("trees of one minimum and of none are painted") {
  const auto bowl = test::sampled(5, 5, [](double x, double y) { return x * x + y * y; });
  CHECK(bowl.tree->minimaCount == 1);
  painted(TreeFigure(bowl.tree, TreeStyle()));
  const auto nothing = test::sampled(5, 5, [](double, double) { return std::nan(""); });
  const TreeFigure figure(nothing.tree, TreeStyle());
  painted(figure);
  CHECK_FALSE(figure.nodeAt(kArea, kArea.center()).has_value());
}
