#pragma once

#include <QIcon>
#include <QString>

namespace tarn::ui {

/// One of resources/icons by name, drawn in the palette's text colour (so that it is seen in light
/// and dark), dimmed when disabled. An unknown name gives an empty icon.
QIcon themedIcon(const QString& name);
/// The program's own icon, in colour.
QIcon programIcon();

}  // namespace tarn::ui
