#include "ui/panels/directions_panel.h"

#include <QCheckBox>
#include <QComboBox>
#include <QHeaderView>
#include <QLabel>
#include <QMenu>
#include <QSignalBlocker>
#include <QToolButton>
#include <QTreeWidget>
#include <QVBoxLayout>
#include <algorithm>

#include "ui/actions/action.h"
#include "ui/actions/icons.h"
#include "ui/panels/axis_editor.h"
#include "ui/panels/field.h"
#include "ui/panels/sampling_plan.h"

namespace tarn::ui {
namespace {

QToolButton* toolButton(const QString& objectName, const QString& name, const QString& tip) {
  auto* button = new QToolButton;
  describe(button, objectName, name, tip);
  button->setAutoRaise(true);
  return button;
}

}  // namespace

DirectionsPanel::DirectionsPanel(QWidget* parent)
    : QWidget(parent),
      list_(new QTreeWidget),
      add_(toolButton("directionsAdd", tr("Add an axis"), tr("Add an axis below the chosen one"))),
      remove_(toolButton("directionsRemove", tr("Remove the axis"), tr("Remove the chosen axis"))),
      up_(toolButton("directionsUp", tr("Axis up"), tr("Move the chosen axis up"))),
      down_(toolButton("directionsDown", tr("Axis down"),
                       tr("Move the chosen axis down: the last one is x in the pictures, the first "
                          "one y"))),
      editor_(new AxisEditor("directions")),
      alike_(new QCheckBox(tr("Ran&ge and steps for all axes"))),
      normalize_(new QComboBox),
      note_(new QLabel) {
  setObjectName("directionsPanel");
  describe(list_, "directionsAxes", tr("Axes"),
           tr("The axes of the next landscape, the slowest one first: the last one is x in the "
              "pictures, the first one y"));
  describe(alike_, "directionsAlike", tr("Range and steps for all axes"),
           tr("Every axis has the same range and the same number of steps"));
  describe(normalize_, "directionsNormalize", tr("Normalization"),
           tr("Whether the directions are scaled like the weights (Li et al. 2018)"));
  list_->setColumnCount(3);
  list_->setHeaderLabels({tr("Axis"), tr("Range"), tr("Steps")});
  list_->setRootIsDecorated(false);
  list_->setUniformRowHeights(true);
  list_->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
  list_->setVerticalScrollBarPolicy(Qt::ScrollBarAsNeeded);
  list_->header()->setStretchLastSection(false);
  list_->header()->setSectionResizeMode(QHeaderView::ResizeToContents);
  list_->header()->setSectionResizeMode(0, QHeaderView::Stretch);
  add_->setIcon(themedIcon("new"));
  remove_->setIcon(themedIcon("close"));
  up_->setArrowType(Qt::UpArrow);
  down_->setArrowType(Qt::DownArrow);
  alike_->setChecked(true);
  normalize_->addItems({"none", "layer", "filter", "model"});
  note_->setObjectName("directionsNote");
  note_->setWordWrap(true);
  note_->setAccessibleName(tr("What the normalization does"));

  auto* buttons = new QWidget;
  auto* column = new QVBoxLayout(buttons);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(0);
  for (QToolButton* button : {add_, remove_, up_, down_}) {
    column->addWidget(button);
  }
  column->setAlignment(Qt::AlignTop);
  listField_ = new Field(list_, buttons);
  auto* form = makeForm();
  setLayout(form);
  form->addRow(listField_);
  form->addRow(editor_);
  form->addRow(alike_);
  form->addRow(tr("&Normalize"), normalize_);
  form->addRow(note_);

  connect(add_, &QToolButton::clicked, this, &DirectionsPanel::offerKinds);
  connect(remove_, &QToolButton::clicked, this, &DirectionsPanel::remove);
  connect(up_, &QToolButton::clicked, this, [this] { move(-1); });
  connect(down_, &QToolButton::clicked, this, [this] { move(1); });
  connect(list_, &QTreeWidget::currentItemChanged, this, &DirectionsPanel::showSelected);
  connect(editor_, &AxisEditor::changed, this, &DirectionsPanel::takeEdit);
  connect(editor_, &AxisEditor::seedChanged, this, &DirectionsPanel::seedChanged);
  connect(alike_, &QCheckBox::toggled, this, &DirectionsPanel::takeEdit);
  connect(normalize_, &QComboBox::currentIndexChanged, this, &DirectionsPanel::showNormalization);
  showAxes();
  select(0);
  showNormalization();
}

int DirectionsPanel::selected() const {
  return list_->currentItem() == nullptr ? -1 : list_->indexOfTopLevelItem(list_->currentItem());
}

void DirectionsPanel::select(int axis) {
  const int last = list_->topLevelItemCount() - 1;
  list_->setCurrentItem(list_->topLevelItem(std::clamp(axis, 0, std::max(last, 0))));
  showSelected();
}

void DirectionsPanel::offerKinds() {
  auto* menu = new QMenu(this);
  menu->setObjectName("directionsMenu");
  menu->setAttribute(Qt::WA_DeleteOnClose);
  menu->setToolTipsVisible(true);
  for (const AxisKind kind : kAxisKinds) {
    QAction* action = menu->addAction(nameOf(kind));
    action->setObjectName(QStringLiteral("directionsAdd_%1").arg(static_cast<int>(kind)));
    action->setToolTip(explanationOf(kind));
    connect(action, &QAction::triggered, this, [this, kind] { add(kind); });
  }
  menu->popup(add_->mapToGlobal(QPoint(0, add_->height())));
}

void DirectionsPanel::add(AxisKind kind) {
  const int before = selected();
  AxisWish axis;
  axis.kind = kind;
  if (before >= 0) {
    axis.range = axes_[static_cast<std::size_t>(before)].range;
    axis.steps = axes_[static_cast<std::size_t>(before)].steps;
  }
  axes_.insert(axes_.begin() + before + 1, axis);
  showAxes();
  select(before + 1);
  editor_->clearProblems();  // nobody has written anything yet
  Q_EMIT changed();
}

void DirectionsPanel::remove() {
  if (const int axis = selected(); axis >= 0) {
    axes_.erase(axes_.begin() + axis);
    showAxes();
    select(axis);
    Q_EMIT changed();
  }
}

void DirectionsPanel::move(int by) {
  const int axis = selected();
  const int to = axis + by;
  if (axis >= 0 && to >= 0 && to < static_cast<int>(axes_.size())) {
    std::swap(axes_[static_cast<std::size_t>(axis)], axes_[static_cast<std::size_t>(to)]);
    showAxes();
    select(to);
    Q_EMIT changed();
  }
}

void DirectionsPanel::showSelected() {
  const int axis = selected();
  editor_->setEnabled(axis >= 0);
  remove_->setEnabled(axis >= 0);
  up_->setEnabled(axis > 0);
  down_->setEnabled(axis >= 0 && axis + 1 < static_cast<int>(axes_.size()));
  add_->setEnabled(axes_.size() < mostAxes);
  add_->setToolTip(axes_.size() < mostAxes ? add_->accessibleDescription()
                                           : tr("There may be %1 axes at most").arg(mostAxes));
  if (axis >= 0) {
    editor_->setWish(axes_[static_cast<std::size_t>(axis)]);
    editor_->check();
  }
}

void DirectionsPanel::takeEdit() {
  const int axis = selected();
  if (axis < 0) {
    return;
  }
  const AxisWish wish = editor_->wish();
  axes_[static_cast<std::size_t>(axis)] = wish;
  if (alike_->isChecked()) {
    for (AxisWish& other : axes_) {
      other.range = wish.range;
      other.steps = wish.steps;
    }
  }
  showAxes();
  Q_EMIT changed();
}

void DirectionsPanel::showAxes() {
  {
    const QSignalBlocker quiet(list_);
    const int chosen = selected();
    list_->clear();
    const auto names = axisNames(axes_);
    for (std::size_t i = 0; i < axes_.size(); ++i) {
      auto* item = new QTreeWidgetItem(list_, {names[i], QString::fromStdString(axes_[i].range),
                                               QString::number(axes_[i].steps)});
      item->setToolTip(0, names[i]);
      if (!problemsOf(axes_[i]).none()) {
        item->setIcon(0, themedIcon("warning"));
      }
    }
    list_->setCurrentItem(list_->topLevelItem(chosen));
    const int rows = std::max(list_->topLevelItemCount(), 4);
    list_->setFixedHeight(list_->header()->sizeHint().height() + 2 * list_->frameWidth() +
                          rows * (list_->fontMetrics().height() + 2));
  }
  listField_->setProblem(problemTogether(axes_, mostAxes));
  const double all = points();
  editor_->setStepsProblem(all > mostPoints ? tooManyPoints(all) : QString());
}

void DirectionsPanel::showNormalization() {
  const QString words = normalize_->currentText();
  note_->setText(
      words == "none" ? tr("Unit vectors: an eigenvector is one.")
      : words == "model"
          ? tr("Each direction gets the norm of all parameters. An eigenvector stays one.")
          : tr("%1 gets the norm of its weights; biases and other tensors of one axis are left "
               "out. An eigenvector that is scaled so is none any more: how far off it is, "
               "‖Hd − (dᵀHd)d‖/|dᵀHd|, is said in the log when it is known.")
                .arg(words == "layer" ? tr("Each tensor of a direction")
                                      : tr("Each filter (row of a tensor) of a direction")));
}

std::optional<LandscapeRequest> DirectionsPanel::request() {
  if (!problemTogether(axes_, mostAxes).isEmpty()) {
    showAxes();
    return std::nullopt;
  }
  const auto wrong =
      std::ranges::find_if(axes_, [](const AxisWish& axis) { return !problemsOf(axis).none(); });
  if (wrong != axes_.end()) {
    select(static_cast<int>(wrong - axes_.begin()));
    return std::nullopt;
  }
  if (points() > mostPoints) {
    return std::nullopt;
  }
  LandscapeRequest request;
  request.directions = wordsOf(axes_);
  request.normalize = normalize_->currentText().toStdString();
  request.steps.clear();
  request.range.clear();
  for (const AxisWish& axis : axes_) {
    request.steps.push_back(axis.steps);
    request.range.push_back(axis.range);
  }
  return request;
}

void DirectionsPanel::setDirections(const QString& words) {
  const AxisWish first = axes_.empty() ? AxisWish() : axes_.front();
  axes_ = axesFromText(words, first.range, first.steps);
  showAxes();
  select(0);
  Q_EMIT changed();
}

void DirectionsPanel::setRuns(const QStringList& runs) {
  editor_->setRuns(runs);
}

void DirectionsPanel::setSeed(int seed) {
  editor_->setSeed(seed);
}

}  // namespace tarn::ui
