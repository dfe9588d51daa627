#pragma once

#include <QObject>
#include <QString>
#include <QTimer>
#include <filesystem>
#include <memory>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "engine/project/project.h"
#include "engine/tasks/experiment.h"
#include "engine/tasks/landscape_task.h"
#include "engine/tasks/projection.h"
#include "engine/tasks/spectrum_task.h"
#include "topology/base/error.h"
#include "ui/window/spare_engine.h"
#include "ui/window/training_work.h"

namespace tarn::ui {

/// A landscape of the project that is to grow.
struct GrowthOrder {
  std::int64_t landscape = 0;
  LandscapeChange change;
};

/// What is to be sampled, and where the result is kept. With `resume`, that landscape of the
/// project is continued and the rest is not looked at. With `spectrum`, no landscape is sampled but
/// a spectrum computed; with `training`, runs are trained; with `growth`, a landscape grows. With
/// `estimate`, it is only measured how long the points of the request or of the grown landscape
/// take, and nothing is written.
struct SamplingOrder {
  std::filesystem::path project;
  ExperimentText experiment;
  LandscapeRequest request;
  std::int64_t resume = 0;
  std::optional<SpectrumRequest> spectrum;
  std::optional<TrainingOrder> training;
  std::optional<GrowthOrder> growth;
  bool estimate = false;
  std::shared_ptr<SpareEngine> engines;  ///< where the job has its engines from
};

/// What came since the last time anybody looked.
struct SamplingNews {
  std::shared_ptr<Project> project;  ///< once, when it was opened for writing
  std::optional<Progress> progress;
  std::vector<std::string> remarks;
  std::optional<StoredLandscape> landscape;
  std::optional<StoredDirections> directions;  ///< of the landscape, without the arrays
  std::vector<double> present;  ///< values that were there already, with the landscape; or empty
  std::vector<StoredTile> tiles;
  std::optional<StoredSpectrum> spectrum;                      ///< without the eigenvectors
  std::optional<SamplingCost> cost;                            ///< of an estimate
  std::vector<StoredRun> runs;                                 ///< that were begun, or that ended
  std::vector<std::pair<std::int64_t, StoredMetric>> metrics;  ///< with their runs
  std::vector<std::pair<std::int64_t, ProjectedSnapshot>> snapshots;  ///< on the order's plane
  std::vector<std::string> complaints;  ///< of runs that did not end well, at the end
};

/// Where the worker puts what it has, and the window takes it.
struct SamplingMailbox;

/// A sampling, its estimate, the computation of a spectrum or a training on a thread of its own.
/// Lives on the GUI thread; its signals come there, at most 25 times a second.
class SamplingJob : public QObject {
  Q_OBJECT

 public:
  SamplingJob(SamplingOrder order, QObject* parent);
  /// Stops the job and waits for its thread: at most the engine's cancel patience.
  ~SamplingJob() override;

  const SamplingOrder& order() const { return order_; }
  /// The landscape being sampled; 0 before it is in the project.
  std::int64_t landscape() const { return landscape_; }
  void start();
  /// Returns at once; finished() comes when the engine has stopped or was killed.
  void cancel();
  bool running() const { return running_; }
  /// The answer to trustNeeded().
  void answerTrust(bool trusted);

 Q_SIGNALS:
  void trustNeeded(const QString& path, const QString& sha256);
  void news(const tarn::ui::SamplingNews& news);
  /// The last signal. Null: complete. Error(cancelled): stopped by cancel().
  void finished(const tarn::Error* error);

 private:
  void look();

  SamplingOrder order_;
  std::shared_ptr<SamplingMailbox> mailbox_;
  std::jthread worker_;
  QTimer timer_;
  std::int64_t landscape_ = 0;
  bool running_ = false;
};

}  // namespace tarn::ui
