#include "engine/protocol/range_text.h"

#include <charconv>
#include <cmath>
#include <string_view>

#include "topology/base/error.h"

namespace tarn {
namespace {

Error unreadableRange(const std::string& text) {
  return {ErrorCode::usage, "The range '" + text + "' cannot be read.",
          "Write auto, rel:0.5 (of the length of the parameters), abs:1, or abs:-0.5..1.5 for "
          "another range to either side."};
}

double rangeEnd(std::string_view part, const std::string& text) {
  double value = 0;
  const auto [stop, failure] = std::from_chars(part.data(), part.data() + part.size(), value);
  if (failure != std::errc() || stop != part.data() + part.size() || !std::isfinite(value)) {
    throw unreadableRange(text);
  }
  return value;
}

}  // namespace

RangeText parseRange(const std::string& text) {
  RangeText range;
  if (text == "auto") {
    return range;
  }
  if (!text.starts_with("abs:") && !text.starts_with("rel:")) {
    throw unreadableRange(text);
  }
  range.kind = text.starts_with("abs:") ? RangeText::Kind::absolute : RangeText::Kind::relative;
  const std::string_view ends = std::string_view(text).substr(4);
  const auto dots = ends.find("..");
  range.to = rangeEnd(dots == std::string_view::npos ? ends : ends.substr(dots + 2), text);
  range.from = dots == std::string_view::npos ? -range.to : rangeEnd(ends.substr(0, dots), text);
  if (!(range.from < range.to)) {
    throw unreadableRange(text);
  }
  return range;
}

}  // namespace tarn
