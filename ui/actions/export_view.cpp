#include "ui/actions/export_view.h"

#include <QStringList>
#include <array>
#include <format>
#include <ranges>
#include <utility>

#include "topology/base/error.h"
#include "ui/figures/figure.h"
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

/// " --name 1,2.5": numbers in the fewest digits that say all of them.
template <std::ranges::range Numbers>
std::string listOption(const char* name, const Numbers& numbers) {
  std::string text;
  for (const auto number : numbers) {
    text += std::format("{}{}", text.empty() ? "" : ",", number);
  }
  return std::format(" --{} {}", name, text);
}

std::string surfaceAndContourOptions(const ExportOrder& order, const LandscapeStyle& style) {
  std::string line;
  line += style.reverseColours ? " --reverse" : "";
  line += style.clip ? std::format(" --clip {}", *style.clip) : "";
  line += style.contours ? "" : " --no-contours";
  line += style.criticalPoints ? "" : " --no-minima";
  if (!style.trajectories || (order.runs && order.runs->empty())) {
    line += " --no-runs";
  } else if (order.runs) {
    line += listOption("runs", *order.runs);
  }
  if (order.view == ViewKind::surface && order.viewPoint) {
    const ViewPoint& from = *order.viewPoint;
    line += listOption("camera",
                       std::array{from.azimuth, from.elevation, from.distance, from.focus[0],
                                  from.focus[1], from.focus[2], from.centre[0], from.centre[1]});
  }
  if (order.view == ViewKind::contour && order.part) {
    const PlaneView& part = *order.part;
    line += listOption("part", std::array{part.x[0], part.x[1], part.y[0], part.y[1]});
  }
  return line;
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
  std::string line = std::format(
      "tarn render {} --view {} --out {} --size {}x{}", quoted(order.source), viewWord(order.view),
      quoted(order.file.string()), order.size.width(), order.size.height());
  line += order.scale != 1.0 ? std::format(" --scale {}", order.scale) : "";
  line += style.height == HeightScale::logarithmic ? " --log" : "";
  line += style.colourMap != LandscapeStyle().colourMap ? " --colormap " + style.colourMap : "";
  line += order.connectivity != "2n" ? " --connectivity " + order.connectivity : "";
  line += style.title.empty() ? "" : " --title " + quoted(style.title);
  if (order.view != ViewKind::tree) {
    line += surfaceAndContourOptions(order, style);
  }
  return line;
}

void exportView(const ExportOrder& order, const ShownLandscape& shown, LandscapeStyle style) {
  style.theme = Theme::light;
  if (!shown.landscape.grid) {
    throw Error(ErrorCode::usage, "There is no landscape to export.", "Open one first.");
  }
  FigureSpec spec;
  spec.width = order.size.width();
  spec.height = order.size.height();
  spec.scale = order.scale;
  spec.provenance = renderCommand(order, style);
  spec.viewPoint = order.viewPoint;
  spec.part = order.part;
  LandscapeData data = shown.landscape;
  data.selection.reset();
  switch (order.view) {
    case ViewKind::surface:
      return writeSurfaceFigure(order.file, data, style, spec);
    case ViewKind::contour:
      return writeContourFigure(order.file, data, style, spec);
    case ViewKind::tree:
      if (!data.tree) {
        throw Error(ErrorCode::usage, "The merge tree is not computed yet.",
                    "Try again in a moment.");
      }
      return writeTreeFigure(order.file, data.tree, treeStyle(style, shown), spec);
  }
}

}  // namespace tarn::ui
