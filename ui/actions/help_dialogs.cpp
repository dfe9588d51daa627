#include "ui/actions/help_dialogs.h"

#include <QDialog>
#include <QDialogButtonBox>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QScrollArea>
#include <QVBoxLayout>

#include <vtkVersion.h>

#include "ui/actions/action.h"
#include "ui/actions/icons.h"

namespace tarn::ui {
namespace {

QDialog* makeDialog(QWidget* parent, const QString& objectName, const QString& title) {
  auto* dialog = new QDialog(parent);
  dialog->setObjectName(objectName);
  dialog->setWindowTitle(title);
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  return dialog;
}

QString plainText(const QAction* action) {
  QString text = action->text();
  return text.remove('&').remove(QStringLiteral("…"));
}

/// Arrow keys typed into the search line move in the list.
class PaletteKeys : public QObject {
 public:
  PaletteKeys(QLineEdit* search, QListWidget* list) : QObject(search), list_(list) {
    search->installEventFilter(this);
  }

 protected:
  bool eventFilter(QObject*, QEvent* event) override {
    if (event->type() != QEvent::KeyPress) {
      return false;
    }
    const int key = static_cast<QKeyEvent*>(event)->key();
    if (key != Qt::Key_Up && key != Qt::Key_Down) {
      return false;
    }
    const int row = list_->currentRow() + (key == Qt::Key_Down ? 1 : -1);
    list_->setCurrentRow(qBound(0, row, list_->count() - 1));
    return true;
  }

 private:
  QListWidget* list_;
};

}  // namespace

void showCheatSheet(QWidget* parent, const QList<QAction*>& actions) {
  auto* dialog = makeDialog(parent, "cheatSheet", QObject::tr("Keys and gestures"));
  QString rows;
  const auto row = [&](const QString& keys, const QString& meaning) {
    rows += "<tr><td style='padding:2px 18px 2px 0'><b>" + keys.toHtmlEscaped() + "</b></td><td>" +
            meaning.toHtmlEscaped() + "</td></tr>";
  };
  for (const QAction* action : actions) {
    if (!action->shortcut().isEmpty()) {
      row(action->shortcut().toString(QKeySequence::NativeText), plainText(action));
    }
  }
  rows += "<tr><td colspan=2><br><b>" + QObject::tr("In the views") + "</b></td></tr>";
  row(QObject::tr("Drag"),
      QObject::tr("Surface: turn. Contour: shift. Persistence: the threshold's line"));
  row(QObject::tr("Shift + drag, middle drag"), QObject::tr("Surface: shift"));
  row(QObject::tr("Wheel, pinch, + and −"), QObject::tr("Zoom"));
  row(QObject::tr("Arrow keys"),
      QObject::tr("Surface: turn. Contour: shift. Merge tree, profile: next node. Persistence: "
                  "left and right move the threshold, up and down go to the next class. Spectrum: "
                  "left and right go to the next eigenvalue, up and down to the next layer"));
  row(QObject::tr("Click"),
      QObject::tr("Select a minimum, a saddle, a basin or a point, in all views. Spectrum: choose "
                  "an eigenvalue or a layer"));
  row(QObject::tr("Double click, R"), QObject::tr("Show the whole landscape"));
  auto* label = new QLabel("<table>" + rows + "</table>");
  label->setObjectName("cheatSheetText");
  label->setTextFormat(Qt::RichText);
  label->setMargin(12);
  auto* scroll = new QScrollArea;
  scroll->setWidgetResizable(true);
  scroll->setFrameShape(QFrame::NoFrame);
  scroll->setWidget(label);
  auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close);
  QObject::connect(buttons, &QDialogButtonBox::rejected, dialog, &QDialog::close);
  auto* column = new QVBoxLayout(dialog);
  column->addWidget(scroll);
  column->addWidget(buttons);
  dialog->resize(520, 620);
  dialog->show();
}

void showAbout(QWidget* parent) {
  auto* dialog = makeDialog(parent, "aboutDialog", QObject::tr("About Tarn"));
  auto* picture = new QLabel;
  picture->setPixmap(programIcon().pixmap(96, 96));
  auto* text = new QLabel(
      QObject::tr("<h2>Tarn %1</h2><p>Loss landscapes of neural networks, and their "
                  "topology.<br>A tarn is a mountain lake that fills a basin.</p>"
                  "<p>Qt %2, VTK %3</p><p>Free software under the GNU General Public License, "
                  "version 3 or later. It comes without any warranty.</p>")
          .arg(QStringLiteral(TARN_VERSION), QString::fromLatin1(qVersion()),
               QString::fromLatin1(vtkVersion::GetVTKVersion())));
  text->setTextFormat(Qt::RichText);
  text->setWordWrap(true);
  auto* row = new QHBoxLayout;
  row->addWidget(picture, 0, Qt::AlignTop);
  row->addWidget(text, 1);
  auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close);
  QObject::connect(buttons, &QDialogButtonBox::rejected, dialog, &QDialog::close);
  auto* column = new QVBoxLayout(dialog);
  column->addLayout(row);
  column->addWidget(buttons);
  dialog->resize(440, 240);
  dialog->show();
}

void showCommandPalette(QWidget* parent, const QList<QAction*>& actions) {
  auto* dialog = makeDialog(parent, "commandPalette", QObject::tr("Commands"));
  auto* search = new QLineEdit;
  describe(search, "commandSearch", QObject::tr("Find a command"),
           QObject::tr("Type a part of a command's name"));
  search->setPlaceholderText(QObject::tr("Type a part of a command's name"));
  auto* list = new QListWidget;
  list->setObjectName("commandList");
  list->setAccessibleName(QObject::tr("Commands"));
  auto* column = new QVBoxLayout(dialog);
  column->addWidget(search);
  column->addWidget(list);
  const auto fill = [list, actions](const QString& text) {
    list->clear();
    for (QAction* action : actions) {
      const QString name = plainText(action);
      if (action->isEnabled() && !name.isEmpty() && name.contains(text, Qt::CaseInsensitive)) {
        const QString keys = action->shortcut().toString(QKeySequence::NativeText);
        auto* item = new QListWidgetItem(
            action->icon(), keys.isEmpty() ? name : name + QStringLiteral("    ") + keys, list);
        item->setData(Qt::UserRole, QVariant::fromValue(static_cast<QObject*>(action)));
        item->setToolTip(action->statusTip());
      }
    }
    list->setCurrentRow(0);
  };
  const auto run = [dialog, list] {
    if (const QListWidgetItem* item = list->currentItem()) {
      auto* action = qobject_cast<QAction*>(item->data(Qt::UserRole).value<QObject*>());
      dialog->close();
      action->trigger();
    }
  };
  QObject::connect(search, &QLineEdit::textChanged, list, fill);
  QObject::connect(search, &QLineEdit::returnPressed, dialog, run);
  QObject::connect(list, &QListWidget::itemActivated, dialog, run);
  new PaletteKeys(search, list);
  fill({});
  dialog->resize(420, 380);
  dialog->show();
  search->setFocus();
}

}  // namespace tarn::ui
