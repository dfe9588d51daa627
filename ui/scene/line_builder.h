#pragma once

#include <vector>

#include <QtCore/qnamespace.h>
#include <vtkCellArray.h>
#include <vtkNew.h>
#include <vtkPoints.h>
#include <vtkSmartPointer.h>

#include "ui/scene/surface_shape.h"

class vtkPolyData;

namespace tarn::ui {

double distance(const Point3& a, const Point3& b);

/// Collects lines through places of a scene.
class LineBuilder {
 public:
  /// Nothing of fewer than two places.
  void add(const std::vector<Point3>& line);
  vtkSmartPointer<vtkPolyData> build() const;

 private:
  vtkNew<vtkPoints> points_;
  vtkNew<vtkCellArray> lines_;
};

/// Lines as tubes of that radius, dashed as the pen is.
vtkSmartPointer<vtkPolyData> tubeOf(const std::vector<std::vector<Point3>>& lines,
                                    Qt::PenStyle dash, double radius);

}  // namespace tarn::ui
