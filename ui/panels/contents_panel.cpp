#include "ui/panels/contents_panel.h"

#include <QHeaderView>
#include <QSignalBlocker>

#include "ui/actions/action.h"
#include "ui/actions/icons.h"

namespace tarn::ui {
namespace {

constexpr int idRole = Qt::UserRole;
constexpr int kindRole = Qt::UserRole + 1;
const QString landscapeKind = QStringLiteral("landscape");
const QString spectrumKind = QStringLiteral("spectrum");
const QString runKind = QStringLiteral("run");

QString shapeText(const StoredLandscape& landscape) {
  QStringList lengths;
  for (const std::size_t length : landscape.shape()) {
    lengths += QString::number(length);
  }
  return lengths.join(QStringLiteral(" × "));
}

QString landscapeTitle(const StoredLandscape& landscape) {
  const QString name = QString::fromStdString(landscape.name);
  return name.isEmpty() ? ContentsPanel::tr("Landscape %1").arg(landscape.id)
                        : QStringLiteral("%1. %2").arg(landscape.id).arg(name);
}

QString runTitle(const StoredRun& run) {
  QString name = QString::fromStdString(run.name);
  if (name.isEmpty() && run.optimizer.is_object()) {
    name = QString::fromStdString(run.optimizer.value("name", std::string()));
  }
  return name.isEmpty() ? ContentsPanel::tr("Run %1").arg(run.id) : name;
}

QTreeWidgetItem* addGroup(QTreeWidget* tree, const QString& title) {
  auto* group = new QTreeWidgetItem(tree, {title});
  group->setFlags(Qt::ItemIsEnabled);
  group->setFirstColumnSpanned(true);
  group->setExpanded(true);
  return group;
}

}  // namespace

ContentsPanel::ContentsPanel(QWidget* parent) : QTreeWidget(parent) {
  describe(this, "contentsTree", tr("Contents"),
           tr("The landscapes, spectra and runs of the open project"));
  setToolTip({});
  setColumnCount(2);
  setHeaderHidden(true);
  setRootIsDecorated(false);
  setIndentation(12);
  setFrameShape(QFrame::NoFrame);
  header()->setStretchLastSection(false);
  header()->setSectionResizeMode(0, QHeaderView::Stretch);
  header()->setSectionResizeMode(1, QHeaderView::ResizeToContents);
  connect(this, &QTreeWidget::currentItemChanged, this,
          [this](QTreeWidgetItem* item, QTreeWidgetItem*) { choose(item); });
  connect(this, &QTreeWidget::itemChanged, this, [this](QTreeWidgetItem* item, int) {
    if (item->data(0, kindRole) != runKind) {
      return;
    }
    const auto id = static_cast<std::int64_t>(item->data(0, idRole).toLongLong());
    const bool changed = item->checkState(0) == Qt::Checked ? hiddenRuns_.erase(id) > 0
                                                            : hiddenRuns_.insert(id).second;
    if (changed) {
      Q_EMIT shownRunsChanged();
    }
  });
  clearContents();
}

void ContentsPanel::choose(QTreeWidgetItem* item) {
  if (item != nullptr && item->data(0, kindRole) == landscapeKind) {
    Q_EMIT landscapeChosen(static_cast<std::int64_t>(item->data(0, idRole).toLongLong()));
  } else if (item != nullptr && item->data(0, kindRole) == spectrumKind) {
    Q_EMIT spectrumChosen(static_cast<std::int64_t>(item->data(0, idRole).toLongLong()));
  }
}

void ContentsPanel::setContents(const std::vector<StoredLandscape>& landscapes,
                                const std::vector<SpectrumEntry>& spectra,
                                const std::vector<StoredRun>& runs) {
  const QSignalBlocker quiet(this);
  clear();
  auto* group = addGroup(this, landscapes.empty() ? tr("No landscape yet") : tr("Landscapes"));
  for (const StoredLandscape& landscape : landscapes) {
    QString state = shapeText(landscape);
    if (landscape.status() == LandscapeStatus::partial && landscape.tiles > 0) {
      state += tr(", %1 %").arg(100 * landscape.tilesPresent / landscape.tiles);
    }
    auto* item = new QTreeWidgetItem(group, {landscapeTitle(landscape), state});
    item->setIcon(0, themedIcon("landscape"));
    item->setData(0, idRole, static_cast<qlonglong>(landscape.id));
    item->setData(0, kindRole, landscapeKind);
    item->setToolTip(0, tr("Made %1").arg(QString::fromStdString(landscape.created)));
  }
  auto* spectrumGroup = spectra.empty() ? nullptr : addGroup(this, tr("Spectra"));
  for (const SpectrumEntry& spectrum : spectra) {
    const QString summary = QString::fromStdString(spectrum.summary);
    auto* item = new QTreeWidgetItem(
        spectrumGroup, {QStringLiteral("%1. %2").arg(spectrum.id).arg(summary), QString()});
    item->setIcon(0, themedIcon("spectrum"));
    item->setData(0, idRole, static_cast<qlonglong>(spectrum.id));
    item->setData(0, kindRole, spectrumKind);
    item->setToolTip(0, tr("%1\nMade %2").arg(summary, QString::fromStdString(spectrum.created)));
  }
  if (runs.empty()) {
    return;
  }
  auto* runGroup = addGroup(this, tr("Training runs"));
  for (const StoredRun& run : runs) {
    auto* item = new QTreeWidgetItem(runGroup, {runTitle(run), QString::fromStdString(run.status)});
    item->setData(0, idRole, static_cast<qlonglong>(run.id));
    item->setData(0, kindRole, runKind);
    item->setFlags(Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemIsUserCheckable);
    item->setCheckState(0, hiddenRuns_.contains(run.id) ? Qt::Unchecked : Qt::Checked);
    item->setToolTip(0, tr("Show this run's trajectory on the landscape"));
  }
}

void ContentsPanel::setSingle(const QString& title) {
  const QSignalBlocker quiet(this);
  clear();
  auto* group = addGroup(this, tr("Landscape"));
  auto* item = new QTreeWidgetItem(group, {title});
  item->setIcon(0, themedIcon("landscape"));
  setCurrentItem(item);
}

void ContentsPanel::clearContents() {
  const QSignalBlocker quiet(this);
  clear();
  hiddenRuns_.clear();
  addGroup(this, tr("Nothing is open"));
}

void ContentsPanel::markShown(std::int64_t landscape) {
  const QSignalBlocker quiet(this);
  for (QTreeWidgetItemIterator it(this); *it != nullptr; ++it) {
    if ((*it)->data(0, kindRole) == landscapeKind &&
        (*it)->data(0, idRole).toLongLong() == landscape) {
      setCurrentItem(*it);
    }
  }
}

std::set<std::int64_t> ContentsPanel::shownRuns() const {
  std::set<std::int64_t> shown;
  for (QTreeWidgetItemIterator it(const_cast<ContentsPanel*>(this)); *it != nullptr; ++it) {
    if ((*it)->data(0, kindRole) == runKind && (*it)->checkState(0) == Qt::Checked) {
      shown.insert(static_cast<std::int64_t>((*it)->data(0, idRole).toLongLong()));
    }
  }
  return shown;
}

}  // namespace tarn::ui
