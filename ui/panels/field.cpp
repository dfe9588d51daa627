#include "ui/panels/field.h"

#include <QHBoxLayout>
#include <QScrollArea>
#include <QScrollBar>
#include <QVBoxLayout>

namespace tarn::ui {

namespace {

/// QFormLayout places its rows by the heights that belong to the width it was last asked about, and
/// a scroll area asks about two, with and without its scroll bar. When it is resized, they are
/// asked for anew. (While it is activated, as after a change of a text, it has no geometry and
/// asks.)
class ScrolledForm : public QFormLayout {
 public:
  void setGeometry(const QRect& rect) override {
    if (!geometry().isNull() && rect != geometry()) {
      invalidate();
    }
    QFormLayout::setGeometry(rect);
  }
};

class PanelScroll : public QScrollArea {
 public:
  QSize minimumSizeHint() const override {
    const int bar = verticalScrollBar()->sizeHint().width();
    return {widget()->minimumSizeHint().width() + bar, QScrollArea::minimumSizeHint().height()};
  }
};

}  // namespace

QString sentencesOf(const Error& error) {
  return (QString::fromUtf8(error.what()) + ' ' + QString::fromStdString(error.remedy())).trimmed();
}

Field::Field(QWidget* input, QWidget* beside) : problem_(new QLabel) {
  auto* row = new QHBoxLayout;
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(4);
  row->addWidget(input, 1);
  if (beside != nullptr) {
    row->addWidget(beside);
  }
  problem_->setObjectName(input->objectName() + "Problem");
  problem_->setWordWrap(true);
  problem_->setTextFormat(Qt::PlainText);
  problem_->setAccessibleName(tr("What is wrong with %1").arg(input->accessibleName()));
  problem_->setVisible(false);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(2);
  column->addLayout(row);
  column->addWidget(problem_);
}

void Field::setProblem(const QString& message) {
  // Vermillion: told from the background in light and dark, and by the colour-blind.
  problem_->setStyleSheet("color: #d55e00");
  problem_->setText(message);
  problem_->setVisible(!message.isEmpty());
}

void Field::setProblem(const Error& error) {
  setProblem(sentencesOf(error));
}

QString Field::problem() const {
  return problem_->text();
}

QWidget* scrolling(QWidget* content, const QString& objectName) {
  auto* scroll = new PanelScroll;
  scroll->setObjectName(objectName);
  scroll->setFocusPolicy(Qt::NoFocus);
  scroll->setWidgetResizable(true);
  scroll->setFrameShape(QFrame::NoFrame);
  scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  scroll->setWidget(content);
  return scroll;
}

void layOutPanel(QWidget* panel, QFormLayout* form, QLayout* below) {
  auto* content = new QWidget;
  content->setLayout(form);
  below->setContentsMargins(8, 4, 8, 8);
  auto* column = new QVBoxLayout(panel);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(0);
  column->addWidget(scrolling(content, panel->objectName() + "Scroll"), 1);
  column->addLayout(below);
}

QFormLayout* makeForm() {
  auto* form = new ScrolledForm;
  form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
  form->setRowWrapPolicy(QFormLayout::DontWrapRows);
  form->setLabelAlignment(Qt::AlignLeft | Qt::AlignTop);
  form->setContentsMargins(8, 8, 8, 8);
  form->setHorizontalSpacing(8);
  form->setVerticalSpacing(6);
  return form;
}

}  // namespace tarn::ui
