#include "ui/panels/axis_editor.h"

#include <QComboBox>
#include <QFileDialog>
#include <QFileInfo>
#include <QLabel>
#include <QLineEdit>
#include <QSignalBlocker>
#include <QSpinBox>
#include <QToolButton>
#include <algorithm>

#include "ui/actions/action.h"
#include "ui/actions/icons.h"
#include "ui/panels/field.h"
#include "ui/panels/sampling_plan.h"

namespace tarn::ui {

AxisEditor::AxisEditor(const QString& prefix, QWidget* parent)
    : QWidget(parent),
      prefix_(prefix),
      form_(makeForm()),
      kind_(new QComboBox),
      seed_(new QSpinBox),
      path_(new QLineEdit),
      range_(new QComboBox),
      steps_(new QSpinBox) {
  setObjectName(prefix + "Axis");
  form_->setContentsMargins(0, 0, 0, 0);
  setLayout(form_);
  describe(kind_, prefix + "Kind", tr("Direction"), tr("What leads along the axis"));
  describe(seed_, prefix + "Seed", tr("Seed"),
           tr("Random axes are drawn with the seed of the Experiment panel"));
  describe(path_, prefix + "Path", tr("File"),
           tr("A .npy with one number for each parameter, or a .safetensors with a tensor for each "
              "of the model's; PATH#NAME takes one tensor as the vector"));
  describe(range_, prefix + "Range", tr("Range"),
           tr("How far from the centre: auto (until the loss has doubled; between checkpoints a "
              "half beyond both), abs:1, abs:-0.5..1.5, rel:0.5 (of the parameters' norm) or runs "
              "(as far as the project's training runs went)"));
  describe(steps_, prefix + "Steps", tr("Steps"),
           tr("Points along the axis; with an odd number the centre is one of them"));
  for (const AxisKind kind : kAxisKinds) {
    kind_->addItem(nameOf(kind), static_cast<int>(kind));
    kind_->setItemData(kind_->count() - 1, explanationOf(kind), Qt::ToolTipRole);
  }
  seed_->setRange(0, 1'000'000'000);
  steps_->setRange(2, mostSteps);
  range_->setEditable(true);
  range_->setInsertPolicy(QComboBox::NoInsert);
  range_->addItems({"auto", "runs", "rel:0.5", "abs:1", "abs:-0.5..1.5"});
  for (QComboBox* box : {kind_, range_}) {
    box->setMinimumContentsLength(8);
    box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
  }
  run_ = addNames("Run", tr("Run"), tr("The number of the training run; empty: the latest"));
  from_ = addNames("From", tr("From"),
                   tr("A checkpoint that becomes the centre of the landscape: a file, a built-in "
                      "with its weights, run/ID or run/ID@STEP; empty: the model"));
  to_ = addNames("To", tr("To"),
                 tr("The checkpoint that the axis leads to: a .safetensors or TorchScript file, a "
                    "built-in with its weights, run/ID or run/ID@STEP"));
  run_->lineEdit()->setPlaceholderText(tr("the latest"));
  from_->lineEdit()->setPlaceholderText(tr("the model"));
  path_->setPlaceholderText(tr("direction.npy"));

  const QString checkpoints = tr("Checkpoints (*.safetensors *.pt *.pth *.ts);;All files (*)");
  // As wide as the labels of the forms that this stands in, so that all fields are in one column.
  const int width = QLabel(tr("Normalize")).sizeHint().width();
  form_->labelForField(addField(tr("&Direction"), kind_))->setMinimumWidth(width);
  seedField_ = addField(tr("S&eed"), seed_);
  runField_ = addField(tr("R&un"), run_);
  fromField_ = addField(tr("Fro&m"), from_, browseButton(from_, checkpoints));
  toField_ = addField(tr("To"), to_, browseButton(to_, checkpoints));
  pathField_ = addField(tr("Fi&le"), path_,
                        browseButton(path_, tr("Vectors (*.npy *.safetensors);;All files (*)")));
  rangeField_ = addField(tr("R&ange"), range_);
  stepsField_ = addField(tr("Ste&ps"), steps_);

  connect(kind_, &QComboBox::currentIndexChanged, this, [this] {
    showFields();
    take();
  });
  for (const QComboBox* box : {run_, from_, to_, range_}) {
    connect(box, &QComboBox::currentTextChanged, this, &AxisEditor::take);
  }
  connect(path_, &QLineEdit::textChanged, this, &AxisEditor::take);
  connect(steps_, &QSpinBox::valueChanged, this, &AxisEditor::take);
  connect(seed_, &QSpinBox::valueChanged, this, &AxisEditor::seedChanged);
  showFields();
}

Field* AxisEditor::addField(const QString& label, QWidget* input, QWidget* beside) {
  auto* field = new Field(input, beside);
  form_->addRow(label, field);
  static_cast<QLabel*>(form_->labelForField(field))->setBuddy(input);
  return field;
}

QComboBox* AxisEditor::addNames(const QString& objectName, const QString& name,
                                const QString& tip) {
  auto* box = new QComboBox;
  describe(box, prefix_ + objectName, name, tip);
  box->setEditable(true);
  box->setInsertPolicy(QComboBox::NoInsert);
  box->setMinimumContentsLength(6);
  box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
  return box;
}

QWidget* AxisEditor::browseButton(QWidget* input, const QString& filter) {
  auto* button = new QToolButton;
  const QString title = tr("Choose a file for %1").arg(input->accessibleName());
  describe(button, input->objectName() + "Browse", title, title);
  button->setIcon(themedIcon("browse"));
  connect(button, &QToolButton::clicked, this, [this, input, title, filter] {
    auto* dialog = new QFileDialog(this, title, {}, filter);
    dialog->setObjectName(input->objectName() + "Dialog");
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    connect(dialog, &QFileDialog::fileSelected, input, [input](const QString& path) {
      if (auto* box = qobject_cast<QComboBox*>(input)) {
        box->setCurrentText(path);
      } else {
        static_cast<QLineEdit*>(input)->setText(path);
      }
    });
    dialog->open();
  });
  return button;
}

void AxisEditor::setWish(const AxisWish& wish) {
  filling_ = true;
  kind_->setCurrentIndex(kind_->findData(static_cast<int>(wish.kind)));
  run_->setCurrentText(QString::fromStdString(wish.run));
  from_->setCurrentText(QString::fromStdString(wish.from));
  to_->setCurrentText(QString::fromStdString(wish.to));
  path_->setText(QString::fromStdString(wish.path));
  range_->setCurrentText(QString::fromStdString(wish.range));
  steps_->setValue(static_cast<int>(std::min<std::uint64_t>(wish.steps, mostSteps)));
  filling_ = false;
  showFields();
}

AxisWish AxisEditor::wish() const {
  AxisWish wish;
  wish.kind = static_cast<AxisKind>(kind_->currentData().toInt());
  wish.range = range_->currentText().trimmed().toStdString();
  wish.steps = static_cast<std::uint64_t>(steps_->value());
  // What a kind has no field for is left out, so that equal axes are equal.
  if (wish.kind == AxisKind::pca || wish.kind == AxisKind::update) {
    wish.run = run_->currentText().trimmed().toStdString();
  } else if (wish.kind == AxisKind::between) {
    wish.from = from_->currentText().trimmed().toStdString();
    wish.to = to_->currentText().trimmed().toStdString();
  } else if (wish.kind == AxisKind::file) {
    wish.path = path_->text().trimmed().toStdString();
  }
  return wish;
}

bool AxisEditor::check() {
  const AxisProblems problems = problemsOf(wish());
  runField_->setProblem(problems.run);
  fromField_->setProblem(problems.from);
  toField_->setProblem(problems.to);
  pathField_->setProblem(problems.path);
  rangeField_->setProblem(problems.range);
  return problems.none();
}

void AxisEditor::setStepsProblem(const QString& problem) {
  stepsField_->setProblem(problem);
}

void AxisEditor::setRuns(const QStringList& runs) {
  for (QComboBox* box : {run_, from_, to_}) {
    const QSignalBlocker quiet(box);
    const QString text = box->currentText();
    box->clear();
    box->addItems(runs);
    box->setCurrentText(text);
  }
}

void AxisEditor::setSeed(int seed) {
  const QSignalBlocker quiet(seed_);
  seed_->setValue(seed);
}

void AxisEditor::setSeedShown(bool shown) {
  seedShown_ = shown;
  showFields();
}

void AxisEditor::showFields() {
  const auto kind = static_cast<AxisKind>(kind_->currentData().toInt());
  kind_->setToolTip(explanationOf(kind));
  form_->setRowVisible(seedField_, seedShown_ && kind == AxisKind::random);
  form_->setRowVisible(runField_, kind == AxisKind::pca || kind == AxisKind::update);
  form_->setRowVisible(fromField_, kind == AxisKind::between);
  form_->setRowVisible(toField_, kind == AxisKind::between);
  form_->setRowVisible(pathField_, kind == AxisKind::file);
}

void AxisEditor::clearProblems() {
  for (Field* field : {runField_, fromField_, toField_, pathField_, rangeField_}) {
    field->setProblem(QString());
  }
}

void AxisEditor::take() {
  if (!filling_) {
    clearProblems();
    Q_EMIT changed();
  }
}

}  // namespace tarn::ui
