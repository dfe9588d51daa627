#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "ui/figures/contour_figure.h"
#include "ui/scene/surface_camera.h"

namespace tarn::app {

// What `tarn render` reads from its options' words. All throw Error(usage).

/// "1600x1200".
std::pair<int, int> parseSize(const std::string& text);
/// "1,4".
std::vector<std::int64_t> parseIds(const std::string& option, const std::string& text);
/// AZIMUTH,ELEVATION,DISTANCE[,X,Y,Z[,RIGHT,UP]]; nothing for an empty text.
std::optional<ui::ViewPoint> parseCamera(const std::string& text);
/// X0,X1,Y0,Y1; nothing for an empty text.
std::optional<ui::PlaneView> parsePart(const std::string& text);

}  // namespace tarn::app
