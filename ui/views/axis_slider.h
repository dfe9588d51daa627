#pragma once

#include <QWidget>
#include <vector>

#include "topology/grid/scalar_grid.h"

class QLabel;
class QSlider;

namespace tarn::ui {

/// A place along an axis of a grid: the axis's name, a slider over its points, and the coordinate.
class AxisSlider : public QWidget {
  Q_OBJECT

 public:
  /// `tip` says what moves.
  AxisSlider(const QString& objectName, const QString& tip, QWidget* parent = nullptr);

  /// Shows this place; nothing is said of it. Nothing is done again for what is shown already.
  void showPlace(const QString& name, const std::vector<double>& coordinates, std::size_t index);

 Q_SIGNALS:
  /// The user chose another point of the axis.
  void indexChosen(std::size_t index);

 private:
  void showCoordinate();

  QLabel* name_;
  QSlider* slider_;
  QLabel* coordinate_;
  std::vector<double> coordinates_;
};

}  // namespace tarn::ui
