#pragma once

#include <QWidget>
#include <vector>

#include "ui/views/landscape_view.h"

class QTabWidget;
class QVBoxLayout;

namespace tarn::ui {

class ContourView;
class CurvesView;
class PersistenceView;
class ProfileView;
class SliceBar;
class SpectrumView;
class SurfaceView;
class TreeView;
class VolumeView;

/// The views of one landscape, of one spectrum and of the training curves, as tabs or side by side,
/// below the choice of a slice where there is one.
class ViewArea : public QWidget {
  Q_OBJECT

 public:
  explicit ViewArea(QWidget* parent = nullptr);

  SurfaceView* surface() const { return surface_; }
  ContourView* contour() const { return contour_; }
  VolumeView* volume() const { return volume_; }
  TreeView* tree() const { return tree_; }
  PersistenceView* persistence() const { return persistence_; }
  ProfileView* profile() const { return profile_; }
  SpectrumView* spectrum() const { return spectrum_; }
  CurvesView* curves() const { return curves_; }
  SliceBar* sliceBar() const { return sliceBar_; }
  const std::vector<LandscapeView*>& views() const { return views_; }

  bool tiled() const { return tiled_; }
  void setTiled(bool tiled);
  /// The view the user works in: the tab in front, or the tile that was clicked last.
  LandscapeView* current() const { return current_; }
  /// Whether there is a landscape that the volume view can show; it is there only then.
  void offerVolume(bool offered);
  /// Brings a view to the front.
  void setCurrent(LandscapeView* view);

 Q_SIGNALS:
  void currentChanged();

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  QString titleOf(const LandscapeView* view) const;
  QString iconOf(const LandscapeView* view) const;
  QWidget* makeTabs();
  QWidget* makeTiles();
  QWidget* makeTile(LandscapeView* view);

  QVBoxLayout* layout_;
  SliceBar* sliceBar_;
  QWidget* arrangement_ = nullptr;
  QTabWidget* tabs_ = nullptr;
  SurfaceView* surface_;
  ContourView* contour_;
  VolumeView* volume_;
  TreeView* tree_;
  PersistenceView* persistence_;
  ProfileView* profile_;
  SpectrumView* spectrum_;
  CurvesView* curves_;
  std::vector<LandscapeView*> views_;
  LandscapeView* current_;
  QWidget* volumeTile_ = nullptr;  ///< side by side
  bool tiled_ = false;
  bool volumeOffered_ = false;
};

}  // namespace tarn::ui
