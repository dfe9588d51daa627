#pragma once

#include <filesystem>
#include <memory>
#include <string>

class vtkObject;
class vtkXMLWriter;

namespace tarn {

/// Collects what a VTK object says went wrong, which it would print otherwise.
class VtkErrors {
 public:
  explicit VtkErrors(vtkObject& source);
  ~VtkErrors();
  VtkErrors(const VtkErrors&) = delete;
  VtkErrors& operator=(const VtkErrors&) = delete;

  /// Throws Error(badInput): the file `name` is damaged, in VTK's words.
  void throwIfAny(const std::string& name) const;
  bool any() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Writes beside `path` and renames the file; binary, with nothing that changes from day to day.
/// Throws Error(io).
void writeVtkFile(vtkXMLWriter& writer, const std::filesystem::path& path);

}  // namespace tarn
