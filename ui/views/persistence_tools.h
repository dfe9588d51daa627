#pragma once

#include <QWidget>
#include <cstddef>

#include "ui/figures/persistence_figure.h"

class QButtonGroup;
class QLabel;

namespace tarn::ui {

class ThresholdBox;

/// The controls over a persistence plot: which plot, the threshold in numbers, and what is left
/// above it.
class PersistenceTools : public QWidget {
  Q_OBJECT

 public:
  explicit PersistenceTools(QWidget* parent = nullptr);

  void showPlot(PersistencePlot plot);
  /// Shows a threshold without asking for it.
  void showThreshold(double threshold);
  void setDeepest(double deepest);
  /// How many minima there are, and how many of them above the threshold.
  void showCounts(std::size_t left, std::size_t all);
  void clearCounts();

 Q_SIGNALS:
  void plotChosen(tarn::ui::PersistencePlot plot);
  void thresholdChosen(double threshold);
  /// Twice the rounding of the values is wanted.
  void automaticChosen();

 private:
  QButtonGroup* plots_;
  ThresholdBox* threshold_;
  QLabel* counts_;
};

}  // namespace tarn::ui
