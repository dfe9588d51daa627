#include "ui/window/theme.h"

#include <QApplication>
#include <QPalette>
#include <QSettings>
#include <QStyle>
#include <QStyleHints>

namespace tarn::ui {
namespace {

const QString key = QStringLiteral("theme");

QPalette paletteOf(const QColor& window, const QColor& base, const QColor& text,
                   const QColor& button, const QColor& accent) {
  QPalette palette(button, window);
  palette.setColor(QPalette::WindowText, text);
  palette.setColor(QPalette::Base, base);
  palette.setColor(QPalette::AlternateBase, window);
  palette.setColor(QPalette::Text, text);
  palette.setColor(QPalette::ButtonText, text);
  palette.setColor(QPalette::BrightText, QColor(0xd5, 0x5e, 0x00));
  palette.setColor(QPalette::ToolTipBase, base);
  palette.setColor(QPalette::ToolTipText, text);
  palette.setColor(QPalette::Highlight, accent);
  palette.setColor(QPalette::HighlightedText, Qt::white);
  palette.setColor(QPalette::Link, accent);
  QColor faint = text;
  faint.setAlpha(120);
  palette.setColor(QPalette::PlaceholderText, faint);
  for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText}) {
    palette.setColor(QPalette::Disabled, role, faint);
  }
  return palette;
}

QPalette lightPalette() {
  return paletteOf({0xf2, 0xf3, 0xf4}, Qt::white, {0x1d, 0x22, 0x27}, {0xe8, 0xea, 0xec},
                   {0x1f, 0x6f, 0x9f});
}

QPalette darkPalette() {
  return paletteOf({0x25, 0x28, 0x2c}, {0x1b, 0x1d, 0x20}, {0xe6, 0xe8, 0xea}, {0x33, 0x37, 0x3c},
                   {0x2a, 0x7f, 0xb0});
}

}  // namespace

ThemeChoice themeChoice() {
  const QString name = QSettings().value(key).toString();
  return name == "light"  ? ThemeChoice::light
         : name == "dark" ? ThemeChoice::dark
                          : ThemeChoice::system;
}

void applyTheme(ThemeChoice choice) {
  QSettings().setValue(key, choice == ThemeChoice::light  ? "light"
                            : choice == ThemeChoice::dark ? "dark"
                                                          : "system");
  const bool dark = choice == ThemeChoice::dark ||
                    (choice == ThemeChoice::system &&
                     QApplication::styleHints()->colorScheme() == Qt::ColorScheme::Dark);
  QApplication::setPalette(dark ? darkPalette() : lightPalette());
}

Theme currentTheme() {
  return QApplication::palette().color(QPalette::Window).lightness() < 128 ? Theme::dark
                                                                           : Theme::light;
}

}  // namespace tarn::ui
