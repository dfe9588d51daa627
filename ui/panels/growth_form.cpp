#include "ui/panels/growth_form.h"

#include <QCheckBox>
#include <QComboBox>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QVBoxLayout>
#include <algorithm>

#include "engine/protocol/range_text.h"
#include "topology/base/error.h"
#include "ui/actions/action.h"
#include "ui/panels/axis_editor.h"
#include "ui/panels/field.h"
#include "ui/panels/sampling_plan.h"

namespace tarn::ui {
namespace {

QString titleOf(const StoredLandscape& landscape) {
  QStringList lengths;
  QStringList axes;
  for (const Axis& axis : landscape.axes) {
    lengths += QString::number(axis.coordinates.size());
    axes += QString::fromStdString(axis.label);
  }
  return GrowthForm::tr("Landscape %1: %2 along %3")
      .arg(landscape.id)
      .arg(lengths.join(QStringLiteral(" × ")), axes.join(QStringLiteral(", ")));
}

/// −x … x, as far as that can be said before the range is found.
bool isSymmetric(const AxisWish& axis) {
  if (axis.range == "runs") {
    return true;
  }
  const RangeText range = parseRange(axis.range);
  return range.kind == RangeText::Kind::automatic ? axis.kind != AxisKind::between
                                                  : range.from == -range.to;
}

}  // namespace

GrowthForm::GrowthForm(QWidget* parent)
    : QWidget(parent),
      title_(new QLabel),
      extend_(new QLineEdit("0")),
      refine_(new QLineEdit("1")),
      adds_(new QCheckBox(tr("Add an a&xis"))),
      axis_(new AxisEditor("growth")),
      normalize_(new QComboBox) {
  setObjectName("growthForm");
  describe(extend_, "growthExtend", tr("Extend"),
           tr("Steps more at either end of an axis: one number for all axes or one each, such as 4 "
              "or 4,0"));
  describe(refine_, "growthRefine", tr("Refine"),
           tr("Into how many each step is cut: one number for all axes or one each, such as 2"));
  describe(adds_, "growthAdd", tr("Add an axis"),
           tr("The landscape that is there lies at 0 of the new axis"));
  describe(normalize_, "growthNormalize", tr("Normalization of the new axis"),
           tr("Whether the new direction is scaled like the weights; the others stay as they are"));
  normalize_->addItems({"none", "layer", "filter", "model"});
  title_->setObjectName("growthBase");
  title_->setWordWrap(true);
  title_->setAccessibleName(tr("The landscape that grows"));

  auto* form = makeForm();
  form->setContentsMargins(0, 0, 0, 0);
  setLayout(form);
  form->addRow(title_);
  const auto add = [&](const QString& label, QWidget* input) {
    auto* field = new Field(input);
    form->addRow(label, field);
    static_cast<QLabel*>(form->labelForField(field))->setBuddy(input);
    return field;
  };
  extendField_ = add(tr("E&xtend by"), extend_);
  refineField_ = add(tr("&Refine by"), refine_);
  addsField_ = new Field(adds_);
  form->addRow(addsField_);
  form->addRow(axis_);
  form->addRow(tr("&Normalize"), normalize_);
  AxisWish first;
  first.kind = AxisKind::random;
  first.steps = 11;
  axis_->setWish(first);
  axis_->setSeedShown(false);  // it is drawn with the seed of the landscape's experiment

  for (const QLineEdit* edit : {extend_, refine_}) {
    connect(edit, &QLineEdit::textChanged, this, &GrowthForm::changed);
  }
  connect(adds_, &QCheckBox::toggled, this, [this] {
    showFields();
    Q_EMIT changed();
  });
  connect(axis_, &AxisEditor::changed, this, &GrowthForm::changed);
  showFields();
}

void GrowthForm::showFields() {
  auto* form = static_cast<QFormLayout*>(layout());
  form->setRowVisible(axis_, adds_->isChecked());
  form->setRowVisible(normalize_, adds_->isChecked());
}

void GrowthForm::setBase(const StoredLandscape& landscape, double computed) {
  const bool another = landscape.id != base_.id;
  base_ = landscape;
  computed_ = computed;
  title_->setText(titleOf(landscape));
  if (another) {
    extend_->setText("0");
    refine_->setText("1");
    adds_->setChecked(false);
    for (Field* field : {extendField_, refineField_, addsField_}) {
      field->setProblem(QString());
    }
  }
  Q_EMIT changed();
}

// What the engine's side would find only after the direction is made.
QString GrowthForm::axisProblem() const {
  const AxisWish axis = axis_->wish();
  const QString name = axisNames({axis}).front();
  const bool counted = axis.kind != AxisKind::between && axis.kind != AxisKind::file &&
                       axis.kind != AxisKind::pca && axis.kind != AxisKind::update;
  if (counted && std::ranges::any_of(base_.axes, [&](const Axis& one) {
        return one.label == name.toStdString();
      })) {
    return tr("The landscape has the axis %1 already.").arg(name);
  }
  if (!axis.from.empty()) {
    return tr("The centre stays that of the landscape: leave From empty.");
  }
  if (axis.steps % 2 == 0 && isSymmetric(axis)) {
    return tr("Take an odd number of steps: the landscape lies at the middle of the new axis.");
  }
  return {};
}

LandscapeChange GrowthForm::wanted() const {
  LandscapeChange change;
  change.extend = numbersPerAxis(extend_->text(), base_.axes.size(), 0);
  change.refine = numbersPerAxis(refine_->text(), base_.axes.size(), 1);
  if (adds_->isChecked()) {
    const AxisWish axis = axis_->wish();
    LandscapeRequest& added = change.added.emplace();
    added.directions = wordsOf({axis});
    added.normalize = normalize_->currentText().toStdString();
    added.steps = {axis.steps};
    added.range = {axis.range};
  }
  return change;
}

std::optional<LandscapeChange> GrowthForm::change() {
  bool right = true;
  const auto read = [&](Field* field, const QLineEdit* edit, std::uint64_t least) {
    try {
      numbersPerAxis(edit->text(), base_.axes.size(), least);
      field->setProblem(QString());
    } catch (const Error& error) {
      field->setProblem(error);
      right = false;
    }
  };
  read(extendField_, extend_, 0);
  read(refineField_, refine_, 1);
  addsField_->setProblem(QString());
  if (adds_->isChecked()) {
    if (!axis_->check()) {
      return std::nullopt;
    }
    addsField_->setProblem(axisProblem());
    right = right && addsField_->problem().isEmpty();
  }
  if (!right) {
    return std::nullopt;
  }
  const double all = points();
  if (all > mostPoints) {
    refineField_->setProblem(tooManyPoints(all));
    return std::nullopt;
  }
  const LandscapeChange change = wanted();
  if (!change.added && std::ranges::count(change.extend, 0U) == std::ssize(change.extend) &&
      std::ranges::count(change.refine, 1U) == std::ssize(change.refine)) {
    addsField_->setProblem(
        tr("That changes nothing: extend by 4, refine by 2 or add an axis, for example."));
    return std::nullopt;
  }
  return change;
}

std::size_t GrowthForm::axes() const {
  return base_.axes.size() + (adds_->isChecked() ? 1 : 0);
}

double GrowthForm::points() const {
  try {
    double points = 1;
    for (const std::uint64_t steps : grownShape(base_, wanted())) {
      points *= static_cast<double>(steps);
    }
    return points;
  } catch (const Error&) {
    return 0;
  }
}

double GrowthForm::newPoints() const {
  return std::max(points() - computed_, 0.0);
}

void GrowthForm::setRuns(const QStringList& runs) {
  axis_->setRuns(runs);
}

}  // namespace tarn::ui
