#pragma once

#include <QWidget>
#include <cstdint>
#include <memory>
#include <optional>

#include "topology/analysis/analysis.h"
#include "ui/scene/landscape_data.h"
#include "ui/scene/style.h"

namespace tarn::ui {

/// What all views show: one landscape with its topology. A plain value; the analysis may be missing
/// while it is being computed.
struct ShownLandscape {
  LandscapeData landscape;
  std::shared_ptr<const Analysis> analysis;
};

/// One way to look at a landscape. Views show the same selection and ask to change it by signals.
class LandscapeView : public QWidget {
  Q_OBJECT

 public:
  using QWidget::QWidget;

  virtual void showLandscape(const ShownLandscape& shown, const LandscapeStyle& style) = 0;
  virtual void showSelection(std::optional<std::int64_t> vertex) = 0;
  virtual void resetView() = 0;

 Q_SIGNALS:
  /// The user clicked a vertex; −1: beside everything.
  void vertexClicked(qint64 vertex);
  /// What is under the cursor, in words.
  void probed(const QString& text);
};

/// "x 0.1, y −0.2: 1.234" for a vertex.
QString probeText(const LandscapeData& data, std::int64_t vertex);

}  // namespace tarn::ui
