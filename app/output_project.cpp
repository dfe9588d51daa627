#include "app/output_project.h"

#include "app/commands/command.h"
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
  } catch (const Error& error) {
    warn(project_->path().string() + " is empty and cannot be removed: " + error.what());
  }
}

void OutputProject::close() {
  made_ = false;
  project_->close();
}

}  // namespace tarn::app
