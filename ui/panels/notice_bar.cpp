#include "ui/panels/notice_bar.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QPushButton>
#include <QToolButton>
#include <QVBoxLayout>

#include "ui/actions/action.h"
#include "ui/actions/icons.h"

namespace tarn::ui {
namespace {

QColor accent(NoticeBar::Kind kind) {
  switch (kind) {
    case NoticeBar::Kind::problem:
      return {0xd5, 0x5e, 0x00};
    case NoticeBar::Kind::question:
      return {0x00, 0x72, 0xb2};
    case NoticeBar::Kind::information:
      break;
  }
  return {0x00, 0x9e, 0x73};
}

}  // namespace

NoticeBar::NoticeBar(QWidget* parent)
    : QWidget(parent),
      icon_(new QLabel(this)),
      title_(new QLabel(this)),
      detail_(new QLabel(this)),
      buttons_(new QHBoxLayout) {
  setObjectName("noticeBar");
  setAccessibleName(tr("Message"));
  title_->setObjectName("noticeTitle");
  detail_->setObjectName("noticeDetail");
  for (QLabel* label : {title_, detail_}) {
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(true);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    label->setMinimumWidth(80);
    label->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
  }
  QFont bold = title_->font();
  bold.setBold(true);
  title_->setFont(bold);

  auto* text = new QVBoxLayout;
  text->setSpacing(2);
  text->addWidget(title_);
  text->addWidget(detail_);
  auto* close = new QToolButton(this);
  describe(close, "noticeClose", tr("Dismiss"), tr("Hide this message"));
  close->setIcon(themedIcon("close"));
  close->setAutoRaise(true);
  connect(close, &QToolButton::clicked, this, [this] {
    if (auto* choice = findChild<QPushButton*>(dismissChoice_);
        !dismissChoice_.isEmpty() && choice) {
      choice->click();
    }
    dismiss();
  });

  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(14, 8, 8, 8);
  row->addWidget(icon_, 0, Qt::AlignTop);
  row->addLayout(text, 1);
  row->addLayout(buttons_);
  row->addWidget(close, 0, Qt::AlignTop);
  hide();
}

void NoticeBar::clearChoices() {
  while (QLayoutItem* item = buttons_->takeAt(0)) {
    item->widget()->hide();
    item->widget()->setObjectName({});
    item->widget()->deleteLater();
    delete item;
  }
}

void NoticeBar::showNotice(Kind kind, const QString& title, const QString& detail,
                           std::vector<Choice> choices) {
  clearChoices();
  dismissChoice_.clear();
  kind_ = kind;
  const char* icon = kind == Kind::problem ? "warning" : kind == Kind::question ? "help" : "about";
  icon_->setPixmap(themedIcon(icon).pixmap(20, 20));
  title_->setText(title);
  detail_->setText(detail);
  detail_->setVisible(!detail.isEmpty());
  for (Choice& choice : choices) {
    auto* button = new QPushButton(choice.text, this);
    describe(button, choice.objectName, choice.text, choice.text);
    connect(button, &QPushButton::clicked, this, [this, chosen = std::move(choice.chosen)] {
      dismiss();
      if (chosen) {
        chosen();
      }
    });
    buttons_->addWidget(button, 0, Qt::AlignVCenter);
  }
  setVisible(true);
  update();
}

void NoticeBar::showError(const QString& title, const Error& error, std::vector<Choice> choices) {
  QString detail = QString::fromUtf8(error.what());
  if (!error.remedy().empty()) {
    detail += "\n" + QString::fromStdString(error.remedy());
  }
  showNotice(Kind::problem, title, detail, std::move(choices));
}

QString NoticeBar::text() const {
  return isHidden() ? QString() : title_->text() + "\n" + detail_->text();
}

void NoticeBar::dismiss() {
  hide();
}

void NoticeBar::changeEvent(QEvent* event) {
  if (event->type() == QEvent::PaletteChange) {
    update();
  }
  QWidget::changeEvent(event);
}

void NoticeBar::paintEvent(QPaintEvent* /*event*/) {
  QPainter painter(this);
  const QColor color = accent(kind_);
  QColor wash = color;
  wash.setAlpha(38);
  painter.fillRect(rect(), palette().color(QPalette::Window));
  painter.fillRect(rect(), wash);
  painter.fillRect(QRect(0, 0, 4, height()), color);
}

}  // namespace tarn::ui
