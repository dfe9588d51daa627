#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "ui/figures/spectrum_figure.h"
#include "ui/views/painted_view.h"

namespace tarn::ui {

class SpectrumTools;

/// A spectrum of a project as it is shown; a plain value.
struct ShownSpectrum {
  std::int64_t id = 0;  ///< 0: none
  std::string address;  ///< NAME.tarn#spectrum/3
  std::string created;
  std::int64_t experiment = 0;  ///< that it was computed on
  SpectrumDataPtr data;
  std::size_t smallest = 0;  ///< so many of its eigenvalues, the last, are the smallest of all
};

/// The axes that span the eigenvectors of the chosen eigenvalues, in the words of `--directions`:
/// "hessian:2,hessian:-1". Nothing where there are no words for them: a sampling runs along the
/// first so many and the last so many.
std::string directionsAlong(const ShownSpectrum& spectrum, const std::set<std::size_t>& chosen);

/// A spectrum: its parts side by side or one of them. A click chooses an eigenvalue, or the layer
/// whose weights are shown. Left and right go from eigenvalue to eigenvalue, up and down from layer
/// to layer. Of a landscape it shows nothing.
class SpectrumView : public PaintedView {
  Q_OBJECT

 public:
  explicit SpectrumView(QWidget* parent = nullptr);

  void showSpectrum(const ShownSpectrum& spectrum);
  void showLandscape(const ShownLandscape& shown, const LandscapeStyle& style) override;
  void showSelection(std::optional<std::int64_t> /*vertex*/) override {}
  /// All parts, nothing chosen.
  void resetView() override;

  const ShownSpectrum& spectrum() const { return spectrum_; }
  /// The one part that is shown; none: all.
  std::optional<SpectrumPart> part() const { return part_; }
  void setPart(std::optional<SpectrumPart> part);
  const SpectrumStyle& style() const { return style_; }
  void setLogarithmic(bool logarithmic);
  /// Shows the weights of a layer, where there are some.
  void setLayer(const std::string& layer);
  void choose(std::set<std::size_t> eigenvalues);

  /// Where something is drawn, in widget coordinates; nothing when it is not.
  std::optional<QPointF> positionOf(const SpectrumHit& hit) const;

 Q_SIGNALS:
  /// A sampling along these directions is wanted.
  void samplingRequested(const QString& directions);

 protected:
  void draw(QPainter& painter, const QRectF& area) override;
  QString emptyText() const override;
  QRectF area() const override;
  void mouseReleaseEvent(QMouseEvent* event) override;
  void mouseMoveEvent(QMouseEvent* event) override;
  void leaveEvent(QEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;

 private:
  void rebuild();
  void showSampling();
  void moveChoice(int steps);
  void moveLayer(int steps);
  QString describeHit(const SpectrumHit& hit) const;

  SpectrumTools* tools_;
  ShownSpectrum spectrum_;
  std::optional<SpectrumPart> part_;
  SpectrumStyle style_;
  std::unique_ptr<SpectrumFigure> figure_;
};

}  // namespace tarn::ui
