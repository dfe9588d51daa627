#pragma once

#include <QObject>
#include <memory>
#include <optional>

#include "ui/window/eta.h"
#include "ui/window/sampling_job.h"

namespace tarn::ui {

class DirectionsPanel;
class ExperimentPanel;
class JobRow;
class JobsPanel;
class NoticeBar;
class SamplingPanel;
class SpectrumPanel;
class TrainingPanel;
class Workspace;

/// Starts samplings, their estimates, computations of spectra and trainings from the panels,
/// follows them, and says what became of them. One at a time.
class SamplingController : public QObject {
  Q_OBJECT

 public:
  struct Parts {
    Workspace* workspace;
    ExperimentPanel* experiment;
    DirectionsPanel* directions;
    SamplingPanel* sampling;
    SpectrumPanel* spectrum;
    TrainingPanel* training;
    JobsPanel* jobs;
    NoticeBar* notices;
  };

  SamplingController(Parts parts, QObject* parent);

  /// Looks at the panels and starts a new landscape, or more of the one that is shown; what is
  /// wrong is said beside the fields.
  void start();
  /// Measures what the sampling would cost; the Sampling panel then says it.
  void estimate();
  /// The same for the spectrum that the Spectrum panel describes; it is kept in the project that
  /// the Sampling panel names.
  void startSpectrum();
  /// Trains the optimizers of the Training panel, into the same project.
  void startTraining();
  /// Goes on with the runs of that project that were stopped.
  void continueTraining();
  /// Goes on with a landscape of a project that is not complete.
  void resume(const std::filesystem::path& project, std::int64_t landscape);
  void cancel();
  bool running() const { return job_ != nullptr; }

 Q_SIGNALS:
  void runningChanged(bool running);
  /// Something is wrong in the panel of this dock.
  void panelWanted(const QString& dock);
  void log(const QString& line);

 private:
  void listOptimizers();
  void pointTo(bool experimentIsRight, bool directionsAreRight);
  bool panelsAreRight(bool right, const QString& title, const QString& where);
  void run(SamplingOrder order);
  void take(const SamplingNews& news);
  void askTrust(const QString& path, const QString& sha256);
  void finish(const Error* error);
  QString kept(const SamplingJob& job) const;
  void showCost();
  void showGrid();
  void startGrowth();
  std::optional<SamplingOrder> growthOrder(const QString& otherwise);
  void takeCost(const SamplingCost& cost);

  Parts parts_;
  std::shared_ptr<SpareEngine> engines_ = std::make_shared<SpareEngine>();
  SamplingJob* job_ = nullptr;
  JobRow* row_ = nullptr;
  Eta eta_;
  std::string lastStage_;
  QString measuring_;  ///< what an estimate is of

  std::optional<SamplingCost> estimated_;  ///< of the last new landscape that was estimated
};

}  // namespace tarn::ui
