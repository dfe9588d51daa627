#pragma once

#include <QPointF>
#include <QRectF>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "topology/merge_tree/branches.h"
#include "topology/merge_tree/layout.h"
#include "topology/merge_tree/merge_tree.h"
#include "ui/scene/style.h"

class QPainter;

namespace tarn::ui {

struct ColourBar;
struct LegendEntry;

/// A merge tree, drawn without crossings: height is the value, width and colour of a line the
/// persistence of its branch; the branch of a whole component never ends and has the text's colour.
/// Leaves are minima, diamonds are saddles, squares are roots.
class TreeFigure {
 public:
  TreeFigure(std::shared_ptr<const MergeTree> tree, TreeStyle style);

  /// Highlights the arc that a vertex of the grid lies on, and its node when it is one.
  void select(std::optional<std::int64_t> vertex) { selection_ = vertex; }
  /// Text of a fixed size, as in a window. At first it grows with the figure.
  void setTextSize(double pixels) { fixedText_ = pixels; }
  /// Paints into the area; its units are pixels of 1/96 inch.
  void paint(QPainter& painter, const QRectF& area) const;
  /// The node drawn within a few pixels of a position: an index of MergeTree::nodes.
  std::optional<std::int32_t> nodeAt(const QRectF& area, const QPointF& position) const;
  /// Where a node is drawn.
  QPointF nodePosition(const QRectF& area, std::int32_t node) const;

 private:
  struct Frame;
  Frame frame(const QRectF& area) const;
  ColourBar persistenceBar(const Frame& frame) const;
  std::vector<LegendEntry> entries(double textSize) const;
  QPointF place(const Frame& frame, std::int32_t node) const;
  void paintArcs(QPainter& painter, const Frame& frame) const;
  void paintNodes(QPainter& painter, const Frame& frame) const;
  void paintSelection(QPainter& painter, const Frame& frame) const;

  std::shared_ptr<const MergeTree> tree_;
  TreeStyle style_;
  BranchDecomposition branches_;
  TreeLayout layout_;
  double largestPersistence_ = 0.0;  ///< of the branches that end
  std::optional<std::int64_t> selection_;
  std::optional<double> fixedText_;
};

}  // namespace tarn::ui
