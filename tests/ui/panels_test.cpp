#include <QAbstractButton>
#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QProgressBar>
#include <QPushButton>
#include <QSpinBox>
#include <QTemporaryDir>
#include <QTest>
#include <fstream>

#include "tests/ui/window_support.h"
#include "ui/actions/export_dialog.h"
#include "ui/actions/icons.h"
#include "ui/panels/experiment_panel.h"
#include "ui/panels/jobs_panel.h"
#include "ui/panels/notice_bar.h"
#include "ui/panels/sampling_panel.h"
#include "ui/panels/spectrum_panel.h"

using namespace tarn::ui;

namespace {

void type(QWidget& panel, const char* field, const QString& text) {
  auto* edit = panel.findChild<QLineEdit*>(field);
  REQUIRE(edit != nullptr);
  edit->setText(text);
}

QString problem(const QWidget& panel, const char* field) {
  auto* label = panel.findChild<QLabel*>(QString(field) + "Problem");
  REQUIRE(label != nullptr);
  return label->text();
}

}  // namespace

TEST_CASE("what is wrong with an experiment is said beside the field") {
  const QTemporaryDir folder;
  const QString data = folder.filePath("data.npz");
  std::ofstream(data.toStdString()) << "not looked into by the panel";
  ExperimentPanel panel;
  CHECK_FALSE(panel.check());
  CHECK_FALSE(problem(panel, "experimentModel").isEmpty());
  CHECK_FALSE(problem(panel, "experimentData").isEmpty());

  type(panel, "experimentModel", "mlp:4-3@init:1");
  type(panel, "experimentData", data);
  CHECK(panel.check());
  CHECK(problem(panel, "experimentModel").isEmpty());

  type(panel, "experimentModel", folder.filePath("none.pt"));
  CHECK_FALSE(panel.check());
  CHECK(problem(panel, "experimentModel").contains("none.pt"));
  type(panel, "experimentModel", "mlp:4-3@init:1");

  type(panel, "experimentSubset", "some");
  CHECK_FALSE(panel.check());
  CHECK_FALSE(problem(panel, "experimentSubset").isEmpty());
  type(panel, "experimentSubset", "200@7");
  type(panel, "experimentTransform", "layout=sideways");
  CHECK_FALSE(panel.check());
  CHECK(problem(panel, "experimentSubset").isEmpty());
  CHECK_FALSE(problem(panel, "experimentTransform").isEmpty());
  type(panel, "experimentTransform", "layout=nhwc,scale=1/255");
  CHECK(panel.check());
  type(panel, "experimentParameters", "layer1,,head");
  CHECK_FALSE(panel.check());
  CHECK_FALSE(problem(panel, "experimentParameters").isEmpty());
}

TEST_CASE("an experiment that is put into the panel comes out the same") {
  tarn::ExperimentText text;
  text.model = "mlp:4-3@init:1";
  text.data = "data.npz";
  text.loss = "huber:delta=2";
  text.parameters = "layer1,!*.bias";
  text.mode = "train";
  text.subset = "20@3";
  text.transform = "layout=nhwc,scale=1/255";
  text.threads = 2;
  text.seed = 17;
  text.batchnorm = "recalibrate";
  text.memoryMib = 512;
  ExperimentPanel panel;
  panel.setText(text);
  const tarn::ExperimentText again = panel.text();
  CHECK(tarn::experimentFromText(again) == tarn::experimentFromText(text));
  CHECK(again == text);
}

TEST_CASE("the sampling panel says what a sampling costs, by what is known of it") {
  SamplingPanel panel;
  auto* cost = panel.findChild<QLabel*>("samplingCost");
  REQUIRE(cost != nullptr);
  panel.setGrid(2, 1681);
  CHECK(cost->text().contains(QLocale().toString(1681)));
  CHECK(cost->text().contains("Estimate measures"));
  panel.setCost(0.1, 200);
  CHECK(cost->text().contains(QLocale().toString(336'200)));
  CHECK(cost->text().contains("2 min 48 s"));
  // What was measured goes before what is remembered: 1681 · 0.004 s / 2 = 3.4 s.
  panel.setMeasured(panel.speedKey(), MeasuredSpeed{0.004, 2});
  CHECK(cost->text().contains("About 3 s: 4 ms a point, 2 at a time"));
  panel.findChild<QCheckBox*>("samplingGradientNorm")->setChecked(true);
  CHECK(cost->text().contains("two more passes"));
  panel.setGrid(3, 1681);
  CHECK(cost->text().contains("2 min 48 s"));
  panel.setGrid(6, 4.75e9);
  CHECK(cost->text().contains("4.75e+09"));
}

TEST_CASE("the sampling panel needs a project, and takes further quantities") {
  SamplingPanel panel;
  CHECK_FALSE(panel.checkProject());
  CHECK_FALSE(problem(panel, "samplingProject").isEmpty());
  panel.setProjectPath("x");
  CHECK(panel.checkProject());
  CHECK(panel.projectPath() == "x.tarn");
  CHECK(panel.quantities().empty());
  panel.findChild<QCheckBox*>("samplingClassLoss")->setChecked(true);
  panel.findChild<QCheckBox*>("samplingGradientNorm")->setChecked(true);
  CHECK(panel.quantities() == std::vector<std::string>{"class-loss", "gradient-norm"});
}

TEST_CASE("the spectrum panel asks for what the command line does") {
  SpectrumPanel panel;
  auto request = panel.request();
  REQUIRE(request);
  CHECK(request->method == "lanczos");
  CHECK(request->matrix == "hessian");
  CHECK(request->splits == 0);
  CHECK(request->inflation.empty());
  panel.findChild<QComboBox*>("spectrumMethod")->setCurrentText("Chebyshev");
  panel.findChild<QComboBox*>("spectrumOperator")->setCurrentIndex(1);
  panel.findChild<QSpinBox*>("spectrumSplits")->setValue(3);
  type(panel, "spectrumInflation", "8, 32,128");
  request = panel.request();
  REQUIRE(request);
  CHECK(request->method == "chebyshev");
  CHECK(request->matrix == "gauss-newton");
  CHECK(request->splits == 3);
  CHECK(request->inflation == std::vector<int>{8, 32, 128});
  type(panel, "spectrumInflation", "8,many");
  CHECK_FALSE(panel.request());
  CHECK(problem(panel, "spectrumInflation").contains("many"));
}

TEST_CASE("the halves and the batches of the data are enough to ask a spectrum for") {
  SpectrumPanel panel;
  panel.findChild<QSpinBox*>("spectrumTop")->setValue(0);
  CHECK_FALSE(panel.request());
  CHECK_FALSE(problem(panel, "spectrumBottom").isEmpty());
  SECTION("halves") {
    panel.findChild<QSpinBox*>("spectrumSplits")->setValue(1);
  }
  SECTION("batches") {
    type(panel, "spectrumInflation", "16");
  }
  CHECK(panel.request());
}

TEST_CASE("a question is answered once, by its buttons or by dismissing it") {
  NoticeBar bar;
  int yes = 0;
  int no = 0;
  const auto ask = [&] {
    bar.showNotice(NoticeBar::Kind::question, "Really?", "Think.",
                   {{"yes", "Yes", [&] { ++yes; }}, {"no", "No", [&] { ++no; }}});
    bar.setDismissChoice("no");
  };
  ask();
  CHECK(bar.text().contains("Think."));
  bar.findChild<QPushButton*>("yes")->click();
  CHECK(yes == 1);
  CHECK(bar.text().isEmpty());
  ask();
  bar.findChild<QAbstractButton*>("noticeClose")->click();
  CHECK(no == 1);
  CHECK(bar.text().isEmpty());
  bar.showNotice(NoticeBar::Kind::information, "By the way", "");
  bar.findChild<QAbstractButton*>("noticeClose")->click();
  CHECK(no == 1);
}

TEST_CASE("an error is shown with what to do") {
  NoticeBar bar;
  bar.showError("It failed", tarn::Error(tarn::ErrorCode::io, "The disk is full.", "Make room."));
  CHECK(bar.text().contains("It failed"));
  CHECK(bar.text().contains("The disk is full."));
  CHECK(bar.text().contains("Make room."));
}

TEST_CASE("a job shows how far it is and can be cancelled until it ends") {
  JobsPanel panel;
  JobRow* row = panel.addJob("Sampling");
  int cancelled = 0;
  QObject::connect(row, &JobRow::cancelRequested, [&] { ++cancelled; });
  row->setProgress({420, 1681, "sampling", "", 75});
  auto* bar = row->findChild<QProgressBar*>("jobProgress");
  auto* state = row->findChild<QLabel*>("jobState");
  CHECK(bar->value() * 1681 / bar->maximum() == 418);  // 24.9 % in steps of a thousandth
  CHECK(state->text().contains("420 of 1681"));
  CHECK(state->text().contains("1 min 15 s"));
  row->findChild<QPushButton*>("jobCancel")->click();
  CHECK(cancelled == 1);
  row->setEnd(JobEnd::cancelled, "Stopped");
  row->setProgress({1681, 1681, "late", "", 0});
  CHECK(state->text().contains("Stopped"));
  CHECK(row->findChild<QPushButton*>("jobCancel")->isHidden());
}

TEST_CASE("the export dialog offers only what the view can be written as") {
  ExportOrder order;
  order.view = ViewKind::surface;
  order.file = "surface.png";
  order.source = "it's.tarn#landscape/3";
  ExportDialog dialog(order, {}, nullptr);
  auto* view = dialog.findChild<QComboBox*>("exportViewKind");
  auto* format = dialog.findChild<QComboBox*>("exportFormat");
  auto* command = dialog.findChild<QLineEdit*>("exportCommand");
  CHECK(format->count() == 1);
  view->setCurrentIndex(1);
  CHECK(format->count() == 3);
  CHECK(dialog.order().file.filename() == "contour.png");
  format->setCurrentText("SVG");
  CHECK(dialog.order().file.extension() == ".svg");
  CHECK(command->text().contains("tarn render 'it'\\''s.tarn#landscape/3' --view contour"));
}

TEST_CASE("icons are drawn in the colour of the text") {
  const QImage image = themedIcon("open").pixmap(64, 64).toImage();
  const QColor text = QApplication::palette().color(QPalette::ButtonText);
  bool found = false;
  for (int y = 0; y < image.height(); ++y) {
    for (int x = 0; x < image.width(); ++x) {
      const QColor pixel = image.pixelColor(x, y);
      found = found || (pixel.alpha() == 255 && pixel.rgb() == text.rgb());
    }
  }
  CHECK(found);
  CHECK(themedIcon("no-such-icon").isNull());
}
