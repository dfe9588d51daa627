#pragma once

#include <CLI/CLI.hpp>
#include <optional>
#include <string>

#include "app/topology_options.h"
#include "ui/scene/volume_data.h"

namespace tarn::app {

/// What `tarn render` is asked for, as it is written on the command line.
struct RenderOptions {
  std::string file;
  std::string view;
  std::string out;
  std::string size = "1600x1200";
  double scale = 1;
  bool logarithmic = false;
  std::string colourMap = "viridis";
  std::string theme = "light";
  std::optional<double> clip;
  TopologyOptions topology;
  std::string title;
  bool reverse = false;
  bool noContours = false;
  bool noMinima = false;
  bool noRuns = false;
  bool basins = false;
  std::string runs;
  std::string names;
  std::string camera;
  std::string part;
  std::string axes;
  std::string at;
  std::optional<double> level;
  int surfaces = ui::VolumeStyle().surfaces;
  std::string slices;
  std::string layer;
  std::string plane;
  std::string by = "step";
  std::optional<double> smoothing;
};

void addRenderOptions(CLI::App& command, RenderOptions& options);

/// Refuses options that say nothing about the view. Throws Error(usage).
void requireViewHas(const RenderOptions& options);

}  // namespace tarn::app
