#pragma once

#include "ui/scene/surface_camera.h"
#include "ui/views/landscape_view.h"

class QLabel;
class QStackedLayout;

namespace tarn::ui {

class OrbitCamera;
class RenderWidget;
class SurfaceScene;

/// The landscape in three dimensions.
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
  bool eventFilter(QObject* watched, QEvent* event) override;
  void showEvent(QShowEvent* event) override;

 private:
  void say(const QString& message);
  void updateScene();
  std::optional<std::int64_t> pickAt(const QPointF& position);

  QStackedLayout* pages_;
  RenderWidget* widget_;
  QLabel* message_;
  std::unique_ptr<SurfaceScene> scene_;
  OrbitCamera* camera_;
  LandscapeData data_;
  LandscapeStyle style_;
  bool stale_ = false;  ///< the scene shows something older: it waits until it can be seen
  bool failed_ = false;
  bool cameraIsOwn_ = false;  ///< the user has moved it
};

}  // namespace tarn::ui
