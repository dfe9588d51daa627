#pragma once

#include <QColor>
#include <QFont>
#include <QPolygonF>
#include <QRectF>
#include <QString>
#include <vector>

class QPainter;

namespace tarn::ui {

/// Writes values onto iso-lines, where a line is long and straight enough and no other label is
/// near.
class LineLabels {
 public:
  LineLabels(const QRectF& plot, const QFont& font) : plot_(plot), font_(font) {}

  /// Keeps labels away from a place.
  void avoid(const QRectF& rect) { taken_.push_back(rect); }
  /// Writes at most one label onto the line.
  void paint(QPainter& painter, const QPolygonF& line, const QString& text, const QColor& behind,
             const QColor& ink);

 private:
  bool isFree(const QRectF& rect) const;

  QRectF plot_;
  QFont font_;
  std::vector<QRectF> taken_;
};

}  // namespace tarn::ui
