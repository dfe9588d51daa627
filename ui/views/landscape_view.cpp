#include "ui/views/landscape_view.h"

#include <QStringList>
#include <cmath>
#include <limits>

namespace tarn::ui {
namespace {

constexpr const char* kStandardError = "standard_error";

/// A quantity of a vertex; NaN where it is not known.
double quantityAt(const ShownLandscape& shown, const std::string& name, std::int64_t vertex) {
  // Those of a repaired grid stand where they were read.
  if (shown.quantities && !shown.repaired) {
    const auto found = shown.quantities->find(name);
    if (found != shown.quantities->end() &&
        static_cast<std::size_t>(vertex) < found->second.size()) {
      return found->second[static_cast<std::size_t>(vertex)];
    }
  }
  return std::numeric_limits<double>::quiet_NaN();
}

QString quantityText(const std::string& name, double value) {
  QString words = QString::fromStdString(name);
  words.replace('_', ' ');
  return words + QStringLiteral(" = ") +
         (name == "accuracy" ? QString::number(100.0 * value, 'f', 1) + QStringLiteral(" %")
                             : QString::number(value, 'g', 4));
}

/// What is written before the coordinate of an axis without a name.
QString nameOf(const LandscapeData& data, std::size_t axis) {
  const std::string& label = data.grid->axes()[axis].label;
  if (!label.empty()) {
    return QString::fromStdString(label);
  }
  const std::size_t axes = data.grid->dimension();
  return axes > 2           ? QObject::tr("axis %1").arg(axis + 1)
         : axis + 1 == axes ? QStringLiteral("x")
                            : QStringLiteral("y");
}

}  // namespace

std::optional<std::int64_t> ShownLandscape::onPlane(std::optional<std::int64_t> vertex) const {
  return plane.whole && vertex ? vertexOfSlice(*plane.whole, slice, *vertex) : vertex;
}

std::optional<std::int64_t> ShownLandscape::onLandscape(std::optional<std::int64_t> vertex) const {
  return plane.whole && vertex ? vertexOfWhole(*plane.whole, slice, *vertex) : vertex;
}

QString probeText(const ShownLandscape& shown, std::int64_t vertex) {
  const LandscapeData& data = shown.landscape;
  if (!data.grid || vertex < 0 || static_cast<std::size_t>(vertex) >= data.grid->size()) {
    return {};
  }
  const auto indices = data.grid->indices(vertex);
  QStringList parts;
  for (std::size_t axis = data.grid->dimension(); axis-- > 0;) {
    const Axis& along = data.grid->axes()[axis];
    const QString unit = along.unit.empty() ? QString() : ' ' + QString::fromStdString(along.unit);
    parts += nameOf(data, axis) + QStringLiteral(" = ") +
             QString::number(along.coordinates[indices[axis]], 'g', 4) + unit;
  }
  const double value = data.grid->value(vertex);
  QString loss = QString::fromStdString(data.quantity) + QStringLiteral(" = ") +
                 (std::isfinite(value) ? QString::number(value, 'g', 6) : QObject::tr("masked"));
  if (const double error = quantityAt(shown, kStandardError, vertex); std::isfinite(error)) {
    loss += QObject::tr(" ± %1 (standard error)").arg(error, 0, 'g', 2);
  }
  parts += loss;
  if (shown.quantities) {
    for (const auto& [name, values] : *shown.quantities) {
      if (const double known = quantityAt(shown, name, vertex);
          name != kStandardError && std::isfinite(known)) {
        parts += quantityText(name, known);
      }
    }
  }
  return parts.join(QStringLiteral(",   "));
}

}  // namespace tarn::ui
