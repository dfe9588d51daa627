#include "ui/views/slice_bar.h"

#include <QComboBox>
#include <QGridLayout>
#include <QLabel>
#include <QSignalBlocker>
#include <utility>

#include "ui/actions/action.h"
#include "ui/views/axis_slider.h"

namespace tarn::ui {
namespace {

constexpr int kCellsPerRow = 2;

QComboBox* makeChoice(const char* objectName, const QString& name, const QString& tip) {
  auto* choice = new QComboBox;
  describe(choice, objectName, name, tip);
  choice->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
  choice->setMinimumContentsLength(7);
  choice->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
  return choice;
}

}  // namespace

SliceBar::SliceBar(QWidget* parent)
    : QWidget(parent),
      cells_(new QGridLayout(this)),
      plane_(new QWidget),
      x_(makeChoice("sliceX", tr("Axis to the right"),
                    tr("Which axis of the landscape surface and contour plot show as x"))),
      y_(makeChoice("sliceY", tr("Axis upwards"),
                    tr("Which axis of the landscape surface and contour plot show as y"))) {
  setObjectName("sliceBar");
  setAutoFillBackground(true);
  cells_->setContentsMargins(6, 2, 6, 2);
  cells_->setHorizontalSpacing(14);
  cells_->setVerticalSpacing(2);
  cells_->setColumnStretch(1, 1);
  auto* row = new QHBoxLayout(plane_);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(4);
  for (const auto& [text, choice] : {std::pair(tr("Slice along"), x_), std::pair(tr("and"), y_)}) {
    auto* label = new QLabel(text);
    label->setBuddy(choice);
    row->addWidget(label);
    row->addWidget(choice);
  }
  row->addStretch(1);
  cells_->addWidget(plane_, 0, 0);
  hide();
  for (QComboBox* choice : {x_, y_}) {
    connect(choice, &QComboBox::activated, this, [this, choice] { chooseAxis(choice); });
  }
}

void SliceBar::showSlice(const ShownLandscape& shown) {
  const LandscapeData& whole = shown.landscape;
  const bool sliced = whole.grid && shown.plane.whole == whole.grid;
  setVisible(sliced);
  if (!sliced) {
    return;
  }
  std::vector<QString> names;
  for (const AxisCaption& caption : whole.axes) {
    names.push_back(QString::fromStdString(caption.name));
  }
  const bool others = names != names_;
  if (others) {
    setAxes(names);
  }
  const bool moved = slice_.x != shown.slice.x || slice_.y != shown.slice.y;
  slice_ = shown.slice;
  x_->setCurrentIndex(static_cast<int>(slice_.x));
  y_->setCurrentIndex(static_cast<int>(slice_.y));
  for (std::size_t axis = 0; axis < sliders_.size(); ++axis) {
    sliders_[axis]->showPlace(names_[axis], whole.grid->axes()[axis].coordinates, slice_.at[axis]);
  }
  if (others || moved) {
    arrange();
  }
}

void SliceBar::setAxes(const std::vector<QString>& names) {
  names_ = names;
  for (QComboBox* choice : {x_, y_}) {
    choice->clear();
    for (const QString& name : names_) {
      choice->addItem(name);
      choice->setItemData(choice->count() - 1, name, Qt::ToolTipRole);
    }
  }
  qDeleteAll(sliders_);
  sliders_.clear();
  for (std::size_t axis = 0; axis < names_.size(); ++axis) {
    auto* slider = new AxisSlider(QStringLiteral("sliceAxis%1").arg(axis + 1),
                                  tr("Where the slice lies along this axis"), this);
    connect(slider, &AxisSlider::indexChosen, this, [this, axis](std::size_t index) {
      Slice slice = slice_;
      slice.at[axis] = index;
      Q_EMIT sliceRequested(slice);
    });
    sliders_.push_back(slider);
  }
}

// The sliders of the axes that are held, in rows; the choice of the axes comes first.
void SliceBar::arrange() {
  int cell = 1;
  for (std::size_t axis = 0; axis < sliders_.size(); ++axis) {
    cells_->removeWidget(sliders_[axis]);
    const bool held = !slice_.shows(axis);
    sliders_[axis]->setVisible(held);
    if (held) {
      cells_->addWidget(sliders_[axis], cell / kCellsPerRow, cell % kCellsPerRow);
      ++cell;
    }
  }
}

// The axis that the other one has is taken from it: they swap.
void SliceBar::chooseAxis(QComboBox* chosen) {
  Slice slice = slice_;
  auto& axis = chosen == x_ ? slice.x : slice.y;
  auto& other = chosen == x_ ? slice.y : slice.x;
  const auto wanted = static_cast<std::size_t>(chosen->currentIndex());
  if (wanted == other) {
    other = axis;
  }
  axis = wanted;
  Q_EMIT sliceRequested(slice);
}

}  // namespace tarn::ui
