#include "ui/actions/icons.h"

#include <QFile>
#include <QGuiApplication>
#include <QIconEngine>
#include <QPainter>
#include <QPalette>
#include <QSvgRenderer>

// In a static library the resources are dropped unless somebody asks for them.
static void loadResources() {
  Q_INIT_RESOURCE(tarn);
}

namespace tarn::ui {
namespace {

QByteArray source(const QString& name) {
  static const bool loaded = [] {
    loadResources();
    return true;
  }();
  Q_UNUSED(loaded);
  QFile file(":/tarn/icons/" + name + ".svg");
  return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

/// Draws in the colour the palette has when it is painted, so that a change of theme needs nothing.
class ThemedEngine : public QIconEngine {
 public:
  explicit ThemedEngine(QByteArray svg) : svg_(std::move(svg)) {}

  void paint(QPainter* painter, const QRect& rect, QIcon::Mode mode, QIcon::State) override {
    const auto group = mode == QIcon::Disabled ? QPalette::Disabled : QPalette::Active;
    const auto role = mode == QIcon::Selected ? QPalette::HighlightedText : QPalette::ButtonText;
    QByteArray colored = svg_;
    colored.replace("#000", QGuiApplication::palette().color(group, role).name().toLatin1());
    QSvgRenderer(colored).render(painter, rect);
  }

  QPixmap pixmap(const QSize& size, QIcon::Mode mode, QIcon::State state) override {
    QPixmap pixmap(size);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    paint(&painter, QRect(QPoint(0, 0), size), mode, state);
    return pixmap;
  }

  QIconEngine* clone() const override { return new ThemedEngine(svg_); }

 private:
  QByteArray svg_;
};

}  // namespace

QIcon themedIcon(const QString& name) {
  const QByteArray svg = source(name);
  return svg.isEmpty() ? QIcon() : QIcon(new ThemedEngine(svg));
}

QIcon programIcon() {
  QSvgRenderer renderer(source("tarn"));
  QIcon icon;
  for (const int side : {16, 32, 64, 128, 256}) {
    QPixmap pixmap(side, side);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    renderer.render(&painter);
    icon.addPixmap(pixmap);
  }
  return icon;
}

}  // namespace tarn::ui
