// How the window lets a landscape grow, as far as it can be said without an engine.
#include "ui/panels/growth_form.h"

#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QSpinBox>
#include <catch2/catch_test_macros.hpp>

#include "engine/tasks/landscape_axes.h"
#include "ui/panels/axis_wish.h"

using namespace tarn;
using namespace tarn::ui;

namespace {

struct Form {
  GrowthForm form;

  /// Over a landscape of 5 by 7 points, all of them computed.
  Form() { form.setBase(landscape(1), 35); }
  static StoredLandscape landscape(std::int64_t id) {
    StoredLandscape landscape;
    landscape.id = id;
    landscape.axes = {{axisCoordinates(1.0, 5), "hessian:1", ""},
                      {axisCoordinates(1.0, 7), "random:1", ""}};
    return landscape;
  }
  void type(const char* name, const QString& text) const {
    form.findChild<QLineEdit*>(name)->setText(text);
  }
  QString problem(const char* field) const {
    return form.findChild<QLabel*>(QString(field) + "Problem")->text();
  }
  void add(AxisKind kind, int steps) const {
    form.findChild<QCheckBox*>("growthAdd")->setChecked(true);
    auto* box = form.findChild<QComboBox*>("growthKind");
    box->setCurrentIndex(box->findData(static_cast<int>(kind)));
    form.findChild<QSpinBox*>("growthSteps")->setValue(steps);
  }
};

}  // namespace

TEST_CASE("a landscape that grows keeps its points") {
  Form f;
  f.type("growthExtend", "2,0");
  f.type("growthRefine", "3");
  const auto change = f.form.change();
  REQUIRE(change);
  CHECK(change->extend == std::vector<std::uint64_t>{2, 0});
  CHECK(change->refine == std::vector<std::uint64_t>{3, 3});
  CHECK_FALSE(change->added);
  // (5 + 4 − 1)·3 + 1 by (7 − 1)·3 + 1.
  CHECK(f.form.points() == 25 * 19);
  CHECK(f.form.newPoints() == 25 * 19 - 35);
  CHECK(f.form.axes() == 2);
}

TEST_CASE("an axis that is added is one word, with its own range and steps") {
  Form f;
  f.add(AxisKind::hessianBottom, 9);
  f.form.findChild<QComboBox*>("growthRange")->setCurrentText("abs:0.5");
  f.form.findChild<QComboBox*>("growthNormalize")->setCurrentText("filter");
  const auto change = f.form.change();
  REQUIRE(change);
  REQUIRE(change->added);
  CHECK(change->added->directions == std::vector<std::string>{"hessian:-1"});
  CHECK(change->added->steps == std::vector<std::uint64_t>{9});
  CHECK(change->added->range == std::vector<std::string>{"abs:0.5"});
  CHECK(change->added->normalize == "filter");
  CHECK(f.form.points() == 35 * 9);
  CHECK(f.form.axes() == 3);
}

TEST_CASE("a growth that cannot be is said beside its field") {
  Form f;
  CHECK_FALSE(f.form.change());
  CHECK(f.problem("growthAdd").contains("changes nothing"));
  f.type("growthExtend", "1,2,3");
  CHECK_FALSE(f.form.change());
  CHECK(f.problem("growthExtend").contains("3 numbers for 2 axes"));
  f.type("growthExtend", "0");
  f.type("growthRefine", "0");
  CHECK_FALSE(f.form.change());
  CHECK_FALSE(f.problem("growthRefine").isEmpty());
  f.type("growthRefine", "100000");
  CHECK_FALSE(f.form.change());
  CHECK(f.problem("growthRefine").contains("2.4e+11"));
  f.type("growthRefine", "2");
  CHECK(f.form.change());
}

TEST_CASE("an axis that cannot be added is said before anything is computed") {
  Form f;
  SECTION("one that is there") {
    f.add(AxisKind::random, 11);
    CHECK_FALSE(f.form.change());
    CHECK(f.problem("growthAdd").contains("random:1 already"));
  }
  SECTION("one in whose middle the landscape would not lie") {
    f.add(AxisKind::gradient, 10);
    CHECK_FALSE(f.form.change());
    CHECK(f.problem("growthAdd").contains("odd number"));
    // A range to one side has its 0 on the grid, whatever the number.
    f.form.findChild<QComboBox*>("growthRange")->setCurrentText("abs:-0.5..1.5");
    CHECK(f.form.change());
  }
  SECTION("one from another centre") {
    f.add(AxisKind::between, 11);
    f.form.findChild<QComboBox*>("growthTo")->setCurrentText("run/2");
    CHECK(f.form.change());
    f.form.findChild<QComboBox*>("growthFrom")->setCurrentText("run/1");
    CHECK_FALSE(f.form.change());
    CHECK(f.problem("growthAdd").contains("centre"));
  }
  SECTION("one without what it needs") {
    f.add(AxisKind::file, 11);
    CHECK_FALSE(f.form.change());
    CHECK_FALSE(f.problem("growthPath").isEmpty());
  }
}

TEST_CASE("another landscape begins without a change") {
  Form f;
  f.type("growthRefine", "2");
  f.add(AxisKind::gradient, 11);
  f.form.setBase(Form::landscape(1), 20);  // the same, read again
  CHECK(f.form.points() == 9 * 13 * 11);
  f.form.setBase(Form::landscape(2), 35);
  CHECK(f.form.points() == 35);
  CHECK_FALSE(f.form.change());
}
