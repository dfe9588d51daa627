#include "ui/actions/action.h"

#include "ui/actions/icons.h"

namespace tarn::ui {

QAction* makeAction(QObject* parent, const ActionText& text) {
  auto* action = new QAction(text.text, parent);
  action->setObjectName(text.objectName);
  if (!text.icon.isEmpty()) {
    action->setIcon(themedIcon(text.icon));
  }
  QString tip = text.tip;
  if (!text.shortcut.isEmpty()) {
    action->setShortcut(text.shortcut);
    tip += " (" + text.shortcut.toString(QKeySequence::NativeText) + ")";
  }
  action->setToolTip(tip);
  action->setStatusTip(text.tip);
  return action;
}

void describe(QWidget* widget, const QString& objectName, const QString& accessibleName,
              const QString& tip) {
  widget->setObjectName(objectName);
  widget->setAccessibleName(accessibleName);
  widget->setAccessibleDescription(tip);
  widget->setToolTip(tip);
  widget->setStatusTip(tip);
}

}  // namespace tarn::ui
