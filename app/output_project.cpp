#include "app/output_project.h"

#include "engine/project/describe.h"
#include "topology/base/error.h"

namespace tarn::app {
namespace {

bool isThere(const std::filesystem::path& path) {
  std::error_code ignored;
  return std::filesystem::exists(path, ignored);
}

}  // namespace

OutputProject::OutputProject(const std::filesystem::path& path)
    : made_(!isThere(path)), project_(Project::openOrCreate(path)) {}

OutputProject::~OutputProject() {
  try {
    if (made_ && holdsNothing(*project_)) {
      project_->closeAndRemove();
    }
  } catch (const std::exception&) {
    // Closed by the command, or unreadable: then it stays as it is.
  }
}

}  // namespace tarn::app
