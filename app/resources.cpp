#include "app/resources.h"

#include <cstdlib>
#include <vector>

#include "topology/base/error.h"

namespace tarn::app {

std::filesystem::path programPath() {
  return std::filesystem::read_symlink("/proc/self/exe");
}

std::filesystem::path findResource(const std::string& name) {
  const std::filesystem::path folder = programPath().parent_path();
  std::vector<std::filesystem::path> places{folder / "../share/tarn",
                                            folder / "../../../resources"};
  if (const char* set = std::getenv("TARN_RESOURCES")) {
    places.insert(places.begin(), set);
  }
  for (const auto& place : places) {
    if (std::filesystem::exists(place / name)) {
      return std::filesystem::weakly_canonical(place / name);
    }
  }
  throw Error(ErrorCode::notFound, "The file " + name + " that Tarn comes with is missing.",
              "Install Tarn again, or point TARN_RESOURCES at its resources folder.");
}

}  // namespace tarn::app
