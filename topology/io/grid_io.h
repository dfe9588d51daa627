#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "topology/grid/scalar_grid.h"
#include "topology/io/nd_array.h"

namespace tarn {

class NpzReader;

/// Reads a grid from
/// - .npy: an array of numbers; coordinates 0, 1, 2, …
/// - .npz of Tarn: `values`, and `axis.0`, `axis.1`, … when there are coordinates
/// - .npz of Landscaper: `loss` and `coordinates` (one row an axis)
/// - .csv, .tsv: see parseCsvGrid
/// - .json: see parseJsonGrid
/// `field` names other values on the same axes: a member, a column. Throws Error(badInput) for
/// anything else, Error(notFound) when there is no file or no `field`, Error(io),
/// Error(unsupported).
ScalarGrid readGrid(const std::filesystem::path& path, const std::string& field = {});

/// Arrays that are read when they are asked for.
struct NamedArrays {
  std::string title;  ///< where they are, for messages
  std::vector<std::string> names;
  std::function<NdArray(const std::string&)> read;
};

/// The arrays of an open archive, which must live as long as these are read.
NamedArrays arraysOf(const NpzReader& archive, const std::string& title);

/// The same from arrays that came from elsewhere. Takes besides what readGrid takes the names of
/// the loss-landscape tool of Li et al. (2018): `xcoordinates`, `ycoordinates` and `train_loss` or
/// `field`, whose numbers lie x fastest whatever shape is declared, and where -1 marks what was not
/// computed. Throws as readGrid and as `read`.
ScalarGrid gridFromArrays(const NamedArrays& arrays, const std::string& field = {});

/// The members of the .npz of Tarn: `values`, `axis.0`, …, and the same once more as Landscaper's
/// `loss` and `coordinates` when all axes have the same length.
std::map<std::string, NdArray> gridArrays(const ScalarGrid& grid);

/// Writes these as an .npz. Throws Error(io).
void writeGridNpz(const std::filesystem::path& path, const ScalarGrid& grid);

}  // namespace tarn
