#include "ui/scene/line_builder.h"

#include <cmath>
#include <utility>

#include <vtkPolyData.h>
#include <vtkTubeFilter.h>

namespace tarn::ui {
namespace {

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

double distance(const Point3& a, const Point3& b) {
  return std::hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}

void LineBuilder::add(const std::vector<Point3>& line) {
  if (line.size() < 2) {
    return;
  }
  lines_->InsertNextCell(static_cast<int>(line.size()));
  for (const Point3& point : line) {
    lines_->InsertCellPoint(points_->InsertNextPoint(point.data()));
  }
}

vtkSmartPointer<vtkPolyData> LineBuilder::build() const {
  auto data = vtkSmartPointer<vtkPolyData>::New();
  data->SetPoints(points_);
  data->SetLines(lines_);
  return data;
}

vtkSmartPointer<vtkPolyData> tubeOf(const std::vector<std::vector<Point3>>& lines,
                                    Qt::PenStyle dash, double radius) {
  LineBuilder builder;
  std::vector<double> pattern = patternOf(dash);
  for (double& length : pattern) {
    length *= radius;
  }
  for (const auto& piece : lines) {
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
