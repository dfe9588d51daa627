#include "ui/scene/curve_smoothing.h"

#include <QImage>
#include <QPainter>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <cmath>
#include <limits>
#include <random>

#include "ui/figures/curve_figure.h"
#include "ui/figures/marks.h"

using namespace tarn;
using namespace tarn::ui;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

namespace {

constexpr QRectF kSmoothedArea(0, 0, 1000, 750);

std::vector<double> noisyLosses(std::size_t count) {
  std::mt19937 random(5);
  std::uniform_real_distribution<double> spread(1, 3);
  std::vector<double> values;
  values.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    values.push_back(spread(random));
  }
  return values;
}

/// A loss every ten steps, so many times an epoch.
RunCurves runMeasured(const std::vector<double>& losses, double perEpoch) {
  RunCurves run;
  run.name = "run";
  for (std::size_t i = 0; i < losses.size(); ++i) {
    StoredMetric metric;
    metric.step = static_cast<std::int64_t>(10 * (i + 1));
    metric.epoch = static_cast<double>(i + 1) / perEpoch;
    metric.loss = losses[i];
    metric.rate = 0.1;
    metric.probes = {{"validation_loss", 2.7}};
    run.add(metric);
  }
  return run;
}

double colourDistance(const QColor& a, const QColor& b) {
  return std::hypot(a.red() - b.red(), a.green() - b.green(), a.blue() - b.blue());
}

}  // namespace

TEST_CASE("a smoothed value is the mean of all before it, each weighed s times the next") {
  const std::vector<double> values = noisyLosses(60);
  for (const double s : {0.3, 0.6, 0.9, 0.99}) {
    const std::vector<double> averages = smoothed(values, s);
    REQUIRE(averages.size() == values.size());
    for (std::size_t k = 0; k < values.size(); ++k) {
      double weights = 0;
      double sum = 0;
      for (std::size_t i = 0; i <= k; ++i) {
        const double weight = std::pow(s, static_cast<double>(k - i));
        weights += weight;
        sum += weight * values[i];
      }
      CHECK_THAT(averages[k], WithinRel(sum / weights, 1e-12));
    }
  }
}

TEST_CASE("without smoothing values stay as they are, and constants at any") {
  const std::vector<double> values = noisyLosses(20);
  CHECK(smoothed(values, 0) == values);
  for (const double average : smoothed(std::vector<double>(50, 7.0), 0.99)) {
    CHECK_THAT(average, WithinRel(7.0, 1e-12));
  }
  CHECK(smoothed({}, 0.5).empty());
}

TEST_CASE("a gap stays a gap, and what is behind it is averaged as if it were not there") {
  const double gap = std::numeric_limits<double>::quiet_NaN();
  const double much = std::numeric_limits<double>::infinity();
  const auto with = smoothed({1, 4, gap, 2, much, 8}, 0.7);
  const auto without = smoothed({1, 4, 2, 8}, 0.7);
  CHECK(std::isnan(with[2]));
  CHECK(with[4] == much);
  CHECK(std::vector{with[0], with[1], with[3], with[5]} == without);
}

TEST_CASE("unless it is wished, only what minibatches say within an epoch is smoothed") {
  const RunCurves often = runMeasured(noisyLosses(20), 10);
  const RunCurves seldom = runMeasured(noisyLosses(20), 1);
  const auto of = [](const RunCurves& run, CurvePart part, std::optional<double> wish) {
    return smoothingOf(run.of(part), part, false, wish);
  };
  CHECK(of(often, CurvePart::loss, {}) == kUsualSmoothing);
  CHECK(of(seldom, CurvePart::loss, {}) == 0);
  CHECK(smoothingOf(often.heldOutLoss, CurvePart::loss, true, {}) == 0);
  CHECK(of(often, CurvePart::loss, 0.0) == 0);
  CHECK(of(seldom, CurvePart::loss, 0.5) == 0.5);
  // What was held out is exact, and a rate is set.
  CHECK(smoothingOf(often.heldOutLoss, CurvePart::loss, true, 0.5) == 0);
  CHECK(of(often, CurvePart::rate, 0.5) == 0);
}

TEST_CASE("the smoothed curve is strong, and what was measured is pale behind it") {
  // 40 losses of 1, and one of 3 among them.
  std::vector<double> losses(41, 1.0);
  losses[20] = 3;
  const auto data = std::make_shared<const CurveData>(CurveData{{runMeasured(losses, 10)}});
  CurveStyle style;
  style.smoothing = 0.5;
  const CurveFigure figure(data, {CurvePart::loss}, style);
  QImage image(kSmoothedArea.size().toSize(), QImage::Format_RGB32);
  image.fill(Qt::white);
  QPainter painter(&image);
  figure.paint(painter, kSmoothedArea);
  painter.end();

  const auto at = [&](std::size_t i) {
    return *figure.positionOf(
        kSmoothedArea, {0, CurvePart::loss, false, 10.0 * static_cast<double>(i + 1), 0, {}});
  };
  const auto nearest = [&](const QPointF& place, const QColor& colour) {
    double least = std::numeric_limits<double>::infinity();
    for (int dy = -2; dy <= 2; ++dy) {
      for (int dx = -1; dx <= 1; ++dx) {
        least = std::min(
            least, colourDistance(image.pixelColor(place.toPoint() + QPoint(dx, dy)), colour));
      }
    }
    return least;
  };
  const QColor strong = runLook(0).colour;
  // At 3 there is a pale line alone.
  CHECK(nearest(at(20) + QPointF(0, 2), strong) > 100);
  CHECK(nearest(at(20) + QPointF(0, 2), Qt::white) < 100);
  CHECK(colourDistance(image.pixelColor((at(20) + QPointF(0, 3)).toPoint()), Qt::white) > 30);
  // The average of many ones, the 3 and the ones behind it: 2, 1.5, 1.25, …
  const double unit = (at(20).y() - at(19).y()) / 2;
  CHECK(nearest(QPointF(at(20).x(), at(19).y() + unit), strong) < 60);
  CHECK(nearest(QPointF(at(21).x(), at(19).y() + unit / 2), strong) < 60);

  const auto hit = figure.hitAt(kSmoothedArea, QPointF(at(20).x(), at(19).y() + unit));
  REQUIRE(hit);
  CHECK(hit->value == 3);
  CHECK_THAT(hit->average.value(), WithinAbs(2, 1e-5));
}
