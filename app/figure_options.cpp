#include "app/figure_options.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <format>

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

/// "1=A,4=B": words by numbers.
template <typename Number>
std::vector<std::pair<Number, std::string>> parseAssignments(const std::string& option,
                                                             const std::string& text,
                                                             const std::string& remedy) {
  std::vector<std::pair<Number, std::string>> all;
  for (std::size_t start = 0; start < text.size();) {
    const std::size_t comma = std::min(text.find(',', start), text.size());
    const std::string part = text.substr(start, comma - start);
    const std::size_t sign = part.find_first_not_of("0123456789");
    if (sign == 0 || sign == std::string::npos || part[sign] != '=' || sign + 1 == part.size()) {
      throw Error(ErrorCode::usage, std::format("--{} does not understand '{}'.", option, part),
                  remedy);
    }
    all.emplace_back(parseList<Number>(option, part.substr(0, sign)).front(),
                     part.substr(sign + 1));
    start = comma + 1;
  }
  return all;
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

std::map<std::int64_t, std::string> parseNames(const std::string& text) {
  std::map<std::int64_t, std::string> names;
  for (const auto& [id, name] : parseAssignments<std::int64_t>(
           "names", text, "Write ID=NAME with commas between them, such as 1=SGD,2=AdamW.")) {
    names[id] = name;
  }
  return names;
}

std::optional<ui::ViewPoint> parseCamera(const std::string& text, const ui::Point3& middle) {
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
  ui::ViewPoint from{n[0], n[1], n[2], middle};
  if (n.size() > 3) {
    from.focus = {n[3], n[4], n[5]};
  }
  if (n.size() > 6) {
    from.centre = {n[6], n[7]};
  }
  return from;
}

std::array<bool, 3> parseSlices(const std::string& text) {
  std::array<bool, 3> slices{};
  if (text == "none") {
    return slices;
  }
  for (const std::size_t axis : parseList<std::size_t>("slices", text)) {
    if (axis < 1 || axis > slices.size()) {
      throw Error(ErrorCode::usage, "--slices does not understand '" + text + "'.",
                  "Write axes from 1 to 3 with commas between them, or none.");
    }
    slices[axis - 1] = true;
  }
  return slices;
}

ui::SliceChoice parseSlice(const std::string& axes, const std::string& at) {
  ui::SliceChoice choice;
  if (!axes.empty()) {
    const auto numbers = parseList<std::size_t>("axes", axes);
    if (numbers.size() != 2) {
      throw Error(ErrorCode::usage, "--axes wants two axes, not '" + axes + "'.",
                  "Write X,Y, counted from 1, such as 2,1.");
    }
    choice.axes = {numbers[0], numbers[1]};
  }
  for (const auto& [axis, coordinate] : parseAssignments<std::size_t>(
           "at", at,
           "Write AXIS=COORDINATE with commas between them, axes counted from 1, such as "
           "3=0.25.")) {
    choice.at.emplace_back(axis, parseList<double>("at", coordinate).front());
  }
  return choice;
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
