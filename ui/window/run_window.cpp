#include "ui/window/run_window.h"

#include <QApplication>
#include <QStyleFactory>

#include "topology/base/error.h"
#include "ui/bridge/gl_format.h"
#include "ui/panels/notice_bar.h"
#include "ui/views/background.h"
#include "ui/window/main_window.h"
#include "ui/window/theme.h"

namespace tarn::ui {
namespace {

/// An exception that nobody caught becomes a message, and the window stays.
class Application : public QApplication {
 public:
  using QApplication::QApplication;

  bool notify(QObject* receiver, QEvent* event) override {
    try {
      return QApplication::notify(receiver, event);
    } catch (...) {
      const Error error = currentError();
      for (QWidget* widget : topLevelWidgets()) {
        if (auto* window = qobject_cast<MainWindow*>(widget)) {
          window->notices()->showError(QObject::tr("Something went wrong"), error);
        }
      }
      return false;
    }
  }
};

void requireDisplay() {
  for (const char* name : {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"}) {
    if (!qEnvironmentVariableIsEmpty(name)) {
      return;
    }
  }
  throw Error(ErrorCode::unsupported, "There is no display to open the window on.",
              "Use the commands instead (tarn --help lists them; tarn render makes figures), or "
              "log in with X11 forwarding.");
}

}  // namespace

int runWindow(int argc, char** argv, const std::optional<std::string>& file) {
  requireDisplay();
  prepareOpenGL();
  Application application(argc, argv);
  QApplication::setApplicationName("tarn");
  QApplication::setOrganizationName("tarn");
  QApplication::setApplicationDisplayName("Tarn");
  QApplication::setApplicationVersion(TARN_VERSION);
  QApplication::setDesktopFileName("tarn");
  QApplication::setStyle(QStyleFactory::create("Fusion"));
  useDecimalPoint();
  applyTheme(themeChoice());
  MainWindow window;
  window.show();
  if (file) {
    window.open(QString::fromStdString(*file));
  }
  return QApplication::exec();
}

}  // namespace tarn::ui
