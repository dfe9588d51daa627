#include "ui/figures/spectrum_figure.h"

#include <QImage>
#include <QPainter>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <set>

#include "scene/spectra.h"
#include "ui/figures/marks.h"

using namespace tarn;
using namespace tarn::ui;
using Catch::Matchers::WithinAbs;
using nlohmann::json;

namespace {

constexpr QRectF kArea(0, 0, 1000, 750);

SpectrumDataPtr read(const json& result) {
  return std::make_shared<const SpectrumData>(spectrumDataOf(result));
}

QImage painted(const SpectrumFigure& figure, const QRectF& area = kArea) {
  QImage image(area.size().toSize(), QImage::Format_RGB32);
  image.fill(Qt::white);
  QPainter painter(&image);
  figure.paint(painter, area);
  return image;
}

SpectrumFigure figureOf(const json& result, std::optional<SpectrumPart> part,
                        const SpectrumStyle& style = {}) {
  const auto data = read(result);
  return {data, part ? std::vector{*part} : data->parts(), style};
}

SpectrumHit eigenvalue(std::size_t index) {
  return {SpectrumPart::eigenvalues, index};
}

/// Far more of a colour's hue than of any other.
bool looksLike(const QColor& seen, const QColor& wanted) {
  return std::abs(seen.red() - wanted.red()) + std::abs(seen.green() - wanted.green()) +
             std::abs(seen.blue() - wanted.blue()) <
         60;
}

}  // namespace

TEST_CASE("equal eigenvalues stand equally high, twice the eigenvalue twice as far from 0") {
  const SpectrumFigure figure = figureOf(test::deepLinearSpectrum(), SpectrumPart::eigenvalues);
  const auto height = [&](std::size_t i) { return figure.positionOf(kArea, eigenvalue(i))->y(); };
  const double zero = height(71);
  CHECK(height(0) == height(8));
  CHECK(height(9) == height(26));
  CHECK(height(27) == zero);
  CHECK_THAT((zero - height(0)) / (zero - height(9)), WithinAbs(2.0, 1e-9));
}

TEST_CASE("an eigenvalue is drawn where it is found, in the colour of its sign") {
  SpectrumStyle style;
  SECTION("linear") {}
  SECTION("logarithmic") {
    style.logarithmic = true;
  }
  const SpectrumFigure figure =
      figureOf(test::semicircleSpectrum(), SpectrumPart::eigenvalues, style);
  const QImage image = painted(figure);
  double before = 0;
  for (std::size_t i = 0; i < 3; ++i) {
    const QPointF at = *figure.positionOf(kArea, eigenvalue(i));
    CHECK(at.y() > before);
    before = at.y();
    CHECK(figure.hitAt(kArea, at) == eigenvalue(i));
    // The last is negative and did not converge: its mark is hollow.
    bool seen = false;
    for (int dy = -8; dy <= 8; ++dy) {
      for (int dx = -8; dx <= 8; ++dx) {
        const QColor colour = image.pixelColor(at.toPoint() + QPoint(dx, dy));
        seen = seen || looksLike(colour, runLook(i < 2 ? 4 : 0).colour);
      }
    }
    CHECK(seen);
    CHECK(looksLike(image.pixelColor(at.toPoint()), runLook(4).colour) == (i < 2));
  }
  CHECK_FALSE(figure.hitAt(kArea, {2, 2}).has_value());
}

TEST_CASE("the residual's bar of a pair that is worse by a power of ten is longer by one") {
  // Residuals 1e-3, 2e-2 and 5e-1: what is measured is where the bars end, in the strip below.
  const SpectrumFigure figure = figureOf(test::semicircleSpectrum(), SpectrumPart::eigenvalues);
  const QImage image = painted(figure);
  std::vector<int> tops;
  for (std::size_t i = 0; i < 3; ++i) {
    const int x = static_cast<int>(figure.positionOf(kArea, eigenvalue(i))->x());
    const auto isBar = [&](int row) {
      const QColor colour = image.pixelColor(x, row);
      return looksLike(colour, i < 2 ? paletteOf(Theme::light).muted : runLook(0).colour);
    };
    // Words at the axis have this colour too, but no such height.
    int top = 0;
    int longest = 0;
    for (int y = image.height() * 3 / 5, run = 0; y < image.height(); ++y) {
      run = isBar(y) ? run + 1 : 0;
      if (run > longest) {
        longest = run;
        top = y + 1 - run;
      }
    }
    tops.push_back(top);
  }
  const double decade = (tops[0] - tops[1]) / std::log10(20.0);
  CHECK(decade > 10);
  CHECK_THAT((tops[1] - tops[2]) / std::log10(25.0), WithinAbs(decade, 2.0));
}

TEST_CASE("a density stands at its logarithm, down to what one eigenvalue has") {
  const json result = test::semicircleSpectrum();
  const SpectrumFigure figure = figureOf(result, SpectrumPart::density);
  const auto data = read(result);
  const auto& density = *data->density;
  const auto place = [&](double value) {
    const auto found = std::ranges::lower_bound(density.values, value - 1e-9);
    return static_cast<std::size_t>(found - density.values.begin());
  };
  const auto height = [&](std::size_t i) {
    return figure.positionOf(kArea, {SpectrumPart::density, i})->y();
  };
  const std::size_t bulk = place(0.0);
  const std::size_t outlier = place(6.0);
  const std::size_t slope = place(0.8);
  const double ratio = std::log10(density.density[bulk] / density.density[outlier]);
  CHECK(ratio > 2);
  const double decade = (height(outlier) - height(bulk)) / ratio;
  CHECK_THAT(
      (height(slope) - height(bulk)) / std::log10(density.density[bulk] / density.density[slope]),
      WithinAbs(decade, 1e-6));
  // An isolated eigenvalue's stem ends where its own density does: 1/(P σ √2π).
  const QPointF stem = *figure.positionOf(kArea, eigenvalue(1));
  CHECK_THAT(stem.y(), WithinAbs(height(outlier), 0.5));
  CHECK(figure.hitAt(kArea, stem) == eigenvalue(1));
  const QImage image = painted(figure);
  CHECK(looksLike(image.pixelColor(QPoint(qRound(stem.x()), qRound(stem.y()))), runLook(0).colour));
}

TEST_CASE("the curve of a density is blue where it stands, with its band around it") {
  const SpectrumFigure figure = figureOf(test::semicircleSpectrum(), SpectrumPart::density);
  const QImage image = painted(figure);
  const QPointF at = *figure.positionOf(kArea, {SpectrumPart::density, 150});
  bool seen = false;
  for (int dy = -2; dy <= 2; ++dy) {
    seen = seen || looksLike(image.pixelColor(at.toPoint() + QPoint(0, dy)), runLook(4).colour);
  }
  CHECK(seen);
  CHECK(figure.hitAt(kArea, at) == SpectrumHit{SpectrumPart::density, 150});
}

TEST_CASE("a layer's bar begins at 0 and is found by its row") {
  const SpectrumFigure figure = figureOf(test::layeredSpectrum(), SpectrumPart::layers);
  const QImage image = painted(figure);
  std::vector<double> middles;
  for (std::size_t i = 0; i < 3; ++i) {
    const SpectrumHit hit{SpectrumPart::layers, i};
    const QPointF middle = *figure.positionOf(kArea, hit);
    middles.push_back(middle.x());
    CHECK(figure.hitAt(kArea, middle) == hit);
    CHECK(looksLike(image.pixelColor(middle.toPoint()), runLook(4).colour));
  }
  // Traces 8, −2 and 4: the middles of their bars stand at 4, −1 and 2.
  CHECK_THAT((middles[0] - middles[1]) / (middles[2] - middles[1]), WithinAbs(5.0 / 3.0, 1e-9));
}

TEST_CASE("another layer's weights are another picture, and its row is highlighted") {
  SpectrumStyle style;
  const QImage first = painted(figureOf(test::layeredSpectrum(), SpectrumPart::weights, style));
  style.layer = "fc3";
  const SpectrumFigure figure = figureOf(test::layeredSpectrum(), SpectrumPart::weights, style);
  CHECK(painted(figure) != first);
  const SpectrumHit other{SpectrumPart::weights, 0};
  CHECK(figure.hitAt(kArea, *figure.positionOf(kArea, other)) == other);
}

TEST_CASE("chosen eigenvalues are highlighted in both of their pictures") {
  for (const SpectrumPart part : {SpectrumPart::eigenvalues, SpectrumPart::density}) {
    SpectrumStyle style;
    const QImage before = painted(figureOf(test::semicircleSpectrum(), part, style));
    style.chosen = {1};
    CHECK(painted(figureOf(test::semicircleSpectrum(), part, style)) != before);
  }
}

TEST_CASE("all parts stand beside each other in one figure, whatever its shape") {
  for (const QRectF& area : {QRectF(0, 0, 1600, 1200), QRectF(0, 0, 500, 1400),
                             QRectF(0, 0, 1800, 500), QRectF(0, 0, 240, 180)}) {
    json four = test::wholeSpectrum();
    four.erase("inflation");
    four.erase("splits");
    const SpectrumFigure figure = figureOf(four, std::nullopt);
    painted(figure, area);
    std::set<int> quarters;
    for (const SpectrumHit& hit :
         {eigenvalue(0), SpectrumHit{SpectrumPart::density, 200},
          SpectrumHit{SpectrumPart::layers, 1}, SpectrumHit{SpectrumPart::weights, 0}}) {
      const auto at = figure.positionOf(area, hit);
      REQUIRE(at.has_value());
      CHECK(area.contains(*at));
      quarters.insert((at->x() > area.center().x() ? 1 : 0) +
                      (at->y() > area.center().y() ? 2 : 0));
    }
    CHECK(quarters.size() == 4);
    // A fifth has the row below for itself.
    const SpectrumFigure five = figureOf(test::wholeSpectrum(), std::nullopt);
    painted(five, area);
    const auto below = five.positionOf(area, {SpectrumPart::batches, 0});
    REQUIRE(below.has_value());
    CHECK(below->y() > area.bottom() - area.height() / 3);
  }
}

TEST_CASE("the largest eigenvalue stands at its number of samples, further right for more") {
  const SpectrumFigure figure = figureOf(test::batchedSpectrum(), SpectrumPart::batches);
  const auto place = [&](std::size_t i) {
    return *figure.positionOf(kArea, {SpectrumPart::batches, i});
  };
  // By size: 20 of batches of 8, 12 of batches of 64.
  CHECK(place(0).x() < place(1).x());
  CHECK(place(0).y() < place(1).y());
  const QImage image = painted(figure);
  for (std::size_t i = 0; i < 2; ++i) {
    CHECK(looksLike(image.pixelColor(place(i).toPoint() + QPoint(2, 0)), runLook(4).colour));
    CHECK(figure.hitAt(kArea, place(i)) == SpectrumHit{SpectrumPart::batches, i});
  }
  // Halves are drawn beside them, and alone.
  json halves = test::batchedSpectrum();
  halves.erase("inflation");
  const SpectrumFigure alone = figureOf(halves, SpectrumPart::batches);
  CHECK(painted(alone) != image);
  halves.erase("splits");
  CHECK_FALSE(read(halves)->has(SpectrumPart::batches));
}

TEST_CASE("facts take as many lines as the width asks for") {
  const QStringList facts{"one fact", "another fact", "a third fact"};
  CHECK(factLines(facts, QRectF(0, 0, 2000, 100), 12).size() == 1);
  CHECK(factLines(facts, QRectF(0, 0, 60, 100), 12) == facts);
  CHECK(factLines({}, kArea, 12).isEmpty());
}

TEST_CASE("spectra of one eigenvalue, of zeros, and of enormous numbers are painted") {
  const double most = std::numeric_limits<double>::max();
  for (const json& result :
       {json{{"eigenvalues", {1.0}}}, json{{"eigenvalues", {0.0, 0.0}}, {"residuals", {0.0, 0.0}}},
        json{{"eigenvalues", {most, -most}}, {"residuals", {most, most}}},
        json{{"density", {{"values", {0.0, 1.0}}, {"density", {0.0, 0.0}}}}},
        json{{"density", {{"values", {-most, most}}, {"density", {most, -most}}}}},
        json{{"inflation", {{{"batch", most}, {"eigenvalue", -most}, {"standard_error", most}}}}},
        json{{"splits", {{"eigenvalues_a", {0.0}}, {"eigenvalues_b", {most}}}}},
        json{{"layers", {json::object(), 3, nullptr}}},
        json{{"layers", {{{"trace", most}}, {{"trace", -most}, {"standard_error", most}}}}},
        json{{"weights", {json::object(), {{"eigenvalues", {0.0, 0.0}}}}}},
        json{{"weights",
              {{{"eigenvalues", {1e-300, most}}, {"alpha_ks", 1e9}, {"ks_minimum", 1}}}}}}) {
    INFO(result.dump());
    for (const bool logarithmic : {false, true}) {
      SpectrumStyle style;
      style.logarithmic = logarithmic;
      const SpectrumFigure figure = figureOf(result, std::nullopt, style);
      const QImage image = painted(figure);
      CHECK(image != QImage(image.size(), image.format()));
      figure.hitAt(kArea, kArea.center());
    }
  }
}
