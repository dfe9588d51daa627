#include "ui/window/workspace.h"

#include <utility>

#include "engine/project/address.h"

namespace tarn::ui {
namespace {

QString nameOf(const std::filesystem::path& path) {
  return QString::fromStdString(path.filename().string());
}

}  // namespace

Workspace::Workspace(QObject* parent) : QObject(parent) {}

Workspace::~Workspace() {
  opening_.request_stop();
  stop_.request_stop();
}

void Workspace::open(const QString& address) {
  const std::uint64_t opening = ++openings_;
  opening_ = std::stop_source();
  inBackground(
      this,
      [text = address.toStdString(), stop = opening_.get_token()] { return openFile(text, stop); },
      [this, opening](OpenedFile file) {
        const bool offer = file.kind == FileKind::model || file.kind == FileKind::data;
        if (offer || opening == openings_) {
          takeFile(std::move(file));
        }
      },
      [this, address](const Error& error) {
        if (error.code() != ErrorCode::cancelled) {
          Q_EMIT failed(tr("%1 could not be opened").arg(address), error);
        }
      });
}

void Workspace::takeFile(OpenedFile file) {
  if (file.kind == FileKind::model || file.kind == FileKind::data) {
    Q_EMIT offered(file.kind, QString::fromStdString(file.path.string()));
    return;
  }
  forgetShown();
  live_ = 0;
  shownRuns_.reset();
  file_ = std::move(file);
  Q_EMIT opened();
  Q_EMIT contentsChanged();
  loadCurves();
  takeSpectrum({}, false);
  if (file_->spectrum != 0) {
    loadShownSpectrum(file_->spectrum, file_->spectrumNamed || file_->landscape == 0);
  }
  if (file_->kind == FileKind::project) {
    if (file_->landscape != 0) {
      showStored(file_->landscape);
    } else {
      Q_EMIT shownChanged();
    }
    return;
  }
  const ScalarGrid& grid = *file_->grid;
  title_ = nameOf(file_->path);
  if (!file_->field.empty()) {
    title_ += QStringLiteral("#") + QString::fromStdString(file_->field);
  }
  provenance_ = {{"file", file_->path.string()}};
  shown_.landscape.grid = file_->grid;
  setCaptions(shown_.landscape, axisCaptions(grid));
  updatePlane();
  Q_EMIT shownChanged();
  refresh();
}

void Workspace::forgetShown() {
  stop_.request_stop();
  ++showings_;
  computing_ = false;
  stale_ = false;
  shown_ = {};
  whole_.reset();
  threshold_ = 0.0;
  repaired_ = false;
  shownId_ = 0;
  values_.reset();
  quantities_.reset();
  record_ = {};
  modelLoss_.reset();
  title_.clear();
  provenance_ = nullptr;
  trajectories_.clear();
}

void Workspace::close() {
  ++openings_;
  opening_.request_stop();
  forgetShown();
  live_ = 0;
  if (file_) {
    // Closing a database can take a while.
    inBackground(
        this, [project = std::move(file_->project)]() mutable { return (project.reset(), true); },
        [](bool) {});
  }
  file_.reset();
  loadCurves();
  takeSpectrum({}, false);
  Q_EMIT closed();
  Q_EMIT shownChanged();
  Q_EMIT selectionChanged();
}

void Workspace::showStored(std::int64_t landscape) {
  if (!file_ || !file_->project || landscape == shownId_) {
    return;
  }
  const bool wasSelected = shown_.landscape.selection.has_value();
  forgetShown();
  shownId_ = landscape;
  const std::uint64_t showing = showings_;
  if (wasSelected) {
    Q_EMIT selectionChanged();
  }
  inBackground(
      this, [project = file_->project, landscape] { return loadLandscape(*project, landscape); },
      [this, showing](LoadedLandscape loaded) {
        if (showing == showings_) {
          takeLandscape(std::move(loaded));
        }
      },
      [this, showing](const Error& error) {
        if (showing == showings_) {
          Q_EMIT failed(tr("The landscape could not be read"), error);
        }
      });
}

void Workspace::showSpectrum(std::int64_t spectrum) {
  if (!file_ || !file_->project) {
    return;
  }
  if (spectrum == spectrum_.id) {
    Q_EMIT spectrumChanged(true);
    return;
  }
  loadShownSpectrum(spectrum, true);
}

void Workspace::loadShownSpectrum(std::int64_t spectrum, bool asked) {
  const std::uint64_t showing = ++spectrumShowings_;
  inBackground(
      this, [project = file_->project, spectrum] { return loadSpectrum(*project, spectrum); },
      [this, showing, asked](ShownSpectrum loaded) {
        if (showing == spectrumShowings_) {
          takeSpectrum(std::move(loaded), asked);
        }
      },
      [this, showing](const Error& error) {
        if (showing == spectrumShowings_) {
          Q_EMIT failed(tr("The spectrum could not be read"), error);
        }
      });
}

void Workspace::takeSpectrum(ShownSpectrum spectrum, bool asked) {
  ++spectrumShowings_;
  spectrum_ = std::move(spectrum);
  Q_EMIT spectrumChanged(asked);
}

void Workspace::takeLandscape(LoadedLandscape loaded) {
  record_ = std::move(loaded.record);
  modelLoss_ = loaded.modelLoss;
  values_ = std::move(loaded.values);
  quantities_ = std::make_shared<PointQuantities>(std::move(loaded.quantities));
  shown_.quantities = quantities_;
  shownId_ = record_.id;
  title_ = record_.name.empty() ? tr("Landscape %1").arg(record_.id)
                                : QString::fromStdString(record_.name);
  provenance_ = record_.provenance;
  setCaptions(shown_.landscape, std::move(loaded.captions));
  refresh();
  loadRuns();
}

void Workspace::loadRuns() {
  if (!file_ || !file_->project) {
    return;
  }
  const std::uint64_t showing = showings_;
  inBackground(
      this,
      [project = file_->project, record = record_, stop = stop_.get_token()] {
        return trajectoriesOn(*project, record, stop);
      },
      [this, showing](std::vector<ProjectedTrajectory> trajectories) {
        if (showing == showings_) {
          trajectories_ = std::move(trajectories);
          applyRuns();
          Q_EMIT shownChanged();
        }
      },
      [this, showing](const Error& error) {
        if (showing == showings_ && error.code() != ErrorCode::cancelled) {
          Q_EMIT failed(tr("The training runs could not be projected on this landscape"), error);
        }
      });
}

void Workspace::applyRuns() {
  shown_.landscape.trajectories.clear();
  for (const ProjectedTrajectory& one : trajectories_) {
    if (!shownRuns_ || shownRuns_->contains(one.run)) {
      shown_.landscape.trajectories.push_back(one.trajectory);
    }
  }
  updatePlane();
}

std::optional<std::vector<std::int64_t>> Workspace::chosenRuns() const {
  std::vector<std::int64_t> chosen;
  for (const ProjectedTrajectory& one : trajectories_) {
    if (!shownRuns_ || shownRuns_->contains(one.run)) {
      chosen.push_back(one.run);
    }
  }
  return chosen.size() == trajectories_.size() ? std::nullopt : std::optional(std::move(chosen));
}

void Workspace::setShownRuns(std::set<std::int64_t> runs) {
  shownRuns_ = std::move(runs);
  applyRuns();
  Q_EMIT shownChanged();
}

void Workspace::select(std::optional<std::int64_t> vertex) {
  const auto& grid = shown_.landscape.grid;
  if (!grid || (vertex && (*vertex < 0 || static_cast<std::size_t>(*vertex) >= grid->size()))) {
    vertex.reset();
  }
  if (vertex == shown_.landscape.selection) {
    return;
  }
  shown_.landscape.selection = vertex;
  if (vertex && fits(shown_.slice, *grid)) {
    Slice through = shown_.slice;
    through.at = grid->indices(*vertex);
    setSlice(std::move(through));
  }
  updatePlane();
  Q_EMIT selectionChanged();
}

void Workspace::setSlice(Slice slice) {
  const auto& grid = shown_.landscape.grid;
  if (!grid || grid->dimension() < 3 || !fits(slice, *grid) || slice == shown_.slice) {
    return;
  }
  if (!samePlane(slice, shown_.slice)) {
    shown_.plane = {};
  }
  shown_.slice = std::move(slice);
  updatePlane();
  Q_EMIT sliceChanged();
}

// The grid of a slice that has not moved stays the same one: what is drawn from it then stays, too.
void Workspace::updatePlane() {
  const LandscapeData& whole = shown_.landscape;
  if (!whole.grid || whole.grid->dimension() < 3) {
    shown_.plane = whole;
    shown_.slice = {};
    return;
  }
  if (!fits(shown_.slice, *whole.grid)) {
    shown_.slice = firstSlice(*whole.grid);
    shown_.plane = {};
  }
  shown_.plane = slicedLandscape(whole, shown_.slice,
                                 shown_.plane.whole == whole.grid ? shown_.plane.grid : nullptr);
}

const StoredLandscape* Workspace::growable() const {
  const bool whole = shownId_ != 0 && record_.id == shownId_ && values_;
  return whole && record_.experiment && record_.directions ? &record_ : nullptr;
}

std::string Workspace::address() const {
  if (!file_ || !shown_.landscape.grid) {
    return {};
  }
  if (shownId_ != 0) {
    return formatAddress({file_->path, ResultKind::landscape, shownId_});
  }
  return file_->path.string() + (file_->field.empty() ? "" : "#" + file_->field);
}

bool Workspace::isFile(const std::filesystem::path& path) const {
  return file_ && file_->path == std::filesystem::absolute(path).lexically_normal();
}

}  // namespace tarn::ui
