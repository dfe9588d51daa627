#include "ui/actions/export_view.h"

#include <QStringList>
#include <array>
#include <utility>

#include "topology/base/error.h"
#include "ui/figures/contour_figure.h"
#include "ui/figures/export.h"
#include "ui/figures/tree_figure.h"
#include "ui/scene/still.h"
#include "ui/views/tree_view.h"

namespace tarn::ui {
namespace {

/// Quoted for a shell where that is needed.
std::string quoted(const std::string& word) {
  if (!word.empty() &&
      word.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                             "_./:=,+-") == std::string::npos) {
    return word;
  }
  std::string text = "'";
  for (const char character : word) {
    text += character == '\'' ? std::string("'\\''") : std::string(1, character);
  }
  return text + "'";
}

}  // namespace

std::string viewWord(ViewKind view) {
  constexpr std::array words{"surface", "contour", "tree"};
  return words[static_cast<std::size_t>(view)];
}

QStringList exportFormats(ViewKind view) {
  return view == ViewKind::surface ? QStringList{"png"} : QStringList{"svg", "pdf", "png"};
}

std::string renderCommand(const ExportOrder& order, const LandscapeStyle& style) {
  std::string line = "tarn render " + quoted(order.source) + " --view " + viewWord(order.view) +
                     " --out " + quoted(order.file.string()) + " --size " +
                     std::to_string(order.size.width()) + "x" + std::to_string(order.size.height());
  if (order.scale != 1.0) {
    line += " --scale " + QString::number(order.scale, 'g', 6).toStdString();
  }
  if (style.height == HeightScale::logarithmic) {
    line += " --log";
  }
  if (order.view != ViewKind::tree && style.colourMap != LandscapeStyle().colourMap) {
    line += " --colours " + style.colourMap;
  }
  if (order.view == ViewKind::tree && order.connectivity != "2n") {
    line += " --connectivity " + order.connectivity;
  }
  return line;
}

void exportView(const ExportOrder& order, const ShownLandscape& shown, LandscapeStyle style,
                const vtkCamera* camera) {
  style.theme = Theme::light;
  if (!shown.landscape.grid) {
    throw Error(ErrorCode::usage, "There is no landscape to export.", "Open one first.");
  }
  FigureFile file;
  file.path = order.file;
  file.size = QSizeF(order.size);
  file.scale = order.scale;
  file.title = style.title;
  file.provenance = renderCommand(order, style);
  LandscapeData data = shown.landscape;
  data.selection.reset();
  switch (order.view) {
    case ViewKind::surface:
      writeImage(file, renderSurface(data, style, order.size, order.scale, camera));
      return;
    case ViewKind::contour: {
      const ContourFigure figure(std::move(data), style);
      writeFigure(file,
                  [&](QPainter& painter, const QRectF& area) { figure.paint(painter, area); });
      return;
    }
    case ViewKind::tree: {
      if (!data.tree) {
        throw Error(ErrorCode::usage, "The merge tree is not computed yet.",
                    "Try again in a moment.");
      }
      const TreeFigure figure(data.tree, treeStyle(style, shown));
      writeFigure(file,
                  [&](QPainter& painter, const QRectF& area) { figure.paint(painter, area); });
      return;
    }
  }
}

}  // namespace tarn::ui
