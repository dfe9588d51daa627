#include "topology/io_extra/vti.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <span>

#include <vtkDataArray.h>
#include <vtkDoubleArray.h>
#include <vtkImageData.h>
#include <vtkInformation.h>
#include <vtkNew.h>
#include <vtkPointData.h>
#include <vtkStreamingDemandDrivenPipeline.h>
#include <vtkXMLImageDataReader.h>
#include <vtkXMLImageDataWriter.h>

#include "topology/base/error.h"
#include "topology/io_extra/vtk_file.h"

namespace tarn {
namespace {

NdArray arrayOf(vtkDataArray& numbers, const std::vector<std::size_t>& shape) {
  std::vector<double> values(static_cast<std::size_t>(numbers.GetNumberOfTuples()));
  for (std::size_t i = 0; i < values.size(); ++i) {
    values[i] = numbers.GetComponent(static_cast<vtkIdType>(i), 0);
  }
  return NdArray::fromDoubles(shape, values);
}

void requireFewPoints(const std::string& path, const std::array<int, 6>& extent,
                      std::int64_t mostPoints) {
  std::int64_t points = 1;
  for (std::size_t axis = 0; axis < 3; ++axis) {
    const std::int64_t length =
        std::int64_t{extent[2 * axis + 1]} - std::int64_t{extent[2 * axis]} + 1;
    if (length < 1) {
      throw Error(ErrorCode::badInput, path + " is an image without points.");
    }
    if (points > mostPoints / length) {
      throw Error(ErrorCode::unsupported, path + " says that it has more than " +
                                              std::to_string(mostPoints) +
                                              " points: more than Tarn reads.");
    }
    points *= length;
  }
}

/// `axis.0`, …, the slowest first, and the shape that goes with them.
std::vector<std::size_t> addAxes(vtkImageData& image, std::map<std::string, NdArray>& arrays) {
  std::vector<std::size_t> shape;
  for (int axis = 2; axis >= 0; --axis) {
    const auto length = static_cast<std::size_t>(image.GetDimensions()[axis]);
    const bool last = axis == 0 && shape.empty();
    if (length == 1 && !last) {
      continue;
    }
    std::vector<double> coordinates(length);
    const int first = image.GetExtent()[2 * axis];
    for (std::size_t i = 0; i < length; ++i) {
      coordinates[i] =
          image.GetOrigin()[axis] + (first + static_cast<double>(i)) * image.GetSpacing()[axis];
    }
    arrays.emplace("axis." + std::to_string(shape.size()),
                   NdArray::fromDoubles({length}, coordinates));
    shape.push_back(length);
  }
  return shape;
}

/// The first coordinate and the step of an axis; Error(unsupported) when steps differ by more than
/// the rounding of their coordinates.
std::array<double, 2> originAndStep(const Axis& axis) {
  const auto& all = axis.coordinates;
  if (all.size() == 1) {
    return {all.front(), 1.0};
  }
  const double step = (all.back() - all.front()) / static_cast<double>(all.size() - 1);
  const double rounding = 8 * std::numeric_limits<double>::epsilon() *
                          std::max(std::abs(all.front()), std::abs(all.back()));
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (std::abs(all.front() + static_cast<double>(i) * step - all[i]) > rounding + 1e-9 * step) {
      throw Error(ErrorCode::unsupported,
                  "A .vti image has evenly spaced axes, and this grid has not.",
                  "Write .npz, .h5 or .csv.");
    }
  }
  return {all.front(), step};
}

void addField(vtkImageData& image, const std::string& name, std::span<const double> values) {
  vtkNew<vtkDoubleArray> array;
  array->SetName(name.c_str());
  array->SetNumberOfTuples(static_cast<vtkIdType>(values.size()));
  std::ranges::copy(values, array->GetPointer(0));
  image.GetPointData()->AddArray(array);
}

}  // namespace

std::map<std::string, NdArray> readVtiArrays(const std::filesystem::path& path,
                                             std::int64_t mostPoints) {
  vtkNew<vtkXMLImageDataReader> reader;
  VtkErrors errors(*reader);
  reader->SetFileName(path.c_str());
  if (reader->CanReadFile(path.c_str()) == 0) {
    throw Error(ErrorCode::badInput, path.string() + " is not a VTK image file (.vti).");
  }
  reader->UpdateInformation();
  errors.throwIfAny(path.string());
  std::array<int, 6> extent{};
  reader->GetOutputInformation(0)->Get(vtkStreamingDemandDrivenPipeline::WHOLE_EXTENT(),
                                       extent.data());
  requireFewPoints(path.string(), extent, mostPoints);
  reader->Update();
  errors.throwIfAny(path.string());
  if (reader->GetErrorCode() != 0) {
    throw Error(ErrorCode::badInput, path.string() + " is damaged.");
  }
  vtkImageData& image = *reader->GetOutput();
  std::map<std::string, NdArray> arrays;
  const auto shape = addAxes(image, arrays);
  vtkPointData& data = *image.GetPointData();
  for (int i = 0; i < data.GetNumberOfArrays(); ++i) {
    vtkDataArray* numbers = data.GetArray(i);
    if (numbers == nullptr || numbers->GetNumberOfComponents() != 1 ||
        numbers->GetNumberOfTuples() != image.GetNumberOfPoints()) {
      continue;
    }
    const std::string name = numbers->GetName() != nullptr ? numbers->GetName() : "";
    if (!name.empty()) {
      arrays.emplace(name, arrayOf(*numbers, shape));
    }
    if (numbers == data.GetScalars() || !arrays.contains("values")) {
      arrays.insert_or_assign("values", arrayOf(*numbers, shape));
    }
  }
  if (!arrays.contains("values")) {
    throw Error(ErrorCode::badInput, path.string() + " has no numbers at its points.",
                "Save the loss as point data with one component.");
  }
  return arrays;
}

void writeVti(const std::filesystem::path& path, const ScalarGrid& grid,
              const std::vector<VertexField>& fields) {
  if (grid.dimension() > 3) {
    throw Error(ErrorCode::unsupported,
                "A .vti image has at most three axes, and this grid has " +
                    std::to_string(grid.dimension()) + ".",
                "Write .npz, .h5 or .csv.");
  }
  std::array<int, 3> lengths{1, 1, 1};
  std::array<double, 3> origin{};
  std::array<double, 3> step{1, 1, 1};
  for (std::size_t i = 0; i < grid.dimension(); ++i) {
    const std::size_t vtkAxis = grid.dimension() - 1 - i;
    lengths[vtkAxis] = static_cast<int>(grid.axes()[i].coordinates.size());
    const auto [first, width] = originAndStep(grid.axes()[i]);
    origin[vtkAxis] = first;
    step[vtkAxis] = width;
  }
  vtkNew<vtkImageData> image;
  image->SetDimensions(lengths.data());
  image->SetOrigin(origin.data());
  image->SetSpacing(step.data());
  addField(*image, "loss", grid.values());
  image->GetPointData()->SetActiveScalars("loss");
  for (const VertexField& field : fields) {
    addField(*image, field.name, field.values);
  }
  vtkNew<vtkXMLImageDataWriter> writer;
  writer->SetInputData(image);
  writeVtkFile(*writer, path);
}

}  // namespace tarn
