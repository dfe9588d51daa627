#include "ui/panels/sampling_plan.h"

#include <QLocale>
#include <QObject>
#include <QStringList>
#include <cmath>

#include "topology/base/error.h"

namespace tarn::ui {
namespace {

Error usage(const QString& sentence, const QString& remedy) {
  return {ErrorCode::usage, sentence.toStdString(), remedy.toStdString()};
}

}  // namespace

QString tooManyPoints(double points) {
  return QObject::tr("This grid would have %1 points; the most is %2. Use fewer steps or axes.")
      .arg(points, 0, 'g', 3)
      .arg(countText(mostPoints));
}

std::vector<std::uint64_t> wholeNumbers(const QString& text, std::uint64_t least,
                                        std::uint64_t most) {
  std::vector<std::uint64_t> numbers;
  for (const QString& part : text.split(',')) {
    bool isNumber = false;
    const qulonglong number = part.trimmed().toULongLong(&isNumber);
    if (!isNumber || number < least || number > most) {
      throw usage(QObject::tr("'%1' is not a whole number from %2 to %3.")
                      .arg(part.trimmed())
                      .arg(least)
                      .arg(most),
                  QObject::tr("Write one, or several with commas between them."));
    }
    numbers.push_back(number);
  }
  return numbers;
}

std::vector<std::uint64_t> numbersPerAxis(const QString& text, std::size_t axes,
                                          std::uint64_t least) {
  auto numbers = wholeNumbers(text, least, mostSteps);
  if (numbers.size() != 1 && numbers.size() != axes) {
    throw usage(QObject::tr("There are %1 numbers for %2 axes.").arg(numbers.size()).arg(axes),
                QObject::tr("Give one for all axes, or one for each."));
  }
  numbers.resize(axes, numbers.front());
  return numbers;
}

QString countText(double count) {
  return count < 1e15 ? QLocale().toString(static_cast<qlonglong>(count))
                      : QString::number(count, 'g', 3);
}

QString durationText(double seconds) {
  if (!std::isfinite(seconds) || seconds < 0) {
    return QStringLiteral("–");
  }
  const auto whole = static_cast<qint64>(std::llround(seconds));
  if (whole < 60) {
    return QObject::tr("%1 s").arg(whole);
  }
  if (whole < 3600) {
    return QObject::tr("%1 min %2 s").arg(whole / 60).arg(whole % 60);
  }
  return QObject::tr("%1 h %2 min").arg(whole / 3600).arg(whole % 3600 / 60);
}

}  // namespace tarn::ui
