#include "ui/panels/training_panel.h"

#include <QCheckBox>
#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QMenu>
#include <QPushButton>
#include <QSpinBox>
#include <QToolButton>
#include <QVBoxLayout>

#include "engine/tasks/optimizer_text.h"
#include "engine/tasks/smad_probe.h"
#include "engine/tasks/training_words.h"
#include "ui/actions/action.h"
#include "ui/actions/icons.h"
#include "ui/panels/field.h"
#include "ui/panels/optimizer_options.h"

namespace tarn::ui {
namespace {

using nlohmann::json;

/// Runs what may refuse a text, and says beside the field what it does not like.
template <typename Read>
bool reads(Field* field, Read read) {
  try {
    read();
    field->setProblem(QString());
    return true;
  } catch (const Error& error) {
    field->setProblem(error);
    return false;
  }
}

}  // namespace

TrainingPanel::TrainingPanel(QWidget* parent)
    : QWidget(parent),
      list_(new QListWidget),
      add_(new QToolButton),
      remove_(new QToolButton),
      options_(new OptimizerOptions),
      epochs_(new QSpinBox),
      batch_(new QSpinBox),
      schedule_(new QComboBox),
      clip_(new QLineEdit),
      validation_(new QLineEdit),
      snapshots_(new QLineEdit("100")),
      smad_(new QCheckBox(tr("every"))),
      smadEvery_(new QSpinBox),
      jobs_(new QSpinBox),
      start_(new QPushButton(themedIcon("run"), tr("Start &training"))),
      continue_(new QPushButton(themedIcon("resume"), tr("&Continue stopped runs"))) {
  setObjectName("trainingPanel");
  describe(list_, "trainingOptimizers", tr("Optimizers"),
           tr("Every optimizer here is trained from the same start, on the same batches"));
  describe(add_, "trainingAdd", tr("Add an optimizer"), tr("Add an optimizer to the list"));
  describe(remove_, "trainingRemove", tr("Remove the optimizer"),
           tr("Take the chosen optimizer off the list"));
  describe(epochs_, "trainingEpochs", tr("Epochs"), tr("Passes over the data"));
  describe(batch_, "trainingBatch", tr("Batch"), tr("Samples a step"));
  describe(schedule_, "trainingSchedule", tr("Schedule"),
           tr("The learning rate over the run: constant, cosine:final=0.01 or "
              "step:every=30,gamma=0.1, each with warmup=STEPS"));
  describe(clip_, "trainingClip", tr("Clip"),
           tr("The largest norm of the gradient that is let through; empty: any"));
  describe(validation_, "trainingValidation", tr("Held out"),
           tr("The part of the samples that is measured but not trained on, 0.2 or 0.2@SEED; or a "
              "file of further samples; empty: none"));
  describe(snapshots_, "trainingSnapshots", tr("Snapshots"),
           tr("Points of a run that are kept: 100 (evenly), log:50, steps:10 or epochs:1"));
  describe(smad_, "trainingSmad", tr("SMAD"),
           tr("Measure the SMAD of the loss around snapshots while the runs are trained, beside "
              "them: each time %1 × %1 passes over the data, on one core")
               .arg(SmadWish().steps));
  describe(smadEvery_, "trainingSmadEvery", tr("Snapshots from one SMAD to the next"),
           tr("How many snapshots lie from one that is measured to the next; the last is measured "
              "too"));
  describe(jobs_, "trainingJobs", tr("At a time"),
           tr("How many runs go on beside each other, each in an engine of its own"));
  describe(start_, "trainingStart", tr("Start training"),
           tr("Train with every optimizer of the list. The runs are kept in the project that the "
              "Sampling panel names"));
  describe(continue_, "trainingContinue", tr("Continue stopped runs"),
           tr("Go on with the runs of the project that were stopped, to the same end"));
  add_->setIcon(themedIcon("new"));
  remove_->setIcon(themedIcon("close"));
  list_->setSizeAdjustPolicy(QAbstractScrollArea::AdjustToContents);
  list_->setMaximumHeight(130);
  epochs_->setRange(1, 1'000'000);
  epochs_->setValue(20);
  batch_->setRange(1, 1 << 30);
  batch_->setValue(64);
  schedule_->setEditable(true);
  schedule_->addItems({"constant", "cosine", "cosine:warmup=50", "step:every=30,gamma=0.1"});
  schedule_->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
  clip_->setPlaceholderText(tr("any"));
  validation_->setPlaceholderText(tr("none"));
  smadEvery_->setRange(1, 1'000'000);
  smadEvery_->setValue(static_cast<int>(SmadWish().every));
  smadEvery_->setSuffix(tr(" snapshots"));
  smadEvery_->setMinimumWidth(smadEvery_->fontMetrics().horizontalAdvance("100 snapshots"));
  smadEvery_->setEnabled(false);
  jobs_->setRange(0, 1024);
  jobs_->setSpecialValueText(tr("one a core"));

  auto* buttons = new QWidget;
  auto* column = new QVBoxLayout(buttons);
  column->setContentsMargins(0, 0, 0, 0);
  column->addWidget(add_);
  column->addWidget(remove_);
  column->addStretch(1);
  listField_ = new Field(list_, buttons);
  auto* form = makeForm();
  setLayout(form);
  form->addRow(listField_);
  form->addRow(options_);
  const auto add = [&](const QString& label, QWidget* input) {
    auto* field = new Field(input);
    form->addRow(label, field);
    static_cast<QLabel*>(form->labelForField(field))->setBuddy(input);
    return field;
  };
  add(tr("&Epochs"), epochs_);
  add(tr("&Batch"), batch_);
  scheduleField_ = add(tr("Sche&dule"), schedule_);
  clipField_ = add(tr("Cli&p"), clip_);
  validationField_ = add(tr("&Held out"), validation_);
  snapshotsField_ = add(tr("S&napshots"), snapshots_);
  auto* smad = new QWidget;
  auto* smadRow = new QHBoxLayout(smad);
  smadRow->setContentsMargins(0, 0, 0, 0);
  smadRow->addWidget(smad_);
  smadRow->addWidget(smadEvery_, 1);
  form->addRow(tr("SM&AD"), smad);
  static_cast<QLabel*>(form->labelForField(smad))->setBuddy(smad_);
  add(tr("At a ti&me"), jobs_);
  form->addRow(start_);
  form->addRow(continue_);

  connect(smad_, &QCheckBox::toggled, smadEvery_, &QWidget::setEnabled);
  connect(add_, &QToolButton::clicked, this, &TrainingPanel::offerOptimizers);
  connect(remove_, &QToolButton::clicked, this, &TrainingPanel::removeSelected);
  connect(list_, &QListWidget::currentRowChanged, this, &TrainingPanel::showSelected);
  connect(options_, &OptimizerOptions::changed, this, &TrainingPanel::takeOptions);
  connect(start_, &QPushButton::clicked, this, &TrainingPanel::startRequested);
  connect(continue_, &QPushButton::clicked, this, &TrainingPanel::continueRequested);
  showSelected();
  setRunning(false);
}

const json* TrainingPanel::describedAs(const std::string& name) const {
  for (const json& one : known_) {
    if (one.value("name", "") == name) {
      return &one;
    }
  }
  return nullptr;
}

void TrainingPanel::offerOptimizers() {
  if (known_.empty()) {
    add_->setEnabled(false);
    listField_->setProblem(tr("Asking the engine what there is…"));
    Q_EMIT optimizersWanted();
    return;
  }
  auto* menu = new QMenu(this);
  menu->setObjectName("trainingMenu");
  menu->setAttribute(Qt::WA_DeleteOnClose);
  menu->setToolTipsVisible(true);
  for (const json& one : known_) {
    const std::string name = one.value("name", "");
    // A wrapper goes around another rule: it is written behind one, as the command line has it.
    if (one.value("wrapper", false)) {
      continue;
    }
    QAction* action = menu->addAction(QString::fromStdString(name));
    action->setObjectName("trainingAdd_" + QString::fromStdString(name));
    action->setToolTip(QString::fromStdString(one.value("summary", "")));
    connect(action, &QAction::triggered, this, [this, name] { addOptimizer({name}); });
  }
  menu->popup(add_->mapToGlobal(QPoint(0, add_->height())));
}

void TrainingPanel::setOptimizers(const json& list) {
  known_ = list;
  add_->setEnabled(true);
  listField_->setProblem(QString());
  if (isVisible() && !known_.empty()) {
    offerOptimizers();
  }
}

void TrainingPanel::setOptimizersProblem(const QString& problem) {
  add_->setEnabled(true);
  listField_->setProblem(problem);
}

void TrainingPanel::addOptimizer(const OptimizerSpec& spec) {
  specs_.push_back(spec);
  list_->addItem(QString::fromStdString(optimizerText(toJson(spec))));
  listField_->setProblem(QString());
  list_->setCurrentRow(list_->count() - 1);
}

void TrainingPanel::removeSelected() {
  const int row = list_->currentRow();
  if (row >= 0) {
    specs_.erase(specs_.begin() + row);
    delete list_->takeItem(row);
    showSelected();
  }
}

void TrainingPanel::showSelected() {
  const int row = list_->currentRow();
  remove_->setEnabled(row >= 0);
  const json* described = row >= 0 && static_cast<std::size_t>(row) < specs_.size()
                              ? describedAs(specs_[static_cast<std::size_t>(row)].name)
                              : nullptr;
  options_->setVisible(described != nullptr);
  if (described != nullptr) {
    options_->showOptions(*described, specs_[static_cast<std::size_t>(row)]);
  } else {
    options_->clear();
  }
}

void TrainingPanel::takeOptions() {
  const int row = list_->currentRow();
  if (row >= 0) {
    specs_[static_cast<std::size_t>(row)] = options_->spec();
    list_->item(row)->setText(
        QString::fromStdString(optimizerText(toJson(specs_[static_cast<std::size_t>(row)]))));
  }
}

std::optional<TrainingWish> TrainingPanel::wish() {
  TrainingWish wish;
  wish.optimizers = specs_;
  wish.validation = validation_->text().trimmed().toStdString();
  wish.jobs = static_cast<std::size_t>(jobs_->value());
  wish.settings = {{"epochs", epochs_->value()}, {"batch_size", batch_->value()}};
  if (smad_->isChecked()) {
    SmadWish smad;
    smad.every = static_cast<std::uint64_t>(smadEvery_->value());
    wish.settings[kSmadSettings] = toJson(smad);
  }
  bool right = !specs_.empty();
  listField_->setProblem(right ? QString() : tr("Add at least one optimizer."));
  right &= reads(scheduleField_, [&] {
    const std::string text = schedule_->currentText().trimmed().toStdString();
    parseOptimizerSpec(text);
    wish.settings["schedule"] = text;
  });
  right &= reads(snapshotsField_, [&] {
    wish.settings["snapshots"] = snapshotsFromText(snapshots_->text().trimmed().toStdString());
  });
  right &= reads(validationField_, [&] {
    if (!wish.validation.empty()) {
      validationFromText(wish.validation, {{"data", json::object()}});
    }
  });
  right &= reads(clipField_, [&] {
    const QString text = clip_->text().trimmed();
    bool isNumber = false;
    const double clip = text.toDouble(&isNumber);
    if (!text.isEmpty() && !(isNumber && clip > 0)) {
      throw Error(ErrorCode::usage, "It must be a number above 0, or empty.");
    }
    if (!text.isEmpty()) {
      wish.settings["clip"] = clip;
    }
  });
  return right ? std::optional(wish) : std::nullopt;
}

void TrainingPanel::setRunning(bool running) {
  running_ = running;
  start_->setEnabled(!running);
  continue_->setEnabled(!running && canContinue_);
}

void TrainingPanel::setCanContinue(bool can) {
  canContinue_ = can;
  setRunning(running_);
}

}  // namespace tarn::ui
