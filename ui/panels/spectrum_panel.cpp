#include "ui/panels/spectrum_panel.h"

#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSpinBox>

#include "ui/actions/action.h"
#include "ui/actions/icons.h"
#include "ui/panels/field.h"

namespace tarn::ui {
namespace {

constexpr int kMostPairs = 10'000;  // the engine's own bound

}  // namespace

SpectrumPanel::SpectrumPanel(QWidget* parent)
    : QWidget(parent),
      top_(new QSpinBox),
      bottom_(new QSpinBox),
      tolerance_(new QLineEdit("1e-3")),
      start_(new QPushButton(themedIcon("spectrum"), tr("&Compute spectrum"))) {
  setObjectName("spectrumPanel");
  describe(top_, "spectrumTop", tr("Largest"), tr("How many of the largest eigenvalues"));
  describe(bottom_, "spectrumBottom", tr("Smallest"), tr("How many of the smallest eigenvalues"));
  describe(tolerance_, "spectrumTolerance", tr("Tolerance"),
           tr("The residual ‖Hv − λv‖ up to which an eigenvalue counts as found, relative to it"));
  describe(start_, "spectrumStart", tr("Compute spectrum"),
           tr("Compute the spectrum of the loss at the model. It is kept in the project that the "
              "Sampling panel names"));
  for (QSpinBox* box : {top_, bottom_}) {
    box->setRange(0, kMostPairs);
  }
  top_->setValue(10);

  auto* form = makeForm();
  setLayout(form);
  const auto add = [&](const QString& label, QWidget* input) {
    auto* field = new Field(input);
    form->addRow(label, field);
    static_cast<QLabel*>(form->labelForField(field))->setBuddy(input);
    return field;
  };
  add(tr("&Largest"), top_);
  bottomField_ = add(tr("S&mallest"), bottom_);
  toleranceField_ = add(tr("T&olerance"), tolerance_);
  form->addRow(start_);
  connect(start_, &QPushButton::clicked, this, &SpectrumPanel::startRequested);
}

std::optional<SpectrumRequest> SpectrumPanel::request() {
  SpectrumRequest request;
  request.top = top_->value();
  request.bottom = bottom_->value();
  bool isNumber = false;
  request.tolerance = tolerance_->text().trimmed().toDouble(&isNumber);
  const bool tolerable = isNumber && request.tolerance >= 1e-12 && request.tolerance <= 1.0;
  toleranceField_->setProblem(tolerable ? QString()
                                        : tr("A number from 1e-12 to 1, such as 1e-3."));
  const bool something = request.top + request.bottom > 0;
  bottomField_->setProblem(something ? QString() : tr("Ask for at least one eigenvalue."));
  return tolerable && something ? std::optional(request) : std::nullopt;
}

void SpectrumPanel::setRunning(bool running) {
  start_->setEnabled(!running);
}

}  // namespace tarn::ui
