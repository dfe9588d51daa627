#include "ui/panels/health_list.h"

#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>
#include <utility>

#include "ui/actions/action.h"
#include "ui/actions/icons.h"
#include "ui/panels/finding_advice.h"

namespace tarn::ui {
namespace {

/// Okabe and Ito: told from the background in light and dark, and by the colour-blind.
QString severityStyle(Severity severity) {
  switch (severity) {
    case Severity::problem:
      return QStringLiteral("color: #d55e00; font-weight: bold");
    case Severity::caution:
      return QStringLiteral("color: #c98500; font-weight: bold");
    case Severity::note:
      break;
  }
  return QStringLiteral("font-weight: bold");
}

}  // namespace

HealthList::HealthList(QWidget* parent) : QWidget(parent), column_(new QVBoxLayout(this)) {
  setObjectName("inspectorHealth");
  setAccessibleName(tr("Grid health"));
  column_->setContentsMargins(0, 0, 0, 0);
  column_->setSpacing(2);
}

void HealthList::clear() {
  while (QLayoutItem* item = column_->takeAt(0)) {
    if (QWidget* widget = item->widget()) {
      // A button may be what asked for this.
      widget->hide();
      widget->deleteLater();
    }
    delete item;
  }
}

void HealthList::addText(const QString& objectName, const QString& text, const QString& style) {
  auto* label = new QLabel(text);
  label->setObjectName(objectName);
  label->setTextFormat(Qt::PlainText);
  label->setTextInteractionFlags(Qt::TextSelectableByMouse);
  label->setWordWrap(true);
  label->setMinimumWidth(60);
  label->setStyleSheet(style);
  column_->addWidget(label);
}

void HealthList::addRepair(const QString& objectName, const QString& text, const QString& tip,
                           bool repaired) {
  auto* button = new QPushButton(themedIcon("undo"), text);
  describe(button, objectName, text, tip);
  connect(button, &QPushButton::clicked, this,
          [this, repaired] { Q_EMIT repairRequested(repaired); });
  column_->addWidget(button);
}

void HealthList::addFinding(const HealthFinding& finding) {
  const FindingAdvice advice = adviceOn(finding);
  addText("healthSeverity", severityText(advice.severity), severityStyle(advice.severity));
  addText("healthMessage", QString::fromStdString(finding.message));
  if (!advice.remedy.isEmpty()) {
    addText("healthRemedy", QStringLiteral("→ ") + advice.remedy);
  }
  if (finding.code == "serpentine" && finding.repairable) {
    addRepair("healthRepair", tr("Undo serpentine shift"),
              tr("Show the landscape with its displaced lines moved back. The file stays as it is"),
              true);
  }
}

void HealthList::showFindings(const std::vector<HealthFinding>& findings, bool repaired) {
  Shown now{{}, repaired};
  for (const HealthFinding& finding : findings) {
    now.messages.push_back(finding.code + finding.message);
  }
  if (shown_ == now) {
    return;
  }
  clear();
  shown_ = std::move(now);
  if (repaired) {
    addText("healthRepaired",
            tr("Repaired: every second line is moved back by one step, and the step at the end "
               "that has no value is left out. The file is as it was."),
            severityStyle(Severity::caution));
    addRepair("healthUnrepair", tr("Show as it was read"),
              tr("Show the landscape with the lines where the file has them"), false);
  }
  for (const HealthFinding& finding : findings) {
    addFinding(finding);
  }
  if (findings.empty()) {
    addText("healthMessage", tr("Nothing to object to."));
  }
}

void HealthList::showMessage(const QString& message) {
  clear();
  shown_.reset();
  addText("healthMessage", message);
}

}  // namespace tarn::ui
