#pragma once

#include <QColor>
#include <QFont>
#include <QSizeF>
#include <QString>

#include "ui/scene/colour_map.h"
#include "ui/scene/style.h"

namespace tarn::ui {

/// The colours of a figure besides its colour map.
struct Palette {
  QColor background;
  QColor foreground;  ///< text, axes
  QColor muted;       ///< secondary text
  QColor grid;        ///< thin lines behind everything
  QColor unknown;     ///< cells that are not computed
  QColor selection;
};

Palette paletteOf(Theme theme);

/// The size of text in a figure of that size, in its units.
double textSize(const QSizeF& figure);
QFont figureFont(double size);

/// Text shortened to a width.
QString fitted(const QString& text, const QFont& font, double width);

QColor toColour(const Rgb& rgb);

}  // namespace tarn::ui
