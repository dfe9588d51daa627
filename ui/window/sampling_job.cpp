#include "ui/window/sampling_job.h"

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <set>
#include <thread>
#include <utility>

#include "engine/client/engine_client.h"
#include "engine/client/trust.h"
#include "engine/project/project.h"
#include "engine/project/writer_lock.h"
#include "engine/tasks/direction_words.h"
#include "ui/views/background.h"
#include "ui/window/job_words.h"

namespace tarn::ui {

struct SamplingMailbox {
  std::mutex mutex;
  std::condition_variable_any answered;
  SamplingNews news;
  std::optional<std::pair<std::string, std::string>> question;  ///< path, SHA-256
  std::optional<bool> answer;
  bool ended = false;
  std::optional<Error> error;
};

namespace {

constexpr int refreshMilliseconds = 40;
constexpr std::chrono::seconds closingPatience{10};
constexpr std::chrono::milliseconds closingPause{10};

/// Puts what the task tells into the mailbox.
class Reporter : public TaskObserver {
 public:
  /// The project is where landscapes are.
  explicit Reporter(SamplingMailbox& mailbox, const Project* project = nullptr)
      : mailbox_(mailbox), project_(project) {}

  void onProgress(const Progress& progress) override {
    const std::lock_guard lock(mailbox_.mutex);
    mailbox_.news.progress = progress;
  }

  void onRemark(const std::string& remark) override {
    const std::lock_guard lock(mailbox_.mutex);
    mailbox_.news.remarks.push_back(remark);
  }

  void onLandscape(const StoredLandscape& landscape) override {
    std::vector<double> present;
    if (landscape.tilesPresent > 0) {
      const LandscapeValues values = project_->landscapeGrid(landscape.id, "loss");
      present.assign(values.grid.values().begin(), values.grid.values().end());
    }
    std::optional<StoredDirections> directions;
    if (landscape.directions) {
      for (StoredDirections& set : project_->directionSets()) {
        if (set.id == *landscape.directions) {
          directions = std::move(set);
        }
      }
    }
    const std::lock_guard lock(mailbox_.mutex);
    mailbox_.news.landscape = landscape;
    mailbox_.news.directions = std::move(directions);
    mailbox_.news.present = std::move(present);
    mailbox_.news.tiles.clear();
  }

  void onTile(std::int64_t /*landscape*/, const StoredTile& tile) override {
    const std::lock_guard lock(mailbox_.mutex);
    mailbox_.news.tiles.push_back(tile);
  }

  void onRun(const StoredRun& run) override {
    const std::lock_guard lock(mailbox_.mutex);
    mailbox_.news.runs.push_back(run);
  }

  void onMetric(std::int64_t run, const StoredMetric& metric) override {
    const std::lock_guard lock(mailbox_.mutex);
    mailbox_.news.metrics.emplace_back(run, metric);
  }

  void onSnapshot(std::int64_t run, const StoredSnapshot& snapshot) override {
    if (projector_ == nullptr || dropped_.contains(run)) {
      return;
    }
    try {
      const ProjectedSnapshot projected = projector_->project(run, snapshot);
      const std::lock_guard lock(mailbox_.mutex);
      mailbox_.news.snapshots.emplace_back(run, projected);
    } catch (const Error&) {
      dropped_.insert(run);  // of another model than the plane: it has no place there
    }
  }

  /// Snapshots are shown on the plane of a landscape from now on.
  void projectOn(const StoredDirections& plane) {
    projector_ = std::make_unique<SnapshotProjector>(plane);
  }

 private:
  SamplingMailbox& mailbox_;
  const Project* project_;
  std::unique_ptr<SnapshotProjector> projector_;
  std::set<std::int64_t> dropped_;
};

/// Yes when the user has said so before; else waits until the window has answered or the job is to
/// stop. Asked once a file's hash.
TrustQuestion trustThrough(SamplingMailbox& mailbox, std::stop_token stop) {
  return [&mailbox, stop = std::move(stop), known = std::string()](
             const std::string& path, const std::string& sha256) mutable {
    if ((!known.empty() && known == sha256) || TrustStore().answer(sha256).value_or(false)) {
      return true;
    }
    std::unique_lock lock(mailbox.mutex);
    mailbox.answer.reset();
    mailbox.question.emplace(path, sha256);
    mailbox.answered.wait(lock, stop, [&] { return mailbox.answer.has_value(); });
    const bool trusted = mailbox.answer.value_or(false);
    lock.unlock();
    if (trusted) {
      known = sha256;
      TrustStore().remember(sha256, true, path);
    }
    return trusted;
  };
}

/// The window closes a project in the background when a sampling has ended: one that goes on at
/// once waits for that. Who then still writes it is another program, and is named in the error.
std::shared_ptr<Project> openWhenClosed(const std::filesystem::path& path,
                                        const std::stop_token& stop) {
  const auto patience = std::chrono::steady_clock::now() + closingPatience;
  while (db::WriterLock::isHeld(path) && !stop.stop_requested() &&
         std::chrono::steady_clock::now() < patience) {
    std::this_thread::sleep_for(closingPause);
  }
  return Project::openOrCreate(path);
}

void train(const SamplingOrder& order, Project& project, const TrustQuestion& ask,
           Reporter& reporter, SamplingMailbox& mailbox, const std::stop_token& stop) {
  TrainingGroup group = groupOf(
      *order.training,
      order.training->resume ? nlohmann::json() : experimentFromText(order.experiment), project);
  group.startEngine = [&order](const std::stop_token& token) { return order.engines->take(token); };
  if (order.training->plane != 0) {
    const StoredLandscape landscape = project.landscape(order.training->plane);
    if (landscape.directions && landscape.axes.size() == 2) {
      const StoredDirections plane = project.directions(*landscape.directions);
      if (plane.center) {
        reporter.projectOn(plane);
      }
    }
  }
  const auto outcomes = trainGroup(group, project, ask, reporter, stop);
  const std::lock_guard lock(mailbox.mutex);
  mailbox.news.complaints = complaintsOf(outcomes);
  for (const GroupOutcome& outcome : outcomes) {
    if (outcome.run) {
      mailbox.news.runs.push_back(*outcome.run);
    }
  }
}

void measure(const SamplingOrder& order, SamplingMailbox& mailbox, const std::stop_token& stop) {
  Reporter reporter(mailbox);
  reporter.onProgress({0, 0, "starting the engine", ""});
  const auto client = order.engines->take(stop);
  reporter.onProgress({0, 0, "opening the model", ""});
  const TrustQuestion ask = trustThrough(mailbox, stop);
  SamplingCost cost;
  if (order.growth) {
    const auto project = Project::open(order.project, Access::read);
    cost = estimateGrowth(*client, *project, order.growth->landscape, order.growth->change, ask,
                          reporter, stop);
  } else {
    const OpenedExperiment opened =
        openExperiment(*client, nullptr, experimentFromText(order.experiment), ask, reporter, stop);
    cost = estimateCost(*client, opened, order.request, reporter, stop);
  }
  const std::lock_guard lock(mailbox.mutex);
  mailbox.news.cost = std::move(cost);
}

void sample(const SamplingOrder& order, SamplingMailbox& mailbox, const std::stop_token& stop) {
  const auto project = openWhenClosed(order.project, stop);
  {
    const std::lock_guard lock(mailbox.mutex);
    mailbox.news.project = project;
  }
  Reporter reporter(mailbox, project.get());
  reporter.onProgress({0, 0, "starting the engine", ""});
  const TrustQuestion ask = trustThrough(mailbox, stop);
  if (order.training) {
    return train(order, *project, ask, reporter, mailbox, stop);
  }
  const auto client = order.engines->take(stop);
  std::int64_t landscape = order.resume;
  std::optional<OpenedExperiment> opened;
  if (order.growth) {
    reporter.onProgress({0, 0, "opening the model", ""});
    landscape = growLandscape(*client, *project, order.growth->landscape, order.growth->change, ask,
                              reporter, stop)
                    .id;
  } else if (landscape == 0) {
    reporter.onProgress({0, 0, "opening the model", ""});
    nlohmann::json experiment = experimentFromText(order.experiment);
    experiment["model"] =
        modelAtCentre(experiment.at("model"), order.request.directions, project.get());
    opened = openExperiment(*client, project.get(), experiment, ask, reporter, stop);
    if (order.spectrum) {
      StoredSpectrum spectrum =
          computeSpectrum(*client, project.get(), *opened, *order.spectrum, reporter, stop);
      spectrum.eigenvectors.clear();  // they are in the project
      const std::lock_guard lock(mailbox.mutex);
      mailbox.news.spectrum = std::move(spectrum);
      return;
    }
    landscape = prepareLandscape(*client, *project, *opened, order.request, ask, reporter, stop).id;
  }
  fillLandscape(*client, *project, landscape, ask, reporter, stop, opened ? &*opened : nullptr);
}

void work(const SamplingOrder& order, SamplingMailbox& mailbox, const std::stop_token& stop) {
  std::optional<Error> error;
  try {
    order.estimate ? measure(order, mailbox, stop) : sample(order, mailbox, stop);
  } catch (...) {
    error = currentError();
    if (stop.stop_requested() && error->code() != ErrorCode::io) {
      error = Error(ErrorCode::cancelled, wordsFor(order).stopped.toStdString() + ".");
    }
  }
  const std::lock_guard lock(mailbox.mutex);
  mailbox.error = std::move(error);
  mailbox.ended = true;
}

}  // namespace

SamplingJob::SamplingJob(SamplingOrder order, QObject* parent)
    : QObject(parent), order_(std::move(order)), mailbox_(std::make_shared<SamplingMailbox>()) {
  connect(&timer_, &QTimer::timeout, this, &SamplingJob::look);
}

SamplingJob::~SamplingJob() = default;

void SamplingJob::start() {
  running_ = true;
  worker_ = std::jthread([order = order_, mailbox = mailbox_](const std::stop_token& stop) {
    work(order, *mailbox, stop);
  });
  timer_.start(refreshMilliseconds);
}

void SamplingJob::cancel() {
  worker_.request_stop();
}

void SamplingJob::answerTrust(bool trusted) {
  const std::lock_guard lock(mailbox_->mutex);
  mailbox_->answer = trusted;
  mailbox_->answered.notify_all();
}

void SamplingJob::look() {
  SamplingNews fresh;
  std::optional<std::pair<std::string, std::string>> question;
  bool ended = false;
  std::optional<Error> error;
  {
    const std::lock_guard lock(mailbox_->mutex);
    fresh = std::exchange(mailbox_->news, {});
    question = std::exchange(mailbox_->question, {});
    ended = mailbox_->ended;
    error = mailbox_->error;
  }
  if (fresh.landscape) {
    landscape_ = fresh.landscape->id;
  }
  if (fresh.project || fresh.progress || !fresh.remarks.empty() || fresh.landscape ||
      !fresh.tiles.empty() || fresh.spectrum || fresh.cost || !fresh.runs.empty() ||
      !fresh.metrics.empty() || !fresh.snapshots.empty() || !fresh.complaints.empty()) {
    Q_EMIT news(fresh);
  }
  if (question) {
    Q_EMIT trustNeeded(QString::fromStdString(question->first),
                       QString::fromStdString(question->second));
  }
  if (ended && running_) {
    running_ = false;
    timer_.stop();
    Q_EMIT finished(error ? &*error : nullptr);
  }
}

}  // namespace tarn::ui
