#include <QApplication>
#include <QSettings>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <catch2/catch_session.hpp>
#include <cstdio>

#include "ui/bridge/gl_format.h"

// Without a display the widgets' logic is still tested; tests that need OpenGL skip themselves.
int main(int argc, char** argv) {
  if (!qEnvironmentVariableIsSet("DISPLAY") && !qEnvironmentVariableIsSet("WAYLAND_DISPLAY") &&
      !qEnvironmentVariableIsSet("QT_QPA_PLATFORM")) {
    qputenv("QT_QPA_PLATFORM", "offscreen");
  }
  QStandardPaths::setTestModeEnabled(true);
  tarn::ui::prepareOpenGL();
  int qtArgc = 1;
  QApplication application(qtArgc, argv);
  QApplication::setApplicationName("tarn-tests");
  QApplication::setOrganizationName("tarn-tests");
  // Tests run side by side: what one keeps, another would clear.
  const QTemporaryDir settings;
  if (!settings.isValid()) {
    std::fprintf(stderr, "no folder for settings: %s\n", qPrintable(settings.errorString()));
    return 1;
  }
  QSettings::setPath(QSettings::NativeFormat, QSettings::UserScope, settings.path());
  tarn::ui::useDecimalPoint();
  return Catch::Session().run(argc, argv);
}
