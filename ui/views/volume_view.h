#pragma once

#include "ui/scene/surface_camera.h"
#include "ui/scene/volume_data.h"
#include "ui/views/landscape_view.h"

namespace tarn::ui {

class SceneCanvas;
class VolumeScene;
class VolumeTools;

/// A landscape of three axes as a volume: iso-surfaces and slices. The slices lie where the slice
/// that the other views show does.
class VolumeView : public LandscapeView {
  Q_OBJECT

 public:
  explicit VolumeView(QWidget* parent = nullptr);
  ~VolumeView() override;

  void showLandscape(const ShownLandscape& shown, const LandscapeStyle& style) override;
  void showSelection(std::optional<std::int64_t> vertex) override;
  void resetView() override;
  QRect pictureRect() const override;
  /// From where the user looks; nothing until the first view was left.
  std::optional<ViewPoint> viewPoint() const;
  const VolumeStyle& volume() const { return volume_; }

 Q_SIGNALS:
  void sliceRequested(const tarn::ui::Slice& slice);

 protected:
  void showEvent(QShowEvent* event) override;

 private:
  bool drawable() const;
  void setVolume(const VolumeStyle& volume);
  void updateScene();
  std::optional<std::int64_t> vertexAt(const QPointF& pixel) const;

  std::unique_ptr<VolumeScene> scene_;
  VolumeTools* tools_;
  SceneCanvas* canvas_;
  ShownLandscape shown_;
  LandscapeStyle style_;
  VolumeStyle volume_;
  bool stale_ = false;  ///< the scene shows something older: it waits until it can be seen
};

}  // namespace tarn::ui
