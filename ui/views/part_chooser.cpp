#include "ui/views/part_chooser.h"

#include <QButtonGroup>
#include <QComboBox>
#include <QHBoxLayout>
#include <QStandardItemModel>
#include <QToolButton>
#include <algorithm>

#include "ui/actions/action.h"

namespace tarn::ui {

PartChooser::PartChooser(const char* objectName, const QString& text, const QString& tip)
    : buttons_(new QButtonGroup(this)), row_(new QWidget(this)), list_(new QComboBox(this)) {
  auto* row = new QHBoxLayout(row_);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(2);
  describe(list_, objectName, text, tip);
  list_->setSizeAdjustPolicy(QComboBox::AdjustToContents);
  list_->hide();
  setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
  connect(buttons_, &QButtonGroup::idClicked, this, [this](int id) {
    choose(id);
    Q_EMIT chosen(id);
  });
  connect(list_, &QComboBox::activated, this, [this] {
    const int id = list_->currentData().toInt();
    choose(id);
    Q_EMIT chosen(id);
  });
}

void PartChooser::add(const char* objectName, const QString& text, const QString& tip, int id) {
  auto* button = new QToolButton;
  describe(button, objectName, text, tip);
  button->setText(text);
  button->setCheckable(true);
  button->setAutoRaise(true);
  button->setChecked(list_->count() == 0);
  buttons_->addButton(button, id);
  row_->layout()->addWidget(button);
  list_->addItem(text, id);
  list_->setItemData(list_->count() - 1, tip, Qt::ToolTipRole);
}

void PartChooser::setAvailable(int id, bool available) {
  buttons_->button(id)->setEnabled(available);
  if (auto* items = qobject_cast<QStandardItemModel*>(list_->model())) {
    items->item(list_->findData(id))->setEnabled(available);
  }
  const auto all = buttons_->buttons();
  list_->setEnabled(std::ranges::any_of(all, &QAbstractButton::isEnabled));
}

void PartChooser::choose(int id) {
  buttons_->button(id)->setChecked(true);
  list_->setCurrentIndex(list_->findData(id));
}

QSize PartChooser::sizeHint() const {
  return row_->sizeHint().expandedTo(QSize(0, list_->sizeHint().height()));
}

QSize PartChooser::minimumSizeHint() const {
  return list_->sizeHint();
}

void PartChooser::resizeEvent(QResizeEvent* /*event*/) {
  const bool wide = width() >= row_->sizeHint().width();
  row_->setGeometry(rect());
  list_->setGeometry(rect());
  row_->setVisible(wide);
  list_->setVisible(!wide);
}

}  // namespace tarn::ui
