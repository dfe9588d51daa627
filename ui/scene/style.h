#pragma once

#include <optional>
#include <string>

namespace tarn::ui {

enum class Theme { light, dark };
enum class HeightScale { linear, logarithmic };

/// How a landscape is drawn, in the window and in figures.
struct LandscapeStyle {
  Theme theme = Theme::light;
  HeightScale height = HeightScale::linear;
  std::string colourMap = "viridis";  ///< one of colourMapNames()
  bool reverseColours = false;
  std::optional<double> clip;  ///< values above are drawn at this height
  bool contours = true;
  bool criticalPoints = true;  ///< minima and merge saddles of the tree
  bool trajectories = true;
  bool basins = false;  ///< surface: the colour says the basin, not the value
  int levels = 12;      ///< about how many iso-lines
  std::string title;

  bool operator==(const LandscapeStyle&) const = default;
};

/// How a persistence diagram, a barcode or a profile is drawn.
struct PlotStyle {
  Theme theme = Theme::light;
  std::string title;
  std::string quantity = "loss";    ///< caption of the axis of values
  std::optional<double> threshold;  ///< of persistence: what is below is faint

  bool operator==(const PlotStyle&) const = default;
};

/// How a merge tree is drawn.
struct TreeStyle {
  Theme theme = Theme::light;
  HeightScale height = HeightScale::linear;
  std::string colourMap = "viridis";  ///< for the persistence of the branches
  std::string title;
  std::string quantity = "loss";  ///< caption of the axis
  std::optional<double> smad;     ///< said under the tree when given

  bool operator==(const TreeStyle&) const = default;
};

}  // namespace tarn::ui
