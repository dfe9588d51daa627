#include "ui/views/spectrum_view.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>
#include <utility>

#include "ui/actions/action.h"
#include "ui/scene/height_map.h"
#include "ui/views/spectrum_tools.h"

namespace tarn::ui {
namespace {

QString words(double value) {
  return QString::fromStdString(formatNumber(value, 5));
}

QString plusMinus(double value, double error) {
  return std::isnan(error) ? words(value)
                           : words(value) + QStringLiteral(" ± ") +
                                 QString::fromStdString(formatNumber(error, 2));
}

}  // namespace

std::string directionsAlong(const ShownSpectrum& spectrum, const std::set<std::size_t>& chosen) {
  if (!spectrum.data || chosen.empty() || spectrum.data->operatorName != "Hessian") {
    return {};
  }
  const std::size_t count = spectrum.data->eigenvalues.size();
  const std::size_t largest = count - std::min(spectrum.smallest, count);
  std::size_t top = 0;
  while (top < largest && chosen.contains(top)) {
    ++top;
  }
  std::size_t bottom = 0;
  while (bottom < spectrum.smallest && bottom < count && chosen.contains(count - 1 - bottom)) {
    ++bottom;
  }
  if (top + bottom != chosen.size()) {
    return {};
  }
  std::string text = top > 0 ? "hessian:" + std::to_string(top) : "";
  if (bottom > 0) {
    text += (text.empty() ? "" : ",") + ("hessian:-" + std::to_string(bottom));
  }
  return text;
}

SpectrumView::SpectrumView(QWidget* parent) : PaintedView(parent), tools_(new SpectrumTools) {
  describe(
      this, "spectrumView", tr("Spectrum"),
      tr("The curvature of the loss at the model. Click an eigenvalue to choose it, a layer to "
         "see the spectrum of its weights"));
  setToolTip({});
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->addWidget(tools_);
  column->addStretch(1);
  connect(tools_, &SpectrumTools::partChosen, this, &SpectrumView::setPart);
  connect(tools_, &SpectrumTools::logarithmicChosen, this, &SpectrumView::setLogarithmic);
  connect(tools_, &SpectrumTools::layerChosen, this, &SpectrumView::setLayer);
  connect(tools_, &SpectrumTools::samplingChosen, this, [this] {
    const std::string directions = directionsAlong(spectrum_, style_.chosen);
    if (!directions.empty()) {
      Q_EMIT samplingRequested(QString::fromStdString(directions));
    }
  });
  showSampling();
}

QRectF SpectrumView::area() const {
  return QRectF(rect()).adjusted(0, tools_->sizeHint().height(), 0, 0);
}

void SpectrumView::showSpectrum(const ShownSpectrum& spectrum) {
  spectrum_ = spectrum;
  style_.chosen.clear();
  const SpectrumData* shown = spectrum_.data.get();
  if (shown == nullptr || (part_ && !shown->has(*part_))) {
    part_.reset();
  }
  if (shown == nullptr || !shown->weightsOf(style_.layer)) {
    style_.layer.clear();
  }
  tools_->offer(shown);
  tools_->showPart(part_);
  tools_->showLayer(style_.layer);
  rebuild();
}

void SpectrumView::showLandscape(const ShownLandscape& /*shown*/, const LandscapeStyle& style) {
  if (style_.theme != style.theme) {
    style_.theme = style.theme;
    rebuild();
  }
}

void SpectrumView::resetView() {
  style_.chosen.clear();
  style_.logarithmic = false;
  tools_->showLogarithmic(false);
  setPart(std::nullopt);
}

void SpectrumView::setPart(std::optional<SpectrumPart> part) {
  part_ = part && spectrum_.data && spectrum_.data->has(*part) ? part : std::nullopt;
  tools_->showPart(part_);
  rebuild();
}

void SpectrumView::setLogarithmic(bool logarithmic) {
  style_.logarithmic = logarithmic;
  tools_->showLogarithmic(logarithmic);
  rebuild();
}

void SpectrumView::setLayer(const std::string& layer) {
  if (!spectrum_.data) {
    return;
  }
  style_.layer = layer;
  if (const auto index = spectrum_.data->weightsOf(layer)) {
    tools_->showLayer(spectrum_.data->weights[*index].title());
  }
  rebuild();
}

void SpectrumView::choose(std::set<std::size_t> eigenvalues) {
  style_.chosen = std::move(eigenvalues);
  rebuild();
}

void SpectrumView::rebuild() {
  figure_.reset();
  if (spectrum_.data) {
    const auto parts = part_ ? std::vector{*part_} : spectrum_.data->parts();
    figure_ = std::make_unique<SpectrumFigure>(spectrum_.data, parts, style_);
  }
  showSampling();
  redraw();
}

void SpectrumView::showSampling() {
  const std::string directions = directionsAlong(spectrum_, style_.chosen);
  const bool possible = !directions.empty();
  tools_->showSampling(
      possible, possible ? tr("Prepare a sampling along %1, the eigenvectors of what is chosen")
                               .arg(QString::fromStdString(directions))
                         : tr("Click eigenvalues of the Hessian first: the largest ones, the "
                              "smallest ones, or both, without a gap"));
}

std::optional<QPointF> SpectrumView::positionOf(const SpectrumHit& hit) const {
  if (!figure_) {
    return std::nullopt;
  }
  figure_->setTextSize(fontInfo().pixelSize());
  return figure_->positionOf(area(), hit);
}

void SpectrumView::draw(QPainter& painter, const QRectF& area) {
  figure_->setTextSize(fontInfo().pixelSize());
  figure_->paint(painter, area);
}

QString SpectrumView::emptyText() const {
  if (!figure_) {
    return tr("No spectrum is shown. Compute one from the Spectrum panel.");
  }
  return spectrum_.data->parts().empty() ? tr("There is nothing in this spectrum to draw.")
                                         : QString();
}

void SpectrumView::mouseReleaseEvent(QMouseEvent* event) {
  if (event->button() != Qt::LeftButton || !emptyText().isEmpty()) {
    return;
  }
  const auto hit = figure_->hitAt(area(), event->position());
  if (!hit) {
    return choose({});
  }
  if (hit->part == SpectrumPart::eigenvalues) {
    auto chosen = style_.chosen;
    if (!chosen.erase(hit->index)) {
      chosen.insert(hit->index);
    }
    choose(std::move(chosen));
  } else if (hit->part == SpectrumPart::layers) {
    const std::string layer = spectrum_.data->layers[hit->index].layer;
    setLayer(layer);
    if (part_ && spectrum_.data->weightsOf(layer)) {
      setPart(SpectrumPart::weights);
    }
  } else if (hit->part == SpectrumPart::weights) {
    setLayer(spectrum_.data->weights[hit->index].title());
  }
}

void SpectrumView::mouseMoveEvent(QMouseEvent* event) {
  if (!emptyText().isEmpty()) {
    return;
  }
  const auto hit = figure_->hitAt(area(), event->position());
  const bool clickable =
      hit && hit->part != SpectrumPart::density && hit->part != SpectrumPart::batches;
  setCursor(clickable ? Qt::PointingHandCursor : Qt::ArrowCursor);
  Q_EMIT probed(hit ? describeHit(*hit) : QString());
}

void SpectrumView::leaveEvent(QEvent* event) {
  Q_EMIT probed({});
  PaintedView::leaveEvent(event);
}

QString SpectrumView::describeHit(const SpectrumHit& hit) const {
  const SpectrumData& all = *spectrum_.data;
  switch (hit.part) {
    case SpectrumPart::eigenvalues: {
      const RitzValue& pair = all.eigenvalues[hit.index];
      QString text = tr("λ = %1, residual %2, %3 of %4")
                         .arg(words(pair.value), words(pair.residual))
                         .arg(hit.index + 1)
                         .arg(all.eigenvalues.size());
      return pair.converged ? text : text + tr(", not converged");
    }
    case SpectrumPart::density: {
      const SpectralDensity& density = *all.density;
      return tr("λ = %1, density %2")
          .arg(words(density.values[hit.index]),
               plusMinus(density.density[hit.index], density.standardError.empty()
                                                         ? std::nan("")
                                                         : density.standardError[hit.index]));
    }
    case SpectrumPart::layers: {
      const LayerCurvature& layer = all.layers[hit.index];
      QString text = QString::fromStdString(layer.layer) + QStringLiteral(": ");
      text += tr("trace %1, %2 parameters")
                  .arg(plusMinus(layer.trace, layer.traceError))
                  .arg(layer.parameters);
      return std::isnan(layer.eigenvalue) ? text
                                          : text + tr(", λ₁ = %1").arg(words(layer.eigenvalue));
    }
    case SpectrumPart::batches: {
      const BatchEigenvalue& batch = all.batches[hit.index];
      return tr("batches of %1: λ₁ = %2, %3 times that of all data")
          .arg(batch.batch)
          .arg(plusMinus(batch.eigenvalue, batch.standardError), words(batch.ratio));
    }
    case SpectrumPart::weights:
      break;
  }
  const WeightSpectrum& weight = all.weights[hit.index];
  QString text = QString::fromStdString(weight.title());
  const auto add = [&](const QString& name, double value) {
    if (!std::isnan(value)) {
      text += QStringLiteral(", ") + name + QLatin1Char(' ') + words(value);
    }
  };
  add(tr("power law α"), weight.alphaKs);
  add(tr("Hill α"), weight.alphaHill);
  add(tr("stable rank"), weight.stableRank);
  return text;
}

void SpectrumView::moveChoice(int steps) {
  const auto count = static_cast<std::ptrdiff_t>(spectrum_.data->eigenvalues.size());
  if (count == 0) {
    return;
  }
  const std::ptrdiff_t from = style_.chosen.empty()
                                  ? (steps > 0 ? -1 : count)
                                  : static_cast<std::ptrdiff_t>(steps > 0 ? *style_.chosen.rbegin()
                                                                          : *style_.chosen.begin());
  const auto to = static_cast<std::size_t>(std::clamp<std::ptrdiff_t>(from + steps, 0, count - 1));
  choose({to});
  Q_EMIT probed(describeHit({SpectrumPart::eigenvalues, to}));
}

void SpectrumView::moveLayer(int steps) {
  const auto count = static_cast<std::ptrdiff_t>(spectrum_.data->weights.size());
  if (count == 0) {
    return;
  }
  const auto now = static_cast<std::ptrdiff_t>(spectrum_.data->weightsOf(style_.layer).value_or(0));
  const auto to = static_cast<std::size_t>(std::clamp<std::ptrdiff_t>(now + steps, 0, count - 1));
  setLayer(spectrum_.data->weights[to].title());
  Q_EMIT probed(describeHit({SpectrumPart::weights, to}));
}

void SpectrumView::keyPressEvent(QKeyEvent* event) {
  if (!emptyText().isEmpty()) {
    return PaintedView::keyPressEvent(event);
  }
  switch (event->key()) {
    case Qt::Key_Left:
      return moveChoice(-1);
    case Qt::Key_Right:
      return moveChoice(1);
    case Qt::Key_Up:
      return moveLayer(-1);
    case Qt::Key_Down:
      return moveLayer(1);
    default:
      PaintedView::keyPressEvent(event);
  }
}

}  // namespace tarn::ui
