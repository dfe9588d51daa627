#include "app/figure_options.h"

#include <charconv>
#include <cmath>

#include "topology/base/error.h"

namespace tarn::app {
namespace {

template <typename Number>
std::vector<Number> parseList(const std::string& option, const std::string& text) {
  std::vector<Number> numbers;
  const char* at = text.data();
  const char* const end = at + text.size();
  while (true) {
    Number number{};
    const auto [after, error] = std::from_chars(at, end, number);
    if (error != std::errc() || !std::isfinite(static_cast<double>(number))) {
      break;
    }
    numbers.push_back(number);
    if (after == end) {
      return numbers;
    }
    if (*after != ',') {
      break;
    }
    at = after + 1;
  }
  throw Error(ErrorCode::usage, "--" + option + " wants numbers, not '" + text + "'.",
              "Write them with commas between them and no spaces.");
}

}  // namespace

std::pair<int, int> parseSize(const std::string& text) {
  int width = 0;
  int height = 0;
  const char* const end = text.data() + text.size();
  const auto first = std::from_chars(text.data(), end, width);
  if (first.ec == std::errc() && first.ptr != end && *first.ptr == 'x') {
    const auto second = std::from_chars(first.ptr + 1, end, height);
    if (second.ec == std::errc() && second.ptr == end && width > 0 && height > 0) {
      return {width, height};
    }
  }
  throw Error(ErrorCode::usage, "'" + text + "' is not a size.",
              "Write WIDTHxHEIGHT in pixels, such as 1600x1200.");
}

std::vector<std::int64_t> parseIds(const std::string& option, const std::string& text) {
  return parseList<std::int64_t>(option, text);
}

std::optional<ui::ViewPoint> parseCamera(const std::string& text) {
  if (text.empty()) {
    return std::nullopt;
  }
  const auto n = parseList<double>("camera", text);
  if ((n.size() != 3 && n.size() != 6 && n.size() != 8) || std::abs(n[1]) >= 90 || n[2] <= 0) {
    throw Error(ErrorCode::usage, "--camera does not understand '" + text + "'.",
                "Write AZIMUTH,ELEVATION,DISTANCE with an elevation between -90 and 90 degrees and "
                "a distance above 0. X,Y,Z may follow, the place that is looked at, and RIGHT,UP, "
                "where the picture's middle lies.");
  }
  ui::ViewPoint from{n[0], n[1], n[2]};
  if (n.size() > 3) {
    from.focus = {n[3], n[4], n[5]};
  }
  if (n.size() > 6) {
    from.centre = {n[6], n[7]};
  }
  return from;
}

std::optional<ui::PlaneView> parsePart(const std::string& text) {
  if (text.empty()) {
    return std::nullopt;
  }
  const auto n = parseList<double>("part", text);
  if (n.size() != 4 || !(n[0] < n[1]) || !(n[2] < n[3])) {
    throw Error(ErrorCode::usage, "--part does not understand '" + text + "'.",
                "Write X0,X1,Y0,Y1: from X0 to X1 along x, from Y0 to Y1 along y.");
  }
  return ui::PlaneView{{n[0], n[1]}, {n[2], n[3]}};
}

}  // namespace tarn::app
