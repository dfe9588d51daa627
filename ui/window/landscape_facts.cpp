#include "ui/window/landscape_facts.h"

#include <QLocale>
#include <QObject>
#include <QStringList>
#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/tasks/projection.h"
#include "ui/window/workspace.h"

namespace tarn::ui {
namespace {

QString shapeText(const ScalarGrid& grid) {
  QStringList lengths;
  for (const std::size_t length : grid.shape()) {
    lengths += QString::number(length);
  }
  return lengths.join(QStringLiteral(" × "));
}

void addRange(std::vector<Fact>& facts, const ScalarGrid& grid) {
  double lowest = std::numeric_limits<double>::infinity();
  double highest = -lowest;
  for (const double value : grid.values()) {
    if (std::isfinite(value)) {
      lowest = std::min(lowest, value);
      highest = std::max(highest, value);
    }
  }
  facts.emplace_back(QObject::tr("Lowest"), numberText(lowest));
  facts.emplace_back(QObject::tr("Highest"), numberText(highest));
}

QString countText(std::size_t count) {
  return QLocale().toString(static_cast<qulonglong>(count));
}

/// "3 of 17", or "17" when that is all.
QString countText(std::size_t left, std::size_t all) {
  return left == all ? countText(all)
                     : QObject::tr("%1 of %2").arg(countText(left), countText(all));
}

}  // namespace

std::vector<Fact> landscapeFacts(const Workspace& workspace) {
  std::vector<Fact> facts;
  const LandscapeData& data = workspace.shown().landscape;
  if (!data.grid) {
    return facts;
  }
  facts.emplace_back(QObject::tr("Points"), shapeText(*data.grid));
  addRange(facts, *data.grid);
  const auto addAxis = [&](const QString& name, const AxisCaption& caption, std::size_t axis) {
    const auto& along = data.grid->axes()[axis].coordinates;
    facts.emplace_back(
        name,
        QString::fromStdString(caption.text()) +
            QObject::tr(", %1 to %2").arg(numberText(along.front()), numberText(along.back())));
  };
  const std::size_t axes = data.grid->dimension();
  if (axes > 2) {
    for (std::size_t axis = 0; axis < axes; ++axis) {
      addAxis(QObject::tr("Axis %1").arg(axis + 1), data.axes[axis], axis);
    }
  } else {
    addAxis(QObject::tr("x"), data.x, axes - 1);
    if (axes > 1) {
      addAxis(QObject::tr("y"), data.y, 0);
    }
  }
  for (const ProjectedTrajectory& run : workspace.trajectories()) {
    const auto& explained = run.trajectory.explainedVariance;
    facts.emplace_back(QString::fromStdString(run.trajectory.name),
                       explained ? QString::fromStdString(motionPartText(*explained))
                                 : QObject::tr("is being trained"));
  }
  return facts;
}

std::vector<Fact> topologyFacts(const ShownLandscape& shown) {
  std::vector<Fact> facts;
  if (!shown.analysis || !shown.landscape.tree) {
    return facts;
  }
  const Analysis& whole = *shown.analysis;
  const MergeTree& tree = *shown.landscape.tree;
  if (shown.threshold > 0.0) {
    facts.emplace_back(QObject::tr("Threshold"), numberText(shown.threshold));
  }
  facts.emplace_back(QObject::tr("SMAD"), numberText(shown.smad.plain));
  facts.emplace_back(QObject::tr("SMAD, normalized"), numberText(shown.smad.normalized));
  facts.emplace_back(QObject::tr("SMAD, weighted"), numberText(shown.smad.weighted));
  facts.emplace_back(QObject::tr("SMAD, both"), numberText(shown.smad.normalizedWeighted));
  facts.emplace_back(QObject::tr("Mean persistence"), shown.meanPersistence
                                                          ? numberText(*shown.meanPersistence)
                                                          : QStringLiteral("–"));
  facts.emplace_back(QObject::tr("Minima"), countText(tree.minimaCount, whole.minima));
  facts.emplace_back(QObject::tr("Saddles"), countText(tree.saddleCount(), whole.saddles));
  facts.emplace_back(QObject::tr("Maxima"), countText(whole.maxima));
  facts.emplace_back(QObject::tr("Masked"), countText(whole.masked));
  return facts;
}

}  // namespace tarn::ui
