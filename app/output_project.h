#pragma once

#include <filesystem>
#include <memory>

#include "engine/project/project.h"

namespace tarn::app {

/// The project that a command writes to. Where the command makes it and then stores nothing,
/// because it fails or is interrupted, the file goes again.
class OutputProject {
 public:
  /// Opens the project, or makes it. Throws as Project::openOrCreate.
  explicit OutputProject(const std::filesystem::path& path);
  ~OutputProject();
  OutputProject(const OutputProject&) = delete;
  OutputProject& operator=(const OutputProject&) = delete;

  /// At the end of a command that succeeded: says what goes wrong, as Project::close.
  void close();

  Project* get() const { return project_.get(); }
  Project& operator*() const { return *project_; }
  Project* operator->() const { return project_.get(); }

 private:
  bool made_;
  std::shared_ptr<Project> project_;
};

}  // namespace tarn::app
