#include "ui/views/persistence_tools.h"

#include <QButtonGroup>
#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QSignalBlocker>
#include <QToolButton>

#include "ui/actions/action.h"
#include "ui/actions/icons.h"
#include "ui/views/threshold_box.h"

namespace tarn::ui {

PersistenceTools::PersistenceTools(QWidget* parent)
    : QWidget(parent),
      plots_(new QButtonGroup(this)),
      threshold_(new ThresholdBox),
      counts_(new QLabel) {
  setObjectName("persistenceTools");
  setAutoFillBackground(true);
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(4, 2, 4, 2);
  row->setSpacing(4);
  const auto addPlot = [&](PersistencePlot plot, const char* icon, const QString& objectName,
                           const QString& name, const QString& tip) {
    auto* button = new QToolButton;
    describe(button, objectName, name, tip);
    button->setIcon(themedIcon(icon));
    button->setCheckable(true);
    button->setAutoRaise(true);
    plots_->addButton(button, static_cast<int>(plot));
    row->addWidget(button);
  };
  addPlot(PersistencePlot::barcode, "barcode", "persistenceBarcode", tr("Barcode"),
          tr("A bar from birth to death for each class"));
  addPlot(PersistencePlot::diagram, "diagram", "persistenceDiagram", tr("Diagram"),
          tr("A point (birth, death) for each class"));
  auto* label = new QLabel(tr("Threshold"));
  label->setBuddy(threshold_);
  describe(threshold_, "persistenceThreshold", tr("Threshold of persistence"),
           tr("Minima that are no deeper are left out of tree, surface, contour plot and basins. "
              "0: none is"));
  auto* automatic = new QToolButton;
  describe(automatic, "persistenceAuto", tr("Automatic threshold"),
           tr("Twice the rounding of the values: what is no deeper is no feature"));
  automatic->setText(tr("Auto"));
  automatic->setAutoRaise(true);
  counts_->setObjectName("persistenceCounts");
  counts_->setTextFormat(Qt::PlainText);
  // It is the first to give way in a narrow view.
  counts_->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
  row->addWidget(label);
  row->addWidget(threshold_);
  row->addWidget(automatic);
  row->addWidget(counts_, 1);
  showPlot(PersistencePlot::barcode);

  connect(plots_, &QButtonGroup::idClicked, this,
          [this](int id) { Q_EMIT plotChosen(static_cast<PersistencePlot>(id)); });
  connect(threshold_, &QDoubleSpinBox::valueChanged, this, &PersistenceTools::thresholdChosen);
  connect(automatic, &QToolButton::clicked, this, &PersistenceTools::automaticChosen);
}

void PersistenceTools::showPlot(PersistencePlot plot) {
  plots_->button(static_cast<int>(plot))->setChecked(true);
}

void PersistenceTools::showThreshold(double threshold) {
  const QSignalBlocker quiet(threshold_);
  threshold_->setValue(threshold);
}

void PersistenceTools::setDeepest(double deepest) {
  threshold_->setDeepest(deepest);
}

void PersistenceTools::showCounts(std::size_t left, std::size_t all) {
  const auto text = [](std::size_t count) {
    return QLocale().toString(static_cast<qulonglong>(count));
  };
  counts_->setText(all == 1      ? tr("1 minimum")
                   : left == all ? tr("%1 minima").arg(text(all))
                                 : tr("%1 of %2 minima").arg(text(left), text(all)));
}

void PersistenceTools::clearCounts() {
  counts_->clear();
}

}  // namespace tarn::ui
