#pragma once

#include <QWidget>
#include <nlohmann/json.hpp>

#include "topology/analysis/analysis.h"
#include "ui/panels/vertex_facts.h"

class QComboBox;
class QFormLayout;
class QGroupBox;
class QLabel;
class QTreeWidget;
class QVBoxLayout;

namespace tarn::ui {

/// What the shown landscape is, measured: SMAD, counts, health, where it came from, and the vertex
/// that is selected.
class InspectorPanel : public QWidget {
  Q_OBJECT

 public:
  explicit InspectorPanel(QWidget* parent = nullptr);

  /// `note` says what the numbers below do not: a preliminary grid, say.
  void showLandscape(const QString& title, const std::vector<Fact>& facts, const QString& note);
  void showAnalysis(const Analysis& analysis);
  /// Numbers that are no longer those of what is shown go; the message takes their place.
  void clearAnalysis(const QString& message);
  void showSelection(const std::vector<Fact>& facts);
  void showProvenance(const nlohmann::json& provenance);
  void clear();

  Connectivity connectivity() const;

 Q_SIGNALS:
  void connectivityChanged();

 private:
  QGroupBox* addGroup(QVBoxLayout* column, const QString& objectName, const QString& title);
  void setFacts(QFormLayout* form, const std::vector<Fact>& facts);

  QLabel* title_;
  QLabel* note_;
  QComboBox* connectivity_;
  QFormLayout* facts_;
  QFormLayout* smad_;
  QFormLayout* selection_;
  QLabel* health_;
  QTreeWidget* provenance_;
};

}  // namespace tarn::ui
