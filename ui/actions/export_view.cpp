#include "ui/actions/export_view.h"

#include <QCoreApplication>
#include <QStringList>
#include <array>
#include <format>
#include <memory>
#include <ranges>
#include <utility>

#include "topology/base/error.h"
#include "topology/persistence/diagram.h"
#include "ui/figures/figure.h"
#include "ui/views/persistence_view.h"
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

/// Whether values are turned into heights or colours: what is said of them matters then.
bool hasHeights(ViewKind view) {
  return view == ViewKind::surface || view == ViewKind::contour || view == ViewKind::volume ||
         view == ViewKind::tree || view == ViewKind::basins;
}

std::string sliceOptions(const SliceChoice& slice) {
  std::string places;
  for (const auto& [axis, coordinate] : slice.at) {
    places += std::format("{}{}={}", places.empty() ? " --at " : ",", axis, coordinate);
  }
  return (slice.axes ? listOption("axes", *slice.axes) : "") + places;
}

std::string volumeOptions(const ExportOrder& order) {
  std::string line = sliceOptions(order.places);
  const VolumeStyle& volume = order.volume;
  line += volume.level ? std::format(" --level {}", *volume.level) : "";
  line += volume.surfaces != VolumeStyle().surfaces ? std::format(" --surfaces {}", volume.surfaces)
                                                    : "";
  if (volume.slices != VolumeStyle().slices) {
    std::vector<int> axes;
    for (int axis = 1; axis <= 3; ++axis) {
      if (volume.slices[static_cast<std::size_t>(axis - 1)]) {
        axes.push_back(axis);
      }
    }
    line += axes.empty() ? " --slices none" : listOption("slices", axes);
  }
  return line;
}

std::string planeOptions(const ExportOrder& order, const LandscapeStyle& style) {
  std::string line =
      order.view == ViewKind::volume ? volumeOptions(order) : sliceOptions(order.slice);
  line += style.reverseColours ? " --reverse" : "";
  line += style.clip ? std::format(" --clip {}", *style.clip) : "";
  line += style.criticalPoints ? "" : " --no-minima";
  if (order.view == ViewKind::basins) {
    return line;
  }
  line += style.contours ? "" : " --no-contours";
  if (!style.trajectories || (order.runs && order.runs->empty())) {
    line += " --no-runs";
  } else if (order.runs) {
    line += listOption("runs", *order.runs);
  }
  line += order.view == ViewKind::surface && style.basins ? " --basins" : "";
  if (const auto point = order.viewPointOf(order.view)) {
    const ViewPoint& from = *point;
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

std::string spectrumOptions(const SpectrumOrder& order, const LandscapeStyle& style) {
  std::string line = order.part ? " --part " + toString(*order.part) : "";
  line += order.logarithmic ? " --log" : "";
  line += order.layer.empty() ? "" : " --layer " + quoted(order.layer);
  return line + (style.title.empty() ? "" : " --title " + quoted(style.title));
}

void writeSpectrum(const ExportOrder& order, const LandscapeStyle& style, const FigureSpec& spec) {
  if (!order.spectrum.data) {
    throw Error(ErrorCode::usage, "There is no spectrum to export.", "Compute one first.");
  }
  const auto parts =
      order.spectrum.part ? std::vector{*order.spectrum.part} : order.spectrum.data->parts();
  writeSpectrumFigure(
      order.file, order.spectrum.data, parts,
      {style.theme, style.title, order.spectrum.logarithmic, order.spectrum.layer, {}}, spec);
}

std::string curvesOptions(const CurvesOrder& order, const LandscapeStyle& style) {
  std::string line = order.part ? " --part " + std::string(toString(*order.part)) : "";
  line += order.style.logarithmic ? " --log" : "";
  line += order.style.axis == CurveAxis::epoch ? " --by epoch" : "";
  line += order.style.smoothing ? std::format(" --smoothing {}", *order.style.smoothing) : "";
  return line + (style.title.empty() ? "" : " --title " + quoted(style.title));
}

void writeCurves(const ExportOrder& order, const LandscapeStyle& style, const FigureSpec& spec) {
  if (!order.curves.data || order.curves.data->runs.empty()) {
    throw Error(ErrorCode::usage, "There are no training curves to export.", "Train a run first.");
  }
  CurveStyle look = order.curves.style;
  look.theme = style.theme;
  look.title = style.title;
  writeCurveFigure(order.file, order.curves.data,
                   order.curves.part ? std::vector{*order.curves.part} : order.curves.data->parts(),
                   look, spec);
}

void writePersistence(const ExportOrder& order, const ShownLandscape& shown,
                      const LandscapeStyle& style, const FigureSpec& spec) {
  const LandscapeData& data = shown.landscape;
  auto diagram = std::make_shared<const PersistenceDiagram>(
      persistenceDiagram(*data.grid, data.tree->connectivity));
  writePersistenceFigure(
      order.file, std::move(diagram),
      order.view == ViewKind::barcode ? PersistencePlot::barcode : PersistencePlot::diagram,
      plotStyle(style, shown), spec);
}

}  // namespace

std::vector<ViewKind> viewKinds(std::size_t axes) {
  std::vector<ViewKind> kinds;
  if (axes == 1) {
    kinds = {ViewKind::line};
  } else if (axes == 3) {
    kinds = {ViewKind::surface, ViewKind::contour, ViewKind::volume};
  } else {
    kinds = {ViewKind::surface, ViewKind::contour};
  }
  for (const ViewKind kind :
       {ViewKind::tree, ViewKind::barcode, ViewKind::diagram, ViewKind::profile}) {
    kinds.push_back(kind);
  }
  if (axes != 1) {
    kinds.push_back(ViewKind::basins);
  }
  kinds.push_back(ViewKind::spectrum);
  kinds.push_back(ViewKind::curves);
  return kinds;
}

std::string viewWord(ViewKind view) {
  constexpr std::array words{"surface", "contour", "volume", "line",     "tree",  "barcode",
                             "diagram", "profile", "basins", "spectrum", "curves"};
  return words[static_cast<std::size_t>(view)];
}

QString viewTitle(ViewKind view) {
  constexpr std::array titles{
      QT_TRANSLATE_NOOP("tarn::ui::View", "Surface"),
      QT_TRANSLATE_NOOP("tarn::ui::View", "Contour"),
      QT_TRANSLATE_NOOP("tarn::ui::View", "Volume"),
      QT_TRANSLATE_NOOP("tarn::ui::View", "Line"),
      QT_TRANSLATE_NOOP("tarn::ui::View", "Merge tree"),
      QT_TRANSLATE_NOOP("tarn::ui::View", "Persistence barcode"),
      QT_TRANSLATE_NOOP("tarn::ui::View", "Persistence diagram"),
      QT_TRANSLATE_NOOP("tarn::ui::View", "Profile"),
      QT_TRANSLATE_NOOP("tarn::ui::View", "Basins"),
      QT_TRANSLATE_NOOP("tarn::ui::View", "Spectrum"),
      QT_TRANSLATE_NOOP("tarn::ui::View", "Training curves"),
  };
  return QCoreApplication::translate("tarn::ui::View", titles[static_cast<std::size_t>(view)]);
}

QStringList exportFormats(ViewKind view) {
  return view == ViewKind::surface || view == ViewKind::volume ? QStringList{"png"}
                                                               : QStringList{"svg", "pdf", "png"};
}

std::optional<ViewPoint> ExportOrder::viewPointOf(ViewKind kind) const {
  return kind == ViewKind::surface  ? viewPoint
         : kind == ViewKind::volume ? volumePoint
                                    : std::nullopt;
}

std::string renderCommand(const ExportOrder& order, const LandscapeStyle& style) {
  const bool spectrum = order.view == ViewKind::spectrum;
  const bool curves = order.view == ViewKind::curves;
  std::string line = std::format("tarn render {} --view {} --out {} --size {}x{}",
                                 quoted(spectrum ? order.spectrum.source
                                        : curves ? order.curves.source
                                                 : order.source),
                                 viewWord(order.view), quoted(order.file.string()),
                                 order.size.width(), order.size.height());
  line += order.scale != 1.0 ? std::format(" --scale {}", order.scale) : "";
  if (spectrum) {
    return line + spectrumOptions(order.spectrum, style);
  }
  if (curves) {
    return line + curvesOptions(order.curves, style);
  }
  if (order.view == ViewKind::line) {
    line += style.height == HeightScale::logarithmic ? " --log" : "";
    line += style.clip ? std::format(" --clip {}", *style.clip) : "";
    line += style.criticalPoints ? "" : " --no-minima";
  }
  if (hasHeights(order.view)) {
    line += style.height == HeightScale::logarithmic ? " --log" : "";
    line += style.colourMap != LandscapeStyle().colourMap ? " --colormap " + style.colourMap : "";
  }
  line += order.connectivity != "2n" ? " --connectivity " + order.connectivity : "";
  line += order.threshold > 0.0 ? std::format(" --persistence {}", order.threshold) : "";
  line += order.repaired ? " --repair" : "";
  line += style.title.empty() ? "" : " --title " + quoted(style.title);
  if (hasHeights(order.view) && order.view != ViewKind::tree) {
    line += planeOptions(order, style);
  }
  return line;
}

void exportView(const ExportOrder& order, const ShownLandscape& shown, LandscapeStyle style) {
  style.theme = Theme::light;
  FigureSpec spec;
  spec.width = order.size.width();
  spec.height = order.size.height();
  spec.scale = order.scale;
  spec.provenance = renderCommand(order, style);
  spec.viewPoint = order.viewPointOf(order.view);
  spec.part = order.part;
  if (order.view == ViewKind::spectrum) {
    return writeSpectrum(order, style, spec);
  }
  if (order.view == ViewKind::curves) {
    return writeCurves(order, style, spec);
  }
  if (!shown.landscape.grid) {
    throw Error(ErrorCode::usage, "There is no landscape to export.", "Open one first.");
  }
  LandscapeData data = shown.landscape;
  LandscapeData plane = shown.plane;
  data.selection.reset();
  plane.selection.reset();
  const bool needsTopology = order.view != ViewKind::surface && order.view != ViewKind::contour &&
                             order.view != ViewKind::volume && order.view != ViewKind::line;
  if (needsTopology && (!data.tree || !data.basins)) {
    throw Error(ErrorCode::usage, "The topology of this landscape is not computed yet.",
                "Try again in a moment.");
  }
  switch (order.view) {
    case ViewKind::surface:
      return writeSurfaceFigure(order.file, plane, style, spec);
    case ViewKind::contour:
      return writeContourFigure(order.file, plane, style, spec);
    case ViewKind::line:
      return writeLineFigure(order.file, data, style, spec);
    case ViewKind::volume:
      return writeVolumeFigure(order.file, data, style, order.volume, spec);
    case ViewKind::tree:
      return writeTreeFigure(order.file, data.tree, treeStyle(style, shown), spec);
    case ViewKind::barcode:
    case ViewKind::diagram:
      return writePersistence(order, shown, style, spec);
    case ViewKind::profile:
      return writeProfileFigure(order.file, *data.grid, data.tree, plotStyle(style, shown), spec);
    case ViewKind::basins:
      return writeBasinsFigure(order.file, plane, *plane.basins, style, spec);
    case ViewKind::spectrum:
    case ViewKind::curves:
      break;  // no landscape
  }
}

}  // namespace tarn::ui
