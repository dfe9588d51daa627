#pragma once

#include <QApplication>
#include <QElapsedTimer>
#include <QGuiApplication>
#include <QImage>
#include <QPixmap>
#include <QScreen>
#include <QWidget>
#include <catch2/catch_test_macros.hpp>
#include <functional>

namespace tarn::test {

inline bool hasOpenGL() {
  return QGuiApplication::platformName() != "offscreen";
}

/// Lets events happen until the condition holds; whether it did within the time.
inline bool eventually(const std::function<bool()>& condition, int milliseconds = 300'000) {
  QElapsedTimer clock;
  clock.start();
  while (!condition()) {
    if (clock.elapsed() > milliseconds) {
      return false;
    }
    QApplication::processEvents(QEventLoop::AllEvents, 20);
    QApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
  }
  return true;
}

inline void letPass(int milliseconds) {
  QElapsedTimer clock;
  clock.start();
  eventually([&] { return clock.elapsed() >= milliseconds; }, milliseconds + 1000);
}

/// What is really on the screen where the widget is.
inline QImage onScreen(const QWidget& widget) {
  const QPoint corner = widget.mapToGlobal(QPoint(0, 0));
  return QGuiApplication::primaryScreen()
      ->grabWindow(0, corner.x(), corner.y(), widget.width(), widget.height())
      .toImage();
}

}  // namespace tarn::test
