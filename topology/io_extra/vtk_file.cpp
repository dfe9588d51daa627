#include "topology/io_extra/vtk_file.h"

#include <system_error>

#include <vtkCallbackCommand.h>
#include <vtkCommand.h>
#include <vtkNew.h>
#include <vtkXMLWriter.h>

#include "topology/base/error.h"

namespace tarn {

struct VtkErrors::State {
  vtkObject* source = nullptr;
  vtkNew<vtkCallbackCommand> listener;
  std::string first;
  bool any = false;
};

VtkErrors::VtkErrors(vtkObject& source) : state_(std::make_unique<State>()) {
  state_->source = &source;
  state_->listener->SetClientData(state_.get());
  state_->listener->SetCallback([](vtkObject*, unsigned long, void* state, void* words) {
    auto& errors = *static_cast<State*>(state);
    if (!errors.any && words != nullptr) {
      errors.first = static_cast<const char*>(words);
    }
    errors.any = true;
  });
  source.AddObserver(vtkCommand::ErrorEvent, state_->listener);
  source.AddObserver(vtkCommand::WarningEvent, state_->listener);
}

VtkErrors::~VtkErrors() {
  state_->source->RemoveObserver(state_->listener);
}

bool VtkErrors::any() const {
  return state_->any;
}

void VtkErrors::throwIfAny(const std::string& name) const {
  if (!state_->any) {
    return;
  }
  // VTK's first line says where in VTK it happened: nothing for users.
  const auto end = state_->first.find_last_not_of('\n');
  const auto words = state_->first.substr(0, end == std::string::npos ? 0 : end + 1);
  const auto colon = words.find("): ");
  throw Error(ErrorCode::badInput,
              name + " is damaged: " +
                  asSentence(colon == std::string::npos ? words : words.substr(colon + 3)));
}

void writeVtkFile(vtkXMLWriter& writer, const std::filesystem::path& path) {
  const std::filesystem::path unfinished = path.string() + ".part";
  const VtkErrors errors(writer);
  writer.SetFileName(unfinished.c_str());
  writer.SetDataModeToAppended();
  writer.EncodeAppendedDataOff();
  const bool written = writer.Write() != 0 && !errors.any();
  std::error_code error;
  if (written) {
    std::filesystem::rename(unfinished, path, error);
  }
  if (!written || error) {
    const std::string why = error ? ": " + error.message() : "";
    std::filesystem::remove(unfinished, error);
    throw Error(ErrorCode::io, "Cannot write " + path.string() + why + ".",
                "Choose a folder that exists, may be written to and has room.");
  }
}

}  // namespace tarn
