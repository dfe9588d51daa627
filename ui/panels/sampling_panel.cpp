#include "ui/panels/sampling_panel.h"

#include <QCheckBox>
#include <QFileDialog>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QToolButton>
#include <QVBoxLayout>

#include "ui/actions/action.h"
#include "ui/actions/icons.h"
#include "ui/panels/field.h"
#include "ui/panels/sampling_plan.h"

namespace tarn::ui {

SamplingPanel::SamplingPanel(QWidget* parent)
    : QWidget(parent),
      classLoss_(new QCheckBox(tr("Loss of each &class"))),
      gradientNorm_(new QCheckBox(tr("&Gradient norm in the plane"))),
      project_(new QLineEdit),
      cost_(new QLabel),
      estimate_(new QPushButton(tr("&Estimate"))),
      start_(new QPushButton(themedIcon("start"), tr("&Start sampling"))) {
  setObjectName("samplingPanel");
  const QString always =
      tr(". The loss, its standard error and, where there are classes, the accuracy are always "
         "kept");
  describe(classLoss_, "samplingClassLoss", tr("Loss of each class"),
           tr("Keep the mean loss of each class at every point as well") + always);
  describe(gradientNorm_, "samplingGradientNorm", tr("Gradient norm"),
           tr("Keep the norm of the loss's gradient along the axes as well, for about two more "
              "passes a point") +
               always);
  describe(project_, "samplingProject", tr("Project file"),
           tr("Where the results are kept, point by point, while they come"));
  describe(estimate_, "samplingEstimate", tr("Estimate"),
           tr("Measure how long a point takes, without sampling anything"));
  describe(start_, "samplingStart", tr("Start sampling"),
           tr("Compute the landscape. It shows itself coarse to fine while it is computed"));
  project_->setPlaceholderText(tr("landscape.tarn"));
  cost_->setObjectName("samplingCost");
  cost_->setWordWrap(true);
  cost_->setAccessibleName(tr("Cost of the sampling"));

  auto* browse = new QToolButton;
  describe(browse, "samplingProjectBrowse", tr("Choose project file"), tr("Choose project file"));
  browse->setIcon(themedIcon("browse"));
  connect(browse, &QToolButton::clicked, this, &SamplingPanel::browseProject);

  auto* quantities = new QVBoxLayout;
  quantities->setSpacing(2);
  quantities->addWidget(classLoss_);
  quantities->addWidget(gradientNorm_);
  auto* buttons = new QHBoxLayout;
  buttons->addWidget(estimate_);
  buttons->addWidget(start_, 1);
  auto* form = makeForm();
  setLayout(form);
  form->addRow(tr("Also"), quantities);
  projectField_ = new Field(project_, browse);
  form->addRow(tr("Sa&ve to"), projectField_);
  static_cast<QLabel*>(form->labelForField(projectField_))->setBuddy(project_);
  form->addRow(cost_);
  form->addRow(buttons);

  connect(gradientNorm_, &QCheckBox::toggled, this, &SamplingPanel::showCost);
  connect(estimate_, &QPushButton::clicked, this, &SamplingPanel::estimateRequested);
  connect(start_, &QPushButton::clicked, this, &SamplingPanel::startRequested);
  showCost();
}

std::vector<std::string> SamplingPanel::quantities() const {
  std::vector<std::string> words;
  if (classLoss_->isChecked()) {
    words.emplace_back("class-loss");
  }
  if (gradientNorm_->isChecked()) {
    words.emplace_back("gradient-norm");
  }
  return words;
}

bool SamplingPanel::checkProject() {
  const bool hasProject = !projectPath().isEmpty();
  projectField_->setProblem(hasProject ? QString() : tr("Say where the results are to be kept."));
  return hasProject;
}

QString SamplingPanel::projectPath() const {
  QString path = project_->text().trimmed();
  if (!path.isEmpty() && QFileInfo(path).suffix() != "tarn") {
    path += ".tarn";
  }
  return path;
}

void SamplingPanel::setProjectPath(const QString& path) {
  project_->setText(path);
  projectField_->setProblem({});
}

void SamplingPanel::setPoints(double points) {
  points_ = points;
  showCost();
}

void SamplingPanel::setCost(std::optional<double> secondsPerPoint,
                            std::optional<double> samplesPerPoint) {
  secondsPerPoint_ = secondsPerPoint;
  samplesPerPoint_ = samplesPerPoint;
  showCost();
}

void SamplingPanel::setMeasured(std::optional<MeasuredSpeed> speed) {
  measured_ = speed;
  showCost();
}

void SamplingPanel::setRunning(bool running) {
  estimate_->setEnabled(!running);
  start_->setEnabled(!running);
}

QString SamplingPanel::timeText() const {
  if (measured_) {
    QString text = tr("About %1: %2 ms a point, %3 at a time, as measured.")
                       .arg(durationText(points_ * measured_->secondsPerPoint / measured_->workers))
                       .arg(1e3 * measured_->secondsPerPoint, 0, 'g', 3)
                       .arg(measured_->workers);
    return gradientNorm_->isChecked()
               ? text + tr(" That is without the gradient, which takes about two more passes.")
               : text;
  }
  return secondsPerPoint_ ? tr("About %1, at the speed of the last sampling.")
                                .arg(durationText(points_ * *secondsPerPoint_))
                          : tr("Estimate measures how long that takes.");
}

void SamplingPanel::showCost() {
  if (points_ > mostPoints) {
    cost_->setText(tooManyPoints(points_));
    return;
  }
  QString text = tr("%1 points").arg(countText(points_));
  if (samplesPerPoint_) {
    text += tr(", %1 forward passes").arg(countText(points_ * *samplesPerPoint_));
  }
  cost_->setText(text + '\n' + timeText());
}

void SamplingPanel::browseProject() {
  auto* dialog =
      new QFileDialog(this, tr("Save results to"), QFileInfo(project_->text()).absolutePath(),
                      tr("Tarn projects (*.tarn)"));
  dialog->setObjectName("samplingProjectDialog");
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setAcceptMode(QFileDialog::AcceptSave);
  dialog->setDefaultSuffix("tarn");
  // A project that is there already is added to, never overwritten.
  dialog->setOption(QFileDialog::DontConfirmOverwrite);
  connect(dialog, &QFileDialog::fileSelected, this, &SamplingPanel::setProjectPath);
  dialog->open();
}

}  // namespace tarn::ui
