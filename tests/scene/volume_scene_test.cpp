#include "ui/scene/volume_scene.h"

#include <catch2/catch_test_macros.hpp>
#include <cmath>

#include <vtkRenderer.h>

#include "scene/landscapes.h"
#include "ui/figures/project_figure.h"
#include "ui/scene/offscreen_window.h"
#include "ui/scene/still.h"
#include "ui/scene/volume_shape.h"

namespace {

using namespace tarn;
using ui::LandscapeData;
using ui::LandscapeStyle;
using ui::VolumeStyle;

LandscapeData twoWellsInCube() {
  return ui::landscapeDataOf(test::wellsInCube(17));
}

VolumeStyle onlySurfaces() {
  VolumeStyle volume;
  volume.slices = {};
  volume.at = {8, 8, 8};
  return volume;
}

VolumeStyle onlySlice(std::size_t axis, std::size_t at) {
  VolumeStyle volume = onlySurfaces();
  volume.surfaces = 0;
  volume.slices[axis] = true;
  volume.at[axis] = at;
  return volume;
}

/// A scene shown in a window of its own.
class ShownVolume {
 public:
  ShownVolume(const LandscapeData& data, const VolumeStyle& volume,
              const LandscapeStyle& style = {})
      : window_(context_, QSize(600, 450), 1.0) {
    window_->AddRenderer(scene.renderer());
    scene.update(data, style, volume);
    window_->Render();
  }
  ~ShownVolume() { window_->RemoveRenderer(scene.renderer()); }
  QImage render() {
    window_->Render();
    return window_.image();
  }
  /// Where VTK itself says that a place is drawn.
  std::array<double, 2> pixelOf(const ui::Point3& at) const {
    scene.renderer()->SetWorldPoint(at[0], at[1], at[2], 1.0);
    scene.renderer()->WorldToDisplay();
    const double* pixel = scene.renderer()->GetDisplayPoint();
    return {pixel[0], pixel[1]};
  }

  ui::VolumeScene scene;

 private:
  ui::OffscreenContext context_;
  ui::OffscreenWindow window_;
};

/// Pixels with a colour left of the colour bar.
int volumePixels(const QImage& image) {
  int count = 0;
  for (int y = 0; y < image.height(); ++y) {
    for (int x = 0; x < image.width() * 8 / 10; ++x) {
      count += image.pixelColor(x, y).hsvSaturationF() > 0.25F ? 1 : 0;
    }
  }
  return count;
}

int volumePixels(const LandscapeData& data, const VolumeStyle& volume) {
  LandscapeStyle style;
  style.contours = false;
  style.criticalPoints = false;
  return volumePixels(ui::renderVolume(data, style, volume, QSize(600, 450), 1.0));
}

}  // namespace

TEST_CASE("a minimum of a volume is picked where it is drawn, and nothing beside the cube") {
  const LandscapeData data = twoWellsInCube();
  REQUIRE(data.tree->minimaCount == 2);
  const ShownVolume shown(data, onlySurfaces());
  const ui::VolumeShape shape(data.grid, ui::heightsOf(data, {}));
  for (std::size_t i = 0; i < 2; ++i) {
    const auto pixel = shown.pixelOf(shape.placeOf(data.tree->nodes[i].vertex));
    CHECK(shown.scene.vertexAt(pixel[0], pixel[1]) == data.tree->nodes[i].vertex);
  }
  CHECK_FALSE(shown.scene.vertexAt(2, 2));
}

TEST_CASE("a point of a slice is picked where it is drawn") {
  const LandscapeData data = twoWellsInCube();
  const ShownVolume shown(data, onlySlice(2, 12));
  const ui::VolumeShape shape(data.grid, ui::heightsOf(data, {}));
  for (const ui::VolumeShape::Index at : {ui::VolumeShape::Index{3, 4, 12}, {13, 8, 12}}) {
    const auto pixel = shown.pixelOf(shape.placeOf(at));
    CHECK(shown.scene.vertexAt(pixel[0], pixel[1]) == shape.vertexAt(at));
  }
}

TEST_CASE("window and figure show the same volume") {
  const LandscapeData data = twoWellsInCube();
  VolumeStyle volume;
  volume.at = {8, 8, 8};
  ShownVolume shown(data, volume);
  const QImage window = shown.render();
  const QImage still = ui::renderVolume(data, {}, volume, QSize(600, 450), 1.0);
  REQUIRE(window.size() == still.size());
  double sum = 0.0;
  for (int y = 0; y < still.height(); ++y) {
    for (int x = 0; x < still.width(); ++x) {
      sum += std::abs(qGray(still.pixel(x, y)) - qGray(window.pixel(x, y)));
    }
  }
  // They differ in how edges are smoothed, no more.
  CHECK(sum / (still.width() * still.height()) < 2.0);
}

TEST_CASE("slices, surfaces and what is masked are seen in the picture") {
  const LandscapeData data = twoWellsInCube();
  const int slice = volumePixels(data, onlySlice(2, 8));
  CHECK(slice > 10'000);
  CHECK(volumePixels(data, onlySurfaces()) > 5'000);
  VolumeStyle nothing = onlySurfaces();
  nothing.surfaces = 0;
  CHECK(volumePixels(data, nothing) == 0);

  // One half of the slice is not known: about half of its pixels go (perspective moves it a
  // little).
  std::vector<double> values(data.grid->values().begin(), data.grid->values().end());
  std::fill(values.begin(), values.begin() + std::ptrdiff_t{8} * 17 * 17, std::nan(""));
  const LandscapeData half = ui::landscapeDataOf(ScalarGrid(data.grid->axes(), values));
  const double share = static_cast<double>(volumePixels(half, onlySlice(2, 8))) / slice;
  CHECK(share > 0.4);
  CHECK(share < 0.6);
}

TEST_CASE("a selected point of a volume lights up, and goes out again") {
  const LandscapeData data = twoWellsInCube();
  ShownVolume shown(data, onlySurfaces());
  const QImage before = shown.render();
  shown.scene.select(data.tree->nodes[0].vertex);
  CHECK(shown.render() != before);
  shown.scene.select(std::nullopt);
  CHECK(shown.render() == before);
}

TEST_CASE("a run is a tube in the volume") {
  LandscapeData data = twoWellsInCube();
  VolumeStyle nothing = onlySurfaces();
  nothing.surfaces = 0;
  LandscapeStyle style;
  style.criticalPoints = false;
  const auto picture = [&] { return ui::renderVolume(data, style, nothing, QSize(600, 450), 1.0); };
  const int without = volumePixels(picture());
  ui::Trajectory run;
  run.name = "sgd";
  run.add({-0.8, -0.8, -0.8}, 1.0);
  run.add({0.5, 0.0, -0.5}, 0.1);
  data.trajectories = {run};
  const int with = volumePixels(picture());
  CHECK(with > without + 200);
  style.trajectories = false;
  CHECK(volumePixels(picture()) == without);
}
