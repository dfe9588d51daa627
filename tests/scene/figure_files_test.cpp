#include <QFile>
#include <QImage>
#include <QProcess>
#include <QRegularExpression>
#include <QStandardPaths>
#include <QXmlStreamReader>
#include <catch2/catch_test_macros.hpp>
#include <filesystem>

#include "scene/landscapes.h"
#include "support/temporary_folder.h"
#include "topology/base/error.h"
#include "ui/figures/figure.h"

namespace {

using namespace tarn;
using namespace tarn::ui;

LandscapeStyle titled() {
  LandscapeStyle style;
  style.title = "Loss & its <basins>";
  return style;
}

FigureSpec spec() {
  FigureSpec wanted;
  wanted.width = 640;
  wanted.height = 480;
  wanted.provenance = "tarn render a.npy --view contour --title \"a < b & c\"";
  return wanted;
}

QByteArray bytesOf(const std::filesystem::path& path) {
  QFile file(QString::fromStdString(path.string()));
  REQUIRE(file.open(QIODevice::ReadOnly));
  return file.readAll();
}

struct SvgText {
  QStringList texts;
  QString description;
  int images = 0;
  bool wellFormed = false;
};

SvgText readSvg(const std::filesystem::path& path) {
  SvgText found;
  QXmlStreamReader xml(bytesOf(path));
  while (!xml.atEnd()) {
    xml.readNext();
    if (xml.isStartElement()) {
      const QString name = xml.name().toString();
      if (name == "text") {
        found.texts += xml.readElementText(QXmlStreamReader::IncludeChildElements).trimmed();
      } else if (name == "desc") {
        found.description = xml.readElementText();
      } else if (name == "image") {
        ++found.images;
      }
    }
  }
  found.wellFormed = !xml.hasError();
  return found;
}

QString outputOf(const QString& program, const QStringList& arguments) {
  if (QStandardPaths::findExecutable(program).isEmpty()) {
    SKIP(program.toStdString() + " (poppler-utils) is not installed");
  }
  QProcess process;
  process.start(program, arguments);
  REQUIRE(process.waitForFinished(30000));
  REQUIRE(process.exitCode() == 0);
  return QString::fromUtf8(process.readAllStandardOutput());
}

ErrorCode codeOf(const std::filesystem::path& path) {
  try {
    writeContourFigure(path, test::bowlWithRuns(), titled(), spec());
  } catch (const Error& error) {
    CHECK_FALSE(error.remedy().empty());
    return error.code();
  }
  FAIL("a figure was written to " << path);
  return ErrorCode::internal;
}

}  // namespace

TEST_CASE("an SVG holds captions, run names and values as text, and lines as lines") {
  const test::TemporaryFolder folder;
  writeContourFigure(folder / "contour.svg", test::bowlWithRuns(), titled(), spec());
  const SvgText svg = readSvg(folder / "contour.svg");
  CHECK(svg.wellFormed);
  CHECK(svg.images == 0);
  CHECK(svg.description.toStdString() == spec().provenance);
  for (const char* text : {"Loss & its <basins>", "loss", "sgd", "adamw", "minimum"}) {
    INFO(text);
    CHECK(svg.texts.contains(QString::fromUtf8(text)));
  }
  // Qt writes a change of script as a text of its own.
  const QString joined = svg.texts.join("").remove(' ');
  CHECK(joined.contains(QString::fromUtf8("hessian:1(λ=271.4)")));
  CHECK(joined.contains(QString::fromUtf8("hessian:2(λ=215.7)")));
}

TEST_CASE("the SVG of a tree says SMAD and connectivity") {
  const test::TemporaryFolder folder;
  TreeStyle style;
  style.smad = 0.25;
  writeTreeFigure(folder / "tree.svg", test::noisy(9, 9, 2).tree, style, spec());
  const SvgText svg = readSvg(folder / "tree.svg");
  CHECK(svg.wellFormed);
  const QString all = svg.texts.join('\n');
  CHECK(all.contains("SMAD 0.25"));
  CHECK(all.contains("connectivity 2n"));
}

TEST_CASE("a PDF has one page of the asked size with text, embedded fonts and no raster") {
  const test::TemporaryFolder folder;
  const auto path = folder / "contour.pdf";
  writeContourFigure(path, test::bowlWithRuns(), titled(), spec());
  const QString name = QString::fromStdString(path.string());
  const QString text = outputOf("pdftotext", {name, "-"});
  CHECK(text.contains("Loss & its <basins>"));
  CHECK(text.contains("hessian:1 (λ = 271.4)"));
  CHECK(text.contains("adamw"));
  CHECK(outputOf("pdfimages", {"-list", name}).count('\n') == 2);  // the heading only
  const QString info = outputOf("pdfinfo", {name});
  CHECK(info.contains(QRegularExpression("Pages: +1\n")));
  CHECK(info.contains(QRegularExpression("Page size: +480 x 360 pts")));  // 640 × 480 at 96 dpi
  CHECK(info.contains("tarn render a.npy"));
}

TEST_CASE("a PNG has scale times the pixels and remembers its origin") {
  const test::TemporaryFolder folder;
  FigureSpec doubled = spec();
  doubled.scale = 2;
  writeContourFigure(folder / "contour.png", test::bowlWithRuns(), titled(), doubled);
  const QImage image(QString::fromStdString((folder / "contour.png").string()));
  CHECK(image.size() == QSize(1280, 960));
  CHECK(image.text("Description").toStdString() == doubled.provenance);
  CHECK(image.pixelColor(2, 2) == QColor(Qt::white));
}

TEST_CASE("the dark theme has a dark background in every format") {
  const test::TemporaryFolder folder;
  LandscapeStyle style;
  style.theme = Theme::dark;
  writeContourFigure(folder / "dark.png", test::bowlWithRuns(), style, spec());
  const QImage image(QString::fromStdString((folder / "dark.png").string()));
  CHECK(image.pixelColor(2, 2).lightness() < 60);
}

TEST_CASE("the same figure is the same file, so that results can be compared") {
  const test::TemporaryFolder folder;
  for (const char* ending : {"svg", "png"}) {
    const auto first = folder / (std::string("a.") + ending).c_str();
    const auto second = folder / (std::string("b.") + ending).c_str();
    writeContourFigure(first, test::bowlWithRuns(), titled(), spec());
    writeContourFigure(second, test::bowlWithRuns(), titled(), spec());
    CHECK(bytesOf(first) == bytesOf(second));
  }
}

TEST_CASE("a figure that cannot be written is an error, and what was there stays") {
  const test::TemporaryFolder folder;
  CHECK(codeOf(folder / "no such folder" / "figure.svg") == ErrorCode::io);
  CHECK(codeOf(folder / "figure.bmp") == ErrorCode::usage);
  CHECK(codeOf(folder / "figure") == ErrorCode::usage);
  std::filesystem::create_directory(folder / "taken.png");
  CHECK(codeOf(folder / "taken.png") == ErrorCode::io);
}

TEST_CASE("a surface is not written as a vector file") {
  const test::TemporaryFolder folder;
  try {
    writeSurfaceFigure(folder / "surface.svg", test::bowlWithRuns(), titled(), spec());
    FAIL("an SVG of a surface was written");
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::usage);
  }
}

TEST_CASE("a figure of no size or of absurd size is refused") {
  const test::TemporaryFolder folder;
  for (const int width : {0, -5, 40000}) {
    FigureSpec wrong = spec();
    wrong.width = width;
    for (const char* name : {"f.png", "f.svg", "f.pdf"}) {
      CHECK_THROWS_AS(writeContourFigure(folder / name, test::bowlWithRuns(), titled(), wrong),
                      Error);
    }
  }
}
