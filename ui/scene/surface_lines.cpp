#include "ui/scene/surface_lines.h"

#include <algorithm>
#include <cmath>

#include <vtkCellData.h>
#include <vtkNew.h>
#include <vtkPolyData.h>
#include <vtkUnsignedCharArray.h>

#include "ui/scene/line_builder.h"

namespace tarn::ui {
namespace {

constexpr double kLift = 0.003;

}  // namespace

std::array<unsigned char, 4> isoInk(const Rgb& under) {
  const double luminance = (0.2126 * under[0] + 0.7152 * under[1] + 0.0722 * under[2]) / 255.0;
  const unsigned char ink = luminance > 0.25 ? 0 : 255;
  return {ink, ink, ink, 110};
}

vtkSmartPointer<vtkPolyData> surfaceIsoLines(const SurfaceShape& shape, const ColourMap& colours,
                                             int levels) {
  LineBuilder builder;
  vtkNew<vtkUnsignedCharArray> inks;
  inks->SetNumberOfComponents(4);
  for (const Tick& tick : shape.heights().levels(std::max(levels, 1))) {
    const double unit = shape.heights().unit(tick.value);
    if (unit < 1e-3 || unit > 1.0 - 1e-3) {
      continue;
    }
    const auto ink = isoInk(colours.at(unit));
    for (const Polyline& line : isoLines(shape.plane(), unit)) {
      std::vector<Point3> points;
      for (const auto& [x, y] : line.points) {
        points.push_back({shape.placeX(x), shape.placeY(y), SurfaceShape::kHeight * unit + kLift});
      }
      if (line.closed) {
        points.push_back(points.front());
      }
      if (points.size() >= 2) {
        builder.add(points);
        inks->InsertNextTypedTuple(ink.data());
      }
    }
  }
  auto data = builder.build();
  data->GetCellData()->SetScalars(inks);
  return data;
}

vtkSmartPointer<vtkPolyData> surfaceBorders(const SurfaceShape& shape,
                                            const std::vector<std::int32_t>& basins, double lift) {
  LineBuilder builder;
  const auto& xs = shape.xs();
  const auto& ys = shape.ys();
  /// Where the cell of a coordinate ends: half-way to the next one, or there.
  const auto edge = [](const std::vector<double>& at, std::size_t i, bool after) {
    const std::size_t next = after ? std::min(i + 1, at.size() - 1) : (i > 0 ? i - 1 : 0);
    return (at[i] + at[next]) / 2;
  };
  const auto add = [&](std::array<std::array<double, 2>, 3> places) {
    std::vector<Point3> line;
    for (const auto& [x, y] : places) {
      Point3 point = shape.placeAt(x, y);
      point[2] += lift;
      if (std::isfinite(point[2])) {
        line.push_back(point);
      }
    }
    builder.add(line);
  };
  for (std::size_t j = 0; j < ys.size(); ++j) {
    for (std::size_t i = 0; i < xs.size(); ++i) {
      const std::int32_t own = basins[j * xs.size() + i];
      const auto differs = [&](std::size_t column, std::size_t row) {
        const std::int32_t other = basins[row * xs.size() + column];
        return own >= 0 && other >= 0 && other != own;
      };
      if (i + 1 < xs.size() && differs(i + 1, j)) {
        const double x = edge(xs, i, true);
        add({{{x, edge(ys, j, false)}, {x, ys[j]}, {x, edge(ys, j, true)}}});
      }
      if (j + 1 < ys.size() && differs(i, j + 1)) {
        const double y = edge(ys, j, true);
        add({{{edge(xs, i, false), y}, {xs[i], y}, {edge(xs, i, true), y}}});
      }
    }
  }
  return builder.build();
}

vtkSmartPointer<vtkPolyData> surfaceFloor(const SurfaceShape& shape) {
  LineBuilder builder;
  builder.add({{-1, -1, SurfaceShape::kFloor},
               {1, -1, SurfaceShape::kFloor},
               {1, 1, SurfaceShape::kFloor},
               {-1, 1, SurfaceShape::kFloor},
               {-1, -1, SurfaceShape::kFloor}});
  for (const Tick& tick : roundTicks(shape.xs().front(), shape.xs().back(), 6)) {
    const double x = shape.placeX(tick.value);
    builder.add({{x, -1, SurfaceShape::kFloor}, {x, 1, SurfaceShape::kFloor}});
  }
  for (const Tick& tick : roundTicks(shape.ys().front(), shape.ys().back(), 6)) {
    const double y = shape.placeY(tick.value);
    builder.add({{-1, y, SurfaceShape::kFloor}, {1, y, SurfaceShape::kFloor}});
  }
  return builder.build();
}

std::vector<std::vector<Point3>> surfaceRun(const SurfaceShape& shape, const Trajectory& run,
                                            double lift) {
  std::vector<std::vector<Point3>> pieces(1);
  const double cell = 1.0 / static_cast<double>(std::max(shape.xs().size(), shape.ys().size()));
  const auto put = [&](double x, double y) {
    const Point3 point = shape.above(x, y, lift);
    if (std::isfinite(point[2])) {
      if (pieces.back().empty() || distance(pieces.back().back(), point) > 1e-6) {
        pieces.back().push_back(point);
      }
    } else if (!pieces.back().empty()) {
      pieces.emplace_back();
    }
  };
  for (std::size_t i = 0; i < run.points.size(); ++i) {
    const auto& [x, y] = run.points[i];
    if (i > 0) {
      const auto& [fromX, fromY] = run.points[i - 1];
      const double length =
          std::hypot(shape.placeX(x) - shape.placeX(fromX), shape.placeY(y) - shape.placeY(fromY));
      const int steps =
          std::isfinite(length) ? static_cast<int>(std::clamp(length / cell, 1.0, 256.0)) : 1;
      for (int k = 1; k < steps; ++k) {
        const double t = static_cast<double>(k) / steps;
        put(fromX + t * (x - fromX), fromY + t * (y - fromY));
      }
    }
    put(x, y);
  }
  return pieces;
}

}  // namespace tarn::ui
