#include "ui/figures/palette.h"

#include <QFontMetricsF>
#include <algorithm>
#include <cmath>

namespace tarn::ui {

Palette paletteOf(Theme theme) {
  if (theme == Theme::dark) {
    return {QColor(0x1b, 0x1e, 0x23), QColor(0xe6, 0xe8, 0xeb), QColor(0xa3, 0xa9, 0xb3),
            QColor(0x3a, 0x3f, 0x48), QColor(0x4a, 0x4f, 0x58), QColor(0xff, 0x4f, 0xd8)};
  }
  return {QColor(0xff, 0xff, 0xff), QColor(0x1a, 0x1c, 0x20), QColor(0x5b, 0x61, 0x6b),
          QColor(0xdd, 0xe0, 0xe4), QColor(0xd0, 0xd3, 0xd8), QColor(0xe6, 0x00, 0xac)};
}

double textSize(const QSizeF& figure) {
  const double side = std::sqrt(std::max(figure.width() * figure.height(), 1.0));
  return std::clamp(side / 58.0, 10.0, 30.0);
}

QFont figureFont(double size) {
  QFont font(QStringLiteral("DejaVu Sans"));
  font.setStyleHint(QFont::SansSerif);
  font.setPixelSize(std::max(1, static_cast<int>(std::lround(size))));
  // Text keeps its proportions when the same figure is drawn at another scale.
  font.setHintingPreference(QFont::PreferNoHinting);
  return font;
}

QString fitted(const QString& text, const QFont& font, double width) {
  return QFontMetricsF(font).elidedText(text, Qt::ElideRight, width);
}

QColor toColour(const Rgb& rgb) {
  return QColor(rgb[0], rgb[1], rgb[2]);
}

}  // namespace tarn::ui
