#include "ui/panels/jobs_panel.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QScrollArea>
#include <QTimer>
#include <QVBoxLayout>
#include <algorithm>

#include "ui/actions/action.h"
#include "ui/actions/icons.h"
#include "ui/panels/sampling_plan.h"

namespace tarn::ui {

JobRow::JobRow(const QString& name, QWidget* parent)
    : QWidget(parent),
      name_(name),
      title_(new QLabel(name)),
      bar_(new QProgressBar),
      state_(new QLabel(tr("Starting…"))),
      cancel_(new QPushButton(themedIcon("stop"), tr("Cancel"))),
      tick_(new QTimer(this)) {
  setObjectName("jobRow");
  bar_->setObjectName("jobProgress");
  bar_->setAccessibleName(tr("Progress of %1").arg(name));
  bar_->setRange(0, 0);
  state_->setObjectName("jobState");
  state_->setTextFormat(Qt::PlainText);
  title_->setTextFormat(Qt::PlainText);
  describe(cancel_, "jobCancel", tr("Cancel %1").arg(name),
           tr("Stop this job. What was computed is kept and can be continued"));
  connect(cancel_, &QPushButton::clicked, this, &JobRow::cancelRequested);
  connect(tick_, &QTimer::timeout, this, &JobRow::showTime);
  tick_->start(500);
  clock_.start();

  auto* column = new QVBoxLayout;
  column->setSpacing(2);
  column->addWidget(title_);
  column->addWidget(bar_);
  column->addWidget(state_);
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(0, 2, 0, 4);
  row->addLayout(column, 1);
  row->addWidget(cancel_, 0, Qt::AlignVCenter);
}

void JobRow::setProgress(const JobProgress& progress) {
  if (!running_) {
    return;
  }
  progress_ = progress;
  constexpr int fine = 1000;
  if (progress.total == 0) {
    bar_->setRange(0, 0);
  } else {
    bar_->setRange(0, fine);
    const double part = static_cast<double>(std::min(progress.done, progress.total)) /
                        static_cast<double>(progress.total);
    bar_->setValue(static_cast<int>(part * fine));
  }
  showTime();
}

void JobRow::showTime() {
  QStringList parts;
  parts += progress_.stage.isEmpty() ? tr("Starting") : progress_.stage;
  if (progress_.total > 0) {
    parts += tr("%1 of %2").arg(progress_.done).arg(progress_.total);
  }
  if (!progress_.note.isEmpty()) {
    parts += progress_.note;
  }
  parts += tr("elapsed %1").arg(durationText(static_cast<double>(clock_.elapsed()) / 1000.0));
  if (progress_.etaSeconds >= 0) {
    parts += tr("about %1 left").arg(durationText(progress_.etaSeconds));
  }
  state_->setText(parts.join(QStringLiteral("  ·  ")));
}

void JobRow::setStopping() {
  cancel_->setEnabled(false);
  cancel_->setText(tr("Stopping…"));
}

void JobRow::setEnd(JobEnd end, const QString& summary) {
  running_ = false;
  tick_->stop();
  cancel_->hide();
  bar_->setRange(0, 1000);
  if (end == JobEnd::complete) {
    bar_->setValue(1000);
  } else if (progress_.total == 0) {
    bar_->setValue(0);
  }
  const QString time = durationText(static_cast<double>(clock_.elapsed()) / 1000.0);
  state_->setText(tr("%1  ·  after %2").arg(summary, time));
}

JobsPanel::JobsPanel(QWidget* parent)
    : QWidget(parent), rows_(new QVBoxLayout), empty_(new QLabel(tr("No job has run yet."))) {
  setObjectName("jobsPanel");
  auto* content = new QWidget;
  auto* column = new QVBoxLayout(content);
  column->setContentsMargins(8, 6, 8, 6);
  column->addWidget(empty_);
  column->addLayout(rows_);
  column->addStretch(1);
  auto* scroll = new QScrollArea;
  scroll->setWidgetResizable(true);
  scroll->setFrameShape(QFrame::NoFrame);
  scroll->setWidget(content);
  auto* outer = new QVBoxLayout(this);
  outer->setContentsMargins(0, 0, 0, 0);
  outer->addWidget(scroll);
}

JobRow* JobsPanel::addJob(const QString& name) {
  empty_->hide();
  auto* row = new JobRow(name, this);
  rows_->insertWidget(0, row);
  return row;
}

}  // namespace tarn::ui
