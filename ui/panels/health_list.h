#pragma once

#include <QWidget>
#include <optional>
#include <vector>

#include "topology/analysis/health.h"

class QVBoxLayout;

namespace tarn::ui {

/// What is wrong with a grid: how much it matters, what it is, what to do; and the offer to show
/// the grid with its serpentine shift undone, or again as it was read.
class HealthList : public QWidget {
  Q_OBJECT

 public:
  explicit HealthList(QWidget* parent = nullptr);

  /// `repaired`: the findings are those of the repaired grid.
  void showFindings(const std::vector<HealthFinding>& findings, bool repaired);
  /// Instead of findings.
  void showMessage(const QString& message);

 Q_SIGNALS:
  void repairRequested(bool repaired);

 private:
  void clear();
  void addFinding(const HealthFinding& finding);
  void addText(const QString& objectName, const QString& text, const QString& style = {});
  void addRepair(const QString& objectName, const QString& text, const QString& tip, bool repaired);

  struct Shown {
    std::vector<std::string> messages;
    bool repaired = false;
    bool operator==(const Shown&) const = default;
  };
  QVBoxLayout* column_;
  std::optional<Shown> shown_;  ///< none: a message is shown
};

}  // namespace tarn::ui
