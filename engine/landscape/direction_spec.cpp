#include "engine/landscape/direction_spec.h"

#include <charconv>
#include <cstdlib>
#include <map>

#include "topology/base/error.h"

namespace tarn::engine {
namespace {

constexpr std::int64_t mostAxes = 16;

Error unreadable(const std::string& entry) {
  return {ErrorCode::usage, "The direction '" + entry + "' cannot be read.",
          "Write hessian:2 for the two largest eigenvalues' vectors, hessian:-1 for the smallest, "
          "random:2 for two random ones."};
}

}  // namespace

std::string DirectionSpec::name() const {
  const auto place = std::to_string(rank + 1);
  switch (kind) {
    case Kind::hessianTop:
      return "hessian:" + place;
    case Kind::hessianBottom:
      return "hessian:-" + place;
    case Kind::random:
      break;
  }
  return "random:" + place;
}

std::vector<DirectionSpec> directionSpecs(const nlohmann::json& list) {
  std::vector<DirectionSpec> result;
  std::map<DirectionSpec::Kind, std::int64_t> taken;
  if (!list.is_array()) {
    throw unreadable(list.dump());
  }
  for (const auto& item : list) {
    if (!item.is_string()) {
      throw unreadable(item.dump());
    }
    const auto entry = item.get<std::string>();
    const auto colon = entry.find(':');
    const auto kind = entry.substr(0, colon);
    std::int64_t count = 1;
    if (colon != std::string::npos) {
      const auto* end = entry.data() + entry.size();
      const auto [stop, failure] = std::from_chars(entry.data() + colon + 1, end, count);
      if (failure != std::errc() || stop != end) {
        throw unreadable(entry);
      }
    }
    const bool known = kind == "hessian" || (kind == "random" && count > 0);
    if (!known || count == 0 || count > mostAxes || count < -mostAxes) {
      throw unreadable(entry);
    }
    const auto which = kind == "random" ? DirectionSpec::Kind::random
                       : count > 0      ? DirectionSpec::Kind::hessianTop
                                        : DirectionSpec::Kind::hessianBottom;
    for (std::int64_t i = 0; i < std::abs(count); ++i) {
      result.push_back({which, taken[which]++});
    }
  }
  if (result.empty() || result.size() > static_cast<std::size_t>(mostAxes)) {
    throw Error(ErrorCode::usage, "A landscape has 1 to " + std::to_string(mostAxes) + " axes; " +
                                      std::to_string(result.size()) + " were asked for.");
  }
  return result;
}

}  // namespace tarn::engine
