#include "ui/window/main_window.h"

#include <QCloseEvent>
#include <QDir>
#include <QDockWidget>
#include <QFileDialog>
#include <QFileInfo>
#include <QLabel>
#include <QMimeData>
#include <QSettings>
#include <QStackedWidget>
#include <QStatusBar>
#include <QStyleHints>
#include <QVBoxLayout>

#include "ui/actions/export_dialog.h"
#include "ui/actions/icons.h"
#include "ui/panels/contents_panel.h"
#include "ui/panels/directions_panel.h"
#include "ui/panels/experiment_panel.h"
#include "ui/panels/inspector_panel.h"
#include "ui/panels/jobs_panel.h"
#include "ui/panels/log_panel.h"
#include "ui/panels/notice_bar.h"
#include "ui/panels/runs_panel.h"
#include "ui/panels/sampling_panel.h"
#include "ui/panels/spectrum_panel.h"
#include "ui/panels/training_panel.h"
#include "ui/views/background.h"
#include "ui/views/contour_view.h"
#include "ui/views/curves_view.h"
#include "ui/views/persistence_view.h"
#include "ui/views/profile_view.h"
#include "ui/views/spectrum_view.h"
#include "ui/views/surface_view.h"
#include "ui/views/tree_view.h"
#include "ui/views/view_area.h"
#include "ui/views/volume_view.h"
#include "ui/window/recent_files.h"
#include "ui/window/sampling_controller.h"
#include "ui/window/start_page.h"
#include "ui/window/theme.h"
#include "ui/window/workspace.h"

namespace tarn::ui {

MainWindow::MainWindow(QWidget* parent)
    : QMainWindow(parent),
      workspace_(new Workspace(this)),
      actions_(this),
      pages_(new QStackedWidget),
      start_(new StartPage),
      views_(new ViewArea),
      notices_(new NoticeBar),
      experiment_(new ExperimentPanel),
      directions_(new DirectionsPanel),
      samplingPanel_(new SamplingPanel),
      spectrumPanel_(new SpectrumPanel),
      trainingPanel_(new TrainingPanel),
      runs_(new RunsPanel),
      contents_(new ContentsPanel),
      inspector_(new InspectorPanel),
      jobs_(new JobsPanel),
      log_(new LogPanel),
      probe_(new QLabel) {
  setObjectName("mainWindow");
  setWindowTitle("Tarn");
  setWindowIcon(programIcon());
  setAcceptDrops(true);
  setDockOptions(AnimatedDocks | AllowNestedDocks | AllowTabbedDocks);
  setTabPosition(Qt::AllDockWidgetAreas, QTabWidget::North);

  auto* centre = new QWidget;
  auto* column = new QVBoxLayout(centre);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(0);
  column->addWidget(notices_);
  column->addWidget(pages_, 1);
  pages_->addWidget(start_);
  pages_->addWidget(views_);
  setCentralWidget(centre);
  probe_->setObjectName("probe");
  probe_->setMinimumWidth(1);  // a long text must not widen the window
  statusBar()->addPermanentWidget(probe_);

  makeDocks();
  controller_ = new SamplingController({workspace_, experiment_, directions_, samplingPanel_,
                                        spectrumPanel_, trainingPanel_, jobs_, notices_},
                                       this);
  connectActions();
  connectViewActions();
  connectWorkspace();
  start_->showRecent(recentFiles());
  fillRecent();
  style_.theme = currentTheme();
  restoreLayout();
  fileClosed();
  log_->add(tr("Tarn %1 is ready.").arg(QStringLiteral(TARN_VERSION)));
}

MainWindow::~MainWindow() = default;

void MainWindow::open(const QString& address) {
  notices_->dismiss();
  statusBar()->showMessage(tr("Opening %1…").arg(address));
  workspace_->open(address);
}

void MainWindow::chooseFile() {
  auto* dialog = new QFileDialog(
      this, tr("Open"), QSettings().value("lastFolder").toString(),
      tr("All that Tarn opens (*.tarn *.npy *.npz *.h5 *.hdf5 *.vti *.csv *.tsv *.json *.pt "
         "*.pth *.ts);;Projects (*.tarn);;"
         "Grids (*.npy *.npz *.h5 *.hdf5 *.vti *.csv *.tsv *.json);;Models (*.pt *.pth *.ts);;All "
         "files (*)"));
  dialog->setObjectName("openDialog");
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setFileMode(QFileDialog::ExistingFile);
  connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& path) {
    QSettings().setValue("lastFolder", QFileInfo(path).absolutePath());
    open(path);
  });
  dialog->open();
}

void MainWindow::fillRecent() {
  actions_.recentMenu->clear();
  const QStringList files = recentFiles();
  for (const QString& path : files) {
    QAction* action = actions_.recentMenu->addAction(QFileInfo(path).fileName());
    action->setObjectName("actionOpenRecent");
    action->setToolTip(path);
    action->setStatusTip(path);
    connect(action, &QAction::triggered, this, [this, path] { open(path); });
  }
  actions_.recentMenu->addSeparator();
  actions_.recentMenu->addAction(actions_.clearRecent);
  actions_.recentMenu->setEnabled(!files.isEmpty());
  start_->showRecent(files);
}

void MainWindow::raiseDocks(const QStringList& names) {
  for (QDockWidget* dock : docks_) {
    if (names.contains(dock->objectName())) {
      dock->show();
      dock->raise();
    }
  }
}

void MainWindow::newExperiment() {
  raiseDocks({"dockExperiment", "dockSampling"});
  experiment_->setFocus();
  if (auto* model = experiment_->findChild<QWidget*>("experimentModel")) {
    model->setFocus();
  }
}

void MainWindow::takeOffer(FileKind kind, const QString& path) {
  statusBar()->clearMessage();
  addRecentFile(path);
  fillRecent();
  newExperiment();
  const QString name = QFileInfo(path).fileName();
  if (kind == FileKind::model) {
    experiment_->setModel(path);
    notices_->showNotice(NoticeBar::Kind::information, tr("%1 is the model now").arg(name),
                         tr("Choose its data in the Experiment panel, then press Start sampling. "
                            "The model is not run before that."));
  } else {
    experiment_->setData(path);
    notices_->showNotice(NoticeBar::Kind::information, tr("%1 is the data now").arg(name),
                         tr("Choose a model in the Experiment panel, then press Start sampling."));
  }
  if (samplingPanel_->projectPath().isEmpty()) {
    const QFileInfo info(path);
    samplingPanel_->setProjectPath(
        info.dir().filePath(info.completeBaseName() + QStringLiteral("-landscape.tarn")));
  }
}

ViewKind MainWindow::currentView() const {
  const LandscapeView* view = views_->current();
  if (view == views_->persistence()) {
    return views_->persistence()->plot() == PersistencePlot::barcode ? ViewKind::barcode
                                                                     : ViewKind::diagram;
  }
  return view == views_->surface() ? ViewKind::surface
         : view == views_->contour()
             ? (views_->contour()->showsLine() ? ViewKind::line : ViewKind::contour)
         : view == views_->volume()  ? ViewKind::volume
         : view == views_->tree()    ? ViewKind::tree
         : view == views_->profile() ? ViewKind::profile
         : view == views_->curves()  ? ViewKind::curves
                                     : ViewKind::spectrum;
}

ExportOrder MainWindow::exportOrder() const {
  ExportOrder order;
  order.view = currentView();
  order.source = workspace_->address();
  const QString folder = QSettings().value("exportFolder", QDir::currentPath()).toString();
  order.file = QDir(folder)
                   .filePath(QString::fromStdString(viewWord(order.view)) + "." +
                             exportFormats(order.view).front())
                   .toStdString();
  order.connectivity = std::string(toString(inspector_->connectivity()));
  order.threshold = workspace_->shown().threshold;
  order.repaired = workspace_->shown().repaired;
  order.runs = workspace_->chosenRuns();
  order.part = views_->contour()->part();
  const ShownLandscape& shown = workspace_->shown();
  if (shown.landscape.grid) {
    order.axes = shown.landscape.grid->dimension();
  }
  if (shown.plane.whole) {
    order.slice = choiceOf(*shown.plane.whole, shown.slice);
    order.places = placesOf(*shown.plane.whole, shown.slice);
    if (isVolume(*shown.plane.whole)) {
      order.volume = through(views_->volume()->volume(), shown.slice);
    }
    order.volumePoint = views_->volume()->viewPoint();
  }
  order.viewPoint = views_->surface()->viewPoint();
  const SpectrumView* spectrum = views_->spectrum();
  order.spectrum = {spectrum->spectrum().address, spectrum->spectrum().data, spectrum->part(),
                    spectrum->style().logarithmic, spectrum->style().layer};
  const CurvesView* curves = views_->curves();
  order.curves = {workspace_->isOpen() ? workspace_->file().path.string() : std::string(),
                  curves->curves(), curves->part(), curves->style()};
  if (order.viewPointOf(order.view)) {
    // In another shape of picture the same camera sees another part of the landscape.
    const QSize seen = views_->current()->pictureRect().size();
    order.size.setHeight(qBound(100, order.size.width() * seen.height() / seen.width(), 10'000));
  }
  return order;
}

void MainWindow::proposeExport() {
  auto* dialog = new ExportDialog(exportOrder(), style_, this);
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  connect(dialog, &ExportDialog::exportRequested, this, &MainWindow::exportNow);
  dialog->open();
}

void MainWindow::exportNow(const ExportOrder& order) {
  const QString file = QString::fromStdString(order.file.string());
  QSettings().setValue("exportFolder", QFileInfo(file).absolutePath());
  statusBar()->showMessage(tr("Exporting %1…").arg(file));
  inBackground(
      this,
      [order, shown = workspace_->shown(), style = style_] {
        exportView(order, shown, style);
        return true;
      },
      [this, file](bool) {
        statusBar()->showMessage(tr("Exported %1").arg(file), 8000);
        log_->add(tr("Exported %1").arg(file));
      },
      [this](const Error& error) {
        statusBar()->clearMessage();
        notices_->showError(tr("The figure was not written"), error);
      });
}

void MainWindow::selectByUser(qint64 vertex) {
  workspace_->select(vertex < 0 ? std::nullopt : std::optional<std::int64_t>(vertex));
  history_.push(workspace_->shown().landscape.selection);
  enableActions();
}

void MainWindow::closeEvent(QCloseEvent* event) {
  if (!controller_->running()) {
    saveLayout();
    event->accept();
    return;
  }
  event->ignore();
  if (closing_) {
    return;
  }
  notices_->showNotice(NoticeBar::Kind::question, tr("A computation is running"),
                       tr("When the window closes it is stopped. Points of a landscape that were "
                          "computed and runs as far as they came are kept, and can be continued "
                          "later."),
                       {{"closeStop", tr("Stop and close"),
                         [this] {
                           closing_ = true;
                           statusBar()->showMessage(tr("Stopping…"));
                           controller_->cancel();
                         }},
                        {"closeKeep", tr("Keep running"), {}}});
}

void MainWindow::changeEvent(QEvent* event) {
  if (event->type() == QEvent::PaletteChange && views_ != nullptr &&
      style_.theme != currentTheme()) {
    style_.theme = currentTheme();
    styleChanged();
  }
  QMainWindow::changeEvent(event);
}

void MainWindow::dragEnterEvent(QDragEnterEvent* event) {
  if (event->mimeData()->hasUrls() && event->mimeData()->urls().front().isLocalFile()) {
    event->acceptProposedAction();
  }
}

void MainWindow::dropEvent(QDropEvent* event) {
  // A model and its data may come together.
  for (const QUrl& url : event->mimeData()->urls().mid(0, 4)) {
    if (url.isLocalFile()) {
      open(url.toLocalFile());
    }
  }
  event->acceptProposedAction();
}

}  // namespace tarn::ui
