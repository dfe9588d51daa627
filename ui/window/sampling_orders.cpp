// What the panels order.
#include <QFileInfo>

#include "ui/panels/directions_panel.h"
#include "ui/panels/experiment_panel.h"
#include "ui/panels/notice_bar.h"
#include "ui/panels/sampling_panel.h"
#include "ui/panels/spectrum_panel.h"
#include "ui/panels/training_panel.h"
#include "ui/window/job_words.h"
#include "ui/window/sampling_controller.h"
#include "ui/window/workspace.h"

namespace tarn::ui {

bool SamplingController::panelsAreRight(bool right, const QString& title, const QString& where) {
  if (!right) {
    parts_.notices->showNotice(NoticeBar::Kind::problem, title, where);
  }
  return right;
}

// The two panels share a place in the window: what is wrong has to be seen.
void SamplingController::pointTo(bool experimentIsRight, bool directionsAreRight) {
  if (!experimentIsRight) {
    Q_EMIT panelWanted("dockExperiment");
  } else if (!directionsAreRight) {
    Q_EMIT panelWanted("dockDirections");
  }
}

void SamplingController::start() {
  if (running()) {
    return;
  }
  if (parts_.sampling->grows()) {
    startGrowth();
    return;
  }
  const bool experimentIsRight = parts_.experiment->check();
  const auto request = parts_.directions->request();
  const bool hasProject = parts_.sampling->checkProject();
  pointTo(experimentIsRight, request.has_value());
  if (!panelsAreRight(experimentIsRight && request && hasProject,
                      tr("The sampling was not started"),
                      tr("Something is missing or wrong: it is said beside the fields of the "
                         "Experiment, Directions and Sampling panels."))) {
    return;
  }
  SamplingOrder order;
  order.project = QFileInfo(parts_.sampling->projectPath()).absoluteFilePath().toStdString();
  order.experiment = parts_.experiment->text();
  order.request = *request;
  order.request.quantities = parts_.sampling->quantities();
  order.request.name = landscapeName(*request);
  order.request.estimated = estimated_;
  run(std::move(order));
}

void SamplingController::startGrowth() {
  if (auto order = growthOrder(tr("The landscape was not changed"))) {
    run(std::move(*order));
  }
}

std::optional<SamplingOrder> SamplingController::growthOrder(const QString& otherwise) {
  const auto change = parts_.sampling->change();
  if (!panelsAreRight(change.has_value(), otherwise,
                      tr("Something is missing or wrong: it is said beside the fields of the "
                         "Sampling panel."))) {
    return std::nullopt;
  }
  SamplingOrder order;
  order.project = parts_.workspace->file().path;
  order.growth = GrowthOrder{parts_.sampling->base(), *change};
  return order;
}

void SamplingController::estimate() {
  if (running()) {
    return;
  }
  measuring_ = parts_.sampling->speedKey();
  if (parts_.sampling->grows()) {
    if (auto order = growthOrder(tr("Nothing was measured"))) {
      order->estimate = true;
      run(std::move(*order));
    }
    return;
  }
  const bool experimentIsRight = parts_.experiment->check();
  const auto request = parts_.directions->request();
  pointTo(experimentIsRight, request.has_value());
  if (!panelsAreRight(experimentIsRight && request, tr("Nothing was measured"),
                      tr("Something is missing or wrong: it is said beside the fields of the "
                         "Experiment and Directions panels."))) {
    return;
  }
  SamplingOrder order;
  order.experiment = parts_.experiment->text();
  order.request = *request;
  order.estimate = true;
  run(std::move(order));
}

void SamplingController::startSpectrum() {
  if (running()) {
    return;
  }
  const bool experimentIsRight = parts_.experiment->check();
  const auto request = parts_.spectrum->request();
  const bool hasProject = parts_.sampling->checkProject();
  if (!panelsAreRight(experimentIsRight && request && hasProject,
                      tr("The spectrum was not started"),
                      tr("Something is missing or wrong: it is said beside the fields of the "
                         "Experiment and Spectrum panels, and of the Sampling panel's project."))) {
    return;
  }
  SamplingOrder order;
  order.project = QFileInfo(parts_.sampling->projectPath()).absoluteFilePath().toStdString();
  order.experiment = parts_.experiment->text();
  order.spectrum = request;
  run(std::move(order));
}

void SamplingController::startTraining() {
  if (running()) {
    return;
  }
  const bool experimentIsRight = parts_.experiment->check();
  const auto wish = parts_.training->wish();
  const bool hasProject = parts_.sampling->checkProject();
  if (!panelsAreRight(experimentIsRight && wish && hasProject, tr("The training was not started"),
                      tr("Something is missing or wrong: it is said beside the fields of the "
                         "Experiment and Training panels, and of the Sampling panel's project."))) {
    return;
  }
  SamplingOrder order;
  order.project = QFileInfo(parts_.sampling->projectPath()).absoluteFilePath().toStdString();
  order.experiment = parts_.experiment->text();
  order.training = TrainingOrder{*wish, false, 0, order.experiment.seed};
  run(std::move(order));
}

void SamplingController::continueTraining() {
  if (running() || !parts_.sampling->checkProject()) {
    return;
  }
  SamplingOrder order;
  order.project = QFileInfo(parts_.sampling->projectPath()).absoluteFilePath().toStdString();
  order.training = TrainingOrder{{}, true, 0, 0};
  run(std::move(order));
}

void SamplingController::resume(const std::filesystem::path& project, std::int64_t landscape) {
  if (!running() && landscape != 0) {
    SamplingOrder order;
    order.project = project;
    order.resume = landscape;
    run(std::move(order));
  }
}

}  // namespace tarn::ui
