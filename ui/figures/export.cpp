#include "ui/figures/export.h"

#include <QBuffer>
#include <QImage>
#include <QPageSize>
#include <QPainter>
#include <QPdfWriter>
#include <QSaveFile>
#include <QSvgGenerator>
#include <cmath>

#include "topology/base/error.h"
#include "ui/figures/palette.h"

namespace tarn::ui {
namespace {

constexpr int kUnitsPerInch = 96;
constexpr double kLargestSide = 32767.0;  // QPainter's own limit for images

QString fromPath(const std::filesystem::path& path) {
  return QString::fromStdString(path.string());
}

std::string named(const FigureFile& file) {
  return "'" + file.path.string() + "'";
}

FigureFormat formatOf(const FigureFile& file) {
  if (const auto format = figureFormat(file.path)) {
    return *format;
  }
  throw Error(ErrorCode::usage,
              named(file) + " is no name for a figure: its ending says no format that Tarn writes.",
              "End it in .png, .svg or .pdf.");
}

void requireSize(const FigureFile& file, double scale) {
  const double width = file.size.width() * scale;
  const double height = file.size.height() * scale;
  if (!(width >= 1.0 && height >= 1.0 && width <= kLargestSide && height <= kLargestSide)) {
    throw Error(ErrorCode::usage,
                named(file) + " cannot be written: a figure cannot be so small or so large.",
                "Give a size from 1x1 to 32767x32767 pixels, scale included.");
  }
}

void save(const FigureFile& file, const QByteArray& bytes) {
  QSaveFile target(fromPath(file.path));
  if (!target.open(QIODevice::WriteOnly) || target.write(bytes) != bytes.size() ||
      !target.commit()) {
    throw Error(ErrorCode::io,
                "The figure " + named(file) +
                    " could not be written: " + asSentence(target.errorString().toStdString()),
                "Check that the folder exists, may be written and has room.");
  }
}

QByteArray toPng(const FigureFile& file, QImage image) {
  if (!file.title.empty()) {
    image.setText(QStringLiteral("Title"), QString::fromStdString(file.title));
  }
  image.setText(QStringLiteral("Software"), QStringLiteral("Tarn " TARN_VERSION));
  if (!file.provenance.empty()) {
    image.setText(QStringLiteral("Description"), QString::fromStdString(file.provenance));
  }
  QByteArray bytes;
  QBuffer buffer(&bytes);
  if (!buffer.open(QIODevice::WriteOnly) || !image.save(&buffer, "PNG")) {
    throw Error(ErrorCode::memory, "The image for " + named(file) + " could not be encoded.");
  }
  return bytes;
}

QByteArray paintPng(const FigureFile& file, const Paint& paint) {
  requireSize(file, file.scale);
  const QSize pixels(static_cast<int>(std::lround(file.size.width() * file.scale)),
                     static_cast<int>(std::lround(file.size.height() * file.scale)));
  QImage image(pixels, QImage::Format_ARGB32_Premultiplied);
  if (image.isNull()) {
    throw Error(ErrorCode::memory, "There is no memory for the image " + named(file) + ".",
                "Choose a smaller size or scale.");
  }
  image.fill(Qt::transparent);
  const double perMetre = kUnitsPerInch * file.scale / 0.0254;
  image.setDotsPerMeterX(static_cast<int>(std::lround(perMetre)));
  image.setDotsPerMeterY(static_cast<int>(std::lround(perMetre)));
  QPainter painter(&image);
  painter.setRenderHints(QPainter::Antialiasing | QPainter::TextAntialiasing);
  painter.scale(file.scale, file.scale);
  paint(painter, QRectF(QPointF(0, 0), file.size));
  painter.end();
  return toPng(file, image.convertToFormat(QImage::Format_RGB32));
}

QByteArray paintSvg(const FigureFile& file, const Paint& paint) {
  requireSize(file, 1.0);
  QByteArray bytes;
  QBuffer buffer(&bytes);
  buffer.open(QIODevice::WriteOnly);
  QSvgGenerator generator(QSvgGenerator::SvgVersion::Svg11);  // Tiny 1.2 has no clipping
  generator.setOutputDevice(&buffer);
  generator.setResolution(kUnitsPerInch);
  generator.setSize(file.size.toSize());
  generator.setViewBox(QRectF(QPointF(0, 0), file.size));
  generator.setTitle(QString::fromStdString(file.title));
  generator.setDescription(QString::fromStdString(file.provenance));
  QPainter painter(&generator);
  paint(painter, QRectF(QPointF(0, 0), file.size));
  painter.end();
  return bytes;
}

QByteArray paintPdf(const FigureFile& file, const Paint& paint) {
  requireSize(file, 1.0);
  QByteArray bytes;
  QBuffer buffer(&bytes);
  buffer.open(QIODevice::WriteOnly);
  QPdfWriter writer(&buffer);
  constexpr int kDotsPerInch = 1200;
  writer.setResolution(kDotsPerInch);
  writer.setPageSize(
      QPageSize(file.size / kUnitsPerInch, QPageSize::Inch, QString(), QPageSize::ExactMatch));
  writer.setPageMargins(QMarginsF(0, 0, 0, 0));
  writer.setTitle(QString::fromStdString(file.title));
  writer.setCreator(QStringLiteral("Tarn " TARN_VERSION) +
                    (file.provenance.empty()
                         ? QString()
                         : QStringLiteral(": ") + QString::fromStdString(file.provenance)));
  QPainter painter(&writer);
  const double scale = static_cast<double>(kDotsPerInch) / kUnitsPerInch;
  painter.scale(scale, scale);
  paint(painter, QRectF(QPointF(0, 0), file.size));
  painter.end();
  return bytes;
}

}  // namespace

std::optional<FigureFormat> figureFormat(const std::filesystem::path& file) {
  const QString ending = QString::fromStdString(file.extension().string()).toLower();
  if (ending == QLatin1String(".png")) {
    return FigureFormat::png;
  }
  if (ending == QLatin1String(".svg")) {
    return FigureFormat::svg;
  }
  if (ending == QLatin1String(".pdf")) {
    return FigureFormat::pdf;
  }
  return std::nullopt;
}

void writeFigure(const FigureFile& file, const Paint& paintFigure) {
  const Paint paint = [&](QPainter& painter, const QRectF& area) {
    painter.fillRect(area, paletteOf(file.theme).background);
    paintFigure(painter, area);
  };
  switch (formatOf(file)) {
    case FigureFormat::png:
      return save(file, paintPng(file, paint));
    case FigureFormat::svg:
      return save(file, paintSvg(file, paint));
    case FigureFormat::pdf:
      return save(file, paintPdf(file, paint));
  }
}

void requireImageFile(const FigureFile& file) {
  if (formatOf(file) != FigureFormat::png) {
    throw Error(ErrorCode::usage, named(file) + " cannot hold this view: it is an image.",
                "Write it as .png.");
  }
}

void writeImage(const FigureFile& file, QImage image) {
  requireImageFile(file);
  save(file, toPng(file, std::move(image)));
}

}  // namespace tarn::ui
