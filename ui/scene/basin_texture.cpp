#include "ui/scene/basin_texture.h"

#include <algorithm>
#include <vector>

#include <vtkImageData.h>
#include <vtkTexture.h>

#include "ui/figures/palette.h"
#include "ui/scene/basin_colours.h"

namespace tarn::ui {
namespace {

constexpr std::size_t kLargestTexture = 4096;
constexpr double kTint = 0.6;  // how much of the selection's colour a selected basin has

Rgb toRgb(const QColor& colour) {
  return {static_cast<std::uint8_t>(colour.red()), static_cast<std::uint8_t>(colour.green()),
          static_cast<std::uint8_t>(colour.blue())};
}

Rgb mixed(const Rgb& colour, const Rgb& tint, double share) {
  Rgb result{};
  for (std::size_t i = 0; i < result.size(); ++i) {
    result[i] = static_cast<std::uint8_t>((1.0 - share) * colour[i] + share * tint[i] + 0.5);
  }
  return result;
}

std::vector<Rgb> coloursOf(const LandscapeData& data, const LandscapeStyle& style) {
  const BasinColours colours(*data.tree, style);
  std::vector<Rgb> all;
  all.reserve(data.tree->minimaCount);
  for (std::size_t i = 0; i < data.tree->minimaCount; ++i) {
    all.push_back(colours.at(static_cast<std::int32_t>(i)));
  }
  const std::int32_t selected = basinAt(data, data.selection);
  if (selected >= 0) {
    Rgb& colour = all[static_cast<std::size_t>(selected)];
    colour = mixed(colour, toRgb(paletteOf(style.theme).selection), kTint);
  }
  return all;
}

}  // namespace

vtkSmartPointer<vtkImageData> basinImage(const LandscapeData& data, const LandscapeStyle& style) {
  const auto shape = data.grid->shape();
  const std::size_t width = std::min(shape[1], kLargestTexture);
  const std::size_t height = std::min(shape[0], kLargestTexture);
  const std::vector<Rgb> colours = coloursOf(data, style);
  const Rgb unknown = toRgb(paletteOf(style.theme).unknown);
  auto image = vtkSmartPointer<vtkImageData>::New();
  image->SetDimensions(static_cast<int>(width), static_cast<int>(height), 1);
  image->AllocateScalars(VTK_UNSIGNED_CHAR, 3);
  auto* pixel = static_cast<unsigned char*>(image->GetScalarPointer());
  for (std::size_t j = 0; j < height; ++j) {
    const std::size_t row = (2 * j + 1) * shape[0] / (2 * height);
    for (std::size_t i = 0; i < width; ++i) {
      const std::size_t column = (2 * i + 1) * shape[1] / (2 * width);
      const std::int32_t basin = (*data.basins)[row * shape[1] + column];
      const Rgb& colour = basin < 0 ? unknown : colours[static_cast<std::size_t>(basin)];
      pixel = std::copy(colour.begin(), colour.end(), pixel);
    }
  }
  return image;
}

vtkSmartPointer<vtkTexture> basinTexture(const LandscapeData& data, const LandscapeStyle& style) {
  auto texture = vtkSmartPointer<vtkTexture>::New();
  texture->SetInputData(basinImage(data, style));
  texture->SetColorModeToDirectScalars();
  texture->InterpolateOff();
  texture->MipmapOff();
  texture->RepeatOff();
  texture->EdgeClampOn();
  return texture;
}

}  // namespace tarn::ui
