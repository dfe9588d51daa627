#include "ui/views/curves_view.h"

#include <QDoubleSpinBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QMouseEvent>
#include <QSignalBlocker>
#include <QToolButton>
#include <QVBoxLayout>
#include <utility>

#include "ui/actions/action.h"
#include "ui/actions/icons.h"
#include "ui/scene/curve_smoothing.h"
#include "ui/scene/height_map.h"
#include "ui/views/part_chooser.h"

namespace tarn::ui {
namespace {

constexpr int kAllCurves = -2;  // −1 is no id of a button group
constexpr double kSmoothingStep = 0.05;
constexpr double kAsUsual = -kSmoothingStep;  // the place below 0

int idOf(std::optional<CurvePart> part) {
  return part ? static_cast<int>(*part) : kAllCurves;
}

}  // namespace

CurvesView::CurvesView(QWidget* parent)
    : PaintedView(parent),
      parts_(new PartChooser("curvesPart", tr("Part"), tr("Which curves are shown"))),
      logarithmic_(new QToolButton),
      epochs_(new QToolButton),
      smoothing_(new QDoubleSpinBox),
      tools_(makeTools()) {
  describe(this, "curvesView", tr("Training curves"),
           tr("Loss, accuracy, gradient, steps, rate and SMAD of the project's runs"));
  setToolTip({});
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->addWidget(tools_);
  column->addStretch(1);
  connect(parts_, &PartChooser::chosen, this, [this](int id) {
    setPart(id == kAllCurves ? std::nullopt : std::optional(static_cast<CurvePart>(id)));
  });
  connect(logarithmic_, &QToolButton::toggled, this, &CurvesView::setLogarithmic);
  connect(epochs_, &QToolButton::toggled, this,
          [this](bool epochs) { setAxis(epochs ? CurveAxis::epoch : CurveAxis::step); });
  connect(smoothing_, &QDoubleSpinBox::valueChanged, this,
          [this](double value) { setSmoothing(value < 0 ? std::nullopt : std::optional(value)); });
}

QWidget* CurvesView::makeTools() {
  auto* tools = new QWidget;
  tools->setObjectName("curvesTools");
  tools->setAutoFillBackground(true);
  auto* row = new QHBoxLayout(tools);
  row->setContentsMargins(4, 2, 4, 2);
  row->setSpacing(2);
  parts_->add("curvesAll", tr("All"), tr("Everything that was measured, side by side"), kAllCurves);
  const auto add = [&](const char* objectName, const QString& text, const QString& tip,
                       CurvePart part) { parts_->add(objectName, text, tip, idOf(part)); };
  add("curvesLoss", tr("Loss"), tr("The loss of the batches, and on samples held out"),
      CurvePart::loss);
  add("curvesAccuracy", tr("Accuracy"), tr("The share of right answers"), CurvePart::accuracy);
  add("curvesGradient", tr("Gradient"), tr("The norm of the gradient"), CurvePart::gradientNorm);
  add("curvesStep", tr("Step"), tr("How far a step goes"), CurvePart::stepNorm);
  add("curvesRate", tr("Rate"), tr("The learning rate, its schedule included"), CurvePart::rate);
  add("curvesSmad", tr("SMAD"), tr("The SMAD of the loss around the snapshots"), CurvePart::smad);
  row->addWidget(parts_);
  describe(logarithmic_, "curvesLog", tr("Logarithmic"),
           tr("Loss, norms and rate on a logarithmic axis"));
  logarithmic_->setIcon(themedIcon("log"));
  describe(epochs_, "curvesEpochs", tr("Epochs"), tr("Over epochs instead of steps"));
  epochs_->setText(tr("Epochs"));
  for (QToolButton* button : {logarithmic_, epochs_}) {
    button->setCheckable(true);
    button->setAutoRaise(true);
    row->addWidget(button);
  }
  describe(smoothing_, "curvesSmoothing", tr("Smoothing"),
           tr("Averages what minibatches say with what they said before, each value weighing so "
              "many times the next; what was measured stays pale behind. As usual: %1 where there "
              "are several values an epoch, else 0")
               .arg(kUsualSmoothing));
  smoothing_->setRange(kAsUsual, kMostSmoothing);
  smoothing_->setSingleStep(kSmoothingStep);
  smoothing_->setSpecialValueText(tr("usual"));
  smoothing_->setValue(kAsUsual);
  auto* label = new QLabel(tr("S&moothing"));
  label->setBuddy(smoothing_);
  row->addSpacing(6);
  row->addWidget(label);
  row->addWidget(smoothing_);
  row->addStretch(1);
  return tools;
}

QRectF CurvesView::area() const {
  return QRectF(rect()).adjusted(0, tools_->sizeHint().height(), 0, 0);
}

void CurvesView::showCurves(CurveDataPtr curves) {
  curves_ = std::move(curves);
  parts_->setAvailable(kAllCurves, !curves_->runs.empty());
  for (const CurvePart part : {CurvePart::loss, CurvePart::accuracy, CurvePart::gradientNorm,
                               CurvePart::stepNorm, CurvePart::rate, CurvePart::smad}) {
    parts_->setAvailable(idOf(part), curves_->has(part));
  }
  rebuild();
}

void CurvesView::showLandscape(const ShownLandscape& /*shown*/, const LandscapeStyle& style) {
  if (style_.theme != style.theme) {
    style_.theme = style.theme;
    rebuild();
  }
}

void CurvesView::resetView() {
  setAxis(CurveAxis::step);
  setSmoothing(std::nullopt);
  setLogarithmic(false);
  setPart(std::nullopt);
}

void CurvesView::setPart(std::optional<CurvePart> part) {
  part_ = part;
  parts_->choose(idOf(part_));
  rebuild();
}

void CurvesView::setLogarithmic(bool logarithmic) {
  const QSignalBlocker quiet(logarithmic_);
  logarithmic_->setChecked(logarithmic);
  style_.logarithmic = logarithmic;
  rebuild();
}

void CurvesView::setAxis(CurveAxis axis) {
  const QSignalBlocker quiet(epochs_);
  epochs_->setChecked(axis == CurveAxis::epoch);
  style_.axis = axis;
  rebuild();
}

void CurvesView::setSmoothing(std::optional<double> smoothing) {
  const QSignalBlocker quiet(smoothing_);
  smoothing_->setValue(smoothing.value_or(kAsUsual));
  style_.smoothing = smoothing;
  rebuild();
}

std::optional<QPointF> CurvesView::positionOf(const CurveHit& hit) const {
  return figure_ ? figure_->positionOf(area(), hit) : std::nullopt;
}

void CurvesView::rebuild() {
  figure_.reset();
  const auto parts = part_ && curves_->has(*part_) ? std::vector{*part_} : curves_->parts();
  if (!parts.empty()) {
    figure_ = std::make_unique<CurveFigure>(curves_, parts, style_);
    figure_->setTextSize(fontInfo().pixelSize());
  }
  redraw();
}

void CurvesView::draw(QPainter& painter, const QRectF& area) {
  figure_->paint(painter, area);
}

QString CurvesView::emptyText() const {
  return figure_ ? QString() : tr("No run is in this project. Train some in the Training panel.");
}

void CurvesView::mouseMoveEvent(QMouseEvent* event) {
  const auto hit = figure_ ? figure_->hitAt(area(), event->position()) : std::nullopt;
  QString text;
  if (hit) {
    const QString average =
        hit->average
            ? tr(" (smoothed: %1)").arg(QString::fromStdString(formatNumber(*hit->average, 5)))
            : QString();
    text = tr("%1, step %2: %3 %4%5%6")
               .arg(QString::fromStdString(curves_->runs[hit->run].name))
               .arg(hit->step)
               .arg(curveTitle(hit->part).toLower(),
                    QString::fromStdString(formatNumber(hit->value, 5)),
                    hit->heldOut ? tr(" on samples held out") : QString(), average);
  }
  Q_EMIT probed(text);
}

void CurvesView::leaveEvent(QEvent* event) {
  Q_EMIT probed({});
  PaintedView::leaveEvent(event);
}

}  // namespace tarn::ui
