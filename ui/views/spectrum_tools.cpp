#include "ui/views/spectrum_tools.h"

#include <QButtonGroup>
#include <QComboBox>
#include <QHBoxLayout>
#include <QSignalBlocker>
#include <QToolButton>
#include <algorithm>

#include "ui/actions/action.h"
#include "ui/actions/icons.h"

namespace tarn::ui {
namespace {

constexpr int kAllParts = -2;  // −1 is no id of a button group

int idOf(std::optional<SpectrumPart> part) {
  return part ? static_cast<int>(*part) : kAllParts;
}

}  // namespace

SpectrumTools::SpectrumTools(QWidget* parent)
    : QWidget(parent),
      parts_(new QButtonGroup(this)),
      logarithmic_(new QToolButton),
      layers_(new QComboBox),
      sample_(new QToolButton) {
  setObjectName("spectrumTools");
  setAutoFillBackground(true);
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(4, 2, 4, 2);
  row->setSpacing(2);
  row->addWidget(addPart("spectrumAll", tr("All"), tr("Everything that was computed, side by side"),
                         kAllParts));
  row->addWidget(addPart("spectrumEigenvalues", tr("Eigenvalues"),
                         tr("The leading eigenvalues and their residuals"),
                         idOf(SpectrumPart::eigenvalues)));
  row->addWidget(addPart("spectrumDensity", tr("Density"),
                         tr("How all eigenvalues are distributed"), idOf(SpectrumPart::density)));
  row->addWidget(addPart("spectrumLayers", tr("Layers"),
                         tr("Trace, mean curvature and largest eigenvalue of every layer"),
                         idOf(SpectrumPart::layers)));
  row->addWidget(addPart("spectrumWeights", tr("Weights"),
                         tr("The spectrum of a layer's weights, and what is fitted to it"),
                         idOf(SpectrumPart::weights)));
  row->addWidget(addPart("spectrumBatches", tr("Batches"),
                         tr("The largest eigenvalue of batches and halves of the data"),
                         idOf(SpectrumPart::batches)));
  describe(logarithmic_, "spectrumLog", tr("Logarithmic eigenvalues"),
           tr("Eigenvalues on a logarithmic axis, positive and negative ones"));
  logarithmic_->setIcon(themedIcon("log"));
  logarithmic_->setCheckable(true);
  logarithmic_->setAutoRaise(true);
  describe(layers_, "spectrumLayer", tr("Layer"), tr("Whose weights are shown"));
  layers_->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
  layers_->setMinimumContentsLength(6);
  describe(sample_, "spectrumSample", tr("Sample along these"), {});
  sample_->setIcon(themedIcon("landscape"));
  sample_->setAutoRaise(true);
  row->addWidget(logarithmic_);
  row->addWidget(layers_);
  row->addStretch(1);
  row->addWidget(sample_);
  showPart(std::nullopt);
  offer(nullptr);

  connect(parts_, &QButtonGroup::idClicked, this, [this](int id) {
    Q_EMIT partChosen(id == kAllParts ? std::nullopt
                                      : std::optional(static_cast<SpectrumPart>(id)));
  });
  connect(logarithmic_, &QToolButton::toggled, this, &SpectrumTools::logarithmicChosen);
  connect(layers_, &QComboBox::activated, this,
          [this] { Q_EMIT layerChosen(layers_->currentData().toString().toStdString()); });
  connect(sample_, &QToolButton::clicked, this, &SpectrumTools::samplingChosen);
}

QToolButton* SpectrumTools::addPart(const char* objectName, const QString& text, const QString& tip,
                                    int id) {
  auto* button = new QToolButton;
  describe(button, objectName, text, tip);
  button->setText(text);
  button->setCheckable(true);
  button->setAutoRaise(true);
  parts_->addButton(button, id);
  return button;
}

void SpectrumTools::offer(const SpectrumData* spectrum) {
  const auto parts = spectrum != nullptr ? spectrum->parts() : std::vector<SpectrumPart>();
  for (QAbstractButton* button : parts_->buttons()) {
    const int id = parts_->id(button);
    const bool there = std::ranges::any_of(parts, [&](auto part) { return idOf(part) == id; });
    button->setEnabled(id == kAllParts ? !parts.empty() : there);
  }
  const QSignalBlocker quiet(layers_);
  layers_->clear();
  for (const WeightSpectrum& weight :
       spectrum != nullptr ? spectrum->weights : std::vector<WeightSpectrum>()) {
    const QString title = QString::fromStdString(weight.title());
    layers_->addItem(title, title);
  }
  layers_->setVisible(layers_->count() > 1);
  logarithmic_->setEnabled(!parts.empty());
}

void SpectrumTools::showPart(std::optional<SpectrumPart> part) {
  parts_->button(idOf(part))->setChecked(true);
}

void SpectrumTools::showLogarithmic(bool logarithmic) {
  const QSignalBlocker quiet(logarithmic_);
  logarithmic_->setChecked(logarithmic);
}

void SpectrumTools::showLayer(const std::string& layer) {
  const QSignalBlocker quiet(layers_);
  layers_->setCurrentIndex(std::max(0, layers_->findData(QString::fromStdString(layer))));
}

void SpectrumTools::showSampling(bool possible, const QString& tip) {
  sample_->setEnabled(possible);
  sample_->setToolTip(tip);
  sample_->setStatusTip(tip);
  sample_->setAccessibleDescription(tip);
}

}  // namespace tarn::ui
