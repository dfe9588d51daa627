#pragma once

#include <QString>

#include "ui/scene/style.h"

namespace tarn::ui {

enum class ThemeChoice { system, light, dark };

/// Kept in the user's settings.
ThemeChoice themeChoice();
/// Gives the application the palette of a choice and keeps the choice. `system` follows
/// QStyleHints::colorScheme.
void applyTheme(ThemeChoice choice);
/// What the application looks like now.
Theme currentTheme();

}  // namespace tarn::ui
