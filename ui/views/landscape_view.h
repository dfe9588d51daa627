#pragma once

#include <QWidget>
#include <cstdint>
#include <memory>
#include <optional>

#include "topology/analysis/analysis.h"
#include "ui/scene/landscape_data.h"
#include "ui/scene/style.h"

namespace tarn::ui {

/// What all views show: one landscape with its topology, simplified at one threshold of
/// persistence. A plain value; the topology may be missing while it is being computed.
struct ShownLandscape {
  LandscapeData landscape;                   ///< its tree and basins are those at the threshold
  std::shared_ptr<const Analysis> analysis;  ///< of the whole landscape, whatever the threshold
  Smad smad;                                 ///< at the threshold, as what follows
  std::optional<double> meanPersistence;     ///< none without a finite pair
  double threshold = 0.0;  ///< branches of at most this persistence are left out; 0: none is
  double deepest = 0.0;    ///< the largest finite persistence: where thresholds end
  bool repaired = false;   ///< the grid is the one that was read with its serpentine shift undone
};

/// One way to look at a landscape. Views show the same selection and ask to change it by signals.
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

/// "x 0.1, y −0.2: 1.234" for a vertex.
QString probeText(const LandscapeData& data, std::int64_t vertex);

}  // namespace tarn::ui
