#pragma once

#include "ui/scene/surface_camera.h"
#include "ui/views/landscape_view.h"

namespace tarn::ui {

class SceneCanvas;
class SurfaceScene;

/// The landscape, or a slice of it, in three dimensions.
class SurfaceView : public LandscapeView {
  Q_OBJECT

 public:
  explicit SurfaceView(QWidget* parent = nullptr);
  ~SurfaceView() override;

  void showLandscape(const ShownLandscape& shown, const LandscapeStyle& style) override;
  void showSelection(std::optional<std::int64_t> vertex) override;
  void resetView() override;
  /// From where the user looks; nothing until the first view was left.
  std::optional<ViewPoint> viewPoint() const;

 protected:
  void showEvent(QShowEvent* event) override;

 private:
  void updateScene();
  std::optional<std::int64_t> vertexAt(const QPointF& pixel) const;

  std::unique_ptr<SurfaceScene> scene_;
  SceneCanvas* canvas_;
  ShownLandscape shown_;
  LandscapeStyle style_;
  bool stale_ = false;  ///< the scene shows something older: it waits until it can be seen
};

}  // namespace tarn::ui
