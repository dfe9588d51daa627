// What the window shows of the file that is open.
#include <QFileInfo>
#include <QStackedWidget>
#include <QStatusBar>
#include <algorithm>

#include "engine/tasks/training_task.h"
#include "ui/panels/contents_panel.h"
#include "ui/panels/directions_panel.h"
#include "ui/panels/experiment_panel.h"
#include "ui/panels/inspector_panel.h"
#include "ui/panels/log_panel.h"
#include "ui/panels/notice_bar.h"
#include "ui/panels/sampling_panel.h"
#include "ui/panels/spectrum_facts.h"
#include "ui/panels/training_panel.h"
#include "ui/views/contour_view.h"
#include "ui/views/curves_view.h"
#include "ui/views/persistence_view.h"
#include "ui/views/slice_bar.h"
#include "ui/views/spectrum_view.h"
#include "ui/views/surface_view.h"
#include "ui/views/view_area.h"
#include "ui/views/volume_view.h"
#include "ui/window/landscape_facts.h"
#include "ui/window/main_window.h"
#include "ui/window/recent_files.h"
#include "ui/window/sampling_controller.h"
#include "ui/window/start_page.h"
#include "ui/window/workspace.h"

namespace tarn::ui {

void MainWindow::fileOpened() {
  const QString path = QString::fromStdString(workspace_->file().path.string());
  statusBar()->showMessage(tr("Opened %1").arg(path), 5000);
  log_->add(tr("Opened %1").arg(path));
  addRecentFile(path);
  fillRecent();
  setWindowTitle(QFileInfo(path).fileName() + " – Tarn");
  setWindowFilePath(path);
  pages_->setCurrentWidget(views_);
  history_.clear();
  if (workspace_->file().kind == FileKind::project) {
    samplingPanel_->setProjectPath(path);
    const auto& experiments = workspace_->file().contents.experiments;
    const auto latest =
        std::find_if(experiments.rbegin(), experiments.rend(),
                     [](const auto& stored) { return stored.experiment.contains("data"); });
    if (latest != experiments.rend() && !controller_->running() &&
        experiment_->text().model.empty()) {
      showExperiment(latest->experiment, tr("The project's experiment could not be read"));
    }
  }
  enableActions();
}

void MainWindow::fileClosed() {
  setWindowTitle("Tarn");
  setWindowFilePath({});
  contents_->clearContents();
  inspector_->clear();
  history_.clear();
  pages_->setCurrentWidget(start_);
  enableActions();
}

bool MainWindow::shownIsPartial() const {
  return workspace_->isOpen() && workspace_->shownId() != 0 && workspace_->preliminary();
}

bool MainWindow::viewHasContent() const {
  return views_->current() == views_->spectrum() ? workspace_->spectrum().data != nullptr
         : views_->current() == views_->curves() ? !workspace_->curves()->runs.empty()
                                                 : workspace_->shown().landscape.grid != nullptr;
}

void MainWindow::enableActions() {
  const bool shown = viewHasContent();
  const bool running = controller_ != nullptr && controller_->running();
  for (QAction* action :
       {actions_.exportView, actions_.copyCommand, actions_.copyImage, actions_.resetView}) {
    action->setEnabled(shown);
  }
  const auto& grid = workspace_->shown().landscape.grid;
  actions_.showVolume->setEnabled(grid && isVolume(*grid));
  actions_.close->setEnabled(workspace_->isOpen());
  actions_.clearSelection->setEnabled(workspace_->shown().landscape.selection.has_value());
  actions_.undo->setEnabled(history_.canUndo());
  actions_.redo->setEnabled(history_.canRedo());
  actions_.start->setEnabled(!running);
  actions_.estimate->setEnabled(!running);
  actions_.startSpectrum->setEnabled(!running);
  actions_.startTraining->setEnabled(!running);
  const bool stoppedRuns = workspace_->isOpen() &&
                           std::ranges::any_of(workspace_->file().contents.runs,
                                               [](const StoredRun& run) { return canResume(run); });
  actions_.continueTraining->setEnabled(!running && stoppedRuns);
  trainingPanel_->setCanContinue(stoppedRuns);
  actions_.resume->setEnabled(!running && shownIsPartial());
  actions_.cancel->setEnabled(running);
}

void MainWindow::styleChanged() {
  style_.height = actions_.logHeight->isChecked() ? HeightScale::logarithmic : HeightScale::linear;
  style_.contours = actions_.contours->isChecked();
  style_.criticalPoints = actions_.criticalPoints->isChecked();
  style_.trajectories = actions_.trajectories->isChecked();
  style_.basins = actions_.basins->isChecked();
  style_.reverseColours = actions_.reverseColours->isChecked();
  if (const QAction* colours = actions_.colourMaps->checkedAction()) {
    style_.colourMap = colours->data().toString().toStdString();
  }
  for (LandscapeView* view : views_->views()) {
    view->showLandscape(workspace_->shown(), style_);
  }
}

void MainWindow::showShown() {
  const ShownLandscape& shown = workspace_->shown();
  for (LandscapeView* view : views_->views()) {
    view->showLandscape(shown, style_);
  }
  views_->sliceBar()->showSlice(shown);
  views_->offerVolume(shown.landscape.grid && isVolume(*shown.landscape.grid));
  if (shown.landscape.grid && shown.landscape.grid->dimension() == 1 &&
      views_->current() == views_->surface()) {
    views_->setCurrent(views_->contour());  // which draws it as a line
  }
  views_->persistence()->showThreshold(workspace_->threshold());
  contents_->markShown(workspace_->shownId());
  samplingPanel_->setBase(workspace_->growable(),
                          static_cast<double>(workspace_->computedPoints()));
  inspect();
  enableActions();
}

// The other views are of the whole landscape.
void MainWindow::showSlice() {
  const ShownLandscape& shown = workspace_->shown();
  for (LandscapeView* view : std::initializer_list<LandscapeView*>{
           views_->surface(), views_->contour(), views_->volume()}) {
    view->showLandscape(shown, style_);
  }
  views_->sliceBar()->showSlice(shown);
}

void MainWindow::showSpectrum(bool asked) {
  const ShownSpectrum& shown = workspace_->spectrum();
  views_->spectrum()->showSpectrum(shown);
  inspector_->showSpectrum(shown.data ? spectrumFacts(*shown.data) : std::vector<Fact>());
  if (asked && workspace_->spectrum().data) {
    views_->setCurrent(views_->spectrum());
  }
  enableActions();
}

void MainWindow::showCurves(bool begun) {
  views_->curves()->showCurves(workspace_->curves());
  // On the plane that is shown one sees them walk; without one their curves are what there is.
  if (begun && !workspace_->shown().landscape.grid) {
    views_->setCurrent(views_->curves());
  }
  enableActions();
}

// False, with a notice, when a project's experiment is none that Tarn could have written.
bool MainWindow::showExperiment(const nlohmann::json& experiment, const QString& problem) {
  try {
    experiment_->setText(textFromExperiment(experiment));
  } catch (const Error& error) {
    notices_->showError(problem, error);
    return false;
  }
  return true;
}

// The eigenvectors are those of the spectrum's own experiment.
void MainWindow::prepareSampling(const QString& directions) {
  for (const StoredExperiment& experiment : workspace_->file().contents.experiments) {
    if (experiment.id == workspace_->spectrum().experiment &&
        !showExperiment(experiment.experiment, tr("The spectrum's experiment could not be read"))) {
      return;
    }
  }
  directions_->setDirections(directions);
  raiseDocks({"dockDirections", "dockSampling"});
  notices_->showNotice(NoticeBar::Kind::information,
                       tr("The sampling is prepared along %1").arg(directions),
                       tr("Look at its range in the Directions panel and at its cost in the "
                          "Sampling panel, then press Start sampling."));
}

void MainWindow::showSelection() {
  const auto selection = workspace_->shown().landscape.selection;
  for (LandscapeView* view : views_->views()) {
    view->showSelection(selection);
  }
  inspect();
  enableActions();
}

void MainWindow::inspect() {
  const ShownLandscape& shown = workspace_->shown();
  if (!shown.landscape.grid) {
    inspector_->clear();
    shownProvenance_ = nullptr;
    return;
  }
  QString note;
  if (workspace_->preliminary()) {
    note = tr("Preliminary: %1 of %2 points are computed, the others are interpolated.")
               .arg(workspace_->computedPoints())
               .arg(workspace_->points());
  }
  if (shown.repaired) {
    note += (note.isEmpty() ? QString() : QStringLiteral("\n")) +
            tr("Repaired: the serpentine shift is undone. The file is as it was.");
  }
  const QString title = workspace_->title();
  inspector_->showLandscape(shown.repaired ? tr("%1 (repaired)").arg(title) : title,
                            landscapeFacts(*workspace_), note);
  if (shown.analysis) {
    inspector_->showTopology(topologyFacts(shown));
    inspector_->showHealth(shown.analysis->health, shown.repaired);
  } else {
    inspector_->clearAnalysis(tr("Computing…"));
  }
  inspector_->showSelection(vertexFacts(*shown.landscape.grid, shown.landscape.tree.get(),
                                        shown.landscape.selection.value_or(-1)));
  if (workspace_->provenance() != shownProvenance_) {
    shownProvenance_ = workspace_->provenance();
    inspector_->showProvenance(shownProvenance_);
  }
}

}  // namespace tarn::ui
