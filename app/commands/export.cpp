#include <algorithm>
#include <fstream>
#include <functional>
#include <iostream>

#include "app/commands/command.h"
#include "app/exportable.h"
#include "app/topology_options.h"
#include "engine/project/describe.h"
#include "topology/base/error.h"
#include "topology/base/text.h"
#include "topology/io/input_file.h"
#include "topology/io/npz.h"
#include "topology/io_extra/hdf5_arrays.h"
#include "topology/io_extra/vti.h"

namespace tarn::app {
namespace {

struct ExportOptions {
  std::string file;
  std::string what;
  std::string out;
  std::string quantity = "loss";
  TopologyOptions topology;
  std::string field;
  std::string part;
};

/// A grid, and what is known of it.
struct Source {
  std::shared_ptr<const ScalarGrid> grid;
  std::vector<std::size_t> shapeAsRead;
  std::optional<SerpentineCheck> undone;  ///< the landscape's shift, which all its quantities have
  AnalysisOptions analysis;
  nlohmann::json facts;
};

/// A quantity of a landscape in a project.
ScalarGrid quantityOf(const std::string& address, const std::string& quantity) {
  const ResultAddress where = parseAddress(address);
  const auto project = Project::open(where.path, Access::read);
  return project->landscapeGrid(project->resolve(where.kind, where.id), quantity).grid;
}

nlohmann::json factsOf(const ExportOptions& options) {
  if (!isProject(options.file)) {
    return {{"source", options.file}};
  }
  const ResultAddress address = parseAddress(options.file);
  const auto project = Project::open(address.path, Access::read);
  nlohmann::json facts =
      describe(*project, address.kind, project->resolve(address.kind, address.id));
  facts["source"] = facts.at("address");
  facts["quantity"] = options.quantity;
  return facts;
}

/// Another quantity on the landscape's grid, mended as the landscape is.
std::shared_ptr<const ScalarGrid> mendedAs(const Source& source, ScalarGrid grid) {
  const bool mends = source.undone && grid.shape() == source.shapeAsRead;
  return std::make_shared<const ScalarGrid>(mends ? undoSerpentine(grid, *source.undone)
                                                  : std::move(grid));
}

Source openSource(const ExportOptions& options, const std::stop_token& stop) {
  OpenedGrid opened = openLandscapeGrid(options.file, stop);
  Source source;
  source.shapeAsRead = opened.grid.shape();
  source.undone = shiftToUndo(options.topology, opened.grid);
  source.facts = factsOf(options);
  if (source.undone) {
    source.facts["repaired"] = true;
  }
  source.grid =
      mendedAs(source, options.quantity == "loss" ? std::move(opened.grid)
                                                  : quantityOf(options.file, options.quantity));
  source.analysis = analysisOptions(options.topology, *source.grid);
  return source;
}

/// What the basins are measured by: a quantity of the landscape's project, or another file; the
/// landscape itself when none is named.
std::shared_ptr<const ScalarGrid> openField(const ExportOptions& options, const Source& source,
                                            const std::stop_token& stop) {
  if (options.field.empty()) {
    return source.grid;
  }
  const bool isQuantity = isProject(options.file) && !std::filesystem::exists(options.field);
  return mendedAs(source, isQuantity ? quantityOf(options.file, options.field)
                                     : openLandscapeGrid(options.field, stop).grid);
}

/// The project of a spectrum; `kind` is what a bare path means.
ResultAddress projectAddress(const ExportOptions& options, ResultKind kind) {
  if (!isProject(options.file)) {
    throw Error(ErrorCode::usage,
                "'" + options.file + "' is no project, so it has no " + options.what + ".",
                "Name a NAME.tarn.");
  }
  ResultAddress address = parseAddress(options.file);
  if (address.path.string() == options.file) {
    address.kind = kind;
  }
  if (address.kind != kind) {
    throw Error(ErrorCode::usage, "'" + options.file + "' is not the address of a " +
                                      std::string(toString(kind)) + ".");
  }
  return address;
}

/// Refuses options that say nothing about what is written.
void requireMeaning(const ExportOptions& options) {
  const auto only = [&](bool given, const char* option, const std::vector<std::string>& results) {
    if (given && std::ranges::find(results, options.what) == results.end()) {
      throw Error(ErrorCode::usage,
                  std::string("--") + option + " says nothing about a " + options.what + ".",
                  "It belongs to --what " + tarn::joined(results) + ".");
    }
  };
  only(!options.topology.persistence.empty(), "persistence",
       {"tree", "persistence", "profile", "basins"});
  only(options.topology.superlevel, "superlevel", {"tree", "persistence", "profile"});
  only(!options.field.empty(), "field", {"basins"});
  only(!options.part.empty(), "part", {"spectrum", "runs"});
  if (!options.part.empty() && endingOf(options.out) != ".csv") {
    throw Error(ErrorCode::usage,
                "--part says which table is written, and " + options.out + " holds all parts.",
                "Leave it out, or name a file that ends in .csv.");
  }
  const std::vector<std::string> ofGrids{"landscape",   "tree",    "contour-tree", "persistence",
                                         "morse-smale", "profile", "basins"};
  only(options.topology.repair, "repair", ofGrids);
  only(options.quantity != "loss", "quantity", ofGrids);
  if (options.quantity != "loss" && !isProject(options.file)) {
    throw Error(ErrorCode::usage,
                "--quantity names a quantity of a project, and '" + options.file +
                    "' is a file of its own.",
                "Write " + options.file + "#" + options.quantity + ".");
  }
}

Exportable openExportable(const ExportOptions& options, const std::stop_token& stop) {
  if (options.what == "spectrum") {
    const ResultAddress address = projectAddress(options, ResultKind::spectrum);
    const auto project = Project::open(address.path, Access::read);
    const auto id = project->resolve(address.kind, address.id);
    return exportSpectrum(project->spectrum(id), options.part,
                          describe(*project, address.kind, id));
  }
  if (options.what == "runs") {
    return exportRuns(openRuns(options.file, {}), options.part, stop);
  }
  const Source source = openSource(options, stop);
  const Connectivity connectivity = source.analysis.connectivity;
  if (options.what == "tree") {
    return exportTree(source.grid, source.analysis, source.facts, stop);
  }
  if (options.what == "contour-tree") {
    return exportContourTree(source.grid, connectivity, source.facts, stop);
  }
  if (options.what == "persistence") {
    return exportPersistence(source.grid, source.analysis, source.facts);
  }
  if (options.what == "morse-smale") {
    return exportMorseSmale(source.grid, connectivity, source.facts, stop);
  }
  if (options.what == "profile") {
    return exportProfile(source.grid, source.analysis, source.facts, stop);
  }
  if (options.what == "basins") {
    return exportBasins(source.grid, openField(options, source, stop), source.analysis,
                        source.facts, stop);
  }
  return exportLandscape(source.grid, source.facts);
}

/// Writes a neighbouring file and renames it: there is never half of one under the name.
void writeText(const std::filesystem::path& path, const std::function<void(std::ostream&)>& write) {
  const std::filesystem::path unfinished = path.string() + ".part";
  std::ofstream file(unfinished, std::ios::binary | std::ios::trunc);
  write(file);
  file.close();
  std::error_code error;
  if (file) {
    std::filesystem::rename(unfinished, path, error);
  }
  if (!file || error) {
    const std::string why = error ? ": " + error.message() : "";
    std::filesystem::remove(unfinished, error);
    throw Error(ErrorCode::io, "Cannot write " + path.string() + why + ".",
                "Choose a folder that exists, may be written to and has room.");
  }
}

/// A cell of a CSV file (RFC 4180).
std::string cell(const std::string& text) {
  if (text.find_first_of("\",\r\n") == std::string::npos) {
    return text;
  }
  std::string quoted = "\"";
  for (const char c : text) {
    quoted += c == '"' ? "\"\"" : std::string(1, c);
  }
  return quoted + '"';
}

void writeCsvRow(std::ostream& file, const std::vector<std::string>& row) {
  for (std::size_t i = 0; i < row.size(); ++i) {
    file << (i == 0 ? "" : ",") << cell(row[i]);
  }
  file << '\n';
}

/// The endings of the forms that a result has.
std::vector<std::string> endingsOf(const Exportable& exportable) {
  std::vector<std::string> endings;
  const auto add = [&](bool has, const char* ending) {
    if (has) {
      endings.emplace_back(ending);
    }
  };
  add(bool(exportable.arrays), ".npz");
  add(bool(exportable.array), ".npy");
  add(bool(exportable.arrays), ".h5");
  add(exportable.grid != nullptr, ".vti");
  add(bool(exportable.lines), ".vtp");
  add(bool(exportable.table), ".csv");
  add(bool(exportable.document), ".json");
  return endings;
}

/// As the tools that read .npz, those that read .h5 find a landscape under their own names.
std::vector<Hdf5Link> linksOf(const Exportable& exportable) {
  std::vector<Hdf5Link> links;
  if (exportable.grid && exportable.grid->dimension() <= 2) {
    links = {{"train_loss", "values"},
             {"xcoordinates", exportable.grid->dimension() == 2 ? "axis.1" : "axis.0"}};
    if (exportable.grid->dimension() == 2) {
      links.push_back({"ycoordinates", "axis.0"});
    }
  }
  return links;
}

void writeTextForm(const Exportable& exportable, const std::filesystem::path& out) {
  writeText(out, [&](std::ostream& file) {
    if (out.extension() == ".csv") {
      exportable.table([&](const auto& row) { writeCsvRow(file, row); });
    } else {
      file << exportable.document().dump(1, ' ', false, nlohmann::json::error_handler_t::replace)
           << '\n';
    }
  });
}

void writeAs(const Exportable& exportable, const ExportOptions& options) {
  const std::filesystem::path out = options.out;
  const std::string ending = endingOf(out);
  const auto endings = endingsOf(exportable);
  if (std::ranges::find(endings, ending) == endings.end()) {
    throw Error(ErrorCode::usage,
                "--what " + options.what + " cannot be written as '" + ending + "'.",
                "Name a file that ends in one of " + tarn::joined(endings) + ".");
  }
  if (ending == ".npz") {
    writeNpz(out, exportable.arrays());
  } else if (ending == ".npy") {
    writeNpy(out, exportable.array());
  } else if (ending == ".h5") {
    writeHdf5Arrays(out, exportable.arrays(), linksOf(exportable));
  } else if (ending == ".vti") {
    writeVti(out, *exportable.grid);
  } else if (ending == ".vtp") {
    writeVtp(out, exportable.lines());
  } else {
    writeTextForm(exportable, out);
  }
}

int exportFile(const ExportOptions& options, const Invocation& invocation) {
  requireMeaning(options);
  writeAs(openExportable(options, invocation.stop), options);
  if (invocation.global.json) {
    printJson({{"what", options.what},
               {"source", options.file},
               {"out", options.out},
               {"bytes", std::filesystem::file_size(options.out)}});
  } else if (!invocation.global.quiet) {
    std::cout << "wrote the " << options.what << " of " << options.file << " to " << options.out
              << '\n';
  }
  return 0;
}

}  // namespace

void addExport(CLI::App& program, Run& run) {
  auto options = std::make_shared<ExportOptions>();
  CLI::App* command =
      program.add_subcommand("export", "a result as npz, npy, h5, vti, vtp, csv or json");
  command->add_option("file", options->file, "NAME.tarn[#KIND/ID]; or " + std::string(kGridWords))
      ->required();
  command->add_option("--what", options->what, "what to write")
      ->required()
      ->check(CLI::IsMember({"landscape", "tree", "contour-tree", "persistence", "morse-smale",
                             "profile", "basins", "spectrum", "runs"}));
  command->add_option("--out", options->out, "file to write; its ending says the format")
      ->required();
  command->add_option("--quantity", options->quantity, "which values of a landscape")
      ->capture_default_str();
  command->add_option("--field", options->field,
                      "what to measure in the basins: a quantity of the project, or a file");
  command->add_option("--part", options->part,
                      "csv of a spectrum: its eigenvalues, density, layers, weights or batches; of "
                      "runs: metrics or snapshots");
  addTopologyOptions(*command, options->topology);
  command->callback(
      [=, &run] { run = [=](const Invocation& i) { return exportFile(*options, i); }; });
}

}  // namespace tarn::app
