#pragma once

#include <QSizeF>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "ui/scene/style.h"

class QImage;
class QPainter;
class QRectF;

namespace tarn::ui {

enum class FigureFormat { png, svg, pdf };

/// By the ending of the name; none for another.
std::optional<FigureFormat> figureFormat(const std::filesystem::path& file);

/// Where a figure goes, and what is written inside the file about it.
struct FigureFile {
  std::filesystem::path path;
  QSizeF size{1200, 900};  ///< in pixels of 1/96 inch
  double scale = 1.0;      ///< PNG: this many image pixels for each of them
  Theme theme = Theme::light;
  std::string title;
  std::string provenance;  ///< the command that makes the figure again
};

using Paint = std::function<void(QPainter&, const QRectF&)>;

/// Paints a figure into a PNG, SVG or PDF file, whole or not at all. SVG and PDF hold text and
/// lines as such. Needs a QGuiApplication. Throws Error(usage) for another ending, Error(io).
void writeFigure(const FigureFile& file, const Paint& paint);

/// Throws Error(usage) for a view that is an image, when the ending is not .png: before it is made.
void requireImageFile(const FigureFile& file);
/// Writes an image as PNG, with title and provenance inside. Throws Error(usage) for another
/// ending, Error(io).
void writeImage(const FigureFile& file, QImage image);

}  // namespace tarn::ui
