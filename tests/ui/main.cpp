#include <QApplication>
#include <QStandardPaths>
#include <catch2/catch_session.hpp>

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
  tarn::ui::useDecimalPoint();
  return Catch::Session().run(argc, argv);
}
