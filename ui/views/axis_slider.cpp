#include "ui/views/axis_slider.h"

#include <QFontMetrics>
#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QSignalBlocker>
#include <QSlider>
#include <QStyle>
#include <algorithm>

#include "ui/actions/action.h"
#include "ui/scene/height_map.h"

namespace tarn::ui {
namespace {

/// A text that is shortened in its middle where there is no room for it.
class ShortenedLabel : public QLabel {
 public:
  QSize minimumSizeHint() const override {
    return {fontMetrics().averageCharWidth() * 7, QLabel::minimumSizeHint().height()};
  }

 protected:
  void paintEvent(QPaintEvent* /*event*/) override {
    QPainter painter(this);
    style()->drawItemText(&painter, contentsRect(), Qt::AlignLeft | Qt::AlignVCenter, palette(),
                          isEnabled(), fontMetrics().elidedText(text(), Qt::ElideMiddle, width()),
                          foregroundRole());
  }
};

QString coordinateText(double coordinate) {
  return QString::fromStdString(formatNumber(coordinate, 3));
}

}  // namespace

AxisSlider::AxisSlider(const QString& objectName, const QString& tip, QWidget* parent)
    : QWidget(parent),
      name_(new ShortenedLabel),
      slider_(new QSlider(Qt::Horizontal)),
      coordinate_(new QLabel) {
  setObjectName(objectName);
  describe(slider_, objectName + "Slider", {}, tip);
  slider_->setMinimumWidth(30);
  name_->setObjectName(objectName + "Name");
  name_->setBuddy(slider_);
  name_->setTextFormat(Qt::PlainText);
  coordinate_->setObjectName(objectName + "Coordinate");
  coordinate_->setTextFormat(Qt::PlainText);
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(6);
  row->addWidget(name_);
  row->addWidget(slider_, 1);
  row->addWidget(coordinate_);
  connect(slider_, &QSlider::valueChanged, this, [this](int index) {
    showCoordinate();
    Q_EMIT indexChosen(static_cast<std::size_t>(index));
  });
}

void AxisSlider::showPlace(const QString& name, const std::vector<double>& coordinates,
                           std::size_t index) {
  const QSignalBlocker quiet(slider_);
  if (name != slider_->accessibleName() || coordinates != coordinates_) {
    coordinates_ = coordinates;
    slider_->setAccessibleName(name);
    const QFontMetrics metrics(font());
    name_->setText(metrics.elidedText(name, Qt::ElideMiddle, metrics.averageCharWidth() * 20));
    name_->setToolTip(name);
    const int last = static_cast<int>(coordinates_.size()) - 1;
    slider_->setRange(0, last);
    slider_->setPageStep(std::max(1, last / 10));
    // The slider's length must not change while it is dragged.
    int widest = 0;
    for (const double coordinate : coordinates_) {
      widest = std::max(widest, metrics.horizontalAdvance(coordinateText(coordinate)));
    }
    coordinate_->setMinimumWidth(widest);
  }
  slider_->setValue(static_cast<int>(index));
  showCoordinate();
}

void AxisSlider::showCoordinate() {
  if (const auto index = static_cast<std::size_t>(slider_->value()); index < coordinates_.size()) {
    coordinate_->setText(coordinateText(coordinates_[index]));
  }
}

}  // namespace tarn::ui
