#pragma once

#include <QWidget>
#include <optional>

#include "ui/scene/spectrum_data.h"

class QComboBox;
class QToolButton;

namespace tarn::ui {

class PartChooser;

/// The controls over a spectrum: which part is shown, on what axis, whose weights, and a sampling
/// along the eigenvectors that are chosen.
class SpectrumTools : public QWidget {
  Q_OBJECT

 public:
  explicit SpectrumTools(QWidget* parent = nullptr);

  /// Offers what this spectrum has; null: nothing.
  void offer(const SpectrumData* spectrum);
  void showPart(std::optional<SpectrumPart> part);
  void showLogarithmic(bool logarithmic);
  void showLayer(const std::string& layer);
  /// What a sampling would run along, or why there can be none.
  void showSampling(bool possible, const QString& tip);

 Q_SIGNALS:
  void partChosen(std::optional<tarn::ui::SpectrumPart> part);
  void logarithmicChosen(bool logarithmic);
  void layerChosen(const std::string& layer);
  void samplingChosen();

 private:
  PartChooser* parts_;
  QToolButton* logarithmic_;
  QComboBox* layers_;
  QToolButton* sample_;
};

}  // namespace tarn::ui
