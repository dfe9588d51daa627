#pragma once

#include <QAction>
#include <QActionGroup>
#include <QMainWindow>

class QMenu;

namespace tarn::ui {

/// The window's actions, made and put into menus and the toolbar; what they do is connected by the
/// window.
struct WindowActions {
  explicit WindowActions(QMainWindow* window);

  QAction* open;
  QAction* clearRecent;
  QAction* exportView;
  QAction* copyCommand;
  QAction* close;
  QAction* quit;
  QAction* undo;
  QAction* redo;
  QAction* copyImage;
  QAction* clearSelection;
  QAction* showSurface;
  QAction* showContour;
  QAction* showVolume;
  QAction* showTree;
  QAction* showPersistence;
  QAction* showProfile;
  QAction* showSpectrum;
  QAction* showCurves;
  QAction* tile;
  QAction* logHeight;
  QAction* contours;
  QAction* criticalPoints;
  QAction* trajectories;
  QAction* basins;
  QAction* reverseColours;
  QActionGroup* colourMaps;  ///< data(): the name
  QActionGroup* themes;      ///< data(): ThemeChoice as int
  QAction* resetView;
  QAction* resetLayout;
  QAction* fullScreen;
  QAction* start;
  QAction* estimate;
  QAction* startSpectrum;
  QAction* startTraining;
  QAction* continueTraining;
  QAction* resume;
  QAction* cancel;
  QAction* palette;
  QAction* forgetTrust;
  QAction* shortcuts;
  QAction* about;

  QMenu* recentMenu;
  QMenu* panelsMenu;  ///< the docks' own toggle actions go here
};

}  // namespace tarn::ui
