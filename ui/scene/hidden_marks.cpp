#include "ui/scene/hidden_marks.h"

#include <QPainter>

namespace tarn::ui {
namespace {

/// The opacity of what is hidden.
constexpr double kFaint = 0.55;
constexpr std::size_t kMostMarks = 60;
constexpr std::size_t kMostPlaces = 200;  ///< of a run

void paintHiddenRun(QPainter& painter, const HiddenMarks& marks, const HiddenMarks::Run& run) {
  const double text = marks.text;
  painter.setPen(QPen(run.look.colour, 0.16 * text, run.look.dash, Qt::FlatCap, Qt::RoundJoin));
  painter.setBrush(Qt::NoBrush);
  const std::size_t stride = (run.places.size() + kMostPlaces - 1) / kMostPlaces;
  std::optional<QPointF> before;
  for (std::size_t i = 0; i < run.places.size(); i += stride) {
    const auto now = marks.hiddenAt(run.places[i]);
    if (before && now) {
      painter.drawLine(*before, *now);
    }
    before = now;
  }
  if (const auto start = marks.hiddenAt(run.places.front())) {
    paintMark(painter, Mark::circle, *start, 0.36 * text, Qt::white,
              QPen(run.look.colour, 0.18 * text));
  }
  if (const auto end = marks.hiddenAt(run.places.back())) {
    paintMark(painter, Mark::star, *end, 0.42 * text, run.look.colour, QPen(Qt::white, 0.1 * text));
  }
}

}  // namespace

void paintHiddenMarks(QPainter& painter, const HiddenMarks& marks) {
  painter.save();
  painter.setOpacity(kFaint);
  for (const HiddenMarks::Run& run : marks.runs) {
    if (!run.places.empty()) {
      paintHiddenRun(painter, marks, run);
    }
  }
  if (marks.critical.size() <= kMostMarks) {
    for (auto point = marks.critical.rbegin(); point != marks.critical.rend(); ++point) {
      if (const auto at = marks.hiddenAt(point->place)) {
        const double radius = 0.34 * marks.text;
        point->minimum ? paintMinimum(painter, *at, radius) : paintSaddle(painter, *at, radius);
      }
    }
  }
  painter.restore();
}

}  // namespace tarn::ui
