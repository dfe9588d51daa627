#include "topology/io/json_grid.h"

#include <limits>
#include <nlohmann/json.hpp>
#include <utility>

#include "topology/base/error.h"

namespace tarn {
namespace {

using nlohmann::json;

/// Deeper nesting is no grid, and would cost much memory for little text.
constexpr int deepest = 12;

[[noreturn]] void noJsonGrid(const std::string& name, const std::string& why) {
  throw Error(ErrorCode::badInput, name + " is not a grid: " + why + ".",
              "Give what `tarn export --what landscape --out X.json` writes, or lists of lists of "
              "numbers.");
}

json parsed(std::string_view text, const std::string& name) {
  const auto notTooDeep = [&](int depth, json::parse_event_t event, json& /*value*/) {
    const bool opens =
        event == json::parse_event_t::array_start || event == json::parse_event_t::object_start;
    if (opens && depth > deepest) {
      noJsonGrid(name, "it is nested more than " + std::to_string(deepest) + " deep");
    }
    return true;
  };
  try {
    return json::parse(text, notTooDeep);
  } catch (const json::exception& error) {
    throw Error(ErrorCode::badInput, name + " is not JSON: " + asSentence(error.what()),
                "Write null where a value is missing: NaN is not JSON. In Python, "
                "json.dump(…, allow_nan=False) finds such values.");
  }
}

double numberIn(const json& value, const std::string& name) {
  if (value.is_null()) {
    return std::numeric_limits<double>::quiet_NaN();
  }
  if (!value.is_number()) {
    noJsonGrid(name, "its values are not all numbers or null");
  }
  return value.get<double>();
}

/// An array with the shape of its nested lists.
struct Nested {
  std::vector<std::size_t> shape;
  std::vector<double> values;
};

void flatten(const json& list, std::size_t depth, Nested& into, const std::string& name) {
  if (!list.is_array()) {
    if (depth != into.shape.size()) {
      noJsonGrid(name, "its lists are not nested equally deep");
    }
    into.values.push_back(numberIn(list, name));
    return;
  }
  if (depth == into.shape.size() || list.size() != into.shape[depth]) {
    noJsonGrid(name, "its lists differ in length");
  }
  for (const json& item : list) {
    flatten(item, depth + 1, into, name);
  }
}

Nested nestedLists(const json& list, const std::string& name) {
  Nested result;
  for (const json* level = &list; level->is_array(); level = &level->front()) {
    if (level->empty()) {
      noJsonGrid(name, "it has an empty list");
    }
    result.shape.push_back(level->size());
  }
  if (result.shape.empty()) {
    noJsonGrid(name, "its values are no list");
  }
  flatten(list, 0, result, name);
  return result;
}

std::string textIn(const json& axis, const char* key) {
  const auto found = axis.find(key);
  return found != axis.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::vector<Axis> axesIn(const json& list, const std::string& name) {
  std::vector<Axis> axes;
  if (!list.is_array()) {
    noJsonGrid(name, "`axes` is no list");
  }
  for (const json& axis : list) {
    const auto coordinates = axis.is_object() ? axis.find("coordinates") : axis.end();
    if (!axis.is_object() || coordinates == axis.end() || !coordinates->is_array()) {
      noJsonGrid(name, "an axis has no list of `coordinates`");
    }
    Axis made{{}, textIn(axis, "label"), textIn(axis, "unit")};
    for (const json& coordinate : *coordinates) {
      made.coordinates.push_back(numberIn(coordinate, name));
    }
    axes.push_back(std::move(made));
  }
  return axes;
}

const json& valuesIn(const json& document, const std::string& name, const std::string& field) {
  if (!field.empty()) {
    if (const auto found = document.find(field); found != document.end()) {
      return *found;
    }
    throw Error(ErrorCode::notFound, name + " has no member '" + field + "'.");
  }
  for (const char* usual : {"values", "loss"}) {
    if (const auto found = document.find(usual); found != document.end()) {
      return *found;
    }
  }
  noJsonGrid(name, "it has neither `values` nor `loss`");
}

/// Lists in lists have a shape of their own, which another in the same document must not
/// contradict.
void requireSame(const Nested& nested, const std::vector<std::size_t>& shape,
                 const std::string& name) {
  if (nested.shape.size() > 1 && nested.shape != shape) {
    noJsonGrid(name, "its axes have other lengths than its lists of lists, the outermost first");
  }
}

std::vector<std::size_t> shapeIn(const json& list, const std::string& name) {
  std::vector<std::size_t> shape;
  for (const json& length : list) {
    if (!length.is_number_unsigned()) {
      noJsonGrid(name, "`shape` is no list of lengths");
    }
    shape.push_back(length.get<std::size_t>());
  }
  return shape;
}

}  // namespace

ScalarGrid parseJsonGrid(std::string_view text, const std::string& name, const std::string& field) {
  const json document = parsed(text, name);
  if (!document.is_object()) {
    Nested bare = nestedLists(document, name);
    return ScalarGrid::fromArray(bare.shape, std::move(bare.values));
  }
  Nested nested = nestedLists(valuesIn(document, name, field), name);
  if (const auto axes = document.find("axes"); axes != document.end()) {
    ScalarGrid grid(axesIn(*axes, name), std::move(nested.values));
    requireSame(nested, grid.shape(), name);
    return grid;
  }
  if (const auto shape = document.find("shape"); shape != document.end()) {
    auto lengths = shapeIn(*shape, name);
    requireSame(nested, lengths, name);
    nested.shape = std::move(lengths);
  }
  return ScalarGrid::fromArray(nested.shape, std::move(nested.values));
}

}  // namespace tarn
