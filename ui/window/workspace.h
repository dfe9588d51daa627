#pragma once

#include <QObject>
#include <QString>
#include <filesystem>
#include <memory>
#include <optional>
#include <set>
#include <stop_token>

#include "engine/tasks/run_comparison.h"
#include "topology/base/error.h"
#include "ui/figures/project_figure.h"
#include "ui/scene/curve_data.h"
#include "ui/views/background.h"
#include "ui/views/landscape_view.h"
#include "ui/window/opened_file.h"
#include "ui/window/topology_level.h"

namespace tarn::ui {

struct SamplingNews;

/// What is open and what of it is shown; the one owner of both. Everything slow (reading files,
/// projecting, topology) happens on pool threads; what comes out arrives here as values.
class Workspace : public QObject {
  Q_OBJECT

 public:
  explicit Workspace(QObject* parent = nullptr);
  ~Workspace() override;

  /// Opens a file in the background; then opened(), offered() or failed().
  void open(const QString& address);
  void close();
  bool isOpen() const { return file_.has_value(); }
  /// The open file. Only when isOpen().
  const OpenedFile& file() const { return *file_; }

  void showStored(std::int64_t landscape);
  /// Shows a spectrum of the project in the background; then spectrumChanged() or failed().
  void showSpectrum(std::int64_t spectrum);
  void setConnectivity(Connectivity connectivity);
  void setShownRuns(std::set<std::int64_t> runs);
  /// A vertex of the whole landscape; the slice that is shown moves to where it lies.
  void select(std::optional<std::int64_t> vertex);
  /// Another slice of a landscape of three or more axes; one that does not fit it is ignored.
  void setSlice(Slice slice);
  /// The persistence up to which branches are left out of tree, minima and basins; 0: none is. The
  /// one place where it is kept. What is shown follows as soon as it is computed.
  void setThreshold(double threshold);
  /// As it was asked for; shown().threshold is what is shown yet.
  double threshold() const { return threshold_; }
  /// Shows the landscape with its serpentine shift undone, or as it was read. Nothing that is
  /// stored changes.
  void setRepaired(bool repaired);

  const ShownLandscape& shown() const { return shown_; }
  /// Beside the landscape; its id is 0 when there is none.
  const ShownSpectrum& spectrum() const { return spectrum_; }
  /// Of all runs of the project; never null.
  const CurveDataPtr& curves() const { return curves_; }
  /// Of all runs of the project as far as they are stored; without runs before it is computed.
  const RunComparison& comparison() const { return comparison_; }
  /// The landscape that is shown, when it is of this project and runs can be projected on its two
  /// or more directions; else 0.
  std::int64_t planeIn(const std::filesystem::path& project) const;
  /// The shown landscape when it is one that can grow: of a project, with its experiment. Else
  /// null.
  const StoredLandscape* growable() const;
  /// The shown landscape of the project; 0 when it is a file of its own, or nothing.
  std::int64_t shownId() const { return shownId_; }
  const QString& title() const { return title_; }
  const nlohmann::json& provenance() const { return provenance_; }
  /// Computed points and all of them.
  std::size_t computedPoints() const { return values_ ? values_->computedCount : 0; }
  std::size_t points() const { return values_ ? values_->values.size() : 0; }
  bool preliminary() const { return values_ && !values_->complete(); }
  bool computing() const { return computing_; }
  const std::vector<ProjectedTrajectory>& trajectories() const { return trajectories_; }
  /// The runs that are drawn, by id, when these are not all of them.
  std::optional<std::vector<std::int64_t>> chosenRuns() const;
  /// "NAME.tarn#landscape/3" or the file's path; empty when nothing is shown.
  std::string address() const;

  /// What a sampling tells, into the project that it writes.
  void takeNews(const std::filesystem::path& project, const SamplingNews& news);
  /// The sampling is over: looks at the project again.
  void endLive(const std::filesystem::path& project);

 Q_SIGNALS:
  void opened();
  void closed();
  void contentsChanged();
  void offered(tarn::ui::FileKind kind, const QString& path);
  /// Another landscape, or new values, trajectories or topology of the shown one.
  void shownChanged();
  void thresholdChanged(double threshold);
  void selectionChanged();
  /// Another slice of the same landscape is shown.
  void sliceChanged();
  /// Runs came or went, or went on; `begun`: new ones were begun just now.
  void curvesChanged(bool begun);
  void comparisonChanged();
  /// Another spectrum is shown; `asked`: because somebody wanted to see it.
  void spectrumChanged(bool asked);
  void failed(const QString& title, const tarn::Error& error);

 private:
  void takeFile(OpenedFile file);
  void takeLandscape(LoadedLandscape loaded);
  void loadRuns();
  void applyRuns();
  void updatePlane();
  void refresh();
  struct Computed;
  void takeComputed(Computed computed);
  void simplify();
  void takeLevel(TopologyLevel level);
  void forgetShown();
  void loadShownSpectrum(std::int64_t spectrum, bool asked);
  void takeSpectrum(ShownSpectrum spectrum, bool asked);
  void loadCurves();
  void compareStoredRuns();
  void takeTraining(const SamplingNews& news);
  void takeRuns(const std::vector<StoredRun>& runs);
  bool isFile(const std::filesystem::path& path) const;

  std::optional<OpenedFile> file_;
  std::optional<RefiningGrid> values_;           ///< of a project's landscape
  std::shared_ptr<PointQuantities> quantities_;  ///< the same, beside its loss; never null with it
  ShownLandscape shown_;
  ShownSpectrum spectrum_;
  RunComparison comparison_;
  CurveDataPtr curves_ = std::make_shared<const CurveData>();
  std::uint64_t curveLoads_ = 0;
  std::uint64_t spectrumShowings_ = 0;
  std::shared_ptr<const WholeTopology> whole_;  ///< of what is shown
  double threshold_ = 0.0;
  bool repaired_ = false;
  std::int64_t shownId_ = 0;
  StoredLandscape record_;
  std::optional<double> modelLoss_;  ///< of record_, where it is known
  QString title_;
  nlohmann::json provenance_;
  std::vector<ProjectedTrajectory> trajectories_;
  std::optional<std::set<std::int64_t>> shownRuns_;  ///< none: all of them
  Connectivity connectivity_ = Connectivity::axes2n;

  std::int64_t live_ = 0;  ///< the landscape that is being sampled
  std::uint64_t openings_ = 0;
  std::stop_source opening_;    ///< of the file that is being opened
  std::uint64_t showings_ = 0;  ///< counts changes of what is shown: older answers are dropped
  std::stop_source stop_;
  bool computing_ = false;
  bool stale_ = false;
  Latest<TopologyLevel> simplifier_;
};

}  // namespace tarn::ui
