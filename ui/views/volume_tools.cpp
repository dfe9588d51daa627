#include "ui/views/volume_tools.h"

#include <QCheckBox>
#include <QDoubleSpinBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QSignalBlocker>
#include <QSlider>
#include <QSpinBox>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>

#include "ui/actions/action.h"
#include "ui/views/axis_slider.h"

namespace tarn::ui {
namespace {

constexpr int kHeightSteps = 200;

/// So many decimals that a thousandth of the range can be told.
int decimalsFor(double range) {
  return range > 0.0 ? static_cast<int>(std::clamp(3.0 - std::floor(std::log10(range)), 0.0, 14.0))
                     : 3;
}

}  // namespace

VolumeTools::VolumeTools(QWidget* parent)
    : QWidget(parent),
      surfaces_(new QSpinBox),
      height_(new QSlider(Qt::Horizontal)),
      level_(new QDoubleSpinBox) {
  setObjectName("volumeTools");
  setAutoFillBackground(true);
  describe(surfaces_, "volumeSurfaces", tr("Number of iso-surfaces"),
           tr("How many surfaces of equal loss are shown, one in the other"));
  surfaces_->setRange(0, kMostSurfaces);
  describe(height_, "volumeHeight", tr("Height of the outermost iso-surface"),
           tr("Up to which loss surfaces are shown"));
  height_->setRange(0, kHeightSteps);
  height_->setMinimumWidth(50);
  describe(level_, "volumeLevel", tr("Loss of the outermost iso-surface"),
           tr("The loss on the outermost surface; the others are spaced evenly below it"));
  level_->setKeyboardTracking(false);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(6, 2, 6, 2);
  column->setSpacing(2);
  auto* row = new QHBoxLayout;
  row->setSpacing(6);
  for (const auto& [text, input] : {std::pair<QString, QWidget*>(tr("Surfaces"), surfaces_),
                                    std::pair<QString, QWidget*>(tr("up to"), height_)}) {
    auto* label = new QLabel(text);
    label->setBuddy(input);
    row->addWidget(label);
    row->addWidget(input, input == height_ ? 1 : 0);
  }
  row->addWidget(level_);
  column->addLayout(row);
  auto* slices = new QHBoxLayout;
  slices->setSpacing(6);
  for (std::size_t axis = 0; axis < 3; ++axis) {
    const QString name = QStringLiteral("volumeAxis%1").arg(axis + 1);
    shown_[axis] = new QCheckBox;
    describe(shown_[axis], name + "Shown", {}, tr("Show the slice at a right angle to this axis"));
    places_[axis] = new AxisSlider(name, tr("Where the slice lies along this axis"));
    slices->addWidget(shown_[axis]);
    slices->addWidget(places_[axis], 1);
    connect(shown_[axis], &QCheckBox::toggled, this, [this, axis](bool on) {
      volume_.slices[axis] = on;
      places_[axis]->setEnabled(on);
      Q_EMIT volumeChosen(volume_);
    });
    connect(places_[axis], &AxisSlider::indexChosen, this,
            [this, axis](std::size_t index) { Q_EMIT placeChosen(axis, index); });
  }
  column->addLayout(slices);
  connect(surfaces_, &QSpinBox::valueChanged, this, [this](int count) {
    volume_.surfaces = count;
    Q_EMIT volumeChosen(volume_);
  });
  connect(height_, &QSlider::valueChanged, this, [this](int step) {
    chooseLevel(valueAt(heights_, static_cast<double>(step) / kHeightSteps));
  });
  connect(level_, &QDoubleSpinBox::valueChanged, this, &VolumeTools::chooseLevel);
}

// As it can be read in the box, so that the same is drawn again from what is read there.
void VolumeTools::chooseLevel(double level) {
  const double unit = std::pow(10.0, level_->decimals());
  volume_.level = std::round(level * unit) / unit;
  Q_EMIT volumeChosen(volume_);
}

void VolumeTools::showVolume(const ShownLandscape& shown, const LandscapeStyle& style,
                             const VolumeStyle& volume) {
  const LandscapeData& whole = shown.landscape;
  volume_ = volume;
  heights_ = heightsOf(whole, style);
  if (grid_ != whole.grid) {
    grid_ = whole.grid;
    first_ = firstLevel(*grid_);
  }
  const QSignalBlocker quietCount(surfaces_);
  const QSignalBlocker quietHeight(height_);
  const QSignalBlocker quietLevel(level_);
  surfaces_->setValue(volume.surfaces);
  const double range = heights_.high() - heights_.low();
  level_->setDecimals(decimalsFor(range));
  level_->setRange(heights_.low(), heights_.high());
  level_->setSingleStep(range / 50.0);
  const double level = volume.level.value_or(first_);
  level_->setValue(level);
  height_->setValue(static_cast<int>(std::lround(kHeightSteps * heights_.unit(level))));
  height_->setEnabled(volume.surfaces > 0);
  level_->setEnabled(volume.surfaces > 0);
  for (std::size_t axis = 0; axis < 3; ++axis) {
    const QSignalBlocker quiet(shown_[axis]);
    const QString name = QString::fromStdString(whole.axes.at(axis).name);
    shown_[axis]->setAccessibleName(tr("Slice along %1").arg(name));
    shown_[axis]->setChecked(volume.slices[axis]);
    places_[axis]->setEnabled(volume.slices[axis]);
    places_[axis]->showPlace(name, whole.grid->axes()[axis].coordinates, shown.slice.at[axis]);
  }
}

}  // namespace tarn::ui
