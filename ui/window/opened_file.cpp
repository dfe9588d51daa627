#include "ui/window/opened_file.h"

#include <algorithm>
#include <array>
#include <fstream>

#include "engine/client/grid_file.h"
#include "engine/project/address.h"
#include "engine/project/describe.h"
#include "topology/base/error.h"
#include "topology/io/input_file.h"
#include "topology/io/npz.h"
#include "ui/figures/project_figure.h"

namespace tarn::ui {
namespace {

std::string firstBytes(const std::filesystem::path& path) {
  std::error_code error;
  if (!std::filesystem::exists(path, error)) {
    throw Error(ErrorCode::notFound, "There is no file " + path.string() + ".",
                "Look whether it was moved or renamed.");
  }
  if (!std::filesystem::is_regular_file(path, error)) {
    throw Error(ErrorCode::badInput, path.string() + " is not a file.",
                "Choose a project, a grid or a model.");
  }
  std::ifstream file(path, std::ios::binary);
  std::array<char, 16> bytes{};
  file.read(bytes.data(), bytes.size());
  if (!file && !file.eof()) {
    throw Error(ErrorCode::io, path.string() + " cannot be read.",
                "Look at the file's permissions.");
  }
  return {bytes.data(), static_cast<std::size_t>(file.gcount())};
}

FileKind kindOfArchive(const std::filesystem::path& path) {
  const NpzReader archive(path);
  if (archive.contains("inputs") || archive.contains("inputs.0")) {
    return FileKind::data;
  }
  return archive.names().empty() ? FileKind::model : FileKind::grid;
}

bool isGridByName(const std::filesystem::path& path) {
  constexpr std::array endings{".csv", ".tsv", ".json", ".h5", ".hdf5", ".vti"};
  return std::ranges::find(endings, endingOf(path)) != endings.end();
}

FileKind kindOf(const std::filesystem::path& path) {
  const std::string start = firstBytes(path);
  if (start.starts_with("SQLite format 3") || path.extension() == ".tarn") {
    return FileKind::project;
  }
  if (start.starts_with("\x93NUMPY") || isGridByName(path)) {
    return FileKind::grid;
  }
  if (start.starts_with("PK\x03\x04")) {
    return kindOfArchive(path);
  }
  throw Error(ErrorCode::badInput, path.string() + " is no project, grid, model or data file.",
              "Tarn opens .tarn projects, grids (.npy, .npz, .h5, .vti, .csv, .json), TorchScript "
              "models (.pt) and .npz data with inputs and targets.");
}

/// `named` is what was asked for, if anything was.
void openProject(OpenedFile& file, const std::optional<ResultAddress>& named) {
  file.project = Project::open(file.path, Access::read);
  file.contents = contentsOf(*file.project);
  if (!file.contents.landscapes.empty()) {
    file.landscape = file.contents.landscapes.back().id;
  }
  if (!file.contents.spectra.empty()) {
    file.spectrum = file.contents.spectra.back().id;
  }
  if (named && named->kind == ResultKind::landscape) {
    file.landscape = file.project->resolve(ResultKind::landscape, named->id);
  } else if (named && named->kind == ResultKind::spectrum) {
    file.spectrum = file.project->resolve(ResultKind::spectrum, named->id);
    file.spectrumNamed = true;
  }
}

/// How many of the smallest eigenvalues a request asked for.
std::size_t smallestOf(const nlohmann::json& provenance) {
  const nlohmann::json::json_pointer where("/request/bottom");
  if (!provenance.contains(where) || !provenance.at(where).is_number_unsigned()) {
    return 0;
  }
  return provenance.at(where).get<std::size_t>();
}

}  // namespace

OpenedFile openFile(const std::string& address, const std::stop_token& stop) {
  const ResultAddress where = parseAddress(address);
  const bool inProject = where.path.extension() == ".tarn";
  const GridAddress grid = inProject ? GridAddress{where.path, {}} : parseGridAddress(address);
  OpenedFile file;
  file.path = std::filesystem::absolute(grid.path).lexically_normal();
  file.kind = kindOf(file.path);
  if (file.kind != FileKind::grid && !grid.field.empty()) {
    throw Error(ErrorCode::badInput,
                file.path.string() + " is no grid, so it has no values '" + grid.field + "'.",
                "Open it without #" + grid.field + ".");
  }
  if (file.kind == FileKind::project) {
    openProject(file, where.path.string() != address ? std::optional(where) : std::nullopt);
  } else if (file.kind == FileKind::grid) {
    file.field = grid.field;
    file.grid = std::make_shared<const ScalarGrid>(readGridFile({file.path, file.field}, stop));
  }
  return file;
}

ProjectContents contentsOf(const Project& project) {
  ProjectContents contents{project.landscapes(), {}, project.runs(), project.experiments()};
  for (const StoredSpectrum& spectrum : project.spectra()) {
    contents.spectra.push_back(entryOf(spectrum));
  }
  return contents;
}

SpectrumEntry entryOf(const StoredSpectrum& spectrum) {
  try {
    return {spectrum.id, spectrum.created, summaryOf(spectrumDataOf(spectrum.result))};
  } catch (const Error&) {
    return {spectrum.id, spectrum.created, "damaged"};  // said in full when it is shown
  }
}

ShownSpectrum shownSpectrum(const StoredSpectrum& spectrum, const std::filesystem::path& project) {
  ShownSpectrum shown;
  shown.id = spectrum.id;
  shown.address = formatAddress({project, ResultKind::spectrum, spectrum.id});
  shown.created = spectrum.created;
  shown.experiment = spectrum.experiment;
  shown.data = std::make_shared<const SpectrumData>(spectrumDataOf(spectrum.result));
  shown.smallest = smallestOf(spectrum.provenance);
  return shown;
}

ShownSpectrum loadSpectrum(const Project& project, std::int64_t id) {
  project.resolve(ResultKind::spectrum, id);
  // The list comes without the eigenvectors, which nobody needs here.
  const auto all = project.spectra();
  return shownSpectrum(*std::ranges::find(all, id, &StoredSpectrum::id), project.path());
}

bool isReadBesideLoss(const std::string& quantity) {
  return quantity != "loss" && !quantity.starts_with("class_loss/");
}

LoadedLandscape loadLandscape(const Project& project, std::int64_t id) {
  LoadedLandscape loaded;
  loaded.record = project.landscape(id);
  const LandscapeValues values = project.landscapeGrid(id, "loss");
  loaded.values = beginRefining(loaded.record, values.grid.values());
  if (loaded.record.status() == LandscapeStatus::complete) {
    // A NaN that was computed is a value like any other.
    loaded.values.computed.assign(loaded.values.values.size(), true);
    loaded.values.computedCount = loaded.values.values.size();
  }
  loaded.modelLoss = modelLossOf(project, loaded.record);
  const auto sets = project.directionSets();
  const auto set = std::ranges::find_if(sets, [&](const StoredDirections& candidate) {
    return loaded.record.directions && candidate.id == *loaded.record.directions;
  });
  const StoredDirections* directions = set == sets.end() ? nullptr : &*set;
  loaded.captions = axisCaptions(loaded.record, directions);
  for (const std::string& quantity : loaded.record.quantities) {
    if (isReadBesideLoss(quantity)) {
      const LandscapeValues beside = project.landscapeGrid(id, quantity);
      const auto all = beside.grid.values();
      loaded.quantities[quantity].assign(all.begin(), all.end());
    }
  }
  return loaded;
}

}  // namespace tarn::ui
