#include "ui/views/painted_view.h"

#include <QEvent>
#include <QPainter>

namespace tarn::ui {

PaintedView::PaintedView(QWidget* parent) : LandscapeView(parent) {
  setMouseTracking(true);
  setFocusPolicy(Qt::StrongFocus);
  setMinimumSize(120, 100);
}

void PaintedView::redraw() {
  stale_ = true;
  update();
}

void PaintedView::paintEvent(QPaintEvent* /*event*/) {
  const double ratio = devicePixelRatioF();
  if (stale_ || cache_.devicePixelRatioF() != ratio) {
    stale_ = false;
    cache_ = QPixmap(size() * ratio);
    cache_.setDevicePixelRatio(ratio);
    cache_.fill(palette().color(QPalette::Base));
    QPainter painter(&cache_);
    painter.setRenderHint(QPainter::Antialiasing);
    const QString empty = emptyText();
    if (empty.isEmpty()) {
      draw(painter, area());
    } else {
      painter.setPen(palette().color(QPalette::PlaceholderText));
      painter.drawText(area().adjusted(20, 20, -20, -20), Qt::AlignCenter | Qt::TextWordWrap,
                       empty);
    }
  }
  QPainter(this).drawPixmap(0, 0, cache_);
}

void PaintedView::resizeEvent(QResizeEvent* event) {
  LandscapeView::resizeEvent(event);
  stale_ = true;
}

void PaintedView::changeEvent(QEvent* event) {
  if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange) {
    redraw();
  }
  LandscapeView::changeEvent(event);
}

}  // namespace tarn::ui
