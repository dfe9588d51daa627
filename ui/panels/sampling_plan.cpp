#include "ui/panels/sampling_plan.h"

#include <QObject>
#include <QStringList>
#include <cmath>
#include <cstdlib>

#include "engine/tasks/direction_words.h"
#include "topology/base/error.h"

namespace tarn::ui {
namespace {

Error usage(const QString& sentence, const QString& remedy) {
  return {ErrorCode::usage, sentence.toStdString(), remedy.toStdString()};
}

/// The k of "name:k"; 1 for a bare name and for a path after file:; one axis for each checkpoint
/// that between: leads to.
std::size_t axesOf(const QString& entry) {
  const qsizetype colon = entry.indexOf(':');
  const QString name = entry.left(colon);
  if (name == "between" || name == "pca" || entry.startsWith("update")) {
    return axesOfWords({entry.toStdString()});
  }
  if (colon < 0 || name == "file") {
    return 1;
  }
  bool isNumber = false;
  const int count = entry.mid(colon + 1).toInt(&isNumber);
  if (!isNumber || count == 0 || std::abs(count) > 64) {
    throw usage(
        QObject::tr("'%1' does not say how many axes it spans.").arg(entry),
        QObject::tr("Write hessian:2 for the top two, hessian:-1 for the lowest, or random:2."));
  }
  return static_cast<std::size_t>(std::abs(count));
}

QStringList entries(const QString& text, const QString& what) {
  QStringList list;
  for (const QString& part : text.split(',')) {
    const QString entry = part.trimmed();
    if (entry.isEmpty()) {
      throw usage(QObject::tr("%1 are missing.").arg(what),
                  QObject::tr("The field's tooltip has examples."));
    }
    list += entry;
  }
  return list;
}

/// "x" or "from..to".
bool isReach(const QString& text) {
  const qsizetype dots = text.indexOf("..");
  bool isNumber = false;
  const double to = text.mid(dots < 0 ? 0 : dots + 2).toDouble(&isNumber);
  if (dots < 0) {
    return isNumber && std::isfinite(to) && to > 0;
  }
  bool isAlso = false;
  const double from = text.left(dots).toDouble(&isAlso);
  return isNumber && isAlso && std::isfinite(from) && std::isfinite(to) && from < to;
}

void checkCount(qsizetype count, std::size_t axes, const QString& what) {
  if (count != 1 && static_cast<std::size_t>(count) != axes) {
    throw usage(QObject::tr("There are %1 %2 for %3 axes.").arg(count).arg(what).arg(axes),
                QObject::tr("Give one for all axes, or one for each."));
  }
}

}  // namespace

std::vector<std::string> directionsFromText(const QString& text) {
  std::vector<std::string> directions;
  for (const QString& entry : entries(text, QObject::tr("Directions"))) {
    axesOf(entry);
    directions.push_back(entry.toStdString());
  }
  return directions;
}

std::size_t axisCount(const std::vector<std::string>& directions) {
  std::size_t axes = 0;
  for (const std::string& entry : directions) {
    axes += axesOf(QString::fromStdString(entry));
  }
  return axes;
}

std::vector<std::uint64_t> stepsFromText(const QString& text, std::size_t axes) {
  const QStringList list = entries(text, QObject::tr("Steps"));
  checkCount(list.size(), axes, QObject::tr("numbers of steps"));
  std::vector<std::uint64_t> steps;
  for (const QString& entry : list) {
    bool isNumber = false;
    const qulonglong count = entry.toULongLong(&isNumber);
    if (!isNumber || count < 2) {
      throw usage(QObject::tr("'%1' is not a number of points along an axis.").arg(entry),
                  QObject::tr("Write a whole number from 2, best an odd one such as 41."));
    }
    steps.push_back(count);
  }
  return steps;
}

std::vector<std::string> rangeFromText(const QString& text, std::size_t axes) {
  const QStringList list = entries(text, QObject::tr("Ranges"));
  checkCount(list.size(), axes, QObject::tr("ranges"));
  std::vector<std::string> ranges;
  for (const QString& entry : list) {
    bool good = entry == "auto" || entry == "runs";
    if (!good && (entry.startsWith("rel:") || entry.startsWith("abs:"))) {
      good = isReach(entry.mid(4));
    }
    if (!good) {
      throw usage(QObject::tr("'%1' is not a range.").arg(entry),
                  QObject::tr("Write auto, runs, rel:0.5 (of the parameters' norm) or abs:1."));
    }
    ranges.push_back(entry.toStdString());
  }
  return ranges;
}

double pointCount(const std::vector<std::uint64_t>& steps, std::size_t axes) {
  double points = 1;
  for (std::size_t axis = 0; axis < axes; ++axis) {
    points *= static_cast<double>(steps.size() == 1 ? steps[0] : steps[axis]);
  }
  return points;
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
