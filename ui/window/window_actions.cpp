#include "ui/window/window_actions.h"

#include <QMenu>
#include <QMenuBar>
#include <QToolBar>

#include "ui/actions/action.h"
#include "ui/actions/icons.h"
#include "ui/scene/colour_map.h"
#include "ui/window/theme.h"

namespace tarn::ui {
namespace {

QAction* checkable(QAction* action, bool on) {
  action->setCheckable(true);
  action->setChecked(on);
  return action;
}

QMenu* addMenu(QMenuBar* bar, const QString& title, const QString& objectName,
               const QList<QAction*>& actions) {
  auto* menu = bar->addMenu(title);
  menu->setObjectName(objectName);
  menu->setToolTipsVisible(true);
  for (QAction* action : actions) {
    action != nullptr ? menu->addAction(action) : static_cast<void>(menu->addSeparator());
  }
  return menu;
}

QActionGroup* colourMapGroup(QMainWindow* window) {
  auto* group = new QActionGroup(window);
  for (const std::string_view name : colourMapNames()) {
    const QString text = QString::fromUtf8(name.data(), static_cast<qsizetype>(name.size()));
    QAction* action =
        makeAction(window, {"actionColours_" + text, "colors", text,
                            QMainWindow::tr("Colour the landscape with %1").arg(text)});
    action->setData(text);
    group->addAction(checkable(action, text == "viridis"));
  }
  return group;
}

QActionGroup* themeGroup(QMainWindow* window) {
  auto* group = new QActionGroup(window);
  const auto add = [&](ThemeChoice choice, const QString& name, const QString& text) {
    QAction* action = makeAction(
        window,
        {"actionTheme_" + name, {}, text, QMainWindow::tr("Colours of the window: %1").arg(name)});
    action->setData(static_cast<int>(choice));
    group->addAction(checkable(action, themeChoice() == choice));
  };
  add(ThemeChoice::system, "system", QMainWindow::tr("As the &desktop"));
  add(ThemeChoice::light, "light", QMainWindow::tr("&Light"));
  add(ThemeChoice::dark, "dark", QMainWindow::tr("Dar&k"));
  return group;
}

}  // namespace

WindowActions::WindowActions(QMainWindow* window) {
  const auto make = [window](const char* objectName, const char* icon, const QString& text,
                             const QString& tip, const QKeySequence& keys = {}) {
    return makeAction(window, {objectName, icon, text, tip, keys});
  };
  using W = QMainWindow;
  open = make("actionOpen", "open", W::tr("&Open…"),
              W::tr("Open a project, a grid, a model or data"), QKeySequence::Open);
  clearRecent = make("actionClearRecent", "clear", W::tr("&Clear list"),
                     W::tr("Forget which files were opened"));
  exportView = make("actionExport", "export", W::tr("&Export view…"),
                    W::tr("Write the view as a figure"), QKeySequence("Ctrl+E"));
  copyCommand = make("actionCopyCommand", "command", W::tr("Copy as co&mmand"),
                     W::tr("Copy the command line that makes this view as a figure"),
                     QKeySequence("Ctrl+Shift+C"));
  close = make("actionClose", "close", W::tr("&Close"), W::tr("Close the file"),
               QKeySequence("Ctrl+W"));
  quit = make("actionQuit", "quit", W::tr("&Quit"), W::tr("Leave Tarn"), QKeySequence("Ctrl+Q"));
  undo = make("actionUndo", "undo", W::tr("&Undo selection"),
              W::tr("Select what was selected before"), QKeySequence::Undo);
  redo = make("actionRedo", "redo", W::tr("&Redo selection"), W::tr("Select what was undone"),
              QKeySequence("Ctrl+Shift+Z"));
  copyImage = make("actionCopyImage", "copy", W::tr("&Copy view as image"),
                   W::tr("Copy what the view shows"), QKeySequence::Copy);
  clearSelection = make("actionClearSelection", "clear", W::tr("C&lear selection"),
                        W::tr("Select nothing"), QKeySequence("Escape"));
  showSurface = make("actionShowSurface", "surface", W::tr("&Surface"),
                     W::tr("The landscape in three dimensions"), QKeySequence("Ctrl+1"));
  showContour = make("actionShowContour", "contour", W::tr("&Contour"),
                     W::tr("The landscape from above"), QKeySequence("Ctrl+2"));
  showVolume = make("actionShowVolume", "volume", W::tr("V&olume"),
                    W::tr("A landscape of three axes: surfaces of equal loss in it, and slices"),
                    QKeySequence("Ctrl+8"));
  showTree = make("actionShowTree", "tree", W::tr("&Merge tree"), W::tr("How basins join"),
                  QKeySequence("Ctrl+3"));
  showPersistence =
      make("actionShowPersistence", "barcode", W::tr("Persiste&nce"),
           W::tr("How deep the basins are; leave out the shallow ones"), QKeySequence("Ctrl+4"));
  showProfile = make("actionShowProfile", "profile", W::tr("Profil&e"),
                     W::tr("How wide the basins are at every height"), QKeySequence("Ctrl+5"));
  showSpectrum = make("actionShowSpectrum", "spectrum", W::tr("S&pectrum"),
                      W::tr("The curvature of the loss at the model"), QKeySequence("Ctrl+6"));
  showCurves = make("actionShowCurves", "run", W::tr("Training cur&ves"),
                    W::tr("Loss, accuracy and more of the project's runs"), QKeySequence("Ctrl+7"));
  tile = checkable(make("actionTile", "tiles", W::tr("S&ide by side"),
                        W::tr("All views at once, or one at a time"), QKeySequence("Ctrl+T")),
                   false);
  logHeight = checkable(make("actionLogHeight", "log", W::tr("&Logarithmic height"),
                             W::tr("Show the logarithm of the loss"), QKeySequence("L")),
                        false);
  contours = checkable(
      make("actionContours", "contour", W::tr("&Iso-lines"), W::tr("Lines of equal loss")), true);
  criticalPoints = checkable(make("actionCriticalPoints", "landscape", W::tr("Minima and sa&ddles"),
                                  W::tr("Mark minima and saddles")),
                             true);
  trajectories = checkable(make("actionTrajectories", "run", W::tr("&Trajectories"),
                                W::tr("Show how optimizers walked")),
                           true);
  basins =
      checkable(make("actionBasins", "basins", W::tr("&Basins"),
                     W::tr("Colour the surface by basin instead of by loss"), QKeySequence("B")),
                false);
  reverseColours = checkable(make("actionReverseColours", "colors", W::tr("&Reverse colours"),
                                  W::tr("Swap the colours of low and high")),
                             false);
  colourMaps = colourMapGroup(window);
  themes = themeGroup(window);
  resetView = make("actionResetView", "reset", W::tr("Reset &view"),
                   W::tr("Show the whole landscape again"), QKeySequence("Home"));
  resetLayout = make("actionResetLayout", "layout", W::tr("Reset &layout"),
                     W::tr("Put every panel back where it was at first"));
  fullScreen = checkable(make("actionFullScreen", "fullscreen", W::tr("&Full screen"),
                              W::tr("Use the whole screen"), QKeySequence("F11")),
                         false);
  start = make("actionStart", "start", W::tr("&Start sampling"),
               W::tr("Compute the landscape of the Experiment, Directions and Sampling panels"),
               QKeySequence("F5"));
  estimate = make("actionEstimate", "recent", W::tr("&Estimate cost"),
                  W::tr("Measure how long the sampling would take, without sampling anything"),
                  QKeySequence("Ctrl+F5"));
  startSpectrum =
      make("actionStartSpectrum", "spectrum", W::tr("Compute s&pectrum"),
           W::tr("Compute the spectrum that the Spectrum panel describes"), QKeySequence("F6"));
  startTraining = make("actionStartTraining", "run", W::tr("Start &training"),
                       W::tr("Train the optimizers of the Training panel"), QKeySequence("F7"));
  continueTraining =
      make("actionContinueTraining", "resume", W::tr("Continue stopped r&uns"),
           W::tr("Go on with the runs of the project that were stopped"), QKeySequence("Shift+F7"));
  resume = make("actionResume", "resume", W::tr("&Continue sampling"),
                W::tr("Compute what is missing of the shown landscape"), QKeySequence("Shift+F5"));
  cancel = make("actionCancel", "stop", W::tr("C&ancel"),
                W::tr("Stop what is running; what was computed is kept"), QKeySequence("Ctrl+."));
  palette = make("actionPalette", "command", W::tr("&Commands…"),
                 W::tr("Find an action by its name"), QKeySequence("Ctrl+K"));
  forgetTrust = make("actionForgetTrust", "trust", W::tr("&Forget trusted models"),
                     W::tr("Ask again before any model file is run"));
  shortcuts = make("actionShortcuts", "keyboard", W::tr("&Keys and gestures"),
                   W::tr("What the keys and the mouse do"), QKeySequence::HelpContents);
  about = make("actionAbout", "about", W::tr("&About Tarn"), W::tr("Version and licence"));

  auto* bar = window->menuBar();
  auto* file = addMenu(bar, W::tr("&File"), "menuFile", {open});
  recentMenu = file->addMenu(themedIcon("recent"), W::tr("Open &recent"));
  recentMenu->setObjectName("menuRecent");
  file->addSeparator();
  for (QAction* action : {exportView, copyCommand}) {
    file->addAction(action);
  }
  file->addSeparator();
  file->addAction(close);
  file->addAction(quit);
  addMenu(bar, W::tr("&Edit"), "menuEdit", {undo, redo, nullptr, copyImage, clearSelection});
  auto* view = addMenu(
      bar, W::tr("&View"), "menuView",
      {showSurface, showContour, showVolume, showTree, showPersistence, showProfile, showSpectrum,
       showCurves, tile, nullptr, logHeight, contours, criticalPoints, trajectories, basins});
  auto* colours = view->addMenu(themedIcon("colors"), W::tr("&Colours"));
  colours->setObjectName("menuColours");
  colours->addActions(colourMaps->actions());
  colours->addSeparator();
  colours->addAction(reverseColours);
  view->addSeparator();
  view->addAction(resetView);
  panelsMenu = view->addMenu(themedIcon("layout"), W::tr("&Panels"));
  panelsMenu->setObjectName("menuPanels");
  view->addAction(resetLayout);
  auto* theme = view->addMenu(W::tr("T&heme"));
  theme->setObjectName("menuTheme");
  theme->addActions(themes->actions());
  view->addAction(fullScreen);
  addMenu(bar, W::tr("&Run"), "menuRun",
          {start, estimate, resume, startSpectrum, startTraining, continueTraining, cancel});
  addMenu(bar, W::tr("&Tools"), "menuTools", {palette, nullptr, forgetTrust});
  addMenu(bar, W::tr("&Help"), "menuHelp", {shortcuts, nullptr, about});

  auto* tools = window->addToolBar(W::tr("Tools"));
  tools->setObjectName("toolBar");
  tools->setIconSize({20, 20});
  for (QAction* action : {open, exportView, static_cast<QAction*>(nullptr), start, cancel,
                          static_cast<QAction*>(nullptr), tile, logHeight, resetView}) {
    action != nullptr ? tools->addAction(action) : static_cast<void>(tools->addSeparator());
  }
}

}  // namespace tarn::ui
