#pragma once

#include <QWidget>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "topology/analysis/analysis.h"
#include "ui/scene/slice.h"
#include "ui/scene/style.h"

namespace tarn::ui {

/// What else is known of the points of a landscape, by its name ("accuracy", "standard_error", …):
/// one number for every vertex, NaN where there is none (yet).
using PointQuantities = std::map<std::string, std::vector<double>>;

/// What all views show: one landscape with its topology, simplified at one threshold of
/// persistence. A plain value; the topology may be missing while it is being computed.
struct ShownLandscape {
  LandscapeData landscape;  ///< its tree and basins are those at the threshold
  LandscapeData plane;      ///< what surface and contour plot show: the same, or a slice of it
  Slice slice;              ///< of a landscape of three or more axes
  std::shared_ptr<const Analysis> analysis;  ///< of the whole landscape, whatever the threshold
  Smad smad;                                 ///< at the threshold, as what follows
  std::optional<double> meanPersistence;     ///< none without a finite pair
  std::shared_ptr<const PointQuantities> quantities;  ///< beside the values; null: none
  double threshold = 0.0;  ///< branches of at most this persistence are left out; 0: none is
  double deepest = 0.0;    ///< the largest finite persistence: where thresholds end
  bool repaired = false;   ///< the grid is the one that was read with its serpentine shift undone

  /// The vertex of the plane that a vertex of the landscape is; none when it does not lie there.
  std::optional<std::int64_t> onPlane(std::optional<std::int64_t> vertex) const;
  /// The vertex of the landscape that a vertex of the plane is.
  std::optional<std::int64_t> onLandscape(std::optional<std::int64_t> vertex) const;
};

/// One way to look at a landscape. Views show the same selection, a vertex of the whole landscape,
/// and ask to change it by signals.
class LandscapeView : public QWidget {
  Q_OBJECT

 public:
  using QWidget::QWidget;

  virtual void showLandscape(const ShownLandscape& shown, const LandscapeStyle& style) = 0;
  virtual void showSelection(std::optional<std::int64_t> vertex) = 0;
  virtual void resetView() = 0;
  /// The part of the widget that is the picture, without controls.
  virtual QRect pictureRect() const { return rect(); }

 Q_SIGNALS:
  /// The user clicked a vertex; −1: beside everything.
  void vertexClicked(qint64 vertex);
  /// What is under the cursor, in words.
  void probed(const QString& text);
};

/// What is known of a vertex of the landscape, in a line: "x = 0.1,   y = −0.2,   loss = 1.234 ±
/// 0.01,   accuracy = 91.2 %". The loss goes with its standard error; a fraction is in percent.
QString probeText(const ShownLandscape& shown, std::int64_t vertex);

}  // namespace tarn::ui
