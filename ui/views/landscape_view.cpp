#include "ui/views/landscape_view.h"

#include <cmath>

namespace tarn::ui {

QString probeText(const LandscapeData& data, std::int64_t vertex) {
  if (!data.grid || vertex < 0 || static_cast<std::size_t>(vertex) >= data.grid->size()) {
    return {};
  }
  const auto indices = data.grid->indices(vertex);
  QStringList parts;
  for (std::size_t axis = data.grid->dimension(); axis-- > 0;) {
    const auto& along = data.grid->axes()[axis];
    QString name = QString::fromStdString(along.label);
    if (name.isEmpty()) {
      name = axis + 1 == data.grid->dimension() ? QStringLiteral("x") : QStringLiteral("y");
    }
    parts +=
        name + QStringLiteral(" = ") + QString::number(along.coordinates[indices[axis]], 'g', 4);
  }
  const double value = data.grid->value(vertex);
  parts += QString::fromStdString(data.quantity) + QStringLiteral(" = ") +
           (std::isfinite(value) ? QString::number(value, 'g', 6) : QObject::tr("masked"));
  return parts.join(QStringLiteral(",   "));
}

}  // namespace tarn::ui
