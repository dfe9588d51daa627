// The topology of what is shown: computed when the values change, simplified when the threshold
// does.
#include <algorithm>
#include <cmath>
#include <utility>

#include "topology/analysis/serpentine.h"
#include "ui/window/workspace.h"

namespace tarn::ui {
namespace {

/// How a landscape is looked at.
struct Look {
  AnalysisOptions analysis;
  double threshold;
  bool repaired;
};

}  // namespace

/// A landscape as it can be shown, with its topology.
struct Workspace::Computed {
  std::shared_ptr<const ScalarGrid> grid;
  bool repaired = false;
  std::shared_ptr<const WholeTopology> whole;
  TopologyLevel level;

  Computed(const std::optional<RefiningGrid>& values, std::shared_ptr<const ScalarGrid> read,
           const Look& look, const std::stop_token& stop)
      : grid(values ? std::make_shared<const ScalarGrid>(preview(*values)) : std::move(read)) {
    if (look.repaired) {
      const SerpentineCheck check = serpentineCheck(*grid);
      repaired = check.isDisplaced();
      if (repaired) {
        grid = std::make_shared<const ScalarGrid>(undoSerpentine(*grid, check));
      }
    }
    whole = std::make_shared<const WholeTopology>(wholeTopology(*grid, look.analysis, stop));
    level = topologyLevel(whole, look.threshold);
  }
};

void Workspace::setConnectivity(Connectivity connectivity) {
  if (connectivity != connectivity_) {
    connectivity_ = connectivity;
    refresh();
  }
}

void Workspace::setRepaired(bool repaired) {
  if (repaired != repaired_) {
    repaired_ = repaired;
    refresh();
  }
}

void Workspace::setThreshold(double threshold) {
  if (!std::isfinite(threshold) || std::max(threshold, 0.0) == threshold_) {
    return;
  }
  threshold_ = std::max(threshold, 0.0);
  Q_EMIT thresholdChanged(threshold_);
  simplify();
}

void Workspace::simplify() {
  if (!whole_) {
    return;
  }
  simplifier_.run(
      this, [whole = whole_, threshold = threshold_] { return topologyLevel(whole, threshold); },
      [this, whole = whole_](TopologyLevel level) {
        if (whole == whole_) {
          takeLevel(std::move(level));
          Q_EMIT shownChanged();
        }
      },
      [this](const Error& error) { Q_EMIT failed(tr("The tree could not be simplified"), error); });
}

void Workspace::takeLevel(TopologyLevel level) {
  shown_.landscape.tree = std::move(level.tree);
  shown_.landscape.basins = std::move(level.basins);
  shown_.smad = level.smad;
  shown_.meanPersistence = level.meanPersistence;
  shown_.threshold = level.threshold;
  updatePlane();
}

// One computation at a time; what changes meanwhile is looked at when it is over.
void Workspace::refresh() {
  if (!values_ && !shown_.landscape.grid) {
    return;
  }
  if (computing_) {
    stale_ = true;
    return;
  }
  computing_ = true;
  stale_ = false;
  stop_ = std::stop_source();
  AnalysisOptions analysis{.connectivity = connectivity_};
  if (values_ && values_->complete()) {
    analysis.modelLoss = modelLoss_;  // before, the origin may show what was put between points
  }
  const std::uint64_t showing = showings_;
  const auto after = [this, showing](auto take) {
    if (showing != showings_) {
      return;
    }
    computing_ = false;
    take();
    if (stale_) {
      refresh();
    }
  };
  inBackground(
      this,
      [values = values_, read = file_->grid, look = Look{analysis, threshold_, repaired_},
       stop = stop_.get_token()] { return Computed(values, read, look, stop); },
      [this, after](Computed computed) { after([&] { takeComputed(std::move(computed)); }); },
      [this, after](const Error& error) {
        after([&] {
          if (error.code() != ErrorCode::cancelled) {
            Q_EMIT failed(tr("The topology could not be computed"), error);
          }
        });
      });
}

void Workspace::takeComputed(Computed computed) {
  // The vertices of a repaired grid are others.
  const bool deselect = computed.repaired != shown_.repaired && shown_.landscape.selection;
  if (deselect) {
    shown_.landscape.selection.reset();
  }
  whole_ = std::move(computed.whole);
  shown_.landscape.grid = std::move(computed.grid);
  shown_.repaired = computed.repaired;
  shown_.analysis = std::shared_ptr<const Analysis>(whole_, &whole_->analysis);
  shown_.deepest = whole_->deepest;
  takeLevel(std::move(computed.level));
  Q_EMIT shownChanged();
  if (deselect) {
    Q_EMIT selectionChanged();
  }
  if (shown_.threshold != threshold_) {
    simplify();
  }
}

}  // namespace tarn::ui
