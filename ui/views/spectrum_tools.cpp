#include "ui/views/spectrum_tools.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QSignalBlocker>
#include <QToolButton>
#include <algorithm>

#include "ui/actions/action.h"
#include "ui/actions/icons.h"
#include "ui/views/part_chooser.h"

namespace tarn::ui {
namespace {

constexpr int kAllParts = -2;  // −1 is no id of a button group

int idOf(std::optional<SpectrumPart> part) {
  return part ? static_cast<int>(*part) : kAllParts;
}

}  // namespace

SpectrumTools::SpectrumTools(QWidget* parent)
    : QWidget(parent),
      parts_(
          new PartChooser("spectrumPart", tr("Part"), tr("Which part of the spectrum is shown"))),
      logarithmic_(new QToolButton),
      layers_(new QComboBox),
      sample_(new QToolButton) {
  setObjectName("spectrumTools");
  setAutoFillBackground(true);
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(4, 2, 4, 2);
  row->setSpacing(2);
  parts_->add("spectrumAll", tr("All"), tr("Everything that was computed, side by side"),
              kAllParts);
  const auto add = [&](const char* objectName, const QString& text, const QString& tip,
                       SpectrumPart part) { parts_->add(objectName, text, tip, idOf(part)); };
  add("spectrumEigenvalues", tr("Eigenvalues"), tr("The leading eigenvalues and their residuals"),
      SpectrumPart::eigenvalues);
  add("spectrumDensity", tr("Density"), tr("How all eigenvalues are distributed"),
      SpectrumPart::density);
  add("spectrumLayers", tr("Layers"),
      tr("Trace, mean curvature and largest eigenvalue of every layer"), SpectrumPart::layers);
  add("spectrumWeights", tr("Weights"),
      tr("The spectrum of a layer's weights, and what is fitted to it"), SpectrumPart::weights);
  add("spectrumBatches", tr("Batches"),
      tr("The largest eigenvalue of batches and halves of the data"), SpectrumPart::batches);
  row->addWidget(parts_);
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

  connect(parts_, &PartChooser::chosen, this, [this](int id) {
    Q_EMIT partChosen(id == kAllParts ? std::nullopt
                                      : std::optional(static_cast<SpectrumPart>(id)));
  });
  connect(logarithmic_, &QToolButton::toggled, this, &SpectrumTools::logarithmicChosen);
  connect(layers_, &QComboBox::activated, this,
          [this] { Q_EMIT layerChosen(layers_->currentData().toString().toStdString()); });
  connect(sample_, &QToolButton::clicked, this, &SpectrumTools::samplingChosen);
}

void SpectrumTools::offer(const SpectrumData* spectrum) {
  const auto parts = spectrum != nullptr ? spectrum->parts() : std::vector<SpectrumPart>();
  parts_->setAvailable(kAllParts, !parts.empty());
  for (const SpectrumPart part :
       {SpectrumPart::eigenvalues, SpectrumPart::density, SpectrumPart::layers,
        SpectrumPart::weights, SpectrumPart::batches}) {
    parts_->setAvailable(idOf(part), std::ranges::find(parts, part) != parts.end());
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
  parts_->choose(idOf(part));
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
