#pragma once

#include <QAction>
#include <QWidget>

namespace tarn::ui {

// Dialogs that do not block; each deletes itself when closed.

/// Every shortcut of the actions, and what the mouse does in the views.
void showCheatSheet(QWidget* parent, const QList<QAction*>& actions);
void showAbout(QWidget* parent);
/// Finds an enabled action by typing a part of its name, and triggers it.
void showCommandPalette(QWidget* parent, const QList<QAction*>& actions);

}  // namespace tarn::ui
