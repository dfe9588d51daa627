#include "ui/panels/sampling_panel.h"

#include <QComboBox>
#include <QFileDialog>
#include <QFileInfo>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QPushButton>
#include <QToolButton>
#include <cmath>

#include "topology/base/error.h"
#include "ui/actions/action.h"
#include "ui/actions/icons.h"
#include "ui/panels/field.h"
#include "ui/panels/sampling_plan.h"

namespace tarn::ui {
namespace {

constexpr double mostPoints = 20'000'000;

template <typename Read>
auto readField(Field* field, Read read) -> std::optional<decltype(read())> {
  try {
    auto value = read();
    field->setProblem({});
    return value;
  } catch (const Error& error) {
    field->setProblem(error);
    return std::nullopt;
  }
}

}  // namespace

SamplingPanel::SamplingPanel(QWidget* parent)
    : QWidget(parent),
      directions_(new QComboBox),
      steps_(new QLineEdit("41")),
      range_(new QComboBox),
      normalize_(new QComboBox),
      project_(new QLineEdit),
      cost_(new QLabel),
      start_(new QPushButton(themedIcon("start"), tr("&Start sampling"))) {
  setObjectName("samplingPanel");
  describe(directions_, "samplingDirections", tr("Directions"),
           tr("The axes: hessian:2 (the sharpest two), hessian:-1 (the lowest), random:2; a comma "
              "between several"));
  describe(steps_, "samplingSteps", tr("Steps"),
           tr("Points along an axis: one number for all axes or one each, such as 41 or 41,21"));
  describe(range_, "samplingRange", tr("Range"),
           tr("How far from the model: auto (until the loss has doubled), rel:0.5 (of the "
              "parameters' norm), abs:1, or runs (as far as the project's training runs went)"));
  describe(normalize_, "samplingNormalize", tr("Normalization"),
           tr("Rescales each direction like the parameters. Hessian directions are then no longer "
              "eigenvectors"));
  describe(project_, "samplingProject", tr("Project file"),
           tr("Where the results are kept, point by point, while they come"));
  describe(start_, "samplingStart", tr("Start sampling"),
           tr("Compute the landscape. It shows itself coarse to fine while it is computed"));
  directions_->setEditable(true);
  directions_->addItems({"hessian:2", "random:2", "hessian:1,random:1", "hessian:1"});
  range_->setEditable(true);
  range_->addItems({"auto", "rel:0.5", "abs:1", "runs"});
  for (QComboBox* box : {directions_, range_}) {
    box->setInsertPolicy(QComboBox::NoInsert);
    box->setMinimumContentsLength(8);
    box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
  }
  normalize_->addItems({"none", "layer", "filter", "model"});
  project_->setPlaceholderText(tr("landscape.tarn"));
  cost_->setObjectName("samplingCost");
  cost_->setWordWrap(true);
  cost_->setAccessibleName(tr("Cost of the sampling"));

  auto* browse = new QToolButton;
  describe(browse, "samplingProjectBrowse", tr("Choose project file"), tr("Choose project file"));
  browse->setIcon(themedIcon("browse"));
  connect(browse, &QToolButton::clicked, this, &SamplingPanel::browseProject);

  auto* form = makeForm();
  setLayout(form);
  const auto add = [&](const QString& label, QWidget* input, QWidget* beside = nullptr) {
    auto* field = new Field(input, beside);
    form->addRow(label, field);
    static_cast<QLabel*>(form->labelForField(field))->setBuddy(input);
    return field;
  };
  directionsField_ = add(tr("D&irections"), directions_);
  stepsField_ = add(tr("Ste&ps"), steps_);
  rangeField_ = add(tr("R&ange"), range_);
  add(tr("&Normalize"), normalize_);
  projectField_ = add(tr("Sa&ve to"), project_, browse);
  form->addRow(cost_);
  form->addRow(start_);

  connect(directions_, &QComboBox::currentTextChanged, this, &SamplingPanel::showCost);
  connect(steps_, &QLineEdit::textChanged, this, &SamplingPanel::showCost);
  connect(start_, &QPushButton::clicked, this, &SamplingPanel::startRequested);
  showCost();
}

std::optional<LandscapeRequest> SamplingPanel::request() {
  const auto directions = readField(directionsField_, [&] {
    auto list = directionsFromText(directions_->currentText());
    axisCount(list);
    return list;
  });
  if (!directions) {
    return std::nullopt;
  }
  const std::size_t axes = axisCount(*directions);
  const auto steps = readField(stepsField_, [&] {
    auto list = stepsFromText(steps_->text(), axes);
    const double points = pointCount(list, axes);
    if (points > mostPoints) {
      throw Error(
          ErrorCode::usage, tr("That is %1 points.").arg(points, 0, 'g', 3).toStdString(),
          tr("Use fewer steps or fewer axes; 20 million points are the most.").toStdString());
    }
    return list;
  });
  const auto range =
      readField(rangeField_, [&] { return rangeFromText(range_->currentText(), axes); });
  const bool hasProject = checkProject();
  if (!steps || !range || !hasProject) {
    return std::nullopt;
  }
  LandscapeRequest request;
  request.directions = *directions;
  request.steps = *steps;
  request.range = *range;
  request.normalize = normalize_->currentText().toStdString();
  return request;
}

bool SamplingPanel::checkProject() {
  const bool hasProject = !projectPath().isEmpty();
  projectField_->setProblem(hasProject ? QString() : tr("Say where the results are to be kept."));
  return hasProject;
}

void SamplingPanel::setDirections(const QString& directions) {
  directions_->setCurrentText(directions);
  directionsField_->setProblem({});
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

void SamplingPanel::setCost(std::optional<double> secondsPerPoint,
                            std::optional<double> samplesPerPoint) {
  secondsPerPoint_ = secondsPerPoint;
  samplesPerPoint_ = samplesPerPoint;
  showCost();
}

void SamplingPanel::setRunning(bool running) {
  start_->setEnabled(!running);
}

void SamplingPanel::showCost() {
  try {
    const std::size_t axes = axisCount(directionsFromText(directions_->currentText()));
    const double points = pointCount(stepsFromText(steps_->text(), axes), axes);
    const QLocale locale;
    const auto count = [&](double value) {
      return value < 1e15 ? locale.toString(static_cast<qlonglong>(value))
                          : QString::number(value, 'g', 3);
    };
    QString text = tr("%1 points").arg(count(points));
    if (samplesPerPoint_) {
      text += tr(", %1 forward passes").arg(count(points * *samplesPerPoint_));
    }
    text += secondsPerPoint_ ? tr("\nAbout %1, at the speed of the last sampling.")
                                   .arg(durationText(points * *secondsPerPoint_))
                             : tr("\nThe time is known after the first points.");
    cost_->setText(text);
  } catch (const Error&) {
    cost_->setText(tr("–"));
  }
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
