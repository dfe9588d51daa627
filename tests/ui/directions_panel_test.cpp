// What the Directions panel makes of its fields: the words, ranges and steps of the command line.
#include "ui/panels/directions_panel.h"

#include <QAction>
#include <QApplication>
#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTemporaryDir>
#include <QToolButton>
#include <QTreeWidget>
#include <catch2/catch_test_macros.hpp>
#include <fstream>

#include "engine/tasks/direction_words.h"
#include "topology/base/error.h"
#include "ui/panels/axis_wish.h"

using namespace tarn;
using namespace tarn::ui;

namespace {

using Words = std::vector<std::string>;

struct Panel {
  QTemporaryDir folder;
  DirectionsPanel panel;

  template <typename Widget>
  Widget* find(const char* name) const {
    auto* found = panel.findChild<Widget*>(name);
    REQUIRE(found != nullptr);
    return found;
  }
  QTreeWidget* list() const { return find<QTreeWidget>("directionsAxes"); }
  QString problem(const char* field) const {
    return find<QLabel>((std::string(field) + "Problem").c_str())->text();
  }
  QStringList names() const {
    QStringList all;
    for (int i = 0; i < list()->topLevelItemCount(); ++i) {
      all += list()->topLevelItem(i)->text(0);
    }
    return all;
  }
  void choose(int axis) const { list()->setCurrentItem(list()->topLevelItem(axis)); }
  void click(const char* button) const { find<QToolButton>(button)->click(); }
  void add(AxisKind kind) const {
    click("directionsAdd");
    auto* menu = find<QMenu>("directionsMenu");
    menu->findChild<QAction*>(QString("directionsAdd_%1").arg(static_cast<int>(kind)))->trigger();
    delete menu;
  }
  void setKind(AxisKind kind) const {
    auto* box = find<QComboBox>("directionsKind");
    box->setCurrentIndex(box->findData(static_cast<int>(kind)));
  }
  void write(const char* box, const QString& text) const {
    find<QComboBox>(box)->setCurrentText(text);
  }
  QString file(const QString& name) const {
    std::ofstream(folder.filePath(name).toStdString()) << "not looked into by the panel";
    return folder.filePath(name);
  }
  LandscapeRequest request() {
    const auto made = panel.request();
    REQUIRE(made);
    return *made;
  }
};

}  // namespace

TEST_CASE("at first the axes are the two sharpest directions") {
  Panel p;
  CHECK(p.names() == QStringList{"hessian:1", "hessian:2"});
  const auto request = p.request();
  CHECK(request.directions == Words{"hessian:2"});
  CHECK(request.steps == std::vector<std::uint64_t>{41, 41});
  CHECK(request.range == Words{"auto", "auto"});
  CHECK(p.panel.points() == 1681);
}

TEST_CASE("axes of all kinds stand together, and are counted on") {
  Panel p;
  p.find<QSpinBox>("directionsSteps")->setValue(11);
  p.choose(1);
  p.setKind(AxisKind::random);
  p.add(AxisKind::hessianTop);
  CHECK(p.names() == QStringList{"hessian:1", "random:1", "hessian:2"});
  CHECK(p.request().directions == Words{"hessian:1", "random:1", "hessian:1"});
  p.add(AxisKind::pca);
  p.write("directionsRun", "run/3");
  p.add(AxisKind::gradient);
  CHECK(p.request().directions ==
        Words{"hessian:1", "random:1", "hessian:1", "pca:1@run/3", "gradient"});
  CHECK(axesOfWords(p.request().directions) == 5);
  CHECK_FALSE(p.find<QToolButton>("directionsAdd")->isEnabled());
  p.click("directionsRemove");
  p.click("directionsUp");
  CHECK(p.names() == QStringList{"hessian:1", "random:1", "pca:1@run/3", "hessian:2"});
  p.choose(0);
  p.click("directionsDown");
  CHECK(p.names() == QStringList{"random:1", "hessian:1", "pca:1@run/3", "hessian:2"});
}

TEST_CASE("neighbours of one kind are one word") {
  Panel p;
  p.find<QSpinBox>("directionsSteps")->setValue(11);
  p.panel.setDirections("hessian:-1,hessian:2,hessian:1,pca:1@2,pca:2@2,pca:1");
  CHECK(p.list()->topLevelItemCount() == 8);
  CHECK_FALSE(p.panel.request());  // more axes than the window takes
  CHECK(p.problem("directionsAxes").contains("5"));
  while (p.list()->topLevelItemCount() > 5) {
    p.choose(0);
    p.click("directionsRemove");
  }
  CHECK(p.names() == QStringList{"hessian:1", "pca:1@2", "pca:2@2", "pca:3@2", "pca:1"});
  CHECK(p.request().directions == Words{"hessian:1", "pca:3@run/2", "pca:1"});
}

TEST_CASE("the plane through three checkpoints has one centre") {
  Panel p;
  const QString a = p.file("a.safetensors");
  const QString b = p.file("b.safetensors");
  const QString c = p.file("c.safetensors");
  p.panel.setDirections(QString("between:%1;%2;%3").arg(a, b, c));
  CHECK(p.names() == QStringList{"between:b.safetensors", "between:c.safetensors"});
  const auto words = p.request().directions;
  CHECK(axesOfWords(words) == 2);
  // The centre is named once: what the engine's side takes for the plane through A, B and C.
  CHECK(words ==
        Words{"between:" + a.toStdString() + ";" + b.toStdString(), "between:" + c.toStdString()});
  p.choose(1);
  p.write("directionsFrom", c);
  CHECK_FALSE(p.panel.request());
  CHECK(p.problem("directionsAxes").contains("one centre"));
}

TEST_CASE("what is wrong with an axis is said beside its field") {
  Panel p;
  p.choose(1);
  p.setKind(AxisKind::between);
  p.choose(0);
  CHECK_FALSE(p.panel.request());
  // The axis that is wrong is chosen, so that its field is seen.
  CHECK(p.list()->indexOfTopLevelItem(p.list()->currentItem()) == 1);
  CHECK(p.problem("directionsTo").contains("Name the checkpoint"));
  p.write("directionsTo", p.folder.filePath("none.pt"));
  CHECK(p.problem("directionsTo").isEmpty());
  CHECK_FALSE(p.panel.request());
  CHECK(p.problem("directionsTo").contains("none.pt"));
  p.write("directionsTo", "run/last");
  CHECK_FALSE(p.panel.request());
  CHECK(p.problem("directionsTo").contains("run/ID"));
  p.write("directionsTo", "mlp:2-3@init:4");
  CHECK(p.panel.request());
  p.setKind(AxisKind::file);
  p.find<QLineEdit>("directionsPath")->setText(p.folder.filePath("none.npy"));
  CHECK_FALSE(p.panel.request());
  CHECK(p.problem("directionsPath").contains("none.npy"));
  p.find<QLineEdit>("directionsPath")->setText(p.file("d.safetensors") + "#layer1");
  CHECK(p.panel.request());
  p.setKind(AxisKind::pca);
  p.write("directionsRun", "last");
  CHECK_FALSE(p.panel.request());
  CHECK(p.problem("directionsRun").contains("last"));
  p.write("directionsRun", "");
  p.write("directionsRange", "wide");
  CHECK_FALSE(p.panel.request());
  CHECK(p.problem("directionsRange").contains("wide"));
  p.write("directionsRange", "abs:-0.5..1.5");
  CHECK(p.panel.request());
}

TEST_CASE("axes that cannot be together are said beside the list") {
  Panel p;
  p.panel.setDirections("gradient,gradient");
  CHECK_FALSE(p.panel.request());
  CHECK(p.problem("directionsAxes").contains("twice"));
  p.click("directionsRemove");
  CHECK(p.panel.request());
  p.click("directionsRemove");
  CHECK_FALSE(p.panel.request());
  CHECK(p.problem("directionsAxes").contains("at least one"));
  p.add(AxisKind::random);
  CHECK(p.panel.request());
}

TEST_CASE("range and steps are those of all axes, or of one alone") {
  Panel p;
  QSignalSpy changed(&p.panel, &DirectionsPanel::changed);
  p.find<QSpinBox>("directionsSteps")->setValue(21);
  CHECK(changed.count() > 0);
  CHECK(p.panel.points() == 441);
  p.find<QCheckBox>("directionsAlike")->setChecked(false);
  p.choose(1);
  p.find<QSpinBox>("directionsSteps")->setValue(11);
  p.write("directionsRange", "rel:0.5");
  const auto request = p.request();
  CHECK(request.steps == std::vector<std::uint64_t>{21, 11});
  CHECK(request.range == Words{"auto", "rel:0.5"});
}

TEST_CASE("a grid of absurdly many points is refused with their number") {
  Panel p;
  p.panel.setDirections("hessian:5");
  p.find<QSpinBox>("directionsSteps")->setValue(41);
  CHECK_FALSE(p.panel.request());
  CHECK(p.problem("directionsSteps").contains("1.16e+08"));  // 41^5
  p.find<QSpinBox>("directionsSteps")->setValue(11);
  CHECK(p.problem("directionsSteps").isEmpty());
  CHECK(p.panel.request());
}

TEST_CASE("it is said what normalization does to an eigenvector") {
  const Panel p;
  auto* box = p.find<QComboBox>("directionsNormalize");
  auto* note = p.find<QLabel>("directionsNote");
  for (const auto& [word, says] :
       {std::pair{"none", "an eigenvector is one"}, std::pair{"layer", "none any more"},
        std::pair{"filter", "none any more"}, std::pair{"model", "stays one"}}) {
    box->setCurrentText(word);
    CHECK(note->text().contains(says));
  }
}

TEST_CASE("words that are no directions leave the axes as they are") {
  Panel p;
  CHECK_THROWS_AS(p.panel.setDirections("hessian:1,sideways"), Error);
  CHECK(p.names() == QStringList{"hessian:1", "hessian:2"});
}
