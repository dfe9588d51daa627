#include "ui/scene/surface_lines.h"

#include <algorithm>
#include <cmath>

#include <vtkCellArray.h>
#include <vtkCellData.h>
#include <vtkNew.h>
#include <vtkPoints.h>
#include <vtkPolyData.h>
#include <vtkTubeFilter.h>
#include <vtkUnsignedCharArray.h>

namespace tarn::ui {
namespace {

constexpr double kLift = 0.003;

class LineBuilder {
 public:
  void add(const std::vector<Point3>& line) {
    if (line.size() < 2) {
      return;
    }
    lines_->InsertNextCell(static_cast<int>(line.size()));
    for (const Point3& point : line) {
      lines_->InsertCellPoint(points_->InsertNextPoint(point.data()));
    }
  }
  vtkSmartPointer<vtkPolyData> build() const {
    auto data = vtkSmartPointer<vtkPolyData>::New();
    data->SetPoints(points_);
    data->SetLines(lines_);
    return data;
  }

 private:
  vtkNew<vtkPoints> points_;
  vtkNew<vtkCellArray> lines_;
};

double distance(const Point3& a, const Point3& b) {
  return std::hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}

/// A run on the surface, in pieces that have a height; straight steps follow the surface.
std::vector<std::vector<Point3>> piecesOf(const SurfaceShape& shape, const Trajectory& run,
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

/// On and off lengths, in units of the tube's radius.
std::vector<double> patternOf(Qt::PenStyle dash) {
  switch (dash) {
    case Qt::DashLine:
      return {9.0, 5.0};
    case Qt::DotLine:
      return {2.5, 4.0};
    case Qt::DashDotLine:
      return {9.0, 4.0, 2.5, 4.0};
    default:
      return {};
  }
}

std::vector<std::vector<Point3>> dashed(const std::vector<Point3>& line,
                                        const std::vector<double>& pattern) {
  std::vector<std::vector<Point3>> dashes;
  if (line.empty()) {
    return dashes;
  }
  std::vector<Point3> dash = {line.front()};
  std::size_t phase = 0;
  double left = pattern[0];
  for (std::size_t i = 1; i < line.size(); ++i) {
    Point3 from = line[i - 1];
    double length = distance(from, line[i]);
    while (length > left) {
      for (std::size_t k = 0; k < 3; ++k) {
        from[k] += (line[i][k] - from[k]) * left / length;
      }
      length -= left;
      if (phase % 2 == 0) {
        dash.push_back(from);
        dashes.push_back(std::move(dash));
      }
      phase = (phase + 1) % pattern.size();
      left = pattern[phase];
      dash = {from};
    }
    left -= length;
    if (phase % 2 == 0) {
      dash.push_back(line[i]);
    }
  }
  if (phase % 2 == 0) {
    dashes.push_back(std::move(dash));
  }
  return dashes;
}

}  // namespace

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
    const Rgb under = colours.at(unit);
    const double luminance = (0.2126 * under[0] + 0.7152 * under[1] + 0.0722 * under[2]) / 255.0;
    const double ink = luminance > 0.25 ? 0.0 : 255.0;
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
        inks->InsertNextTuple4(ink, ink, ink, 110.0);
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

vtkSmartPointer<vtkPolyData> surfaceRun(const SurfaceShape& shape, const Trajectory& run,
                                        Qt::PenStyle dash, double radius) {
  LineBuilder builder;
  std::vector<double> pattern = patternOf(dash);
  for (double& length : pattern) {
    length *= radius;
  }
  for (const auto& piece : piecesOf(shape, run, radius)) {
    if (pattern.empty()) {
      builder.add(piece);
      continue;
    }
    for (const auto& stroke : dashed(piece, pattern)) {
      builder.add(stroke);
    }
  }
  vtkNew<vtkTubeFilter> tube;
  tube->SetInputData(builder.build());
  tube->SetRadius(radius);
  tube->SetNumberOfSides(12);
  tube->CappingOn();
  tube->Update();
  return tube->GetOutput();
}

}  // namespace tarn::ui
