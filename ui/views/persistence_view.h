#pragma once

#include "ui/figures/persistence_figure.h"
#include "ui/views/background.h"
#include "ui/views/painted_view.h"

namespace tarn::ui {

class PersistenceTools;

/// Persistence as a barcode or a diagram. A click selects the vertex where a class is born. The
/// threshold's line is dragged, or moved by the left and right keys (in larger steps by Page Up and
/// Page Down); up and down go from class to class.
class PersistenceView : public PaintedView {
  Q_OBJECT

 public:
  explicit PersistenceView(QWidget* parent = nullptr);

  void showLandscape(const ShownLandscape& shown, const LandscapeStyle& style) override;
  void showSelection(std::optional<std::int64_t> vertex) override;
  void resetView() override {}

  PersistencePlot plot() const { return plot_; }
  void setPlot(PersistencePlot plot);
  /// Where the threshold's line stands; the owner of the threshold says it.
  void showThreshold(double threshold);

  /// Where the class that is born at a vertex is drawn, and where the threshold's line; in widget
  /// coordinates, nothing before they are.
  std::optional<QPointF> classPosition(std::int64_t birthVertex) const;
  std::optional<QPointF> thresholdPosition(double threshold) const;
  /// The birth of the class that is highlighted.
  std::optional<std::int64_t> highlighted() const;

 Q_SIGNALS:
  /// The user wants another threshold.
  void thresholdRequested(double threshold);
  void plotChanged();

 protected:
  void draw(QPainter& painter, const QRectF& area) override;
  QString emptyText() const override;
  QRectF area() const override;
  void showEvent(QShowEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;
  void mouseMoveEvent(QMouseEvent* event) override;
  void mouseReleaseEvent(QMouseEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;

 private:
  /// What a figure is made of.
  struct Order {
    std::shared_ptr<const ScalarGrid> grid;
    Connectivity connectivity = Connectivity::axes2n;
    PersistencePlot plot = PersistencePlot::barcode;
    PlotStyle style;

    bool operator==(const Order&) const = default;
    bool sameDiagram(const Order& other) const {
      return grid == other.grid && connectivity == other.connectivity;
    }
  };
  struct Drawn {
    Order order;
    std::shared_ptr<const PersistenceDiagram> diagram;
    std::shared_ptr<PersistenceFigure> figure;
  };

  void build();
  void highlight();
  void request(double threshold);
  void selectBeside(int steps);
  QString thresholdText() const;
  QString describeClass(const PersistenceInterval& interval) const;

  PersistenceTools* tools_;
  LandscapeData data_;
  double deepest_ = 0.0;
  double threshold_ = 0.0;
  PersistencePlot plot_ = PersistencePlot::barcode;
  PlotStyle style_;
  std::optional<Order> ordered_;
  Drawn drawn_;
  QString problem_;
  Latest<Drawn> builder_;
  QPointF pressedAt_;
  bool pressed_ = false;
  bool onLine_ = false;    ///< the threshold's line was taken
  bool dragging_ = false;  ///< and moved
};

/// How the persistence of a landscape is drawn: as the landscape itself; with the threshold's line
/// where there is a threshold. So is a profile.
PlotStyle plotStyle(const LandscapeStyle& style, const ShownLandscape& shown);

}  // namespace tarn::ui
