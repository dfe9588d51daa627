#pragma once

#include <QPixmap>

#include "ui/views/landscape_view.h"

namespace tarn::ui {

/// A view that one of the scene's painters draws, kept as a pixmap until something changes.
class PaintedView : public LandscapeView {
  Q_OBJECT

 public:
  explicit PaintedView(QWidget* parent = nullptr);
  QRect pictureRect() const override { return area().toAlignedRect(); }

 protected:
  /// Draws into `area`, in pixels of 1/96 inch.
  virtual void draw(QPainter& painter, const QRectF& area) = 0;
  /// What is said instead of a drawing; empty: there is one.
  virtual QString emptyText() const = 0;

  /// Draws anew at the next paint event.
  void redraw();
  /// Where it is drawn; what is left belongs to controls.
  virtual QRectF area() const { return QRectF(rect()); }

  void paintEvent(QPaintEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;
  void changeEvent(QEvent* event) override;

 private:
  QPixmap cache_;
  bool stale_ = true;
};

}  // namespace tarn::ui
