#pragma once

#include <QWidget>
#include <vector>

#include "ui/views/landscape_view.h"

class QComboBox;
class QGridLayout;

namespace tarn::ui {

class AxisSlider;

/// Which slice of a landscape of three or more axes surface and contour plot show: its two axes,
/// and a slider for the place along each of the others. Hidden for landscapes of fewer axes.
class SliceBar : public QWidget {
  Q_OBJECT

 public:
  explicit SliceBar(QWidget* parent = nullptr);

  void showSlice(const ShownLandscape& shown);

 Q_SIGNALS:
  void sliceRequested(const tarn::ui::Slice& slice);

 private:
  void setAxes(const std::vector<QString>& names);
  void arrange();
  void chooseAxis(QComboBox* chosen);

  QGridLayout* cells_;
  QWidget* plane_;
  QComboBox* x_;
  QComboBox* y_;
  std::vector<AxisSlider*> sliders_;  ///< one per axis; those of the shown axes are hidden
  std::vector<QString> names_;
  Slice slice_;
};

}  // namespace tarn::ui
