// Parts of a view are chosen by buttons, or from a list where these have no room.
#include "ui/views/part_chooser.h"

#include <QComboBox>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>
#include <catch2/catch_test_macros.hpp>

using namespace tarn::ui;

namespace {

struct Shown {
  PartChooser chooser{"parts", "Part", "Which part is shown"};
  QComboBox* list = nullptr;
  QSignalSpy chosen{&chooser, &PartChooser::chosen};

  Shown() {
    chooser.add("near", "The part that is near", "near", 3);
    chooser.add("far", "The part that is far away", "far", 7);
    list = chooser.findChild<QComboBox*>("parts");
    chooser.resize(chooser.sizeHint());
    chooser.show();
  }
  QToolButton* button(const char* name) const { return chooser.findChild<QToolButton*>(name); }
  void makeNarrow() { chooser.resize(chooser.minimumSizeHint()); }
};

}  // namespace

TEST_CASE("parts are buttons as long as these have room, then a list") {
  Shown shown;
  REQUIRE(shown.chooser.minimumSizeHint().width() < shown.chooser.sizeHint().width());
  CHECK(shown.button("near")->isVisible());
  CHECK(shown.button("far")->isVisible());
  CHECK_FALSE(shown.list->isVisible());
  CHECK(shown.chooser.rect().contains(shown.button("far")->geometry()));

  shown.makeNarrow();
  CHECK(shown.list->isVisible());
  CHECK(shown.chooser.rect().contains(shown.list->geometry()));
  CHECK_FALSE(shown.button("near")->isVisible());

  shown.chooser.resize(shown.chooser.sizeHint());
  CHECK(shown.button("near")->isVisible());
  CHECK_FALSE(shown.list->isVisible());
}

TEST_CASE("what is chosen in a list is chosen among the buttons, and the other way round") {
  Shown shown;
  QTest::mouseClick(shown.button("far"), Qt::LeftButton);
  REQUIRE(shown.chosen.count() == 1);
  CHECK(shown.chosen.takeFirst().at(0).toInt() == 7);
  shown.makeNarrow();
  CHECK(shown.list->currentText() == "The part that is far away");

  shown.list->setFocus();
  QTest::keyClick(shown.list, Qt::Key_Up);
  REQUIRE(shown.chosen.count() == 1);
  CHECK(shown.chosen.takeFirst().at(0).toInt() == 3);
  CHECK(shown.button("near")->isChecked());

  shown.chooser.choose(7);
  CHECK(shown.list->currentText() == "The part that is far away");
  CHECK(shown.button("far")->isChecked());
  CHECK(shown.chosen.isEmpty());
}

TEST_CASE("a part that is not there can be chosen in neither") {
  Shown shown;
  shown.chooser.setAvailable(7, false);
  QTest::mouseClick(shown.button("far"), Qt::LeftButton);
  shown.makeNarrow();
  QTest::keyClick(shown.list, Qt::Key_Down);
  CHECK(shown.chosen.isEmpty());
  CHECK(shown.list->isEnabled());

  shown.chooser.setAvailable(3, false);
  CHECK_FALSE(shown.list->isEnabled());
}
