// The Spectrum view in the real window, and spectra that are computed from there.
#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QGroupBox>
#include <QLabel>
#include <QLineEdit>
#include <QMouseEvent>
#include <QPushButton>
#include <QSpinBox>
#include <QToolButton>
#include <QTreeWidget>
#include <QTreeWidgetItemIterator>
#include <cmath>
#include <filesystem>

#include "scene/spectra.h"
#include "tests/ui/small_experiment.h"
#include "tests/ui/window_fixture.h"
#include "ui/panels/directions_panel.h"
#include "ui/views/spectrum_view.h"
#include "ui/views/view_area.h"
#include "ui/window/sampling_controller.h"

using namespace tarn;
using namespace tarn::test;
using namespace tarn::ui;
using nlohmann::json;

namespace {

/// A project with two spectra: the three largest and the smallest eigenvalue of one, everything of
/// the other.
QString spectrumProject(const Window& t, bool landscape) {
  const QString path = t.file("curved.tarn");
  if (landscape) {
    writeProject(path, 1'000);
  }
  const auto project = Project::openOrCreate(path.toStdString());
  StoredExperiment experiment;
  ExperimentText text;
  text.model = "mlp:2-8-3@init:1";
  text.data = "data.npz";
  text.subset = "100";
  experiment.experiment = experimentFromText(text);
  StoredSpectrum spectrum;
  spectrum.experiment = project->addExperiment(experiment);
  spectrum.result = {{"eigenvalues", {4.0, 3.0, 2.0, -1.0}},
                     {"residuals", {1e-3, 1e-3, 1e-3, 1e-3}}};
  spectrum.provenance = {{"request", {{"top", 3}, {"bottom", 1}}}};
  project->addSpectrum(spectrum);
  spectrum.result = wholeSpectrum();
  spectrum.provenance = nullptr;
  project->addSpectrum(spectrum);
  project->close();
  return path;
}

SpectrumView* view(const Window& t) {
  return t.window.views()->spectrum();
}

SpectrumView* openSpectrum(Window& t, const QString& address) {
  t.window.open(address);
  REQUIRE(eventually([&] { return view(t)->spectrum().id != 0; }));
  t.action("actionShowSpectrum")->trigger();
  REQUIRE(t.window.views()->current() == view(t));
  return view(t);
}

void clickAt(SpectrumView* shown, const SpectrumHit& hit) {
  const auto at = shown->positionOf(hit);
  REQUIRE(at.has_value());
  for (const auto type : {QEvent::MouseButtonPress, QEvent::MouseButtonRelease}) {
    QMouseEvent event(type, *at, shown->mapToGlobal(*at), Qt::LeftButton, Qt::NoButton,
                      Qt::NoModifier);
    QApplication::sendEvent(shown, &event);
  }
}

QString probeOf(const Window& t) {
  return t.window.findChild<QLabel*>("probe")->text();
}

}  // namespace

TEST_CASE("a project's spectra are in its contents, and choosing one shows it") {
  Window t;
  openSpectrum(t, spectrumProject(t, true));
  // The latest is shown at first, beside the landscape.
  CHECK(view(t)->spectrum().id == 2);
  CHECK(eventually([&] { return t.analysed(); }));
  t.action("actionShowContour")->trigger();
  auto* tree = t.window.findChild<QTreeWidget*>("contentsTree");
  QTreeWidgetItem* first = nullptr;
  for (QTreeWidgetItemIterator it(tree); *it != nullptr; ++it) {
    first = (*it)->text(0) == "1. λ₁ 4" ? *it : first;
  }
  REQUIRE(first != nullptr);
  tree->setCurrentItem(first);
  REQUIRE(eventually([&] { return view(t)->spectrum().id == 1; }));
  CHECK(t.window.views()->current() == view(t));
  CHECK(t.shown().landscape.grid != nullptr);
  // What the spectrum does not have cannot be chosen.
  CHECK(view(t)->findChild<QToolButton*>("spectrumEigenvalues")->isEnabled());
  CHECK_FALSE(view(t)->findChild<QToolButton*>("spectrumDensity")->isEnabled());
}

TEST_CASE("a spectrum is opened by its address") {
  Window t;
  const QString path = spectrumProject(t, false);
  t.window.open(path + "#spectrum/1");
  REQUIRE(eventually([&] { return view(t)->spectrum().id == 1; }));
  CHECK(t.window.views()->current() == view(t));
  CHECK(t.action("actionExport")->isEnabled());
  t.action("actionShowContour")->trigger();
  CHECK_FALSE(t.action("actionExport")->isEnabled());
}

TEST_CASE("the inspector says what a spectrum means") {
  Window t;
  openSpectrum(t, spectrumProject(t, false));
  auto* group = t.window.findChild<QGroupBox*>("inspectorSpectrum");
  QStringList words;
  for (const QLabel* label : group->findChildren<QLabel*>()) {
    words += label->text();
  }
  const QString text = words.join('\n');
  INFO(text.toStdString());
  CHECK(text.contains("10 ± 0.001"));
  CHECK(text.contains("below 0.2 = 2/λ₁"));
  CHECK(text.contains("overlap of 2 eigenvectors: 0.875"));
  CHECK(text.contains("of 8: λ₁ 2 times as large"));
}

TEST_CASE("choosing a layer by its bar shows the spectrum of its weights") {
  Window t;
  SpectrumView* shown = openSpectrum(t, spectrumProject(t, false));
  shown->findChild<QToolButton*>("spectrumLayers")->click();
  REQUIRE(shown->part() == SpectrumPart::layers);
  clickAt(shown, {SpectrumPart::layers, 2});
  CHECK(shown->part() == SpectrumPart::weights);
  CHECK(shown->spectrum().data->weightsOf(shown->style().layer) == 1);
  // A layer without weights is highlighted where it is.
  shown->setPart(SpectrumPart::layers);
  clickAt(shown, {SpectrumPart::layers, 1});
  CHECK(shown->part() == SpectrumPart::layers);
  CHECK(shown->style().layer == "fc2");
}

TEST_CASE("the cursor on an eigenvalue tells value, residual and place") {
  Window t;
  SpectrumView* shown = openSpectrum(t, spectrumProject(t, false));
  shown->setPart(SpectrumPart::eigenvalues);
  const QPointF at = *shown->positionOf({SpectrumPart::eigenvalues, 1});
  QMouseEvent move(QEvent::MouseMove, at, shown->mapToGlobal(at), Qt::NoButton, Qt::NoButton,
                   Qt::NoModifier);
  QApplication::sendEvent(shown, &move);
  CHECK(probeOf(t) == "λ = 6, residual 0.02, 2 of 3");
}

TEST_CASE("a sampling is prepared along the eigenvectors of chosen eigenvalues") {
  Window t;
  SpectrumView* shown = openSpectrum(t, spectrumProject(t, false) + "#spectrum/1");
  auto* sample = shown->findChild<QToolButton*>("spectrumSample");
  CHECK_FALSE(sample->isEnabled());
  clickAt(shown, {SpectrumPart::eigenvalues, 1});
  CHECK_FALSE(sample->isEnabled());  // the second without the first has no name
  clickAt(shown, {SpectrumPart::eigenvalues, 0});
  CHECK(sample->isEnabled());
  clickAt(shown, {SpectrumPart::eigenvalues, 1});
  clickAt(shown, {SpectrumPart::eigenvalues, 3});
  REQUIRE(sample->isEnabled());
  sample->click();
  const auto request = t.window.findChild<DirectionsPanel*>()->request();
  REQUIRE(request);
  CHECK(request->directions == std::vector<std::string>{"hessian:1", "hessian:-1"});
  // On what the spectrum was computed on.
  CHECK(t.window.findChild<QLineEdit*>("experimentModel")->text() == "mlp:2-8-3@init:1");
  CHECK(t.window.findChild<QLineEdit*>("experimentSubset")->text() == "100");
}

TEST_CASE(
    "the first and last eigenvalues have names as directions, others and those of another "
    "matrix have none") {
  ShownSpectrum spectrum;
  json result = {{"eigenvalues", {9.0, 8.0, 7.0, -1.0, -2.0}}};
  spectrum.data = std::make_shared<const SpectrumData>(spectrumDataOf(result));
  spectrum.smallest = 2;
  CHECK(directionsAlong(spectrum, {0, 1}) == "hessian:2");
  CHECK(directionsAlong(spectrum, {4}) == "hessian:-1");
  CHECK(directionsAlong(spectrum, {0, 3, 4}) == "hessian:1,hessian:-2");
  CHECK(directionsAlong(spectrum, {3}).empty());
  CHECK(directionsAlong(spectrum, {0, 2}).empty());
  CHECK(directionsAlong(spectrum, {}).empty());
  result["operator"] = "gauss-newton";
  spectrum.data = std::make_shared<const SpectrumData>(spectrumDataOf(result));
  CHECK(directionsAlong(spectrum, {0}).empty());
}

TEST_CASE("the copied command makes the spectrum's figure") {
  Window t;
  SpectrumView* shown = openSpectrum(t, spectrumProject(t, false));
  shown->setPart(SpectrumPart::weights);
  shown->setLayer("fc3");
  shown->setLogarithmic(true);
  QSettings().setValue("exportFolder", t.folder.path());
  t.action("actionCopyCommand")->trigger();
  const QString line = QApplication::clipboard()->text();
  INFO(line.toStdString());
  CHECK(line.contains("curved.tarn#spectrum/2"));
  CHECK(line.contains("--part weights --log --layer fc3"));
}

TEST_CASE("a spectrum that is damaged is named in the contents, and said to be when it is shown") {
  Window t;
  const QString path = t.file("damaged.tarn");
  const auto project = Project::create(path.toStdString());
  StoredSpectrum spectrum;
  StoredExperiment experiment;
  ExperimentText text;
  text.model = "mlp:2-2";
  text.data = "data.npz";
  experiment.experiment = experimentFromText(text);
  spectrum.experiment = project->addExperiment(experiment);
  spectrum.result = {{"eigenvalues", {1.0}}, {"residuals", {1.0, 2.0}}};
  project->addSpectrum(spectrum);
  project->close();
  t.window.open(path);
  REQUIRE(eventually([&] { return t.notice().contains("contradicts itself"); }));
  CHECK(view(t)->spectrum().id == 0);
}

TEST_CASE("a spectrum that is computed in the window is shown, and is in the project") {
  requireEngine();
  Window t;
  writeCircle(t.file("data.npz"), 60);
  // A landscape that is shown stays while the spectrum is computed.
  const QString path = t.file("result.tarn");
  writeProject(path, 1'000);
  t.window.open(path);
  REQUIRE(eventually([&] { return t.analysed(); }));
  t.window.findChild<QLineEdit*>("experimentModel")->setText("mlp:2-8-3@init:1");
  t.window.findChild<QLineEdit*>("experimentData")->setText(t.file("data.npz"));
  t.window.findChild<QSpinBox*>("spectrumTop")->setValue(4);
  t.action("actionStartSpectrum")->trigger();
  INFO(t.notice().toStdString());
  REQUIRE(t.window.sampling()->running());
  CHECK_FALSE(t.action("actionStart")->isEnabled());
  REQUIRE(eventually([&] { return !t.window.sampling()->running(); }, 120'000));
  REQUIRE(view(t)->spectrum().id == 1);
  CHECK(t.window.views()->current() == view(t));
  CHECK(t.shown().landscape.grid != nullptr);
  REQUIRE(eventually([&] {
    return t.window.workspace()->file().project &&
           !t.window.workspace()->file().project->writable();
  }));
  const auto stored = Project::open(path.toStdString(), Access::read)->spectrum(1);
  const auto& shown = view(t)->spectrum().data->eigenvalues;
  REQUIRE(shown.size() == 4);
  for (std::size_t i = 0; i < shown.size(); ++i) {
    CHECK(shown[i].value == stored.result.at("eigenvalues").at(i).get<double>());
  }
  CHECK(stored.eigenvectors.size() == 4);
}
