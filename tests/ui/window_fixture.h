#pragma once

#include <QAction>
#include <QLabel>
#include <QSettings>
#include <QTemporaryDir>
#include <QTest>

#include "engine/project/project.h"
#include "engine/protocol/tile_order.h"
#include "engine/tasks/experiment.h"
#include "tests/ui/window_support.h"
#include "topology/io/grid_io.h"
#include "ui/panels/inspector_panel.h"
#include "ui/panels/notice_bar.h"
#include "ui/window/main_window.h"
#include "ui/window/workspace.h"

namespace tarn::test {

inline constexpr std::size_t side = 31;

/// Two basins of unlike depth with a ridge between them: minima at columns 7 and 23 of row 15.
inline double twoBasins(std::size_t row, std::size_t column) {
  const double y = (static_cast<double>(row) - 15) / 15;
  const double x = (static_cast<double>(column) - 15) / 15;
  return (x * x - 0.28) * (x * x - 0.28) * 6 + y * y + 0.1 * x + 1;
}

inline ScalarGrid basinsGrid() {
  std::vector<double> axis(side);
  std::vector<double> values;
  for (std::size_t i = 0; i < side; ++i) {
    axis[i] = (static_cast<double>(i) - 15) / 15;
  }
  for (std::size_t row = 0; row < side; ++row) {
    for (std::size_t column = 0; column < side; ++column) {
      values.push_back(twoBasins(row, column));
    }
  }
  return {{{axis, "b", ""}, {axis, "a", ""}}, values};
}

/// A project with the first `tiles` tiles of that landscape; its experiment tells the model's loss
/// if there is one here.
inline std::int64_t writeProject(const QString& path, std::uint64_t tiles,
                                 std::optional<double> modelLoss = {}) {
  const auto project = Project::create(path.toStdString());
  const ScalarGrid grid = basinsGrid();
  StoredLandscape landscape;
  landscape.name = "two basins";
  landscape.axes = grid.axes();
  landscape.quantities = {"loss"};
  landscape.tilePoints = 16;
  landscape.provenance = {{"made by", "a test"}};
  if (modelLoss) {
    StoredExperiment experiment;
    experiment.experiment = experimentFromText({.model = "mlp:2-2", .data = "data.npz"});
    experiment.described = {{"loss", *modelLoss}};
    landscape.experiment = project->addExperiment(experiment);
  }
  const std::int64_t id = project->addLandscape(landscape);
  const TileOrder order({side, side}, 16);
  std::vector<StoredTile> stored;
  for (std::uint64_t index = 0; index < std::min(tiles, order.tiles()); ++index) {
    StoredTile tile;
    tile.index = index;
    for (const std::uint32_t vertex : order.tile(index)) {
      tile.values["loss"].push_back(grid.values()[vertex]);
    }
    stored.push_back(tile);
  }
  project->commitTiles(id, stored);
  project->close();
  return id;
}

/// The real window with settings of its own, and a folder for its files.
struct Window {
  QTemporaryDir folder;
  ui::MainWindow window;

  Window() {
    QSettings().clear();
    window.resize(1000, 640);
    window.show();
    REQUIRE(QTest::qWaitForWindowExposed(&window));
  }

  QString file(const QString& name) const { return folder.filePath(name); }
  QAction* action(const char* name) const {
    auto* found = window.findChild<QAction*>(name);
    REQUIRE(found != nullptr);
    return found;
  }
  const ui::ShownLandscape& shown() const { return window.workspace()->shown(); }
  bool analysed() const { return shown().analysis != nullptr; }
  QString notice() const { return window.notices()->text(); }
  QString inspectorText() const {
    QString all;
    for (const QLabel* label : window.findChild<ui::InspectorPanel*>()->findChildren<QLabel*>()) {
      all += label->text() + "\n";
    }
    return all;
  }
  void openGrid() {
    const QString path = file("basins.npz");
    writeGridNpz(path.toStdString(), basinsGrid());
    window.open(path);
    REQUIRE(eventually([this] { return analysed(); }));
  }
};

}  // namespace tarn::test
