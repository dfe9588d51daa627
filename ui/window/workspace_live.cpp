// What a running sampling adds to the workspace.
#include <algorithm>
#include <limits>
#include <utility>

#include "ui/views/background.h"
#include "ui/window/sampling_job.h"
#include "ui/window/workspace.h"

namespace tarn::ui {

void Workspace::takeNews(const std::filesystem::path& project, const SamplingNews& news) {
  if (news.project) {
    // The job's own connection is used while it lasts: it then closes the file for good. What is
    // shown of the same file stays until a new landscape is there.
    if (!isFile(project)) {
      forgetShown();
    }
    OpenedFile file;
    file.kind = FileKind::project;
    file.path = std::filesystem::absolute(project).lexically_normal();
    file.project = news.project;
    if (isFile(project)) {
      file.contents = file_->contents;
    } else {
      shownRuns_.reset();
      takeSpectrum({}, false);
    }
    file_ = std::move(file);
    loadCurves();
    Q_EMIT opened();
    Q_EMIT shownChanged();
  }
  if (!isFile(project)) {
    return;
  }
  if (news.landscape) {
    auto& all = file_->contents.landscapes;
    std::erase_if(all, [&](const StoredLandscape& one) { return one.id == news.landscape->id; });
    all.push_back(*news.landscape);
    forgetShown();
    live_ = news.landscape->id;
    LoadedLandscape loaded;
    loaded.record = *news.landscape;
    loaded.values = beginRefining(loaded.record, news.present);
    for (const std::string& quantity : loaded.record.quantities) {
      if (isReadBesideLoss(quantity)) {
        loaded.quantities[quantity].assign(loaded.values.values.size(),
                                           std::numeric_limits<double>::quiet_NaN());
      }
    }
    const StoredDirections* directions = news.directions ? &*news.directions : nullptr;
    loaded.captions = axisCaptions(loaded.record, directions);
    Q_EMIT contentsChanged();
    Q_EMIT selectionChanged();
    takeLandscape(std::move(loaded));
  }
  takeTraining(news);
  if (news.spectrum) {
    file_->contents.spectra.push_back(entryOf(*news.spectrum));
    Q_EMIT contentsChanged();
    takeSpectrum(shownSpectrum(*news.spectrum, file_->path), true);
  }
  if (!news.tiles.empty() && live_ != 0 && shownId_ == live_ && values_) {
    addTiles(*values_, news.tiles);
    addTiles(*values_, *quantities_, news.tiles);
    refresh();
  }
}

void Workspace::endLive(const std::filesystem::path& project) {
  live_ = 0;
  if (!isFile(project) || !file_->project) {
    return;
  }
  const std::uint64_t opening = ++openings_;
  inBackground(
      this,
      [path = file_->path, before = std::exchange(file_->project, nullptr)]() mutable {
        before.reset();
        return openFile(path.string());
      },
      [this, opening](OpenedFile file) {
        if (opening != openings_ || !file_) {
          return;
        }
        const std::int64_t shown = shownId_;
        file_ = std::move(file);
        Q_EMIT contentsChanged();
        loadCurves();
        if (shown != 0) {
          // The values are read again from the file: what is shown is what was kept.
          const std::uint64_t showing = showings_;
          inBackground(
              this, [from = file_->project, shown] { return loadLandscape(*from, shown); },
              [this, showing](LoadedLandscape loaded) {
                if (showing == showings_) {
                  takeLandscape(std::move(loaded));
                }
              });
        }
      },
      [this, opening](const Error& error) {
        if (opening == openings_) {
          Q_EMIT failed(tr("The project could not be opened again"), error);
        }
      });
}

}  // namespace tarn::ui
