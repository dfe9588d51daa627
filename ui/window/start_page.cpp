#include "ui/window/start_page.h"

#include <QFileInfo>
#include <QFontMetrics>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QVBoxLayout>

#include "ui/actions/action.h"
#include "ui/actions/icons.h"

namespace tarn::ui {
namespace {

QLabel* heading(const QString& text, double size) {
  auto* label = new QLabel(text);
  QFont font = label->font();
  font.setPointSizeF(font.pointSizeF() * size);
  font.setBold(true);
  label->setFont(font);
  return label;
}

}  // namespace

StartPage::StartPage(QWidget* parent) : QWidget(parent), recent_(new QVBoxLayout) {
  setObjectName("startPage");
  auto* content = new QWidget;
  content->setMaximumWidth(640);
  auto* column = new QVBoxLayout(content);
  column->setContentsMargins(24, 24, 24, 24);
  column->setSpacing(10);

  auto* name = new QHBoxLayout;
  auto* picture = new QLabel;
  picture->setPixmap(programIcon().pixmap(56, 56));
  auto* words = new QVBoxLayout;
  words->setSpacing(0);
  words->addWidget(heading(QStringLiteral("Tarn"), 2.2));
  auto* subtitle = new QLabel(tr("Loss landscapes of neural networks, and their topology"));
  subtitle->setWordWrap(true);
  words->addWidget(subtitle);
  name->addWidget(picture);
  name->addLayout(words, 1);
  column->addLayout(name);
  column->addSpacing(8);

  auto* buttons = new QHBoxLayout;
  const auto add = [&](const char* icon, const QString& objectName, const QString& text,
                       const QString& tip, auto signal) {
    auto* button = new QPushButton(themedIcon(icon), text);
    describe(button, objectName, text, tip);
    button->setIconSize({20, 20});
    button->setMinimumHeight(38);
    connect(button, &QPushButton::clicked, this, signal);
    buttons->addWidget(button);
  };
  add("open", "startOpen", tr("Open a file…"),
      tr("A project (.tarn), a grid (.npy, .npz, .h5, .vti, .csv, .json), a model (.pt) or data "
         "(.npz)"),
      &StartPage::openRequested);
  add("new", "startNew", tr("New experiment"), tr("Choose a model and data, then sample"),
      &StartPage::newExperimentRequested);
  column->addLayout(buttons);

  column->addSpacing(8);
  column->addWidget(heading(tr("Recent"), 1.1));
  recent_->setSpacing(0);
  column->addLayout(recent_);
  column->addSpacing(8);
  column->addWidget(heading(tr("How it goes"), 1.1));
  auto* steps = new QLabel(
      tr("<ol style='margin-left:-20px'>"
         "<li>In <b>Experiment</b>, choose a model (a TorchScript file, or a built-in such as "
         "mlp:64-32-10@init:1), data (.npz with inputs and targets) and a loss.</li>"
         "<li>In <b>Sampling</b>, choose the directions (hessian:2 are the two sharpest) and the "
         "number of steps, and press <b>Start sampling</b>.</li>"
         "<li>Watch the landscape refine. Click a minimum or a saddle in the surface, the contour "
         "plot or the merge tree: it lights up in all of them, and the Inspector says what it "
         "is.</li>"
         "<li><b>File ▸ Export view</b> makes the figure.</li></ol>"
         "<p>Files can also be dropped anywhere on this window. F1 lists the keys.</p>"));
  steps->setWordWrap(true);
  steps->setTextFormat(Qt::RichText);
  column->addWidget(steps);
  column->addStretch(1);

  auto* centred = new QWidget;
  auto* row = new QHBoxLayout(centred);
  row->setContentsMargins(0, 0, 0, 0);
  row->addStretch(1);
  row->addWidget(content, 100);
  row->addStretch(1);
  auto* scroll = new QScrollArea;
  scroll->setObjectName("startScroll");
  scroll->setWidgetResizable(true);
  scroll->setFrameShape(QFrame::NoFrame);
  scroll->setWidget(centred);
  auto* outer = new QVBoxLayout(this);
  outer->setContentsMargins(0, 0, 0, 0);
  outer->addWidget(scroll);
}

void StartPage::showRecent(const QStringList& files) {
  while (QLayoutItem* item = recent_->takeAt(0)) {
    item->widget()->hide();
    item->widget()->deleteLater();
    delete item;
  }
  if (files.isEmpty()) {
    recent_->addWidget(new QLabel(tr("Files that were opened are listed here.")));
  }
  for (const QString& path : files.mid(0, 6)) {
    const QFileInfo info(path);
    auto* button = new QPushButton(themedIcon("recent"), QString());
    const QString folder =
        button->fontMetrics().elidedText(info.absolutePath(), Qt::ElideMiddle, 330);
    button->setText(info.fileName() + QStringLiteral("    ") + folder);
    describe(button, "startRecent", tr("Open %1").arg(info.fileName()), path);
    button->setFlat(true);
    button->setStyleSheet("text-align: left; padding: 4px");
    connect(button, &QPushButton::clicked, this, [this, path] { Q_EMIT fileRequested(path); });
    recent_->addWidget(button);
  }
}

}  // namespace tarn::ui
