#include "ui/scene/surface_scene.h"

#include <catch2/catch_test_macros.hpp>
#include <cmath>

#include <vtkCamera.h>
#include <vtkRenderer.h>

#include "ui/scene/offscreen_window.h"
#include "ui/scene/still.h"
#include "ui/scene/surface_shape.h"

namespace {

using tarn::ui::LandscapeData;
using tarn::ui::LandscapeStyle;
using tarn::ui::SurfaceShape;

/// Four wells, in the plane's quarters.
LandscapeData wells() {
  tarn::Axis axis;
  for (int i = 0; i < 41; ++i) {
    axis.coordinates.push_back(i / 20.0 - 1.0);
  }
  std::vector<double> values;
  for (const double y : axis.coordinates) {
    for (const double x : axis.coordinates) {
      const double a = x * x - 0.25;
      const double b = y * y - 0.25;
      values.push_back(a * a + b * b + 0.01 * x + 0.02 * y);
    }
  }
  LandscapeData data;
  data.x.name = "hessian:1";
  data.y.name = "hessian:2";
  data.grid =
      std::make_shared<tarn::ScalarGrid>(std::vector<tarn::Axis>{axis, axis}, std::move(values));
  data.tree =
      std::make_shared<tarn::MergeTree>(tarn::joinTree(*data.grid, tarn::Connectivity::axes2n));
  return data;
}

/// A scene shown in a window of its own.
class Shown {
 public:
  explicit Shown(const LandscapeData& data, const QSize& size = QSize(600, 450))
      : window_(context_, size, 1.0) {
    window_->AddRenderer(scene.renderer());
    scene.update(data, LandscapeStyle{});
    window_->Render();
  }
  ~Shown() { window_->RemoveRenderer(scene.renderer()); }
  QImage render() {
    window_->Render();
    return window_.image();
  }

  /// Where VTK itself says that a place is drawn.
  std::array<double, 2> pixelOf(const tarn::ui::Point3& at) const {
    scene.renderer()->SetWorldPoint(at[0], at[1], at[2], 1.0);
    scene.renderer()->WorldToDisplay();
    const double* pixel = scene.renderer()->GetDisplayPoint();
    return {pixel[0], pixel[1]};
  }

  tarn::ui::SurfaceScene scene;

 private:
  tarn::ui::OffscreenContext context_;
  tarn::ui::OffscreenWindow window_;
};

double meanDifference(const QImage& a, const QImage& b) {
  double sum = 0.0;
  for (int y = 0; y < a.height(); ++y) {
    for (int x = 0; x < a.width(); ++x) {
      sum += std::abs(qGray(a.pixel(x, y)) - qGray(b.pixel(x, y)));
    }
  }
  return sum / (a.width() * a.height());
}

}  // namespace

TEST_CASE("a minimum is picked where it is drawn") {
  const LandscapeData data = wells();
  REQUIRE(data.tree->minimaCount == 4);
  const Shown shown(data);
  const SurfaceShape shape(data.grid, tarn::ui::HeightScale::linear, {});
  for (std::size_t i = 0; i < 4; ++i) {
    const std::int64_t vertex = data.tree->nodes[i].vertex;
    const auto pixel = shown.pixelOf(shape.placeOf(vertex));
    CHECK(shown.scene.vertexAt(pixel[0], pixel[1]) == vertex);
  }
}

TEST_CASE("a point of the slope is picked where it is drawn, after the camera has moved") {
  const LandscapeData data = wells();
  Shown shown(data);
  shown.scene.renderer()->GetActiveCamera()->Azimuth(35);
  shown.scene.renderer()->GetActiveCamera()->Elevation(20);
  shown.render();
  const SurfaceShape shape(data.grid, tarn::ui::HeightScale::linear, {});
  for (const std::int64_t vertex : {20 * 41 + 20, 20 * 41 + 28, 26 * 41 + 18}) {
    const auto pixel = shown.pixelOf(shape.placeOf(vertex));
    const auto picked = shown.scene.vertexAt(pixel[0], pixel[1]);
    REQUIRE(picked);
    // The nearest of the line's cell: at most one step beside.
    CHECK(std::abs(*picked % 41 - vertex % 41) <= 1);
    CHECK(std::abs(*picked / 41 - vertex / 41) <= 1);
  }
}

TEST_CASE("nothing is picked beside the surface") {
  const Shown shown(wells());
  CHECK_FALSE(shown.scene.vertexAt(2, 2));
}

TEST_CASE("window and figure show the same picture") {
  const LandscapeData data = wells();
  Shown shown(data);
  const QImage still = tarn::ui::renderSurface(data, LandscapeStyle{}, QSize(600, 450), 1.0);
  const QImage window = shown.render();
  REQUIRE(window.size() == still.size());
  // They differ in how edges are smoothed, no more. Without the overlay they differ by more.
  const double same = meanDifference(window, still);
  shown.scene.setOverlayVisible(false);
  const double without = meanDifference(shown.render(), still);
  CHECK(same < 2.0);
  CHECK(without > 2.0 * same);
}

TEST_CASE("a selected minimum lights up, and goes out again") {
  const LandscapeData data = wells();
  Shown shown(data);
  const QImage before = shown.render();
  shown.scene.select(data.tree->nodes[0].vertex);
  const QImage lit = shown.render();
  CHECK(meanDifference(before, lit) > 0.0);
  shown.scene.select(std::nullopt);
  CHECK(shown.render() == before);
}

TEST_CASE("while the camera moves the picture is nearly the same") {
  tarn::Axis axis;
  for (int i = 0; i < 400; ++i) {
    axis.coordinates.push_back(i);
  }
  std::vector<double> values;
  for (int j = 0; j < 400; ++j) {
    for (int i = 0; i < 400; ++i) {
      values.push_back(std::sin(i / 60.0) + std::cos(j / 45.0));
    }
  }
  LandscapeData data;
  data.grid =
      std::make_shared<tarn::ScalarGrid>(std::vector<tarn::Axis>{axis, axis}, std::move(values));
  Shown shown(data, QSize(400, 300));
  const QImage still = shown.render();
  shown.scene.setMoving(true);
  const QImage moving = shown.render();
  CHECK(moving != still);
  CHECK(meanDifference(moving, still) < 3.0);
  shown.scene.setMoving(false);
  CHECK(shown.render() == still);
}
