#pragma once

#include <functional>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <stop_token>
#include <string>
#include <vector>

#include "app/run_choice.h"
#include "engine/project/project.h"
#include "topology/analysis/analysis.h"
#include "topology/io/nd_array.h"
#include "topology/io_extra/vtp.h"

namespace tarn::app {

/// Takes one row of a table, the heading first.
using RowSink = std::function<void(const std::vector<std::string>& row)>;

/// A result in the forms that a file can have. A form is made when it is asked for; one that is
/// empty does not exist.
struct Exportable {
  std::function<nlohmann::json()> document;                ///< json
  std::function<std::map<std::string, NdArray>()> arrays;  ///< npz, h5
  std::function<NdArray()> array;                          ///< npy
  std::function<void(const RowSink&)> table;               ///< csv
  std::function<PolyLines()> lines = {};                   ///< vtp
  std::shared_ptr<const ScalarGrid> grid = {};             ///< vti
};

/// Values and coordinates of a grid; the npz is Tarn's own, and Landscaper's where the axes have
/// the same length. `facts` (provenance and the like) go into the document.
Exportable exportLandscape(std::shared_ptr<const ScalarGrid> grid, const nlohmann::json& facts);
/// Nodes, arcs and the segmentation of the join tree, or of the split tree.
Exportable exportTree(std::shared_ptr<const ScalarGrid> grid, const AnalysisOptions& options,
                      const nlohmann::json& facts, const std::stop_token& stop);
/// Nodes, arcs and the segmentation of the contour tree.
Exportable exportContourTree(std::shared_ptr<const ScalarGrid> grid, Connectivity connectivity,
                             const nlohmann::json& facts, const std::stop_token& stop);
/// The classes of every degree above the threshold; the document and the npz also have Betti
/// curves, entropy, landscapes and images.
Exportable exportPersistence(std::shared_ptr<const ScalarGrid> grid, const AnalysisOptions& options,
                             const nlohmann::json& facts);
/// Critical cells, separatrices and the manifolds of minima and maxima.
Exportable exportMorseSmale(std::shared_ptr<const ScalarGrid> grid, Connectivity connectivity,
                            const nlohmann::json& facts, const std::stop_token& stop);
/// The parts of the topological landscape profile and the values they are made of.
Exportable exportProfile(std::shared_ptr<const ScalarGrid> grid, const AnalysisOptions& options,
                         const nlohmann::json& facts, const std::stop_token& stop);
/// One row a basin that is left above the threshold: its minimum, its vertices, and what `field` is
/// like in it.
Exportable exportBasins(std::shared_ptr<const ScalarGrid> grid,
                        std::shared_ptr<const ScalarGrid> field, const AnalysisOptions& options,
                        const nlohmann::json& facts, const std::stop_token& stop);
/// Everything that was computed of a spectrum, and the eigenvectors that were kept; a table is of
/// one part (a word of SpectrumPart; empty: the first that there is). Throws Error(notFound) for a
/// part that it does not have, Error(badInput) for a spectrum that contradicts itself.
Exportable exportSpectrum(const StoredSpectrum& spectrum, const std::string& part,
                          const nlohmann::json& facts);
/// Metrics and snapshots, the latter also on a plane where there is one: that of the choice, or of
/// the latest landscape. The npz also has the snapshots' parameters; a table is of one part,
/// `metrics` (also when it is empty) or `snapshots`. Throws Error(usage) for another part.
Exportable exportRuns(const RunChoice& choice, const std::string& part,
                      const std::stop_token& stop);

}  // namespace tarn::app
