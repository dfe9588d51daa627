#pragma once

#include <QWidget>
#include <nlohmann/json.hpp>

#include "topology/analysis/health.h"
#include "topology/merge_tree/connectivity.h"
#include "ui/panels/vertex_facts.h"

class QComboBox;
class QLabel;
class QTreeWidget;

namespace tarn::ui {

class FactList;
class HealthList;

/// What the shown landscape is, measured: SMAD, counts, health, where it came from, and the vertex
/// that is selected.
class InspectorPanel : public QWidget {
  Q_OBJECT

 public:
  explicit InspectorPanel(QWidget* parent = nullptr);

  /// `note` says what the numbers below do not: a preliminary grid, say.
  void showLandscape(const QString& title, const std::vector<Fact>& facts, const QString& note);
  void showTopology(const std::vector<Fact>& facts);
  /// Of the spectrum that is shown; without facts there is none.
  void showSpectrum(const std::vector<Fact>& facts);
  /// `repaired`: what is shown, and these findings too, are of the repaired grid.
  void showHealth(const std::vector<HealthFinding>& findings, bool repaired);
  /// Numbers that are no longer those of what is shown go; the message takes their place.
  void clearAnalysis(const QString& message);
  void showSelection(const std::vector<Fact>& facts);
  void showProvenance(const nlohmann::json& provenance);
  void clear();

  Connectivity connectivity() const;

 Q_SIGNALS:
  void connectivityChanged();
  /// The grid is wanted with its serpentine shift undone, or as it was read.
  void repairRequested(bool repaired);

 private:
  QLabel* title_;
  QLabel* note_;
  QComboBox* connectivity_;
  FactList* facts_;
  FactList* topology_;
  FactList* selection_;
  FactList* spectrum_;
  HealthList* health_;
  QTreeWidget* provenance_;
};

}  // namespace tarn::ui
