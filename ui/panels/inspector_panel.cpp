#include "ui/panels/inspector_panel.h"

#include <QComboBox>
#include <QGroupBox>
#include <QHeaderView>
#include <QLabel>
#include <QScrollArea>
#include <QTreeWidget>
#include <QVBoxLayout>

#include "ui/actions/action.h"
#include "ui/panels/fact_list.h"
#include "ui/panels/health_list.h"

namespace tarn::ui {
namespace {

QString plain(const nlohmann::json& value) {
  return QString::fromStdString(value.is_string() ? value.get<std::string>() : value.dump());
}

void addJson(QTreeWidgetItem* parent, const nlohmann::json& value, int depth) {
  if (depth > 6 || !value.is_structured()) {
    return;
  }
  constexpr std::size_t mostRows = 200;
  std::size_t row = 0;
  for (const auto& [key, child] : value.items()) {
    if (++row > mostRows) {
      new QTreeWidgetItem(parent, {QStringLiteral("…"), QString()});
      break;
    }
    const bool small = !child.is_structured() ||
                       (child.is_array() && child.size() <= 8 && child.dump().size() < 60);
    auto* item = new QTreeWidgetItem(
        parent, {QString::fromStdString(key), small ? plain(child) : QString()});
    item->setToolTip(1, small ? plain(child) : QString());
    if (!small) {
      addJson(item, child, depth + 1);
    }
  }
}

}  // namespace

InspectorPanel::InspectorPanel(QWidget* parent)
    : QWidget(parent),
      title_(new QLabel),
      note_(new QLabel),
      connectivity_(new QComboBox),
      facts_(new FactList),
      topology_(new FactList),
      selection_(new FactList),
      spectrum_(new FactList),
      health_(new HealthList),
      provenance_(new QTreeWidget) {
  setObjectName("inspectorPanel");
  describe(connectivity_, "inspectorConnectivity", tr("Connectivity"),
           tr("Which grid points are neighbours: 2n along the axes, those of the Freudenthal "
              "triangulation, or all around. It changes what counts as a minimum"));
  connectivity_->addItem(tr("2n: neighbours along the axes"), "2n");
  connectivity_->addItem(tr("freudenthal: triangulated"), "freudenthal");
  connectivity_->addItem(tr("full: all points around"), "full");
  connectivity_->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
  connectivity_->setMinimumContentsLength(8);
  connect(connectivity_, &QComboBox::currentTextChanged, this,
          &InspectorPanel::connectivityChanged);
  connect(health_, &HealthList::repairRequested, this, &InspectorPanel::repairRequested);

  QFont bold = title_->font();
  bold.setBold(true);
  title_->setFont(bold);
  title_->setObjectName("inspectorTitle");
  note_->setObjectName("inspectorNote");
  for (QLabel* label : {title_, note_}) {
    label->setWordWrap(true);
    label->setTextFormat(Qt::PlainText);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    label->setMinimumWidth(60);
  }
  note_->setStyleSheet("color: #d55e00");

  auto* content = new QWidget;
  auto* column = new QVBoxLayout(content);
  column->setContentsMargins(8, 8, 8, 8);
  column->addWidget(title_);
  column->addWidget(note_);
  const auto addGroup = [&](const QString& objectName, const QString& title,
                            const std::vector<QWidget*>& parts) {
    auto* group = new QGroupBox(title);
    group->setObjectName(objectName);
    group->setAccessibleName(title);
    auto* inside = new QVBoxLayout(group);
    inside->setContentsMargins(8, 4, 8, 6);
    for (QWidget* part : parts) {
      inside->addWidget(part);
    }
    column->addWidget(group);
  };
  addGroup("inspectorSelection", tr("Selected"), {selection_});
  addGroup("inspectorSmad", tr("Topology"), {connectivity_, topology_});
  addGroup("inspectorHealthGroup", tr("Grid health"), {health_});
  addGroup("inspectorFacts", tr("Landscape"), {facts_});
  addGroup("inspectorSpectrum", tr("Spectrum"), {spectrum_});
  describe(provenance_, "inspectorProvenance", tr("Provenance"),
           tr("Everything that made this landscape: model, data, request, versions, plan"));
  provenance_->setHeaderHidden(true);
  provenance_->setColumnCount(2);
  provenance_->setMinimumHeight(150);
  provenance_->header()->setSectionResizeMode(0, QHeaderView::ResizeToContents);
  addGroup("inspectorProvenanceGroup", tr("Provenance"), {provenance_});
  column->addStretch(1);
  showSpectrum({});

  auto* scroll = new QScrollArea;
  scroll->setObjectName("inspectorScroll");
  scroll->setWidgetResizable(true);
  scroll->setFrameShape(QFrame::NoFrame);
  scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  scroll->setWidget(content);
  auto* outer = new QVBoxLayout(this);
  outer->setContentsMargins(0, 0, 0, 0);
  outer->addWidget(scroll);
  clear();
}

void InspectorPanel::showLandscape(const QString& title, const std::vector<Fact>& facts,
                                   const QString& note) {
  title_->setText(title);
  note_->setText(note);
  note_->setVisible(!note.isEmpty());
  facts_->setFacts(facts);
}

void InspectorPanel::showTopology(const std::vector<Fact>& facts) {
  topology_->setFacts(facts);
}

void InspectorPanel::showSpectrum(const std::vector<Fact>& facts) {
  spectrum_->setFacts(facts);
  spectrum_->parentWidget()->setVisible(!facts.empty());
}

void InspectorPanel::showHealth(const std::vector<HealthFinding>& findings, bool repaired) {
  health_->showFindings(findings, repaired);
}

void InspectorPanel::clearAnalysis(const QString& message) {
  topology_->setFacts({});
  health_->showMessage(message);
}

void InspectorPanel::showSelection(const std::vector<Fact>& facts) {
  if (facts.empty()) {
    selection_->setFacts({{tr("Nothing"), tr("Click a minimum, a saddle or a point in a view.")}});
  } else {
    selection_->setFacts(facts);
  }
}

void InspectorPanel::showProvenance(const nlohmann::json& provenance) {
  provenance_->clear();
  addJson(provenance_->invisibleRootItem(), provenance, 0);
  for (int i = 0; i < provenance_->topLevelItemCount(); ++i) {
    provenance_->topLevelItem(i)->setExpanded(provenance_->topLevelItem(i)->childCount() < 8);
  }
}

void InspectorPanel::clear() {
  showLandscape(tr("No landscape is shown"), {}, {});
  clearAnalysis(QStringLiteral("–"));
  showSelection({});
  provenance_->clear();
}

Connectivity InspectorPanel::connectivity() const {
  return connectivityFromString(connectivity_->currentData().toString().toStdString());
}

}  // namespace tarn::ui
