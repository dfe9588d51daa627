#include "ui/panels/spectrum_panel.h"

#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSpinBox>
#include <QVBoxLayout>

#include "ui/actions/action.h"
#include "ui/actions/icons.h"
#include "ui/panels/field.h"
#include "ui/panels/sampling_plan.h"

namespace tarn::ui {
namespace {

constexpr int kMostPairs = 10'000;  // the engine's own bounds
constexpr int kMostSplits = 1000;
constexpr int kLargestBatch = 1 << 30;

}  // namespace

SpectrumPanel::SpectrumPanel(QWidget* parent)
    : QWidget(parent),
      top_(new QSpinBox),
      bottom_(new QSpinBox),
      tolerance_(new QLineEdit("1e-3")),
      operator_(new QComboBox),
      method_(new QComboBox),
      splits_(new QSpinBox),
      inflation_(new QLineEdit),
      density_(new QCheckBox(tr("&Density of all eigenvalues"))),
      layers_(new QCheckBox(tr("Traces and eigenvalues of the la&yers"))),
      weights_(new QCheckBox(tr("Spectra of the &weights"))),
      start_(new QPushButton(themedIcon("spectrum"), tr("&Compute spectrum"))) {
  setObjectName("spectrumPanel");
  describe(top_, "spectrumTop", tr("Largest"), tr("How many of the largest eigenvalues"));
  describe(bottom_, "spectrumBottom", tr("Smallest"), tr("How many of the smallest eigenvalues"));
  describe(tolerance_, "spectrumTolerance", tr("Tolerance"),
           tr("The residual ‖Hv − λv‖ up to which an eigenvalue counts as found, relative to it"));
  describe(start_, "spectrumStart", tr("Compute spectrum"),
           tr("Compute the spectrum of the loss at the model. It is kept in the project that the "
              "Sampling panel names"));
  describe(operator_, "spectrumOperator", tr("Matrix"),
           tr("The Hessian of the loss, or its generalized Gauss-Newton part"));
  operator_->addItem(tr("Hessian"), "hessian");
  operator_->addItem(tr("Gauss–Newton"), "gauss-newton");
  describe(method_, "spectrumMethod", tr("Method"),
           tr("Lanczos takes the fewest products. Chebyshev takes 5 to 10 times as many and finds "
              "every copy of an eigenvalue that comes several times"));
  method_->addItem(tr("Lanczos"), "lanczos");
  method_->addItem(tr("Chebyshev"), "chebyshev");
  describe(splits_, "spectrumSplits", tr("Halves of the data"),
           tr("Compare the Hessians of two random halves of the data, with so many of their "
              "leading eigenvectors; three times the products that so many pairs take"));
  splits_->setRange(0, kMostSplits);
  splits_->setSpecialValueText(tr("not compared"));
  describe(inflation_, "spectrumInflation", tr("Batches"),
           tr("Batch sizes, such as 8,32,128, whose largest eigenvalue is compared with that of "
              "all data, over 8 random batches of each; at most 60 products a batch"));
  inflation_->setPlaceholderText(tr("not compared"));
  describe(density_, "spectrumWithDensity", tr("Density"),
           tr("By stochastic Lanczos quadrature, with its trace and what stands out of the bulk"));
  describe(layers_, "spectrumWithLayers", tr("Layers"),
           tr("Trace, mean curvature and largest eigenvalue of every layer's own block"));
  describe(weights_, "spectrumWithWeights", tr("Weights"),
           tr("Eigenvalues of every weight matrix, and the power laws that fit them"));
  for (QSpinBox* box : {top_, bottom_}) {
    box->setRange(0, kMostPairs);
  }
  top_->setValue(10);

  auto* form = makeForm();
  const auto add = [&](const QString& label, QWidget* input) {
    auto* field = new Field(input);
    form->addRow(label, field);
    static_cast<QLabel*>(form->labelForField(field))->setBuddy(input);
    return field;
  };
  add(tr("M&atrix"), operator_);
  add(tr("&Largest"), top_);
  bottomField_ = add(tr("S&mallest"), bottom_);
  toleranceField_ = add(tr("T&olerance"), tolerance_);
  add(tr("Met&hod"), method_);
  add(tr("Hal&ves"), splits_);
  inflationField_ = add(tr("&Batches"), inflation_);
  for (QCheckBox* box : {density_, layers_, weights_}) {
    form->addRow(box);
  }
  auto* below = new QVBoxLayout;
  below->addWidget(start_);
  layOutPanel(this, form, below);
  connect(start_, &QPushButton::clicked, this, &SpectrumPanel::startRequested);
}

std::optional<SpectrumRequest> SpectrumPanel::request() {
  SpectrumRequest request;
  request.top = top_->value();
  request.bottom = bottom_->value();
  request.matrix = operator_->currentData().toString().toStdString();
  request.density = density_->isChecked();
  request.bulk = request.density ? "gap" : "";
  request.perLayer = layers_->isChecked();
  request.layerEigenvalues = layers_->isChecked();
  request.trace = request.density || request.perLayer ? "hutchinson" : "";
  request.weights = weights_->isChecked();
  bool isNumber = false;
  request.tolerance = tolerance_->text().trimmed().toDouble(&isNumber);
  const bool tolerable = isNumber && request.tolerance >= 1e-12 && request.tolerance <= 1.0;
  toleranceField_->setProblem(tolerable ? QString()
                                        : tr("A number from 1e-12 to 1, such as 1e-3."));
  request.method = method_->currentData().toString().toStdString();
  request.splits = splits_->value();
  bool batches = true;
  inflationField_->setProblem(QString());
  if (!inflation_->text().trimmed().isEmpty()) {
    try {
      const auto sizes = wholeNumbers(inflation_->text(), 1, kLargestBatch);
      request.inflation.assign(sizes.begin(), sizes.end());
    } catch (const Error& error) {
      inflationField_->setProblem(error);
      batches = false;
    }
  }
  const bool something = request.top + request.bottom + request.splits > 0 || request.density ||
                         request.perLayer || request.weights || !request.inflation.empty();
  bottomField_->setProblem(something ? QString()
                                     : tr("Ask for at least one eigenvalue, or for one "
                                          "of the choices below."));
  return tolerable && batches && something ? std::optional(request) : std::nullopt;
}

void SpectrumPanel::setRunning(bool running) {
  start_->setEnabled(!running);
}

}  // namespace tarn::ui
