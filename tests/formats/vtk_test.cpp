// VTK's XML files against VTK's own Python module, in both directions, and through tarn-reader.
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_exception.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <fstream>

#include "grids.h"
#include "support/python.h"
#include "support/temporary_folder.h"
#include "topology/base/error.h"
#include "topology/io_extra/vti.h"
#include "topology/io_extra/vtp.h"

using namespace tarn;
using namespace tarn::test;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::MessageMatches;

namespace {

constexpr const char* kNoVtk = "there is no Python with VTK";
const std::vector<std::string> kVtk{"vtkmodules.vtkIOXML", "vtkmodules.vtkCommonDataModel",
                                    "vtkmodules.vtkCommonCore"};

}  // namespace

TEST_CASE("a grid that is written as a VTK image is read back bit for bit") {
  const TemporaryFolder folder;
  const ScalarGrid grid = smallGrid();
  std::vector<double> halves(grid.values().begin(), grid.values().end());
  for (double& value : halves) {
    value /= 2;
  }
  writeVti(folder / "grid.vti", grid, {{"half", halves}});
  CHECK(sameGrid(readGridFile({folder / "grid.vti", {}}), grid));
  CHECK(sameNumbers(readGridFile({folder / "grid.vti", "half"}).values(), halves));
}

TEST_CASE("grids that no VTK image can hold are refused") {
  const TemporaryFolder folder;
  const ScalarGrid uneven({{{0.0, 1.0, 3.0}, {}, {}}}, {1, 2, 3});
  CHECK_THROWS_MATCHES(writeVti(folder / "x.vti", uneven), Error,
                       MessageMatches(ContainsSubstring("evenly spaced")));
  const ScalarGrid four = ScalarGrid::fromArray(std::vector<std::size_t>{1, 2, 1, 2}, {1, 2, 3, 4});
  CHECK_THROWS_MATCHES(writeVti(folder / "x.vti", four), Error,
                       MessageMatches(ContainsSubstring("at most three axes")));
  CHECK_FALSE(std::filesystem::exists(folder / "x.vti"));
}

TEST_CASE("VTK reads what Tarn writes: the image") {
  const TemporaryFolder folder;
  writeVti(folder / "grid.vti", smallGrid());
  if (!runPython(folder, kVtk, R"(
r = vtkmodules.vtkIOXML.vtkXMLImageDataReader()
r.SetFileName('grid.vti'); r.Update(); image = r.GetOutput()
assert image.GetDimensions() == (5, 3, 1), image.GetDimensions()
assert image.GetOrigin()[:2] == (0.5, -1.0) and image.GetSpacing()[:2] == (0.5, 1.0)
loss = image.GetPointData().GetScalars()
assert loss.GetName() == 'loss'
assert [loss.GetValue(i) for i in (0, 4, 5, 14)] == [1, 1/5, 1/6, 1/15]
)")) {
    SKIP(kNoVtk);
  }
}

TEST_CASE("VTK reads what Tarn writes: points and lines") {
  const TemporaryFolder folder;
  PolyLines shape;
  shape.points = {{0, 0, 1}, {1, 2, 3}, {4, 5, 6}};
  shape.ofPoints["value"] = {1, 3, 6};
  writeVtp(folder / "points.vtp", shape);
  shape.lines = {{0, 1}, {0, 1, 2}};
  shape.ofLines["rise"] = {2, 5};
  writeVtp(folder / "lines.vtp", shape);
  if (!runPython(folder, kVtk, R"(
def read(name):
  r = vtkmodules.vtkIOXML.vtkXMLPolyDataReader()
  r.SetFileName(name); r.Update(); return r.GetOutput()
p = read('points.vtp')
assert p.GetNumberOfVerts() == 3 and p.GetNumberOfLines() == 0
assert p.GetPoint(2) == (4, 5, 6) and p.GetPointData().GetArray('value').GetValue(1) == 3
l = read('lines.vtp')
assert l.GetNumberOfVerts() == 0 and l.GetNumberOfLines() == 2
assert l.GetCell(1).GetNumberOfPoints() == 3
assert l.GetCellData().GetArray('rise').GetValue(1) == 5
)")) {
    SKIP(kNoVtk);
  }
}

TEST_CASE("images of VTK's own writer are read, whatever their type and encoding") {
  const TemporaryFolder folder;
  if (!runPython(folder, kVtk, R"(
core, data, io = vtkmodules.vtkCommonCore, vtkmodules.vtkCommonDataModel, vtkmodules.vtkIOXML
image = data.vtkImageData()
image.SetExtent(2, 4, 0, 1, 0, 3); image.SetOrigin(1, 0, -3); image.SetSpacing(0.5, 2, 1)
for name, array in (('other', core.vtkIntArray()), ('loss', core.vtkFloatArray())):
  array.SetName(name)
  for i in range(image.GetNumberOfPoints()): array.InsertNextValue(i * (2 if name == 'other' else 1))
  image.GetPointData().AddArray(array)
image.GetPointData().SetActiveScalars('loss')
for mode in ('Ascii', 'Binary', 'Appended'):
  w = io.vtkXMLImageDataWriter(); getattr(w, 'SetDataModeTo' + mode)()
  w.SetFileName(mode + '.vti'); w.SetInputData(image); w.Write()
)")) {
    SKIP(kNoVtk);
  }
  for (const std::string mode : {"Ascii", "Binary", "Appended"}) {
    INFO(mode);
    const ScalarGrid grid = readGridFile({folder / (mode + ".vti"), {}});
    CHECK(grid.shape() == std::vector<std::size_t>{4, 2, 3});
    CHECK(grid.axes()[2].coordinates == std::vector<double>{2, 2.5, 3});
    CHECK(grid.axes()[0].coordinates == std::vector<double>{-3, -2, -1, 0});
    CHECK(grid.value(23) == 23);
    CHECK(readGridFile({folder / (mode + ".vti"), "other"}).value(23) == 46);
  }
}

TEST_CASE("all public landscapes go through VTK images unchanged") {
  const auto files = publicGrids();
  if (files.empty()) {
    SKIP("the public loss landscapes are not here; TARN_TEST_DATA may name their folder");
  }
  const TemporaryFolder folder;
  for (const auto& file : files) {
    INFO(file.filename().string());
    const ScalarGrid grid = readGrid(file);
    writeVti(folder / "grid.vti", grid);
    CHECK(sameGrid(readGridFile({folder / "grid.vti", {}}), grid));
  }
}

TEST_CASE("hostile VTK images are an error message") {
  const TemporaryFolder folder;
  const auto write = [&](const std::string& text) { std::ofstream(folder / "x.vti") << text; };
  const std::string head =
      "<?xml version=\"1.0\"?><VTKFile type=\"ImageData\" version=\"0.1\" "
      "byte_order=\"LittleEndian\">";
  SECTION("no XML") {
    write("Dear reader");
    CHECK_THROWS_AS(readGridFile({folder / "x.vti", {}}), Error);
  }
  SECTION("a promise of 10^12 values") {
    write(head +
          "<ImageData WholeExtent=\"0 9999 0 9999 0 9999\" Origin=\"0 0 0\" Spacing=\"1 1 1\">"
          "<Piece Extent=\"0 9999 0 9999 0 9999\"><PointData Scalars=\"a\"><DataArray "
          "type=\"Float64\" Name=\"a\" format=\"ascii\">1 2 3</DataArray></PointData></Piece>"
          "</ImageData></VTKFile>");
    CHECK_THROWS_MATCHES(readGridFile({folder / "x.vti", {}}), Error,
                         MessageMatches(ContainsSubstring("more than Tarn reads")));
  }
  SECTION("fewer values than points") {
    write(
        head +
        "<ImageData WholeExtent=\"0 9 0 9 0 0\" Origin=\"0 0 0\" Spacing=\"1 1 1\">"
        "<Piece Extent=\"0 9 0 9 0 0\"><PointData Scalars=\"a\"><DataArray type=\"Float64\" "
        "Name=\"a\" format=\"ascii\">1 2 3</DataArray></PointData></Piece></ImageData></VTKFile>");
    CHECK_THROWS_AS(readGridFile({folder / "x.vti", {}}), Error);
  }
  SECTION("cut off") {
    writeVti(folder / "whole.vti", smallGrid());
    std::filesystem::resize_file(folder / "whole.vti",
                                 std::filesystem::file_size(folder / "whole.vti") - 60);
    CHECK_THROWS_AS(readGridFile({folder / "whole.vti", {}}), Error);
  }
  SECTION("no values at the points") {
    write(head +
          "<ImageData WholeExtent=\"0 1 0 1 0 0\" Origin=\"0 0 0\" Spacing=\"1 1 1\">"
          "<Piece Extent=\"0 1 0 1 0 0\"><PointData></PointData></Piece></ImageData></VTKFile>");
    CHECK_THROWS_MATCHES(readGridFile({folder / "x.vti", {}}), Error,
                         MessageMatches(ContainsSubstring("no numbers at its points")));
  }
}
