#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "engine/project/project.h"
#include "topology/grid/scalar_grid.h"
#include "ui/panels/contents_panel.h"
#include "ui/scene/landscape_data.h"
#include "ui/views/landscape_view.h"
#include "ui/views/spectrum_view.h"
#include "ui/window/refining_grid.h"

namespace tarn::ui {

enum class FileKind { project, grid, model, data };

/// What is inside a project, without the arrays.
struct ProjectContents {
  std::vector<StoredLandscape> landscapes;
  std::vector<SpectrumEntry> spectra;
  std::vector<StoredRun> runs;
  std::vector<StoredExperiment> experiments;
};

/// A file as the window takes it in.
struct OpenedFile {
  FileKind kind = FileKind::grid;
  std::filesystem::path path;
  std::shared_ptr<Project> project;        ///< of a project
  ProjectContents contents;                ///< of a project
  std::int64_t landscape = 0;              ///< of a project: the one to show first; 0: none
  std::int64_t spectrum = 0;               ///< the same of its spectra
  bool spectrumNamed = false;              ///< that one was asked for
  std::shared_ptr<const ScalarGrid> grid;  ///< of a grid
  std::string field;  ///< of a grid: which values of the file; empty: the usual
};

/// Looks at a file's first bytes and, where it can, reads it: a project (for reading; also as
/// NAME.tarn#landscape/3 or NAME.tarn#spectrum/1) or a grid (what readGridFile reads; also as
/// FILE#NAME). A model or a data file is only recognized. Never starts an engine. Throws
/// Error(notFound), Error(badInput), Error(io), Error(unsupported), Error(cancelled).
OpenedFile openFile(const std::string& address, const std::stop_token& stop = {});

ProjectContents contentsOf(const Project& project);

/// A landscape of a project with everything the views show of it.
struct LoadedLandscape {
  StoredLandscape record;
  RefiningGrid values;
  std::vector<AxisCaption> captions;     ///< of the grid's axes
  PointQuantities quantities = {};       ///< beside the loss
  std::optional<double> modelLoss = {};  ///< the loss at the model itself, where it is known
};

/// Whether a quantity of a landscape is read with its loss. Those of single classes are not: there
/// may be many, and a line has no room for them.
bool isReadBesideLoss(const std::string& quantity);

/// Throws what Project throws.
LoadedLandscape loadLandscape(const Project& project, std::int64_t landscape);

/// How a list names a stored spectrum.
SpectrumEntry entryOf(const StoredSpectrum& spectrum);
/// A spectrum as it is shown. Throws Error(badInput) when it contradicts itself.
ShownSpectrum shownSpectrum(const StoredSpectrum& spectrum, const std::filesystem::path& project);
/// Throws Error(notFound), and what shownSpectrum and Project throw.
ShownSpectrum loadSpectrum(const Project& project, std::int64_t spectrum);

}  // namespace tarn::ui
