#include "ui/views/persistence_view.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QVBoxLayout>
#include <algorithm>
#include <utility>
#include <vector>

#include "topology/analysis/analysis.h"
#include "ui/actions/action.h"
#include "ui/views/persistence_tools.h"
#include "ui/views/threshold_box.h"

namespace tarn::ui {
namespace {

constexpr double kClickReach = 3.0;  // pixels: a hand that clicks moves no further

}  // namespace

PlotStyle plotStyle(const LandscapeStyle& style, const ShownLandscape& shown) {
  PlotStyle plot{style.theme, style.title, shown.landscape.quantity, std::nullopt};
  if (shown.threshold > 0.0) {
    plot.threshold = shown.threshold;
  }
  return plot;
}

PersistenceView::PersistenceView(QWidget* parent)
    : PaintedView(parent), tools_(new PersistenceTools) {
  describe(this, "persistenceView", tr("Persistence"),
           tr("How deep every basin is. Click a bar or a point to see where it is born; drag the "
              "dashed line to leave out what is shallow"));
  setToolTip({});
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->addWidget(tools_);
  column->addStretch(1);
  connect(tools_, &PersistenceTools::plotChosen, this, &PersistenceView::setPlot);
  connect(tools_, &PersistenceTools::thresholdChosen, this, &PersistenceView::thresholdRequested);
  connect(tools_, &PersistenceTools::automaticChosen, this, [this] {
    if (data_.grid) {
      Q_EMIT thresholdRequested(automaticThreshold(*data_.grid));
    }
  });
}

QRectF PersistenceView::area() const {
  return QRectF(rect()).adjusted(0, tools_->sizeHint().height(), 0, 0);
}

void PersistenceView::showLandscape(const ShownLandscape& shown, const LandscapeStyle& style) {
  data_ = shown.landscape;
  deepest_ = shown.deepest;
  style_ = plotStyle(style, shown);
  style_.threshold.reset();  // it is set on the figure, not built into it
  tools_->setDeepest(deepest_);
  if (shown.analysis && data_.tree) {
    tools_->showCounts(data_.tree->minimaCount, shown.analysis->tree.minimaCount);
  } else {
    tools_->clearCounts();
    ordered_.reset();
    drawn_ = {};
  }
  build();
  highlight();
}

// Only what is seen is computed: all degrees of a large grid take a while.
void PersistenceView::build() {
  if (!data_.grid || !data_.tree || !isVisible()) {
    redraw();
    return;
  }
  Order order{data_.grid, data_.tree->connectivity, plot_, style_};
  if (ordered_ == order) {
    return;
  }
  ordered_ = order;
  problem_.clear();
  auto known = drawn_.order.sameDiagram(order) ? drawn_.diagram : nullptr;
  builder_.run(
      this,
      [order, known] {
        Drawn drawn{order, known, nullptr};
        if (!known) {
          drawn.diagram = std::make_shared<const PersistenceDiagram>(
              persistenceDiagram(*order.grid, order.connectivity));
        }
        drawn.figure = std::make_shared<PersistenceFigure>(drawn.diagram, order.plot, order.style);
        return drawn;
      },
      [this](Drawn drawn) {
        if (ordered_) {
          drawn_ = std::move(drawn);
          drawn_.figure->setTextSize(fontInfo().pixelSize());
          drawn_.figure->setThreshold(threshold_);
          highlight();
        }
      },
      [this, order](const Error& error) {
        if (ordered_ == order) {
          drawn_ = {};
          problem_ = (QString::fromUtf8(error.what()) + QLatin1Char(' ') +
                      QString::fromStdString(error.remedy()))
                         .trimmed();
          redraw();
        }
      });
}

void PersistenceView::showEvent(QShowEvent* event) {
  PaintedView::showEvent(event);
  build();
}

void PersistenceView::setPlot(PersistencePlot plot) {
  if (plot != plot_) {
    plot_ = plot;
    tools_->showPlot(plot);
    build();
    Q_EMIT plotChanged();
  }
}

void PersistenceView::showThreshold(double threshold) {
  threshold_ = threshold;
  tools_->showThreshold(threshold);
  if (drawn_.figure) {
    drawn_.figure->setThreshold(threshold);
    redraw();
  }
}

void PersistenceView::showSelection(std::optional<std::int64_t> vertex) {
  data_.selection = vertex;
  highlight();
}

void PersistenceView::highlight() {
  if (drawn_.figure) {
    drawn_.figure->select(highlighted());
  }
  redraw();
}

// The class that is born at the selected vertex, else the one that ends there, else that of the
// basin it lies in.
std::optional<std::int64_t> PersistenceView::highlighted() const {
  if (!data_.selection || !drawn_.diagram || drawn_.order.grid != data_.grid) {
    return std::nullopt;
  }
  const auto& intervals = drawn_.diagram->intervals;
  const std::int64_t vertex = *data_.selection;
  if (std::ranges::find(intervals, vertex, &PersistenceInterval::birthVertex) != intervals.end()) {
    return vertex;
  }
  const auto ends = std::ranges::find(intervals, vertex, &PersistenceInterval::deathVertex);
  if (ends != intervals.end()) {
    return ends->birthVertex;
  }
  const auto index = static_cast<std::size_t>(vertex);
  if (!data_.basins || !data_.tree || index >= data_.basins->size() || (*data_.basins)[index] < 0) {
    return std::nullopt;
  }
  return data_.tree->nodes[static_cast<std::size_t>((*data_.basins)[index])].vertex;
}

std::optional<QPointF> PersistenceView::classPosition(std::int64_t birthVertex) const {
  if (!emptyText().isEmpty() || drawn_.order != ordered_) {
    return std::nullopt;
  }
  const auto& intervals = drawn_.diagram->intervals;
  const auto found = std::ranges::find(intervals, birthVertex, &PersistenceInterval::birthVertex);
  return found == intervals.end()
             ? std::nullopt
             : drawn_.figure->intervalPosition(area(),
                                               static_cast<std::size_t>(found - intervals.begin()));
}

std::optional<QPointF> PersistenceView::thresholdPosition(double threshold) const {
  if (!emptyText().isEmpty() || drawn_.order != ordered_) {
    return std::nullopt;
  }
  return drawn_.figure->thresholdPosition(area(), threshold);
}

void PersistenceView::draw(QPainter& painter, const QRectF& area) {
  drawn_.figure->paint(painter, area);
}

QString PersistenceView::emptyText() const {
  if (!data_.grid) {
    return tr("No landscape is shown");
  }
  if (!problem_.isEmpty()) {
    return problem_;
  }
  if (!data_.tree || !drawn_.figure) {
    return tr("Computing the persistence…");
  }
  return drawn_.diagram->intervals.empty() ? tr("Every value of this landscape is masked.")
                                           : QString();
}

void PersistenceView::request(double threshold) {
  const double wanted = shortThreshold(threshold, deepest_);
  if (wanted != threshold_) {
    Q_EMIT thresholdRequested(wanted);
  }
}

void PersistenceView::mousePressEvent(QMouseEvent* event) {
  const bool inside = area().contains(event->position());
  if (event->button() == Qt::LeftButton && inside && emptyText().isEmpty()) {
    pressed_ = true;
    pressedAt_ = event->position();
    onLine_ = drawn_.figure->onThreshold(area(), pressedAt_);
    dragging_ = false;
  }
}

void PersistenceView::mouseMoveEvent(QMouseEvent* event) {
  if (!emptyText().isEmpty()) {
    return;
  }
  const QPointF at = event->position();
  if (pressed_ && onLine_) {
    dragging_ = dragging_ || (at - pressedAt_).manhattanLength() > kClickReach;
    if (dragging_) {
      request(drawn_.figure->thresholdAt(area(), at));
      Q_EMIT probed(thresholdText());
    }
    return;
  }
  const auto interval = drawn_.figure->intervalAt(area(), at);
  const bool line = drawn_.figure->onThreshold(area(), at);
  const bool bars = drawn_.order.plot == PersistencePlot::barcode;
  setCursor(line       ? (bars ? Qt::SizeHorCursor : Qt::SizeFDiagCursor)
            : interval ? Qt::PointingHandCursor
                       : Qt::ArrowCursor);
  Q_EMIT probed(line       ? thresholdText()
                : interval ? describeClass(drawn_.diagram->intervals[*interval])
                           : QString());
}

void PersistenceView::mouseReleaseEvent(QMouseEvent* event) {
  if (!pressed_ || event->button() != Qt::LeftButton) {
    return;
  }
  const bool click = !dragging_;
  pressed_ = onLine_ = dragging_ = false;
  // Until the figure of another grid is there, its classes are not those of what is shown.
  if (click && emptyText().isEmpty() && drawn_.order.grid == data_.grid) {
    const auto interval = drawn_.figure->intervalAt(area(), event->position());
    Q_EMIT vertexClicked(interval ? drawn_.diagram->intervals[*interval].birthVertex : -1);
  }
}

QString PersistenceView::thresholdText() const {
  return tr("threshold %1: what is no deeper is left out").arg(threshold_, 0, 'g', 6);
}

QString PersistenceView::describeClass(const PersistenceInterval& interval) const {
  const QString kind = interval.degree == 0   ? tr("component")
                       : interval.degree == 1 ? tr("loop")
                                              : tr("class of degree %1").arg(interval.degree);
  const QString born = tr("%1 born at vertex %2, %3 = %4")
                           .arg(kind)
                           .arg(interval.birthVertex)
                           .arg(QString::fromStdString(style_.quantity))
                           .arg(interval.birth, 0, 'g', 6);
  return interval.isEssential() ? tr("%1; it never ends").arg(born)
                                : tr("%1; ends at %2, persistence %3")
                                      .arg(born)
                                      .arg(interval.death, 0, 'g', 6)
                                      .arg(interval.persistence(), 0, 'g', 6);
}

void PersistenceView::selectBeside(int steps) {
  const auto& intervals = drawn_.diagram->intervals;
  std::vector<std::size_t> order(intervals.size());
  for (std::size_t i = 0; i < order.size(); ++i) {
    order[i] = i;
  }
  std::ranges::stable_sort(order, [&](std::size_t a, std::size_t b) {
    return intervals[a].degree != intervals[b].degree
               ? intervals[a].degree < intervals[b].degree
               : intervals[a].persistence() > intervals[b].persistence();
  });
  const auto now = highlighted();
  const auto found = std::ranges::find_if(
      order, [&](std::size_t i) { return now && intervals[i].birthVertex == *now; });
  const auto count = static_cast<std::ptrdiff_t>(order.size());
  const auto place = found == order.end()
                         ? std::ptrdiff_t{0}
                         : std::clamp<std::ptrdiff_t>(found - order.begin() + steps, 0, count - 1);
  Q_EMIT vertexClicked(intervals[order[static_cast<std::size_t>(place)]].birthVertex);
}

void PersistenceView::keyPressEvent(QKeyEvent* event) {
  if (!emptyText().isEmpty()) {
    return PaintedView::keyPressEvent(event);
  }
  const double step = deepest_ / 100.0;
  switch (event->key()) {
    case Qt::Key_Left:
      return request(threshold_ - step);
    case Qt::Key_Right:
      return request(threshold_ + step);
    case Qt::Key_PageDown:
      return request(threshold_ - 10 * step);
    case Qt::Key_PageUp:
      return request(threshold_ + 10 * step);
    case Qt::Key_Up:
      return selectBeside(-1);
    case Qt::Key_Down:
      return selectBeside(1);
    default:
      PaintedView::keyPressEvent(event);
  }
}

}  // namespace tarn::ui
