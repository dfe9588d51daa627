#include "ui/panels/experiment_panel.h"

#include <QComboBox>
#include <QFileDialog>
#include <QFileInfo>
#include <QLineEdit>
#include <QSpinBox>
#include <QToolButton>
#include <algorithm>
#include <functional>

#include "topology/base/error.h"
#include "ui/actions/action.h"
#include "ui/actions/icons.h"
#include "ui/panels/field.h"

namespace tarn::ui {
namespace {

/// What is wrong with one part of an experiment whose other parts are right.
QString problemOf(const std::function<void(ExperimentText&)>& set) {
  ExperimentText text;
  text.model = "mlp:2-2@init:0";
  text.data = "data.npz";
  set(text);
  try {
    experimentFromText(text);
    return {};
  } catch (const Error& error) {
    return sentencesOf(error);
  }
}

QString fileProblem(const QString& path) {
  const QFileInfo info(path);
  if (!info.exists()) {
    return ExperimentPanel::tr("There is no file %1.").arg(path);
  }
  if (!info.isFile() || !info.isReadable()) {
    return ExperimentPanel::tr("%1 is not a file that can be read.").arg(path);
  }
  return {};
}

}  // namespace

ExperimentPanel::ExperimentPanel(QWidget* parent)
    : QWidget(parent),
      model_(new QLineEdit),
      data_(new QLineEdit),
      loss_(new QComboBox),
      parameters_(new QLineEdit),
      mode_(new QComboBox),
      batchnorm_(new QComboBox),
      subset_(new QLineEdit),
      transform_(new QLineEdit),
      threads_(new QSpinBox),
      seed_(new QSpinBox) {
  setObjectName("experimentPanel");
  describe(model_, "experimentModel", tr("Model"),
           tr("A TorchScript file (.pt), or a built-in network with its weights, such as "
              "mlp:64-32-10@init:1"));
  describe(data_, "experimentData", tr("Data"),
           tr("A file with inputs and targets (.npz, .safetensors, .csv, CIFAR's .bin), or several "
              "with ; between them (.npy, IDX: the last holds the targets)"));
  describe(loss_, "experimentLoss", tr("Loss"),
           tr("What the landscape is the height of; with options: "
              "cross-entropy:smoothing=0.1,decay=5e-4. model: forward returns it"));
  describe(parameters_, "experimentParameters", tr("Parameters"),
           tr("Which parameters vary while the others stay. Empty: all; else names, prefixes and "
              "patterns: layer1,*.bias,!head"));
  describe(mode_, "experimentMode", tr("Mode"),
           tr("eval, or train: BatchNorm normalizes by batches of 1000 consecutive samples"));
  describe(batchnorm_, "experimentBatchnorm", tr("BatchNorm"),
           tr("BatchNorm's statistics away from the model: frozen (the model's own), recalibrate "
              "(those of the data, at each point) or interpolate (between checkpoints)"));
  describe(subset_, "experimentSubset", tr("Subset"),
           tr("Empty: every sample. N: the first N. N@SEED: a random N"));
  describe(transform_, "experimentTransform", tr("Transform"),
           tr("How the file's numbers become the model's input: "
              "layout=nhwc,scale=1/255,mean=a;b;c,std=a;b;c"));
  describe(threads_, "experimentThreads", tr("Threads"),
           tr("Threads of the engine; 0: every core"));
  describe(seed_, "experimentSeed", tr("Seed"), tr("Seed of everything random"));
  model_->setPlaceholderText(tr("model.pt or mlp:64-32-10@init:1"));
  data_->setPlaceholderText(tr("data.npz"));
  parameters_->setPlaceholderText(tr("all"));
  mode_->addItems({"eval", "train"});
  batchnorm_->addItems({"frozen", "recalibrate", "interpolate"});
  subset_->setPlaceholderText(tr("every sample"));
  transform_->setPlaceholderText(tr("none"));
  loss_->addItems({"cross-entropy", "mse", "bce-logits", "l1", "huber", "nll", "model"});
  loss_->setEditable(true);
  loss_->setInsertPolicy(QComboBox::NoInsert);
  threads_->setRange(0, 4096);
  threads_->setSpecialValueText(tr("every core"));
  seed_->setRange(0, 1'000'000'000);

  auto* form = makeForm();
  setLayout(form);
  modelField_ = addPath(form, model_, tr("&Model"), tr("Models (*.pt *.pth *.ts);;All files (*)"));
  dataField_ =
      addPath(form, data_, tr("&Data"),
              tr("Data (*.npz *.npy *.safetensors *.csv *.tsv *.bin *ubyte);;All files (*)"));
  const auto add = [&](const QString& label, QWidget* input) {
    auto* field = new Field(input);
    form->addRow(label, field);
    static_cast<QLabel*>(form->labelForField(field))->setBuddy(input);
    return field;
  };
  lossField_ = add(tr("&Loss"), loss_);
  parametersField_ = add(tr("&Parameters"), parameters_);
  add(tr("M&ode"), mode_);
  add(tr("&BatchNorm"), batchnorm_);
  subsetField_ = add(tr("S&ubset"), subset_);
  transformField_ = add(tr("&Transform"), transform_);
  add(tr("Th&reads"), threads_);
  add(tr("S&eed"), seed_);

  for (QLineEdit* edit : {model_, data_, parameters_, subset_, transform_}) {
    connect(edit, &QLineEdit::textChanged, this, &ExperimentPanel::changed);
    connect(edit, &QLineEdit::editingFinished, this, [this, edit] {
      if (!edit->text().isEmpty()) {
        check();
      }
    });
  }
  for (const QComboBox* box : {loss_, mode_, batchnorm_}) {
    connect(box, &QComboBox::currentTextChanged, this, &ExperimentPanel::changed);
  }
  connect(threads_, &QSpinBox::valueChanged, this, &ExperimentPanel::changed);
  connect(seed_, &QSpinBox::valueChanged, this, &ExperimentPanel::changed);
}

Field* ExperimentPanel::addPath(QFormLayout* form, QLineEdit* edit, const QString& label,
                                const QString& filter) {
  auto* button = new QToolButton;
  const QString title = tr("Choose %1").arg(edit->accessibleName().toLower());
  describe(button, edit->objectName() + "Browse", title, title);
  button->setIcon(themedIcon("browse"));
  connect(button, &QToolButton::clicked, this,
          [this, edit, title, filter] { browse(edit, title, filter); });
  auto* field = new Field(edit, button);
  form->addRow(label, field);
  static_cast<QLabel*>(form->labelForField(field))->setBuddy(edit);
  return field;
}

void ExperimentPanel::browse(QLineEdit* edit, const QString& title, const QString& filter) {
  auto* dialog = new QFileDialog(this, title, QFileInfo(edit->text()).absolutePath(), filter);
  dialog->setObjectName(edit->objectName() + "Dialog");
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setFileMode(QFileDialog::ExistingFile);
  connect(dialog, &QFileDialog::fileSelected, edit, &QLineEdit::setText);
  dialog->open();
}

ExperimentText ExperimentPanel::text() const {
  ExperimentText text = kept_;
  text.model = model_->text().trimmed().toStdString();
  text.data = data_->text().trimmed().toStdString();
  text.loss = loss_->currentText().trimmed().toStdString();
  text.parameters = parameters_->text().trimmed().toStdString();
  text.mode = mode_->currentText().toStdString();
  text.batchnorm = batchnorm_->currentText().toStdString();
  text.subset = subset_->text().trimmed().toStdString();
  text.transform = transform_->text().trimmed().toStdString();
  text.threads = threads_->value();
  text.seed = static_cast<std::uint64_t>(seed_->value());
  return text;
}

void ExperimentPanel::setText(const ExperimentText& text) {
  kept_ = text;
  model_->setText(QString::fromStdString(text.model));
  data_->setText(QString::fromStdString(text.data));
  loss_->setCurrentText(QString::fromStdString(text.loss));
  parameters_->setText(QString::fromStdString(text.parameters));
  mode_->setCurrentText(QString::fromStdString(text.mode));
  batchnorm_->setCurrentText(QString::fromStdString(text.batchnorm));
  subset_->setText(QString::fromStdString(text.subset));
  transform_->setText(QString::fromStdString(text.transform));
  threads_->setValue(text.threads);
  seed_->setValue(static_cast<int>(std::min<std::uint64_t>(text.seed, 1'000'000'000)));
  for (Field* field :
       {modelField_, dataField_, lossField_, parametersField_, subsetField_, transformField_}) {
    field->setProblem({});
  }
}

void ExperimentPanel::setModel(const QString& path) {
  model_->setText(path);
  modelField_->setProblem({});
}

void ExperimentPanel::setData(const QString& path) {
  data_->setText(path);
  dataField_->setProblem({});
}

void ExperimentPanel::setSeed(int seed) {
  seed_->setValue(seed);
}

bool ExperimentPanel::check() {
  const ExperimentText now = text();
  const QString model = QString::fromStdString(now.model);
  QString modelProblem;
  if (model.isEmpty()) {
    modelProblem = tr("Choose a TorchScript file, or type a built-in such as mlp:64-32-10@init:1.");
  } else if (modelIsFile(now.model)) {
    modelProblem = fileProblem(model);
  }
  modelField_->setProblem(modelProblem);
  const QString file = QString::fromStdString(now.data);
  QString dataProblem;
  if (file.isEmpty()) {
    dataProblem = tr("Choose a file, such as an .npz with the arrays inputs and targets.");
  }
  for (const std::string& part : dataFiles(now.data)) {
    dataProblem = dataProblem.isEmpty() ? fileProblem(QString::fromStdString(part)) : dataProblem;
  }
  dataField_->setProblem(dataProblem);
  lossField_->setProblem(problemOf([&](ExperimentText& part) { part.loss = now.loss; }));
  parametersField_->setProblem(
      problemOf([&](ExperimentText& part) { part.parameters = now.parameters; }));
  subsetField_->setProblem(problemOf([&](ExperimentText& part) { part.subset = now.subset; }));
  transformField_->setProblem(
      problemOf([&](ExperimentText& part) { part.transform = now.transform; }));
  return std::ranges::all_of(
      std::initializer_list<Field*>{modelField_, dataField_, lossField_, parametersField_,
                                    subsetField_, transformField_},
      [](const Field* field) { return field->problem().isEmpty(); });
}

}  // namespace tarn::ui
