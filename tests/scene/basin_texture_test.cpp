// Basins as colours: one pixel a vertex, the selected basin tinted, borders half-way.
#include "ui/scene/basin_texture.h"

#include <catch2/catch_test_macros.hpp>
#include <set>

#include <vtkImageData.h>
#include <vtkPolyData.h>

#include "landscapes.h"
#include "topology/merge_tree/basins.h"
#include "ui/figures/palette.h"
#include "ui/scene/basin_colours.h"
#include "ui/scene/still.h"
#include "ui/scene/surface_lines.h"

using namespace tarn;
using namespace tarn::ui;

namespace {

/// Two valleys of unlike depth, the deeper one on the left.
LandscapeData twoValleys() {
  LandscapeData data = test::sampled(21, 11, [](double x, double y) {
    return (x * x - 0.3) * (x * x - 0.3) + 0.2 * x + 0.1 * y * y;
  });
  data.basins = std::make_shared<const std::vector<std::int32_t>>(
      basins(*data.grid, Connectivity::axes2n).basinOfVertex);
  return data;
}

LandscapeStyle basinStyle() {
  LandscapeStyle style;
  style.basins = true;
  style.contours = false;
  style.colourMap = "cividis";
  return style;
}

Rgb pixelAt(vtkImageData* image, int x, int y) {
  const auto* pixel = static_cast<const unsigned char*>(image->GetScalarPointer(x, y, 0));
  return {pixel[0], pixel[1], pixel[2]};
}

/// How many pixels have little green, as the selection has and nothing in cividis.
int tintedPixels(const QImage& image) {
  int count = 0;
  for (int y = 0; y < image.height(); ++y) {
    for (int x = 0; x < image.width(); ++x) {
      const QRgb pixel = image.pixel(x, y);
      count += qRed(pixel) > qGreen(pixel) + 40 && qBlue(pixel) > qGreen(pixel) + 10 ? 1 : 0;
    }
  }
  return count;
}

}  // namespace

TEST_CASE("every vertex has the colour of its basin") {
  LandscapeData data = twoValleys();
  REQUIRE(data.tree->minimaCount == 2);
  const auto image = basinImage(data, basinStyle());
  REQUIRE(image->GetDimensions()[0] == 21);
  REQUIRE(image->GetDimensions()[1] == 11);
  const BasinColours colours(*data.tree, basinStyle());
  // The lowest minimum has the lowest colour of the map, the highest one the highest.
  const ColourMap map("cividis");
  CHECK(colours.at(0) == map.at(0.0));
  CHECK(colours.at(1) == map.at(1.0));
  for (int y = 0; y < 11; ++y) {
    for (int x = 0; x < 21; ++x) {
      const auto basin = (*data.basins)[static_cast<std::size_t>(y * 21 + x)];
      REQUIRE(pixelAt(image, x, y) == colours.at(basin));
    }
  }

  SECTION("the selected one is tinted, whatever vertex of it is selected") {
    data.selection = 3;
    const auto selected = basinImage(data, basinStyle());
    const std::int32_t own = (*data.basins)[3];
    CHECK(pixelAt(selected, 3, 0) != colours.at(own));
    data.selection = 2 * 21 + 4;
    CHECK(pixelAt(basinImage(data, basinStyle()), 3, 0) == pixelAt(selected, 3, 0));
    CHECK(pixelAt(selected, 18, 0) == colours.at(1 - own));
  }
  SECTION("a masked vertex has the colour of what is not known") {
    auto basins = *data.basins;
    basins[5] = -1;
    data.basins = std::make_shared<const std::vector<std::int32_t>>(basins);
    const QColor unknown = paletteOf(Theme::light).unknown;
    const auto pixel = pixelAt(basinImage(data, basinStyle()), 5, 0);
    CHECK(toColour(pixel) == unknown);
  }
}

TEST_CASE("basins of another grid are not shown") {
  LandscapeData data = twoValleys();
  CHECK(showsBasins(data, basinStyle()));
  CHECK_FALSE(showsBasins(data, LandscapeStyle()));
  data.basins = std::make_shared<const std::vector<std::int32_t>>(12);
  CHECK_FALSE(showsBasins(data, basinStyle()));
  data.basins = nullptr;
  CHECK_FALSE(showsBasins(data, basinStyle()));
}

TEST_CASE("the border between two halves runs half-way between them") {
  const LandscapeData data = twoValleys();
  const SurfaceShape shape(data.grid, HeightScale::linear, {});
  // Columns 0 to 9 against 10 to 20: between x = −0.1 and 0.
  std::vector<std::int32_t> halves;
  for (int vertex = 0; vertex < 21 * 11; ++vertex) {
    halves.push_back(vertex % 21 < 10 ? 0 : 1);
  }
  const auto lines = surfaceBorders(shape, halves, 0.0);
  CHECK(lines->GetNumberOfLines() == 11);
  std::set<double> ys;
  for (vtkIdType i = 0; i < lines->GetNumberOfPoints(); ++i) {
    Point3 point{};
    lines->GetPoint(i, point.data());
    CHECK(std::abs(point[0] + 0.05) < 1e-6);
    ys.insert(point[1]);
  }
  CHECK(*ys.begin() == -1.0);
  CHECK(*ys.rbegin() == 1.0);
}

TEST_CASE("a surface in the colours of its basins shows which one is selected") {
  LandscapeData data = twoValleys();
  const auto render = [&](const LandscapeStyle& style) {
    return renderSurface(data, style, QSize(400, 300), 1.0);
  };
  LandscapeStyle plain = basinStyle();
  plain.basins = false;
  const QImage byBasin = render(basinStyle());
  CHECK(byBasin != render(plain));
  CHECK(tintedPixels(byBasin) == 0);
  data.selection = data.tree->nodes[1].vertex;
  const int mark = tintedPixels(render(plain));
  const int basin = tintedPixels(render(basinStyle()));
  // Two fifths of the surface, which fills a good part of the picture.
  CHECK(basin > mark + 400 * 300 / 25);
}
