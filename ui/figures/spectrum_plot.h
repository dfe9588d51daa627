#pragma once

#include <QPointF>
#include <QRectF>
#include <QStringList>
#include <cstddef>
#include <memory>
#include <optional>
#include <set>

#include "ui/figures/palette.h"
#include "ui/scene/spectrum_data.h"

class QPainter;

namespace tarn::ui {

/// How a spectrum is drawn.
struct SpectrumStyle {
  Theme theme = Theme::light;
  std::string title;
  bool logarithmic = false;  ///< eigenvalues on a logarithmic axis, both signs
  std::string layer;  ///< whose weights are shown, and which is highlighted; empty: the first
  std::set<std::size_t> chosen = {};  ///< eigenvalues that are highlighted, counted from 0

  bool operator==(const SpectrumStyle&) const = default;
};

/// What of a spectrum is drawn at a place.
struct SpectrumHit {
  SpectrumPart part;
  /// Of the eigenvalue, the layer, the weight matrix or the batch size; of a density its place.
  std::size_t index;

  bool operator==(const SpectrumHit&) const = default;
};

/// One picture of a spectrum. All of them take areas in pixels of 1/96 inch.
class SpectrumPlot {
 public:
  virtual ~SpectrumPlot() = default;
  /// `title` stands above it when it is not empty.
  virtual void paint(QPainter& painter, const QRectF& area, double textSize,
                     const QString& title) const = 0;
  /// `titled` says whether there was a title.
  virtual std::optional<SpectrumHit> hitAt(const QRectF& area, double textSize, bool titled,
                                           const QPointF& position) const = 0;
  /// Where something is drawn; none when it is not.
  virtual std::optional<QPointF> positionOf(const QRectF& area, double textSize, bool titled,
                                            const SpectrumHit& hit) const = 0;
};

/// The colour of curves and positive numbers: a blue of the runs that stands out.
QColor spectrumBlue(Theme theme);

/// Facts one after another in as many lines as the area is wide for.
QStringList factLines(const QStringList& facts, const QRectF& area, double textSize);
/// Lines of secondary text at the top of a plot's area, each 1.5 text sizes high.
void paintFacts(QPainter& painter, const QRectF& area, double textSize, bool titled,
                const QStringList& lines, Theme theme);

using SpectrumDataPtr = std::shared_ptr<const SpectrumData>;

/// Ritz values by size, with bars of their residuals.
std::unique_ptr<SpectrumPlot> eigenvaluePlot(SpectrumDataPtr data, const SpectrumStyle& style);
/// The density of all eigenvalues on a logarithmic ordinate, its standard error as a band, and
/// every Ritz value as a stem.
std::unique_ptr<SpectrumPlot> densityPlot(SpectrumDataPtr data, const SpectrumStyle& style);
/// Trace, mean curvature and largest eigenvalue of every layer as bars, one column each.
std::unique_ptr<SpectrumPlot> layerPlot(SpectrumDataPtr data, const SpectrumStyle& style);
/// The eigenvalues of one weight matrix with what is fitted to them, and the exponents of all.
std::unique_ptr<SpectrumPlot> weightPlot(SpectrumDataPtr data, const SpectrumStyle& style);

/// The largest eigenvalue by the number of samples that the operator is of: batches, halves, all.
std::unique_ptr<SpectrumPlot> batchPlot(SpectrumDataPtr data, const SpectrumStyle& style);

}  // namespace tarn::ui
