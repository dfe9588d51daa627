#pragma once

#include <QWidget>
#include <array>

#include "ui/scene/height_map.h"
#include "ui/scene/volume_data.h"
#include "ui/views/landscape_view.h"

class QCheckBox;
class QDoubleSpinBox;
class QSlider;
class QSpinBox;

namespace tarn::ui {

class AxisSlider;

/// The controls over a volume: how many iso-surfaces, up to which value, and which slices lie
/// where.
class VolumeTools : public QWidget {
  Q_OBJECT

 public:
  explicit VolumeTools(QWidget* parent = nullptr);

  /// Of a landscape of three axes.
  void showVolume(const ShownLandscape& shown, const LandscapeStyle& style,
                  const VolumeStyle& volume);

 Q_SIGNALS:
  void volumeChosen(const tarn::ui::VolumeStyle& volume);
  /// The slice of an axis of the grid is to lie at that point.
  void placeChosen(std::size_t axis, std::size_t index);

 private:
  void chooseLevel(double level);

  QSpinBox* surfaces_;
  QSlider* height_;
  QDoubleSpinBox* level_;
  std::array<QCheckBox*, 3> shown_{};
  std::array<AxisSlider*, 3> places_{};
  VolumeStyle volume_;
  HeightMap heights_{{}, HeightScale::linear};
  std::shared_ptr<const ScalarGrid> grid_;
  double first_ = 0.0;  ///< the level of a grid where none is chosen
};

}  // namespace tarn::ui
