#pragma once

#include <QPointF>
#include <functional>
#include <optional>
#include <vector>

#include "ui/figures/marks.h"
#include "ui/scene/surface_shape.h"

class QPainter;

namespace tarn::ui {

/// What of a scene may stand behind something: runs, minima and saddles.
struct HiddenMarks {
  struct Run {
    std::vector<Point3> places;
    RunLook look;
  };
  struct Critical {
    Point3 place;
    bool minimum;  ///< else a merge saddle
  };

  double text = 0.0;  ///< size of text
  /// Where a place is seen, when something stands before it; none when it has no place.
  std::function<std::optional<QPointF>(const Point3&)> hiddenAt;
  std::vector<Run> runs;
  std::vector<Critical> critical;
};

/// Runs, their starts and ends, minima and saddles where something stands before them, faintly: in
/// a bowl most of what matters lies behind its rim. Where there are many minima and saddles, none
/// of them.
void paintHiddenMarks(QPainter& painter, const HiddenMarks& marks);

}  // namespace tarn::ui
