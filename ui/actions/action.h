#pragma once

#include <QAction>
#include <QKeySequence>
#include <QString>
#include <QWidget>

namespace tarn::ui {

/// How an action names and explains itself.
struct ActionText {
  QString objectName;
  QString icon;
  QString text;
  QString tip;  ///< a sentence; tooltip and status tip
  QKeySequence shortcut = {};
};

/// An action with everything that people, screen readers and tests look for.
QAction* makeAction(QObject* parent, const ActionText& text);

/// Gives an input its object name, its explanation (tooltip, status tip) and its accessible name.
void describe(QWidget* widget, const QString& objectName, const QString& accessibleName,
              const QString& tip);

}  // namespace tarn::ui
