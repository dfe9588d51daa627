#include "ui/scene/scene_overlay.h"

#include <QImage>
#include <QPaintEngine>
#include <QPainter>
#include <QPolygonF>
#include <array>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <cmath>
#include <numbers>

namespace {

using namespace tarn;

/// An image that notes where texts are drawn, and draws nothing.
class TextRecorder : public QImage {
 public:
  struct Text {
    QString words;
    QPolygonF outline;  ///< of its letters
  };

  TextRecorder() : QImage(1, 1, Format_RGB32) {}
  QPaintEngine* paintEngine() const override { return &engine_; }
  const std::vector<Text>& texts() const { return engine_.texts; }

 private:
  class Engine : public QPaintEngine {
   public:
    Engine() : QPaintEngine(AllFeatures) {}
    bool begin(QPaintDevice*) override { return true; }
    bool end() override { return true; }
    Type type() const override { return User; }
    void updateState(const QPaintEngineState&) override {}
    void drawPixmap(const QRectF&, const QPixmap&, const QRectF&) override {}
    void drawPolygon(const QPointF*, int, PolygonDrawMode) override {}
    void drawPath(const QPainterPath&) override {}
    void drawTextItem(const QPointF& at, const QTextItem& item) override {
      const double height = 0.7 * item.ascent();
      const QRectF letters(at.x(), at.y() - height, item.width(), height);
      texts.push_back({item.text(), painter()->transform().map(QPolygonF(letters))});
    }
    std::vector<Text> texts;
  };
  mutable Engine engine_;
};

constexpr QSizeF kArea(360, 300);

/// A cube on a small area, seen from far away. With a size of 72 it reaches up to the edges of the
/// area, and captions have no room outside of its numbers.
ui::SceneOverlay cubeSeenFrom(double azimuth, double elevation, double size) {
  const double a = azimuth * std::numbers::pi / 180;
  const double e = elevation * std::numbers::pi / 180;
  const auto axis = [](const char* caption) {
    return ui::BoxAxis{ui::roundTicks(-1, 1, 6), [](double value) { return value; },
                       QString::fromUtf8(caption)};
  };
  return {.size = kArea,
          .text = 12,
          .title = {},
          .toPosition =
              [a, e, size](const ui::Point3& p) {
                const double depth = std::cos(a) * p[0] + std::sin(a) * p[1];
                return QPointF(
                    kArea.width() / 2 + size * (std::cos(a) * p[1] - std::sin(a) * p[0]),
                    kArea.height() / 2 - size * (std::cos(e) * p[2] - std::sin(e) * depth));
              },
          .floor = -1,
          .axes = {axis("along the first axis"), axis("along the second axis"),
                   axis("along the third axis")},
          .legend = {},
          .heights = {std::array{0.0, 1.0}, ui::HeightScale::linear},
          .colours = ui::ColourMap("viridis"),
          .caption = "loss"};
}

struct Texts {
  std::vector<QPolygonF> captions;
  std::vector<QPolygonF> numbers;  ///< of the axes
};

Texts textsOf(const ui::SceneOverlay& overlay) {
  TextRecorder recorder;
  QPainter painter(&recorder);
  ui::paintSceneOverlay(painter, overlay);
  painter.end();
  Texts result;
  for (const auto& text : recorder.texts()) {
    if (text.words.startsWith("along the")) {
      result.captions.push_back(text.outline);
    } else if (result.captions.empty()) {  // those of the colour bar come last
      result.numbers.push_back(text.outline);
    }
  }
  return result;
}

}  // namespace

TEST_CASE("captions of a small box that is turned lie in the area, on no number and no other one") {
  const double size = GENERATE(50.0, 72.0);
  for (int azimuth = -180; azimuth < 180; azimuth += 5) {
    for (const int elevation : {5, 15, 30, 45}) {
      CAPTURE(azimuth, elevation);
      const auto [captions, numbers] = textsOf(cubeSeenFrom(azimuth, elevation, size));
      CHECK(captions.size() >= 2);  // of an edge that is seen end on none
      for (std::size_t i = 0; i < captions.size(); ++i) {
        const QRectF area(QPointF(), kArea);
        CHECK(area.contains(captions[i].boundingRect()));
        for (std::size_t j = 0; j < i; ++j) {
          CHECK_FALSE(captions[i].intersects(captions[j]));
        }
        for (const QPolygonF& number : numbers) {
          CHECK((size > 50.0 || !captions[i].intersects(number)));
        }
      }
    }
  }
}
