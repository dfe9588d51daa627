#pragma once

#include <QMainWindow>
#include <functional>
#include <memory>

#include "ui/actions/export_view.h"
#include "ui/scene/style.h"
#include "ui/window/opened_file.h"
#include "ui/window/selection_history.h"
#include "ui/window/window_actions.h"

class QLabel;
class QStackedWidget;

namespace tarn::ui {

class ContentsPanel;
class DirectionsPanel;
class ExperimentPanel;
class InspectorPanel;
class JobsPanel;
class LogPanel;
class NoticeBar;
class SamplingController;
class SamplingPanel;
class SpectrumPanel;
class RunsPanel;
class StartPage;
class TrainingPanel;
class ViewArea;
class Workspace;

/// The program's window: wires workspace, views, panels and actions. Holds no data of its own.
class MainWindow : public QMainWindow {
  Q_OBJECT

 public:
  explicit MainWindow(QWidget* parent = nullptr);
  ~MainWindow() override;

  /// A project, a landscape of one (NAME.tarn#landscape/3), a grid, a model or data.
  void open(const QString& address);
  Workspace* workspace() const { return workspace_; }
  ViewArea* views() const { return views_; }
  SamplingController* sampling() const { return controller_; }
  NoticeBar* notices() const { return notices_; }
  /// Writes a figure in the background and says so.
  void exportNow(const ExportOrder& order);

 protected:
  void closeEvent(QCloseEvent* event) override;
  void changeEvent(QEvent* event) override;
  void dragEnterEvent(QDragEnterEvent* event) override;
  void dropEvent(QDropEvent* event) override;

 private:
  void makeDocks();
  QDockWidget* addDock(Qt::DockWidgetArea area, const QString& objectName, const QString& title,
                       QWidget* content);
  void connectActions();
  void connectViewActions();
  void connectWorkspace();
  void defaultLayout();
  void restoreLayout();
  void saveLayout() const;
  void resetLayout();

  void chooseFile();
  void fillRecent();
  void newExperiment();
  void takeOffer(FileKind kind, const QString& path);
  void fileOpened();
  void fileClosed();
  void showShown();
  void showSlice();
  void showSpectrum(bool asked);
  void showCurves(bool begun);
  bool showExperiment(const nlohmann::json& experiment, const QString& problem);
  void prepareSampling(const QString& directions);
  void raiseDocks(const QStringList& names);
  void showSelection();
  void inspect();
  void enableActions();
  void selectByUser(qint64 vertex);
  void styleChanged();
  void proposeExport();
  ExportOrder exportOrder() const;
  ViewKind currentView() const;
  bool shownIsPartial() const;
  bool viewHasContent() const;

  Workspace* workspace_;
  WindowActions actions_;
  QStackedWidget* pages_;
  StartPage* start_;
  ViewArea* views_;
  NoticeBar* notices_;
  ExperimentPanel* experiment_;
  DirectionsPanel* directions_;
  SamplingPanel* samplingPanel_;
  SpectrumPanel* spectrumPanel_;
  TrainingPanel* trainingPanel_;
  RunsPanel* runs_;
  ContentsPanel* contents_;
  InspectorPanel* inspector_;
  JobsPanel* jobs_;
  LogPanel* log_;
  SamplingController* controller_;
  QLabel* probe_;
  QList<QDockWidget*> docks_;
  LandscapeStyle style_;
  SelectionHistory history_;
  QByteArray firstState_;
  nlohmann::json shownProvenance_;
  bool closing_ = false;
};

}  // namespace tarn::ui
