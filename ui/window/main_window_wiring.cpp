// How the window's parts are connected.
#include <QApplication>
#include <QClipboard>
#include <QDockWidget>
#include <QFile>
#include <QLabel>
#include <QRegularExpression>
#include <QStatusBar>
#include <QStyleHints>

#include "engine/client/trust.h"
#include "ui/actions/help_dialogs.h"
#include "ui/panels/contents_panel.h"
#include "ui/panels/directions_panel.h"
#include "ui/panels/inspector_panel.h"
#include "ui/panels/log_panel.h"
#include "ui/panels/notice_bar.h"
#include "ui/panels/runs_panel.h"
#include "ui/panels/sampling_panel.h"
#include "ui/views/contour_view.h"
#include "ui/views/curves_view.h"
#include "ui/views/persistence_view.h"
#include "ui/views/profile_view.h"
#include "ui/views/slice_bar.h"
#include "ui/views/spectrum_view.h"
#include "ui/views/surface_view.h"
#include "ui/views/tree_view.h"
#include "ui/views/view_area.h"
#include "ui/views/volume_view.h"
#include "ui/window/main_window.h"
#include "ui/window/recent_files.h"
#include "ui/window/sampling_controller.h"
#include "ui/window/start_page.h"
#include "ui/window/theme.h"
#include "ui/window/workspace.h"

namespace tarn::ui {

void MainWindow::connectActions() {
  connect(actions_.open, &QAction::triggered, this, &MainWindow::chooseFile);
  connect(actions_.clearRecent, &QAction::triggered, this, [this] {
    clearRecentFiles();
    fillRecent();
  });
  connect(actions_.exportView, &QAction::triggered, this, &MainWindow::proposeExport);
  connect(actions_.copyCommand, &QAction::triggered, this, [this] {
    const auto line = QString::fromStdString(renderCommand(exportOrder(), style_));
    QApplication::clipboard()->setText(line);
    statusBar()->showMessage(tr("Copied: %1").arg(line), 8000);
  });
  connect(actions_.close, &QAction::triggered, workspace_, &Workspace::close);
  connect(actions_.quit, &QAction::triggered, this, &QWidget::close);
  connect(actions_.undo, &QAction::triggered, this, [this] {
    workspace_->select(history_.undo());
    enableActions();
  });
  connect(actions_.redo, &QAction::triggered, this, [this] {
    workspace_->select(history_.redo());
    enableActions();
  });
  connect(actions_.clearSelection, &QAction::triggered, this, [this] { selectByUser(-1); });
  connect(actions_.copyImage, &QAction::triggered, this, [this] {
    LandscapeView* view = views_->current();
    QApplication::clipboard()->setPixmap(view->grab(view->pictureRect()));
    statusBar()->showMessage(tr("Copied the view as an image"), 5000);
  });
  connect(actions_.start, &QAction::triggered, controller_, &SamplingController::start);
  connect(actions_.estimate, &QAction::triggered, controller_, &SamplingController::estimate);
  connect(actions_.startSpectrum, &QAction::triggered, controller_,
          &SamplingController::startSpectrum);
  connect(actions_.startTraining, &QAction::triggered, controller_,
          &SamplingController::startTraining);
  connect(actions_.continueTraining, &QAction::triggered, controller_,
          &SamplingController::continueTraining);
  connect(actions_.resume, &QAction::triggered, this,
          [this] { controller_->resume(workspace_->file().path, workspace_->shownId()); });
  connect(actions_.cancel, &QAction::triggered, controller_, &SamplingController::cancel);
  connect(actions_.palette, &QAction::triggered, this, [this] {
    showCommandPalette(this, findChildren<QAction*>(QRegularExpression("^(action|dock)")));
  });
  connect(actions_.forgetTrust, &QAction::triggered, this, [this] {
    QFile::remove(QString::fromStdString(TrustStore().file().string()));
    statusBar()->showMessage(tr("You are asked again before a model file is run"), 5000);
  });
  connect(actions_.shortcuts, &QAction::triggered, this,
          [this] { showCheatSheet(this, findChildren<QAction*>(QRegularExpression("^action"))); });
  connect(actions_.about, &QAction::triggered, this, [this] { showAbout(this); });
  connect(start_, &StartPage::openRequested, this, &MainWindow::chooseFile);
  connect(start_, &StartPage::newExperimentRequested, this, &MainWindow::newExperiment);
  connect(start_, &StartPage::fileRequested, this, &MainWindow::open);
  connect(controller_, &SamplingController::log, log_, &LogPanel::add);
  connect(controller_, &SamplingController::panelWanted, this,
          [this](const QString& dock) { raiseDocks({dock}); });
  connect(controller_, &SamplingController::runningChanged, this, [this](bool running) {
    enableActions();
    if (running) {
      docks_[4]->show();
      docks_[4]->raise();
    } else if (closing_) {
      close();
    }
  });
}

void MainWindow::connectViewActions() {
  const auto front = [this](QAction* action, LandscapeView* view) {
    connect(action, &QAction::triggered, this, [this, view] { views_->setCurrent(view); });
  };
  front(actions_.showSurface, views_->surface());
  front(actions_.showContour, views_->contour());
  front(actions_.showVolume, views_->volume());
  front(actions_.showTree, views_->tree());
  front(actions_.showPersistence, views_->persistence());
  front(actions_.showProfile, views_->profile());
  front(actions_.showSpectrum, views_->spectrum());
  front(actions_.showCurves, views_->curves());
  connect(views_, &ViewArea::currentChanged, this, &MainWindow::enableActions);
  connect(views_->spectrum(), &SpectrumView::samplingRequested, this, &MainWindow::prepareSampling);
  connect(views_->persistence(), &PersistenceView::thresholdRequested, workspace_,
          &Workspace::setThreshold);
  connect(actions_.tile, &QAction::toggled, views_, &ViewArea::setTiled);
  connect(actions_.resetView, &QAction::triggered, this,
          [this] { views_->current()->resetView(); });
  connect(actions_.resetLayout, &QAction::triggered, this, &MainWindow::resetLayout);
  connect(actions_.fullScreen, &QAction::toggled, this, [this](bool on) {
    setWindowState(on ? windowState() | Qt::WindowFullScreen
                      : windowState() & ~Qt::WindowFullScreen);
  });
  for (QAction* action : {actions_.logHeight, actions_.contours, actions_.criticalPoints,
                          actions_.trajectories, actions_.basins, actions_.reverseColours}) {
    connect(action, &QAction::toggled, this, &MainWindow::styleChanged);
  }
  connect(actions_.colourMaps, &QActionGroup::triggered, this, &MainWindow::styleChanged);
  connect(actions_.themes, &QActionGroup::triggered, this, [](const QAction* action) {
    applyTheme(static_cast<ThemeChoice>(action->data().toInt()));
  });
  connect(QApplication::styleHints(), &QStyleHints::colorSchemeChanged, this, [] {
    if (themeChoice() == ThemeChoice::system) {
      applyTheme(ThemeChoice::system);
    }
  });
  for (LandscapeView* view : views_->views()) {
    connect(view, &LandscapeView::vertexClicked, this, &MainWindow::selectByUser);
    connect(view, &LandscapeView::probed, probe_, &QLabel::setText);
  }
}

void MainWindow::connectWorkspace() {
  connect(workspace_, &Workspace::opened, this, &MainWindow::fileOpened);
  connect(workspace_, &Workspace::closed, this, &MainWindow::fileClosed);
  connect(workspace_, &Workspace::offered, this, &MainWindow::takeOffer);
  connect(workspace_, &Workspace::shownChanged, this, &MainWindow::showShown);
  connect(workspace_, &Workspace::sliceChanged, this, &MainWindow::showSlice);
  connect(views_->sliceBar(), &SliceBar::sliceRequested, workspace_, &Workspace::setSlice);
  connect(views_->volume(), &VolumeView::sliceRequested, workspace_, &Workspace::setSlice);
  connect(workspace_, &Workspace::selectionChanged, this, &MainWindow::showSelection);
  connect(workspace_, &Workspace::spectrumChanged, this, &MainWindow::showSpectrum);
  connect(workspace_, &Workspace::curvesChanged, this, &MainWindow::showCurves);
  connect(workspace_, &Workspace::comparisonChanged, this,
          [this] { runs_->showRuns(workspace_->comparison()); });
  connect(workspace_, &Workspace::thresholdChanged, views_->persistence(),
          &PersistenceView::showThreshold);
  connect(workspace_, &Workspace::contentsChanged, this, [this] {
    const OpenedFile& file = workspace_->file();
    if (file.kind == FileKind::project) {
      contents_->setContents(file.contents.landscapes, file.contents.spectra, file.contents.runs);
      contents_->markShown(workspace_->shownId());
      QStringList runs;
      for (const StoredRun& run : file.contents.runs) {
        runs += QStringLiteral("run/%1").arg(run.id);
      }
      directions_->setRuns(runs);
      samplingPanel_->setRuns(runs);
    } else {
      contents_->setSingle(QString::fromStdString(file.path.filename().string()));
    }
  });
  connect(workspace_, &Workspace::failed, this, [this](const QString& title, const Error& error) {
    statusBar()->clearMessage();
    notices_->showError(title, error);
    log_->add(title + ": " + QString::fromUtf8(error.what()));
  });
  connect(contents_, &ContentsPanel::landscapeChosen, workspace_, &Workspace::showStored);
  connect(contents_, &ContentsPanel::spectrumChosen, workspace_, &Workspace::showSpectrum);
  connect(contents_, &ContentsPanel::shownRunsChanged, this,
          [this] { workspace_->setShownRuns(contents_->shownRuns()); });
  connect(inspector_, &InspectorPanel::connectivityChanged, this,
          [this] { workspace_->setConnectivity(inspector_->connectivity()); });
  connect(inspector_, &InspectorPanel::repairRequested, this, [this](bool repaired) {
    workspace_->setRepaired(repaired);
    history_.clear();  // the vertices of the other grid are others
    enableActions();
  });
}

}  // namespace tarn::ui
