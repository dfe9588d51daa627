#include "ui/panels/sampling_panel.h"

#include <QCheckBox>
#include <QComboBox>
#include <QFileDialog>
#include <QFileInfo>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QStandardItemModel>
#include <QToolButton>
#include <QVBoxLayout>

#include "ui/actions/action.h"
#include "ui/actions/icons.h"
#include "ui/panels/field.h"
#include "ui/panels/growth_form.h"
#include "ui/panels/sampling_plan.h"

namespace tarn::ui {

SamplingPanel::SamplingPanel(QWidget* parent)
    : QWidget(parent),
      form_(makeForm()),
      what_(new QComboBox),
      growth_(new GrowthForm),
      classLoss_(new QCheckBox(tr("Loss of each &class"))),
      gradientNorm_(new QCheckBox(tr("&Gradient norm in the plane"))),
      project_(new QLineEdit),
      cost_(new QLabel),
      estimate_(new QPushButton(tr("&Estimate"))),
      start_(new QPushButton(themedIcon("start"), tr("&Start sampling"))),
      quantities_(new QWidget) {
  setObjectName("samplingPanel");
  describe(what_, "samplingWhat", tr("What is sampled"),
           tr("A landscape along the axes of the Directions panel, or more points of the landscape "
              "that is shown: those that are there are not computed again"));
  what_->setMinimumContentsLength(8);
  what_->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
  what_->addItems({tr("A new landscape"), tr("More of the shown one")});
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

  auto* quantities = new QVBoxLayout(quantities_);
  quantities->setContentsMargins(0, 0, 0, 0);
  quantities->setSpacing(2);
  quantities->addWidget(classLoss_);
  quantities->addWidget(gradientNorm_);
  auto* buttons = new QHBoxLayout;
  buttons->addWidget(estimate_);
  buttons->addWidget(start_, 1);
  form_->addRow(tr("Samp&le"), what_);
  form_->addRow(growth_);
  form_->addRow(tr("Also"), quantities_);
  projectField_ = new Field(project_, browse);
  form_->addRow(tr("Sa&ve to"), projectField_);
  static_cast<QLabel*>(form_->labelForField(projectField_))->setBuddy(project_);
  auto* below = new QVBoxLayout;
  below->addWidget(cost_);
  below->addLayout(buttons);
  layOutPanel(this, form_, below);

  connect(what_, &QComboBox::currentIndexChanged, this, &SamplingPanel::showWhat);
  connect(growth_, &GrowthForm::changed, this, &SamplingPanel::showCost);
  connect(gradientNorm_, &QCheckBox::toggled, this, &SamplingPanel::showCost);
  connect(estimate_, &QPushButton::clicked, this, &SamplingPanel::estimateRequested);
  connect(start_, &QPushButton::clicked, this, &SamplingPanel::startRequested);
  setBase(nullptr, 0);
}

void SamplingPanel::setBase(const StoredLandscape* landscape, double computed) {
  auto* items = qobject_cast<QStandardItemModel*>(what_->model());
  items->item(1)->setEnabled(landscape != nullptr);
  if (landscape != nullptr) {
    growth_->setBase(*landscape, computed);
  } else {
    what_->setCurrentIndex(0);
  }
  showWhat();
}

bool SamplingPanel::grows() const {
  return what_->currentIndex() == 1;
}

std::int64_t SamplingPanel::base() const {
  return growth_->base();
}

std::optional<LandscapeChange> SamplingPanel::change() {
  return growth_->change();
}

void SamplingPanel::setRuns(const QStringList& runs) {
  growth_->setRuns(runs);
}

// The project of a landscape that grows is its own, and so is what is kept of its points.
void SamplingPanel::showWhat() {
  form_->setRowVisible(growth_, grows());
  form_->setRowVisible(quantities_, !grows());
  form_->setRowVisible(projectField_, !grows());
  showCost();
}

QString SamplingPanel::speedKey() const {
  return grows() ? QStringLiteral("%1+%2").arg(growth_->base()).arg(growth_->axes())
                 : QString::number(axes_);
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

void SamplingPanel::setGrid(std::size_t axes, double points) {
  axes_ = axes;
  points_ = points;
  showCost();
}

void SamplingPanel::setCost(std::optional<double> secondsPerPoint,
                            std::optional<double> samplesPerPoint) {
  secondsPerPoint_ = secondsPerPoint;
  samplesPerPoint_ = samplesPerPoint;
  showCost();
}

void SamplingPanel::setMeasured(const QString& key, std::optional<MeasuredSpeed> speed) {
  measuredKey_ = key;
  measured_ = speed;
  showCost();
}

void SamplingPanel::setRunning(bool running) {
  estimate_->setEnabled(!running);
  start_->setEnabled(!running);
}

QString SamplingPanel::timeText(double points) const {
  if (measured_ && measuredKey_ == speedKey()) {
    QString text = tr("About %1: %2 ms a point, %3 at a time, as measured.")
                       .arg(durationText(points * measured_->secondsPerPoint / measured_->workers))
                       .arg(1e3 * measured_->secondsPerPoint, 0, 'g', 3)
                       .arg(measured_->workers);
    return gradientNorm_->isChecked() && !grows()
               ? text + tr(" That is without the gradient, which takes about two more passes.")
               : text;
  }
  // The last sampling was of the Experiment panel, perhaps not of what grows.
  return secondsPerPoint_ && !grows() ? tr("About %1, at the speed of the last sampling.")
                                            .arg(durationText(points * *secondsPerPoint_))
                                      : tr("Estimate measures how long that takes.");
}

void SamplingPanel::showCost() {
  const double all = grows() ? growth_->points() : points_;
  const double added = grows() ? growth_->newPoints() : points_;
  if (all > mostPoints || all == 0) {
    cost_->setText(all == 0 ? QStringLiteral("–") : tooManyPoints(all));
    return;
  }
  QString text = grows() ? tr("%1 points, %2 of them new").arg(countText(all), countText(added))
                         : tr("%1 points").arg(countText(all));
  if (samplesPerPoint_ && !grows()) {
    text += tr(", %1 forward passes").arg(countText(all * *samplesPerPoint_));
  }
  cost_->setText(text + '\n' + timeText(added));
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
