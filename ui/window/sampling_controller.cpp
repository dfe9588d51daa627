#include "ui/window/sampling_controller.h"

#include <QFileInfo>
#include <QSettings>
#include <algorithm>
#include <chrono>

#include "engine/tasks/optimizer_list.h"
#include "ui/panels/directions_panel.h"
#include "ui/panels/experiment_panel.h"
#include "ui/panels/field.h"
#include "ui/panels/jobs_panel.h"
#include "ui/panels/notice_bar.h"
#include "ui/panels/sampling_panel.h"
#include "ui/panels/spectrum_panel.h"
#include "ui/panels/training_panel.h"
#include "ui/views/background.h"
#include "ui/window/job_words.h"
#include "ui/window/workspace.h"

namespace tarn::ui {
namespace {

/// Speeds are remembered by what decides them.
QString costKey(const ExperimentText& experiment) {
  return "cost/" + QString::number(qHash(QString::fromStdString(
                       experiment.model + '|' + experiment.data + '|' + experiment.subset)));
}

std::optional<double> sampleCount(const ExperimentText& experiment) {
  bool isNumber = false;
  const auto count =
      QString::fromStdString(experiment.subset).section('@', 0, 0).toULongLong(&isNumber);
  return isNumber && count > 0 ? std::optional(static_cast<double>(count)) : std::nullopt;
}

}  // namespace

SamplingController::SamplingController(Parts parts, QObject* parent)
    : QObject(parent), parts_(parts) {
  connect(parts.sampling, &SamplingPanel::startRequested, this, &SamplingController::start);
  connect(parts.spectrum, &SpectrumPanel::startRequested, this, &SamplingController::startSpectrum);
  connect(parts.training, &TrainingPanel::startRequested, this, &SamplingController::startTraining);
  connect(parts.training, &TrainingPanel::continueRequested, this,
          &SamplingController::continueTraining);
  connect(parts.training, &TrainingPanel::optimizersWanted, this,
          &SamplingController::listOptimizers);
  connect(parts.experiment, &ExperimentPanel::changed, this, [this] {
    parts_.sampling->setMeasured({}, {});
    showCost();
    if (!running() && !parts_.experiment->text().model.empty()) {
      engines_->prepare();
    }
  });
  connect(parts.sampling, &SamplingPanel::estimateRequested, this, &SamplingController::estimate);
  connect(parts.directions, &DirectionsPanel::changed, this, &SamplingController::showGrid);
  connect(parts.directions, &DirectionsPanel::seedChanged, parts.experiment,
          &ExperimentPanel::setSeed);
  showGrid();
}

void SamplingController::showGrid() {
  parts_.sampling->setGrid(parts_.directions->axes(), parts_.directions->points());
}

void SamplingController::takeCost(const SamplingCost& cost) {
  const SamplingOrder& order = job_->order();
  if (!order.growth) {
    estimated_ = cost;
  }
  if (order.growth || order.experiment == parts_.experiment->text()) {
    parts_.sampling->setMeasured(
        measuring_, MeasuredSpeed{cost.secondsPerPoint, cost.plan.value("workers", 1.0)});
  }
}

void SamplingController::showCost() {
  const ExperimentText experiment = parts_.experiment->text();
  parts_.directions->setSeed(
      static_cast<int>(std::min<std::uint64_t>(experiment.seed, 1'000'000'000)));
  const QVariant cost = QSettings().value(costKey(experiment));
  parts_.sampling->setCost(cost.isValid() ? std::optional(cost.toDouble()) : std::nullopt,
                           sampleCount(experiment));
}

void SamplingController::listOptimizers() {
  inBackground(
      this, [] { return knownOptimizers(*EngineClient::start()); },
      [this](const nlohmann::json& list) { parts_.training->setOptimizers(list); },
      [this](const Error& error) { parts_.training->setOptimizersProblem(sentencesOf(error)); });
}

void SamplingController::run(SamplingOrder order) {
  parts_.notices->dismiss();
  if (order.training) {
    order.training->plane = parts_.workspace->planeIn(order.project);
  }
  const QString name = wordsFor(order).name;
  eta_ = {};
  lastStage_.clear();
  order.engines = engines_;
  job_ = new SamplingJob(std::move(order), this);
  row_ = parts_.jobs->addJob(name);
  connect(row_, &JobRow::cancelRequested, this, &SamplingController::cancel);
  connect(job_, &SamplingJob::news, this, &SamplingController::take);
  connect(job_, &SamplingJob::trustNeeded, this, &SamplingController::askTrust);
  connect(job_, &SamplingJob::finished, this, &SamplingController::finish);
  parts_.sampling->setRunning(true);
  parts_.spectrum->setRunning(true);
  parts_.training->setRunning(true);
  Q_EMIT log(name);
  Q_EMIT runningChanged(true);
  job_->start();
}

void SamplingController::cancel() {
  if (job_ != nullptr) {
    row_->setStopping();
    job_->cancel();
  }
}

void SamplingController::take(const SamplingNews& news) {
  if (news.cost) {
    takeCost(*news.cost);
  }
  if (!job_->order().estimate) {
    parts_.workspace->takeNews(job_->order().project, news);
  }
  for (const std::string& remark : news.remarks) {
    Q_EMIT log(QString::fromStdString(remark));
  }
  if (!news.complaints.empty()) {
    QStringList sentences;
    for (const std::string& complaint : news.complaints) {
      sentences += QString::fromStdString(complaint);
      Q_EMIT log(sentences.back());
    }
    parts_.notices->showNotice(NoticeBar::Kind::problem, tr("Not every run ended well"),
                               sentences.join('\n'));
  }
  if (!news.progress) {
    return;
  }
  const Progress& progress = *news.progress;
  const auto left =
      eta_.update(progress.stage, progress.done, progress.total, std::chrono::steady_clock::now());
  JobProgress shown;
  shown.done = progress.done;
  shown.total = progress.total;
  shown.stage = QString::fromStdString(progress.stage);
  shown.note = QString::fromStdString(progress.note);
  shown.etaSeconds = left.value_or(-1);
  row_->setProgress(shown);
  if (progress.stage != lastStage_) {
    lastStage_ = progress.stage;
    Q_EMIT log(shown.stage);
  }
}

void SamplingController::askTrust(const QString& path, const QString& sha256) {
  parts_.notices->showNotice(
      NoticeBar::Kind::question, tr("Run the model %1?").arg(QFileInfo(path).fileName()),
      tr("A TorchScript file is a program. Run it only when you trust where it comes from: %1\n"
         "SHA-256 %2")
          .arg(path, sha256),
      {{"trustYes", tr("Trust and run"),
        [this] {
          if (job_ != nullptr) {
            job_->answerTrust(true);
          }
        }},
       {"trustNo", tr("Do not run"), [this] {
          if (job_ != nullptr) {
            job_->answerTrust(false);
          }
        }}});
  parts_.notices->setDismissChoice("trustNo");
}

QString SamplingController::kept(const SamplingJob& job) const {
  if (job.order().estimate) {
    return {};
  }
  if (job.order().training) {
    return tr("The runs are kept as far as they came; Continue goes on with them.");
  }
  if (job.order().spectrum) {
    return tr("What was found by then, if anything, is among the project's spectra.");
  }
  if (job.landscape() == 0 && job.order().resume == 0) {
    return tr("Nothing had been computed yet.");
  }
  return tr("What was computed is kept (%1 of %2 points).")
      .arg(static_cast<qulonglong>(parts_.workspace->computedPoints()))
      .arg(static_cast<qulonglong>(parts_.workspace->points()));
}

void SamplingController::finish(const Error* error) {
  SamplingJob* job = job_;
  job_ = nullptr;
  const JobWords words = wordsFor(job->order());
  const bool estimated = job->order().estimate;
  const bool spectrum = job->order().spectrum.has_value();
  const bool training = job->order().training.has_value();
  const std::filesystem::path project = job->order().project;
  const std::int64_t landscape = job->landscape() != 0 ? job->landscape() : job->order().resume;
  const QString kept = this->kept(*job);
  std::vector<NoticeBar::Choice> again;
  if (landscape != 0) {
    again.push_back({"jobAgain", tr("Start again"),
                     [this, project, landscape] { resume(project, landscape); }});
  } else {
    again.push_back({"jobAgain", tr("Start again"),
                     [this, spectrum, training, estimated,
                      stopped = error != nullptr && error->code() == ErrorCode::cancelled] {
                       training    ? (stopped ? continueTraining() : startTraining())
                       : spectrum  ? startSpectrum()
                       : estimated ? this->estimate()
                                   : start();
                     }});
  }
  if (error == nullptr) {
    row_->setEnd(JobEnd::complete, tr("Complete"));
    if (!spectrum && !training && !estimated && !job->order().growth && eta_.secondsPerStep() &&
        parts_.workspace->points() > 0) {
      QSettings().setValue(costKey(job->order().experiment), *eta_.secondsPerStep());
    }
    Q_EMIT log(words.complete);
  } else if (error->code() == ErrorCode::cancelled) {
    row_->setEnd(JobEnd::cancelled, tr("Stopped. %1").arg(kept).trimmed());
    const QString& title = words.stopped;
    parts_.notices->showNotice(NoticeBar::Kind::information, title, kept, std::move(again));
    Q_EMIT log((title + QStringLiteral(". ") + kept).trimmed());
  } else {
    row_->setEnd(JobEnd::failed, tr("Failed: %1").arg(QString::fromUtf8(error->what())));
    const QString title = error->code() == ErrorCode::engine      ? tr("The engine stopped")
                          : error->code() == ErrorCode::untrusted ? tr("The model was not run")
                                                                  : words.failed;
    const QString remedy = QString::fromStdString(error->remedy());
    parts_.notices->showError(title,
                              Error(error->code(), error->what(),
                                    (remedy.isEmpty() ? kept : remedy + "\n" + kept).toStdString()),
                              std::move(again));
    Q_EMIT log(title + ": " + QString::fromUtf8(error->what()));
  }
  row_ = nullptr;
  job->deleteLater();
  parts_.sampling->setRunning(false);
  parts_.spectrum->setRunning(false);
  parts_.training->setRunning(false);
  if (!estimated) {
    parts_.workspace->endLive(project);
  }
  showCost();
  Q_EMIT runningChanged(false);
}

}  // namespace tarn::ui
