#pragma once

#include <QDoubleSpinBox>

namespace tarn::ui {

/// An input for a threshold of persistence: a number of 0 or more in the unit of the values,
/// whatever their size, with as many digits as it needs ("0.25", "3e-07").
class ThresholdBox : public QDoubleSpinBox {
  Q_OBJECT

 public:
  explicit ThresholdBox(QWidget* parent = nullptr);

  /// The largest threshold that means something; a step is a hundredth of it.
  void setDeepest(double deepest);

  QString textFromValue(double value) const override;
  double valueFromText(const QString& text) const override;
  QValidator::State validate(QString& text, int& position) const override;
};

/// A threshold that a hand has chosen, in the few digits that a hand is good for: four of the
/// largest one. 0 for what is not above 0.
double shortThreshold(double threshold, double deepest);

}  // namespace tarn::ui
