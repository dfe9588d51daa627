#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "ui/figures/contour_figure.h"
#include "ui/scene/slice.h"
#include "ui/scene/surface_camera.h"

namespace tarn::app {

// What `tarn render` reads from its options' words. All throw Error(usage).

/// "1600x1200".
std::pair<int, int> parseSize(const std::string& text);
/// "1,4".
std::vector<std::int64_t> parseIds(const std::string& option, const std::string& text);
/// "1=SGD,4=Adam": names of runs by their ids; none for an empty text.
std::map<std::int64_t, std::string> parseNames(const std::string& text);
/// AZIMUTH,ELEVATION,DISTANCE[,X,Y,Z[,RIGHT,UP]], with the place that is looked at otherwise;
/// nothing for an empty text.
std::optional<ui::ViewPoint> parseCamera(const std::string& text, const ui::Point3& middle);
/// "1,3" or "none": whether the axes of a volume have a slice.
std::array<bool, 3> parseSlices(const std::string& text);
/// "2,1" and "3=0.25,4=-1": the axes of a slice, and the coordinates along the others.
ui::SliceChoice parseSlice(const std::string& axes, const std::string& at);
/// X0,X1,Y0,Y1; nothing for an empty text.
std::optional<ui::PlaneView> parsePart(const std::string& text);

}  // namespace tarn::app
