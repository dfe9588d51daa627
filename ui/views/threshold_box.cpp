#include "ui/views/threshold_box.h"

#include <algorithm>
#include <cmath>

namespace tarn::ui {

ThresholdBox::ThresholdBox(QWidget* parent) : QDoubleSpinBox(parent) {
  // Values are kept as they are: the digits that are shown are textFromValue()'s matter.
  setDecimals(30);
  setRange(0.0, 1e300);
  setKeyboardTracking(false);
  setAccelerated(true);
}

void ThresholdBox::setDeepest(double deepest) {
  setSingleStep(deepest > 0.0 ? shortThreshold(deepest / 100.0, deepest / 100.0) : 1.0);
}

QString ThresholdBox::textFromValue(double value) const {
  return QString::number(value, 'g', 6);
}

// Text that nobody has changed stands for the value that it was made of.
double ThresholdBox::valueFromText(const QString& text) const {
  const QString number = text.trimmed();
  return number == textFromValue(value()) ? value() : number.toDouble();
}

QValidator::State ThresholdBox::validate(QString& text, int& /*position*/) const {
  bool isNumber = false;
  const double value = text.trimmed().toDouble(&isNumber);
  if (isNumber) {
    return std::isfinite(value) && value >= 0.0 ? QValidator::Acceptable : QValidator::Invalid;
  }
  // "3e-" on its way to 3e-7.
  const bool digits = std::ranges::all_of(
      text.trimmed(), [](QChar c) { return c.isDigit() || QStringLiteral(".eE+-").contains(c); });
  return digits ? QValidator::Intermediate : QValidator::Invalid;
}

double shortThreshold(double threshold, double deepest) {
  if (!(deepest > 0.0) || !(threshold > 0.0)) {
    return 0.0;
  }
  const double unit = std::pow(10.0, std::floor(std::log10(deepest)) - 3.0);
  return QString::number(std::round(threshold / unit) * unit, 'g', 12).toDouble();
}

}  // namespace tarn::ui
