#include "ui/panels/runs_panel.h"

#include <QHeaderView>
#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>
#include <vector>

#include "engine/tasks/optimizer_text.h"
#include "ui/actions/action.h"
#include "ui/scene/height_map.h"

namespace tarn::ui {
namespace {

/// A cell that is sorted by its number, those without one last.
class NumberItem : public QTableWidgetItem {
 public:
  NumberItem(std::optional<double> number, const QString& text)
      : QTableWidgetItem(text), number_(number.value_or(INFINITY)) {
    if (std::isnan(number_)) {
      number_ = INFINITY;
    }
    setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
  }
  bool operator<(const QTableWidgetItem& other) const override {
    const auto* number = dynamic_cast<const NumberItem*>(&other);
    return number != nullptr ? number_ < number->number_ : QTableWidgetItem::operator<(other);
  }

 private:
  double number_;
};

QTableWidgetItem* numberItem(const std::optional<double>& number) {
  const bool known = number && std::isfinite(*number);
  return new NumberItem(
      number, known ? QString::fromStdString(formatNumber(*number, 4)) : QStringLiteral("–"));
}

QString statusOf(const ComparedRun& run) {
  return run.divergedAt ? RunsPanel::tr("diverged at %1").arg(*run.divergedAt)
                        : QString::fromStdString(run.run.status);
}

}  // namespace

RunsPanel::RunsPanel(QWidget* parent) : QTableWidget(parent) {
  describe(this, "runsTable", tr("Runs"),
           tr("The runs of the project side by side; click a heading to sort"));
  setToolTip({});
  const std::vector<std::pair<QString, QString>> columns{
      {tr("Run"), tr("Its number in the project")},
      {tr("Optimizer"), tr("With the options that were given")},
      {tr("Status"), {}},
      {tr("Steps"), tr("Up to its last good snapshot")},
      {tr("Time"), tr("Seconds that its training took in the engine")},
      {tr("Loss"), tr("At its end, exact over the training samples")},
      {tr("Best"), tr("The lowest loss of its snapshots")},
      {tr("Accuracy"), tr("At its end")},
      {tr("Held out"), tr("The loss at its end on the samples held out")},
      {tr("Held-out accuracy"), tr("At its end, on the samples held out")},
      {tr("SMAD"), tr("Of the loss around its last snapshot where it was measured")},
      {tr("Distance"), tr("From its start to its end: ‖θ_T − θ_0‖")},
      {tr("In plane"), tr("The part of its motion that lies in the landscape's plane")},
      {tr("Off plane"), tr("How far from the landscape's plane it ends")},
      {tr("Loss on plane"), tr("What the landscape says below its end; compare it with the loss")}};
  setColumnCount(static_cast<int>(columns.size()));
  for (int i = 0; i < columnCount(); ++i) {
    auto* heading = new QTableWidgetItem(columns[static_cast<std::size_t>(i)].first);
    heading->setToolTip(columns[static_cast<std::size_t>(i)].second);
    setHorizontalHeaderItem(i, heading);
  }
  verticalHeader()->hide();
  setEditTriggers(NoEditTriggers);
  setSelectionBehavior(SelectRows);
  setAlternatingRowColors(true);
  setFrameShape(QFrame::NoFrame);
  setMinimumHeight(60);
}

void RunsPanel::showRuns(const RunComparison& comparison) {
  setSortingEnabled(false);
  setRowCount(static_cast<int>(comparison.runs.size()));
  for (int row = 0; row < rowCount(); ++row) {
    const ComparedRun& run = comparison.runs[static_cast<std::size_t>(row)];
    const auto onPlane = [&](double EndOnPlane::* value) {
      return run.plane ? std::optional((*run.plane).*value) : std::nullopt;
    };
    int column = 0;
    const auto add = [&](QTableWidgetItem* item) { setItem(row, column++, item); };
    add(new NumberItem(static_cast<double>(run.run.id), QString::number(run.run.id)));
    add(new QTableWidgetItem(QString::fromStdString(optimizerText(run.run.optimizer))));
    add(new QTableWidgetItem(statusOf(run)));
    add(new NumberItem(static_cast<double>(run.steps), QString::number(run.steps)));
    for (const auto& number :
         {run.seconds, std::optional(run.finalLoss), std::optional(run.bestLoss), run.accuracy,
          run.validationLoss, run.validationAccuracy, run.smad, std::optional(run.distance),
          onPlane(&EndOnPlane::explainedVariance), onPlane(&EndOnPlane::offPlane),
          onPlane(&EndOnPlane::lossOnPlane)}) {
      add(numberItem(number));
    }
  }
  const bool heldOut = std::ranges::any_of(
      comparison.runs, [](const ComparedRun& run) { return run.validationLoss.has_value(); });
  const bool smad = std::ranges::any_of(
      comparison.runs, [](const ComparedRun& run) { return run.smad.has_value(); });
  const bool plane = comparison.landscape.has_value();
  for (int i = 0; i < columnCount(); ++i) {
    setColumnHidden(i,
                    (!heldOut && (i == 8 || i == 9)) || (!smad && i == 10) || (!plane && i >= 12));
  }
  setSortingEnabled(true);
  sortByColumn(0, Qt::AscendingOrder);
  resizeColumnsToContents();
}

}  // namespace tarn::ui
