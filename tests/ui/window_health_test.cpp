// What is wrong with a grid is said in the inspector, and a serpentine shift undone there.
#include <QClipboard>
#include <QPushButton>

#include "tests/ui/window_fixture.h"
#include "ui/panels/finding_advice.h"
#include "ui/panels/health_list.h"
#include "ui/views/tree_view.h"
#include "ui/views/view_area.h"

using namespace tarn;
using namespace tarn::test;
using namespace tarn::ui;

namespace {

constexpr std::size_t kLines = 40;

/// f(y, x) = x, every second line displaced by one step: a minimum on each of the twenty others.
ScalarGrid serpentinePlane() {
  std::vector<double> axis;
  std::vector<double> values;
  for (std::size_t y = 0; y < kLines; ++y) {
    axis.push_back(static_cast<double>(y));
    for (std::size_t x = 0; x < kLines; ++x) {
      values.push_back(static_cast<double>(x + y % 2));
    }
  }
  return {{{axis, "b", ""}, {axis, "a", ""}}, values};
}

QPushButton* button(const Window& t, const char* name) {
  for (auto* one : t.window.findChild<InspectorPanel*>()->findChildren<QPushButton*>(name)) {
    if (one->isVisibleTo(one->window())) {
      return one;
    }
  }
  return nullptr;
}

QStringList labels(const QWidget& list, const char* name) {
  QStringList texts;
  for (const QLabel* label : list.findChildren<QLabel*>(name)) {
    texts += label->text();
  }
  return texts;
}

}  // namespace

TEST_CASE("a serpentine shift is found, undone on request and taken back") {
  Window t;
  const QString path = t.file("serpentine.npz");
  const ScalarGrid read = serpentinePlane();
  writeGridNpz(path.toStdString(), read);
  t.window.open(path);
  REQUIRE(eventually([&] { return t.analysed(); }));
  CHECK(t.shown().landscape.tree->minimaCount == 20);
  CHECK(t.inspectorText().contains("Problem"));
  CHECK(t.inspectorText().contains("displaced"));
  CHECK(t.inspectorText().contains("Undo the shift"));
  CHECK_FALSE(t.inspectorText().contains("Repaired"));
  Q_EMIT t.window.views()->tree()->vertexClicked(77);
  CHECK(t.shown().landscape.selection == 77);
  CHECK(t.action("actionUndo")->isEnabled());

  // Qt shows what is added to a layout a little later.
  REQUIRE(eventually([&] { return button(t, "healthRepair") != nullptr; }));
  button(t, "healthRepair")->click();
  REQUIRE(eventually([&] { return t.shown().repaired; }));
  const ScalarGrid& mended = *t.shown().landscape.grid;
  REQUIRE(mended.shape() == std::vector<std::size_t>{kLines, kLines - 1});
  // One step is left out at the low end: there an odd line has nothing to be read from.
  for (std::int64_t vertex = 0; vertex < static_cast<std::int64_t>(mended.size()); ++vertex) {
    REQUIRE(mended.value(vertex) == mended.axes()[1].coordinates[mended.indices(vertex)[1]]);
  }
  CHECK(t.shown().landscape.tree->minimaCount == 1);
  CHECK_FALSE(t.shown().landscape.selection);  // vertex 77 is another one now
  CHECK_FALSE(t.action("actionUndo")->isEnabled());
  CHECK(t.inspectorText().contains("Repaired"));
  CHECK(t.inspectorText().contains("(repaired)"));
  t.action("actionCopyCommand")->trigger();
  CHECK(QApplication::clipboard()->text().contains(" --repair"));

  REQUIRE(eventually([&] { return button(t, "healthUnrepair") != nullptr; }));
  button(t, "healthUnrepair")->click();
  REQUIRE(eventually([&] { return !t.shown().repaired; }));
  const auto values = t.shown().landscape.grid->values();
  CHECK(std::vector<double>(values.begin(), values.end()) ==
        std::vector<double>(read.values().begin(), read.values().end()));
  CHECK(t.shown().landscape.tree->minimaCount == 20);
  CHECK(eventually([&] { return button(t, "healthRepair") != nullptr; }));
  letPass(50);
  CHECK_FALSE(t.inspectorText().contains("(repaired)"));
}

TEST_CASE("a landscape whose origin shows another loss than its model is not trusted") {
  Window t;
  const QString as = t.file("as.tarn");
  const QString other = t.file("other.tarn");
  const double origin = twoBasins(15, 15);
  writeProject(as, 1'000, origin);
  writeProject(other, 1'000, origin + 0.5);
  t.window.open(as);
  REQUIRE(eventually([&] { return t.analysed(); }));
  CHECK_FALSE(t.inspectorText().contains("origin of the grid"));
  t.window.open(other);
  CHECK(eventually([&] { return t.inspectorText().contains("origin of the grid"); }));
}

TEST_CASE("every finding has its weight, its sentence and a remedy") {
  std::vector<HealthFinding> findings;
  for (const char* code : {"masked", "constant", "plateau", "saturated", "boundary-minimum",
                           "noise", "coarse", "off-centre", "serpentine"}) {
    findings.push_back({code, std::string("There is something called ") + code + ".",
                        std::string(code) == "serpentine"});
  }
  HealthList list;
  list.showFindings(findings, false);
  CHECK(labels(list, "healthSeverity").size() == 9);
  CHECK(labels(list, "healthMessage").size() == 9);
  CHECK(labels(list, "healthRemedy").size() == 9);
  CHECK(labels(list, "healthMessage")[2] == "There is something called plateau.");
  CHECK(list.findChildren<QPushButton*>("healthRepair").size() == 1);
  CHECK(adviceOn(findings[5]).severity == Severity::note);
  CHECK(adviceOn(findings[8]).severity == Severity::problem);
  // One that is not known here is shown all the same.
  CHECK(adviceOn({"unheard-of", "Something.", false}).remedy.isEmpty());

  list.showFindings({}, false);
  QApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
  CHECK(labels(list, "healthSeverity").isEmpty());
  CHECK(labels(list, "healthMessage") == QStringList{"Nothing to object to."});
}
