#include "engine/project/records.h"

namespace tarn {

std::string_view toString(LandscapeStatus status) {
  return status == LandscapeStatus::complete ? "complete" : "partial";
}

std::vector<std::size_t> StoredLandscape::shape() const {
  std::vector<std::size_t> lengths;
  lengths.reserve(axes.size());
  for (const Axis& axis : axes) {
    lengths.push_back(axis.coordinates.size());
  }
  return lengths;
}

}  // namespace tarn
