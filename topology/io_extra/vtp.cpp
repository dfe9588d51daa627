#include "topology/io_extra/vtp.h"

#include <algorithm>

#include <vtkCellArray.h>
#include <vtkCellData.h>
#include <vtkDoubleArray.h>
#include <vtkNew.h>
#include <vtkPointData.h>
#include <vtkPoints.h>
#include <vtkPolyData.h>
#include <vtkXMLPolyDataWriter.h>

#include "topology/io_extra/vtk_file.h"

namespace tarn {
namespace {

void addNumbers(vtkDataSetAttributes& to,
                const std::map<std::string, std::vector<double>>& numbers) {
  for (const auto& [name, values] : numbers) {
    vtkNew<vtkDoubleArray> array;
    array->SetName(name.c_str());
    array->SetNumberOfTuples(static_cast<vtkIdType>(values.size()));
    std::ranges::copy(values, array->GetPointer(0));
    to.AddArray(array);
  }
}

}  // namespace

void writeVtp(const std::filesystem::path& path, const PolyLines& shape) {
  vtkNew<vtkPoints> points;
  points->SetDataTypeToDouble();
  vtkNew<vtkCellArray> alone;
  for (const auto& point : shape.points) {
    const vtkIdType id = points->InsertNextPoint(point.data());
    if (shape.lines.empty()) {
      alone->InsertNextCell(1, &id);
    }
  }
  vtkNew<vtkCellArray> lines;
  for (const auto& line : shape.lines) {
    lines->InsertNextCell(static_cast<int>(line.size()));
    for (const std::int64_t point : line) {
      lines->InsertCellPoint(point);
    }
  }
  vtkNew<vtkPolyData> data;
  data->SetPoints(points);
  data->SetVerts(alone);
  data->SetLines(lines);
  addNumbers(*data->GetPointData(), shape.ofPoints);
  addNumbers(*data->GetCellData(), shape.ofLines);
  vtkNew<vtkXMLPolyDataWriter> writer;
  writer->SetInputData(data);
  writeVtkFile(*writer, path);
}

}  // namespace tarn
