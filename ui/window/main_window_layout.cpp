// Where the window's panels are, at first and as the user left them.
#include <QDockWidget>
#include <QMenu>
#include <QScreen>
#include <QSettings>
#include <algorithm>

#include "ui/panels/contents_panel.h"
#include "ui/panels/directions_panel.h"
#include "ui/panels/experiment_panel.h"
#include "ui/panels/field.h"
#include "ui/panels/inspector_panel.h"
#include "ui/panels/jobs_panel.h"
#include "ui/panels/log_panel.h"
#include "ui/panels/runs_panel.h"
#include "ui/panels/sampling_panel.h"
#include "ui/panels/spectrum_panel.h"
#include "ui/panels/training_panel.h"
#include "ui/views/view_area.h"
#include "ui/window/main_window.h"

namespace tarn::ui {
namespace {

constexpr int layoutVersion = 4;

}  // namespace

QDockWidget* MainWindow::addDock(Qt::DockWidgetArea area, const QString& objectName,
                                 const QString& title, QWidget* content) {
  auto* dock = new QDockWidget(title, this);
  dock->setObjectName(objectName);
  dock->setAccessibleName(title);
  dock->setWidget(content);
  addDockWidget(area, dock);
  docks_ += dock;
  QAction* toggle = dock->toggleViewAction();
  toggle->setObjectName(objectName + "Toggle");
  toggle->setStatusTip(tr("Show or hide the %1 panel").arg(title));
  actions_.panelsMenu->addAction(toggle);
  return dock;
}

void MainWindow::makeDocks() {
  setCorner(Qt::BottomLeftCorner, Qt::LeftDockWidgetArea);
  setCorner(Qt::BottomRightCorner, Qt::RightDockWidgetArea);
  addDock(Qt::LeftDockWidgetArea, "dockContents", tr("Contents"), contents_);
  addDock(Qt::LeftDockWidgetArea, "dockExperiment", tr("Experiment"),
          scrolling(experiment_, experiment_->objectName() + "Scroll"));
  addDock(Qt::LeftDockWidgetArea, "dockSampling", tr("Sampling"), samplingPanel_);
  addDock(Qt::RightDockWidgetArea, "dockInspector", tr("Inspector"), inspector_);
  addDock(Qt::BottomDockWidgetArea, "dockJobs", tr("Jobs"), jobs_);
  addDock(Qt::BottomDockWidgetArea, "dockLog", tr("Log"), log_);
  addDock(Qt::LeftDockWidgetArea, "dockSpectrum", tr("Spectrum"), spectrumPanel_);
  addDock(Qt::LeftDockWidgetArea, "dockTraining", tr("Training"),
          scrolling(trainingPanel_, trainingPanel_->objectName() + "Scroll"));
  addDock(Qt::BottomDockWidgetArea, "dockRuns", tr("Runs"), runs_);
  addDock(Qt::LeftDockWidgetArea, "dockDirections", tr("Directions"),
          scrolling(directions_, directions_->objectName() + "Scroll"));
  tabifyDockWidget(docks_[1], docks_[9]);
  tabifyDockWidget(docks_[4], docks_[5]);
  tabifyDockWidget(docks_[5], docks_[8]);
  tabifyDockWidget(docks_[2], docks_[6]);
  tabifyDockWidget(docks_[6], docks_[7]);
  docks_[1]->raise();
  docks_[2]->raise();
  docks_[4]->raise();
}

void MainWindow::defaultLayout() {
  // The frame of the window needs room as well.
  resize(QSize(1280, 800).boundedTo(screen()->availableSize() - QSize(16, 48)));
  // The views get half of a small window, and all of what a large one has more.
  const int left = std::clamp(width() * 23 / 100, 210, 290);
  const int right = std::clamp(width() * 22 / 100, 200, 280);
  resizeDocks({docks_[0], docks_[1], docks_[2]}, {left, left, left}, Qt::Horizontal);
  resizeDocks({docks_[0], docks_[1], docks_[2]}, {130, 300, 300}, Qt::Vertical);
  resizeDocks({docks_[3]}, {right}, Qt::Horizontal);
  resizeDocks({docks_[4]}, {110}, Qt::Vertical);
}

void MainWindow::restoreLayout() {
  defaultLayout();
  firstState_ = saveState(layoutVersion);
  const QSettings settings;
  restoreGeometry(settings.value("window/geometry").toByteArray());
  restoreState(settings.value("window/state").toByteArray(), layoutVersion);
  actions_.tile->setChecked(settings.value("window/tiled", false).toBool());
}

void MainWindow::saveLayout() const {
  QSettings settings;
  settings.setValue("window/geometry", saveGeometry());
  settings.setValue("window/state", saveState(layoutVersion));
  settings.setValue("window/tiled", views_->tiled());
}

void MainWindow::resetLayout() {
  restoreState(firstState_, layoutVersion);
  defaultLayout();
  actions_.tile->setChecked(false);
}

}  // namespace tarn::ui
