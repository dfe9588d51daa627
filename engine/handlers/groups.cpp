#include "engine/handlers/groups.h"

namespace tarn::engine {

nlohmann::json groupsOf(const ParameterSpace& space) {
  auto groups = nlohmann::json::array();
  for (const auto& group : space.groups()) {
    groups.push_back({{"name", group.name},
                      {"shape", group.shape},
                      {"offset", group.offset},
                      {"size", group.size},
                      {"layer", group.layer}});
  }
  return groups;
}

}  // namespace tarn::engine
