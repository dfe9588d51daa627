#pragma once

#include <QTreeWidget>
#include <set>
#include <vector>

#include "engine/project/records.h"

namespace tarn::ui {

/// A spectrum of a project, as a list names it.
struct SpectrumEntry {
  std::int64_t id = 0;
  std::string created;
  std::string summary;
};

/// The landscapes, spectra and runs of the open project: choosing a landscape or a spectrum shows
/// it, the box beside a run shows its trajectory.
class ContentsPanel : public QTreeWidget {
  Q_OBJECT

 public:
  explicit ContentsPanel(QWidget* parent = nullptr);

  void setContents(const std::vector<StoredLandscape>& landscapes,
                   const std::vector<SpectrumEntry>& spectra, const std::vector<StoredRun>& runs);
  /// A file that holds one landscape.
  void setSingle(const QString& title);
  void clearContents();
  /// Marks a landscape as the one shown, without asking for it.
  void markShown(std::int64_t landscape);
  std::set<std::int64_t> shownRuns() const;

 Q_SIGNALS:
  void landscapeChosen(std::int64_t id);
  void spectrumChosen(std::int64_t id);
  void shownRunsChanged();

 private:
  void choose(QTreeWidgetItem* item);

  std::set<std::int64_t> hiddenRuns_;
};

}  // namespace tarn::ui
