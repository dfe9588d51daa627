#include "ui/figures/curve_figure.h"

#include <QImage>
#include <QPainter>
#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <cmath>
#include <limits>

#include "topology/base/error.h"
#include "ui/figures/marks.h"

using namespace tarn;
using namespace tarn::ui;
using Catch::Matchers::WithinAbs;

namespace {

constexpr QRectF kCurveArea(0, 0, 1000, 750);

StoredMetric metricAt(std::int64_t step, double loss) {
  StoredMetric metric;
  metric.step = step;
  metric.epoch = static_cast<double>(step) / 10;
  metric.loss = loss;
  metric.gradientNorm = 2 * loss;
  metric.rate = 0.1;
  return metric;
}

/// Losses 10^(2 − t/20) at t = 0, 10, 20, …, 100.
RunCurves falling(std::size_t look) {
  RunCurves run;
  run.name = "run";
  run.look = look;
  for (std::int64_t step = 0; step <= 100; step += 10) {
    run.add(metricAt(step, std::pow(10.0, 2 - static_cast<double>(step) / 20)));
  }
  return run;
}

CurveFigure figureOf(CurveData data, const std::vector<CurvePart>& parts,
                     const CurveStyle& style = {}) {
  return {std::make_shared<const CurveData>(std::move(data)), parts, style};
}

CurveHit lossAt(double step, std::size_t run = 0, bool heldOut = false) {
  return {run, CurvePart::loss, heldOut, step, 0};
}

QImage painted(const CurveFigure& figure, const QRectF& area = kCurveArea) {
  QImage image(area.size().toSize(), QImage::Format_RGB32);
  image.fill(Qt::white);
  QPainter painter(&image);
  figure.paint(painter, area);
  return image;
}

/// The darkest grey within a few pixels.
int darkestNear(const QImage& image, const QPointF& at) {
  int darkest = 255;
  for (int dy = -3; dy <= 3; ++dy) {
    for (int dx = -3; dx <= 3; ++dx) {
      darkest = std::min(darkest, qGray(image.pixel(at.toPoint() + QPoint(dx, dy))));
    }
  }
  return darkest;
}

}  // namespace

TEST_CASE("on a logarithmic axis a geometric decay is a straight line") {
  CurveStyle style;
  style.logarithmic = true;
  const CurveFigure figure = figureOf({{falling(0)}}, {CurvePart::loss}, style);
  const auto at = [&](double step) { return *figure.positionOf(kCurveArea, lossAt(step)); };
  const double slope = (at(100).y() - at(0).y()) / (at(100).x() - at(0).x());
  for (int tens = 1; tens < 10; ++tens) {
    const double step = 10. * tens;
    CHECK_THAT((at(step).y() - at(0).y()) / (at(step).x() - at(0).x()), WithinAbs(slope, 1e-6));
  }
}

TEST_CASE("steps and epochs are two scales of one axis") {
  CurveStyle epochs;
  epochs.axis = CurveAxis::epoch;
  const CurveFigure bySteps = figureOf({{falling(0)}}, {CurvePart::loss});
  const CurveFigure byEpochs = figureOf({{falling(0)}}, {CurvePart::loss}, epochs);
  for (const double step : {0.0, 30.0, 100.0}) {
    CHECK_THAT(byEpochs.positionOf(kCurveArea, lossAt(step))->x(),
               WithinAbs(bySteps.positionOf(kCurveArea, lossAt(step))->x(), 1e-6));
  }
}

TEST_CASE("a curve passes through its points, and has a gap where a value is no number") {
  RunCurves run = falling(0);
  run.of(CurvePart::loss).values[5] = std::numeric_limits<double>::quiet_NaN();
  const CurveFigure figure = figureOf({{run}}, {CurvePart::loss}, {Theme::light, "", true});
  const QImage image = painted(figure);
  CHECK(darkestNear(image, *figure.positionOf(kCurveArea, lossAt(20))) < 160);
  // Half way between the neighbours of the gap.
  const QPointF gap =
      (*figure.positionOf(kCurveArea, lossAt(40)) + *figure.positionOf(kCurveArea, lossAt(60))) / 2;
  CHECK(darkestNear(image, gap) > 200);
}

TEST_CASE("a constant is drawn where it is beside 0, and 0 where it is beside 1") {
  const auto placeOf = [](const std::vector<double>& losses) {
    RunCurves run;
    run.name = "run";
    for (std::size_t i = 0; i < losses.size(); ++i) {
      run.add(metricAt(static_cast<std::int64_t>(i), losses[i]));
    }
    const CurveFigure figure = figureOf({{run}}, {CurvePart::loss});
    return figure.positionOf(kCurveArea, lossAt(0)).value().y();
  };
  CHECK(placeOf({0, 0, 0}) == placeOf({0, 0, 1}));
  CHECK(placeOf({.5, .5, .5}) == placeOf({.5, .5, 0}));
}

TEST_CASE("the cursor finds the curve that is near, and none where there is none") {
  RunCurves second = falling(1);
  for (double& value : second.of(CurvePart::loss).values) {
    value *= 3;
  }
  const CurveFigure figure =
      figureOf({{falling(0), second}}, {CurvePart::loss, CurvePart::gradientNorm});
  const QPointF at = *figure.positionOf(kCurveArea, lossAt(20, 1));
  const auto hit = figure.hitAt(kCurveArea, at + QPointF(2, 2));
  REQUIRE(hit);
  CHECK(hit->run == 1);
  CHECK(hit->step == 20);
  CHECK_THAT(hit->value, WithinAbs(30, 1e-9));
  CHECK_FALSE(figure.hitAt(kCurveArea, QPointF(2, 2)));
}

TEST_CASE("what was measured on samples held out is a curve of its own") {
  RunCurves run;
  for (std::int64_t step = 0; step <= 20; step += 10) {
    StoredMetric metric = metricAt(step, 1);
    metric.probes = {{"validation_loss", 2.0 + static_cast<double>(step)},
                     {"validation_accuracy", 0.5}};
    run.add(metric);
  }
  CHECK(run.heldOutLoss.values == std::vector<double>{2, 12, 22});
  CHECK(run.heldOutAccuracy.values.size() == 3);
  const CurveData data{{run}};
  CHECK(data.has(CurvePart::accuracy));
  CHECK_FALSE(data.has(CurvePart::stepNorm));
  const CurveFigure figure = figureOf(data, {CurvePart::loss});
  CHECK(figure.positionOf(kCurveArea, lossAt(20, 0, true))->y() <
        figure.positionOf(kCurveArea, lossAt(20, 0, false))->y());
}

TEST_CASE("a metric of the same step again says what it adds, without a second point") {
  RunCurves run;
  run.add(metricAt(10, 1));
  StoredMetric again = metricAt(10, 1);
  again.probes = {{"validation_loss", 2.0}};
  run.add(again);
  CHECK(run.of(CurvePart::loss).values.size() == 1);
  CHECK(run.heldOutLoss.values.size() == 1);
  // A row that has nothing but what was held out leaves no gap in the loss.
  StoredMetric only;
  only.step = 15;
  only.loss = std::numeric_limits<double>::quiet_NaN();
  only.probes = {{"validation_loss", 1.5}};
  run.add(only);
  CHECK(run.of(CurvePart::loss).values.size() == 1);
}

TEST_CASE("what is measured later than the steps after it stands at its place all the same") {
  RunCurves run = falling(0);
  for (const std::int64_t step : {0, 50, 100, 50}) {
    StoredMetric late;
    late.step = step;
    late.epoch = static_cast<double>(step) / 10;
    late.loss = std::numeric_limits<double>::quiet_NaN();
    late.probes = {{"smad", static_cast<double>(step)}};
    run.add(late);
  }
  run.add(metricAt(55, 1));
  CHECK(run.of(CurvePart::smad).steps == std::vector<double>{0, 50, 100});
  CHECK(run.of(CurvePart::smad).values == std::vector<double>{0, 50, 100});
  const CurvePoints& loss = run.of(CurvePart::loss);
  REQUIRE(loss.steps.size() == 12);
  CHECK(loss.steps[6] == 55);
  CHECK(loss.values[6] == 1);
  CHECK(loss.epochs[6] == 5.5);
  CHECK(CurveData{{run}}.has(CurvePart::smad));
}

TEST_CASE("any two of 32 runs differ in dash or mark, and eight in their marks, without colour") {
  for (std::size_t i = 0; i < 32; ++i) {
    for (std::size_t j = i + 1; j < 32; ++j) {
      INFO(i << " and " << j);
      CHECK((runLook(i).dash != runLook(j).dash || runLook(i).mark != runLook(j).mark));
      CHECK((j >= 8 || runLook(i).mark != runLook(j).mark));
    }
  }
}

TEST_CASE("curves can be painted at any size, also a handful of pixels") {
  CurveData data;
  for (std::size_t i = 0; i < 12; ++i) {
    data.runs.push_back(falling(i));
    data.runs.back().name = "a run with a rather long name " + std::to_string(i);
  }
  for (const QSize& size : {QSize(20, 15), QSize(150, 400), QSize(1600, 200)}) {
    painted(figureOf(data, data.parts()), QRectF(QPointF(), QSizeF(size)));
  }
  CHECK_THROWS_AS(curvePartFromString("speed"), Error);
}
