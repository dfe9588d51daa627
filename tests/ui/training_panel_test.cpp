// What the Training panel makes of its fields, with a list of optimizers as the engine gives it.
#include "ui/panels/training_panel.h"

#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTest>
#include <QToolButton>
#include <catch2/catch_test_macros.hpp>
#include <cmath>

#include "engine/tasks/smad_probe.h"
#include "ui/panels/runs_panel.h"

using namespace tarn;
using namespace tarn::ui;
using nlohmann::json;

namespace {

const json kOptimizers = json::parse(R"([
  {"name": "sgd", "summary": "descent", "options": [
    {"name": "lr", "type": "number", "default": 0.01, "minimum": 0, "maximum": null, "help": "rate"},
    {"name": "momentum", "type": "number", "default": 0, "minimum": 0, "maximum": 1,
     "maximum_excluded": true, "help": "kept"},
    {"name": "nesterov", "type": "boolean", "default": false, "help": "look ahead"},
    {"name": "every", "type": "integer", "default": 10, "minimum": 1, "maximum": 100, "help": ""},
    {"name": "kind", "type": "word", "default": "plain", "words": ["plain", "fancy"], "help": ""}]}])");

struct Panel {
  TrainingPanel panel;

  Panel() { panel.setOptimizers(kOptimizers); }
  template <typename Widget>
  Widget* find(const char* name) const {
    auto* found = panel.findChild<Widget*>(name);
    REQUIRE(found != nullptr);
    return found;
  }
  QString problem(const char* name) const { return find<QLabel>(name)->text(); }
  QString row(int i) const { return find<QListWidget>("trainingOptimizers")->item(i)->text(); }
};

}  // namespace

TEST_CASE("an optimizer's options have inputs of their types, and defaults are not written down") {
  Panel p;
  p.panel.addOptimizer({"sgd"});
  CHECK(p.row(0) == "sgd");
  p.find<QLineEdit>("option_lr")->setText("0.1");
  p.find<QCheckBox>("option_nesterov")->setChecked(true);
  p.find<QComboBox>("option_kind")->setCurrentText("fancy");
  p.find<QLineEdit>("option_every")->setText("10");  // as it is anyway
  const auto wish = p.panel.wish();
  REQUIRE(wish);
  CHECK(wish->optimizers.at(0).options == json{{"lr", 0.1}, {"nesterov", true}, {"kind", "fancy"}});
  CHECK(p.row(0) == "sgd:kind=fancy,lr=0.1,nesterov=on");
}

TEST_CASE("each optimizer of the list keeps its own options") {
  Panel p;
  p.panel.addOptimizer({"sgd"});
  p.find<QLineEdit>("option_lr")->setText("0.5");
  p.panel.addOptimizer({"sgd"});
  CHECK(p.find<QLineEdit>("option_lr")->text().isEmpty());
  p.find<QListWidget>("trainingOptimizers")->setCurrentRow(0);
  CHECK(p.find<QLineEdit>("option_lr")->text() == "0.5");
  p.find<QToolButton>("trainingRemove")->click();
  const auto wish = p.panel.wish();
  REQUIRE(wish);
  REQUIRE(wish->optimizers.size() == 1);
  CHECK(wish->optimizers.at(0).options.empty());
}

TEST_CASE("a value out of its range is said beside it") {
  Panel p;
  p.panel.addOptimizer({"sgd"});
  p.find<QLineEdit>("option_momentum")->setText("1");
  CHECK(p.problem("option_momentumProblem").contains("from 0 to below 1"));
  p.find<QLineEdit>("option_momentum")->setText("0.9");
  CHECK(p.problem("option_momentumProblem").isEmpty());
  p.find<QLineEdit>("option_every")->setText("2.5");
  CHECK(p.problem("option_everyProblem").contains("whole number"));
}

TEST_CASE("what cannot be read is said beside its field, and nothing is started") {
  Panel p;
  CHECK_FALSE(p.panel.wish());
  CHECK(p.problem("trainingOptimizersProblem").contains("at least one"));
  p.panel.addOptimizer({"sgd"});
  for (const auto& [field, wrong] :
       {std::pair{"trainingValidation", "1.5"}, std::pair{"trainingSnapshots", "often"},
        std::pair{"trainingClip", "-1"}}) {
    INFO(field);
    const QString before = p.find<QLineEdit>(field)->text();
    p.find<QLineEdit>(field)->setText(wrong);
    CHECK_FALSE(p.panel.wish());
    CHECK_FALSE(p.problem((std::string(field) + "Problem").c_str()).isEmpty());
    p.find<QLineEdit>(field)->setText(before);
    CHECK(p.panel.wish());
  }
}

TEST_CASE("SMAD is measured when its box is ticked, at the interval beside it") {
  Panel p;
  p.panel.addOptimizer({"sgd"});
  auto* every = p.find<QSpinBox>("trainingSmadEvery");
  CHECK_FALSE(every->isEnabled());
  CHECK_FALSE(p.panel.wish()->settings.contains("smad"));
  p.find<QCheckBox>("trainingSmad")->setChecked(true);
  REQUIRE(every->isEnabled());
  every->setValue(4);
  CHECK(smadOf(p.panel.wish()->settings) == SmadWish{.every = 4});
}

TEST_CASE("the engine is asked once, when the first optimizer is added") {
  TrainingPanel panel;
  QSignalSpy asked(&panel, &TrainingPanel::optimizersWanted);
  auto* add = panel.findChild<QToolButton*>("trainingAdd");
  add->click();
  CHECK(asked.count() == 1);
  CHECK_FALSE(add->isEnabled());
  panel.setOptimizersProblem("There is no engine.");
  CHECK(add->isEnabled());
  CHECK(panel.findChild<QLabel*>("trainingOptimizersProblem")->text() == "There is no engine.");
}

TEST_CASE("runs are sorted by their numbers, those without one last") {
  RunComparison comparison;
  for (const double loss : {2.0, 10.0, std::nan(""), 1.0}) {
    ComparedRun run;
    run.run.id = static_cast<std::int64_t>(comparison.runs.size()) + 1;
    run.run.optimizer = {{"name", "sgd"}, {"options", json::object()}};
    run.finalLoss = loss;
    comparison.runs.push_back(run);
  }
  RunsPanel panel;
  panel.showRuns(comparison);
  CHECK(panel.isColumnHidden(8));   // nothing was held out
  CHECK(panel.isColumnHidden(10));  // no SMAD was measured
  CHECK_FALSE(panel.isColumnHidden(11));
  CHECK(panel.isColumnHidden(14));  // there is no plane
  panel.sortByColumn(5, Qt::AscendingOrder);
  QStringList order;
  for (int row = 0; row < panel.rowCount(); ++row) {
    order += panel.item(row, 0)->text();
  }
  CHECK(order == QStringList{"4", "1", "2", "3"});
}
