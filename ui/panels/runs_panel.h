#pragma once

#include <QTableWidget>

#include "engine/tasks/run_comparison.h"

namespace tarn::ui {

/// The runs of a project side by side, as `tarn compare --runs` prints them: one row a run, sorted
/// by any column.
class RunsPanel : public QTableWidget {
  Q_OBJECT

 public:
  explicit RunsPanel(QWidget* parent = nullptr);
  void showRuns(const RunComparison& comparison);
};

}  // namespace tarn::ui
