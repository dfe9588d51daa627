#include <algorithm>
#include <cmath>
#include <format>
#include <iostream>
#include <limits>

#include "app/commands/command.h"
#include "app/open_grid.h"
#include "app/wording.h"
#include "engine/client/grid_file.h"
#include "engine/project/describe.h"
#include "engine/tasks/projection.h"
#include "topology/base/error.h"
#include "topology/io/npz.h"

namespace tarn::app {
namespace {

using nlohmann::json;

/// A text of a map that another program may have written, or "?".
std::string textAt(const json& map, const json::json_pointer& where) {
  const bool there = map.contains(where);
  return there && map.at(where).is_string() ? map.at(where).get<std::string>() : "?";
}

std::string lineOf(const json& result, const char* kind, const std::string& facts) {
  return std::format("  {}/{}  {}  {}\n", kind, result.at("id").get<std::int64_t>(),
                     result.at("created").get<std::string>(), facts);
}

std::string experimentLine(const json& e) {
  const json& described = e.at("described");
  std::string facts = textAt(e, json::json_pointer("/experiment/model/spec"));
  if (e.at("experiment").is_object() && !e.at("experiment").contains("data")) {
    return lineOf(e, "experiment", facts + ", the model alone");
  }
  facts += ", " + textAt(e, json::json_pointer("/experiment/data/path")) + ", " +
           textAt(e, json::json_pointer("/experiment/loss"));
  if (described.is_object()) {
    facts += ": " + numberText(described.value("parameters", json())) + " parameters, loss " +
             numberText(described.value("loss", json()));
  }
  return lineOf(e, "experiment", facts);
}

std::string directionsLine(const json& set) {
  std::string facts;
  for (const json& axis : set.at("axes")) {
    facts += (facts.empty() ? "" : ", ") + axis.at("name").get<std::string>();
    if (!axis.at("eigenvalue").is_null()) {
      facts += " (λ " + numberText(axis.at("eigenvalue")) + ")";
    }
  }
  return lineOf(set, "directions", facts);
}

std::string spectrumLine(const json& spectrum) {
  const json& result = spectrum.at("result");
  std::string facts;
  if (result.is_object() && result.contains("eigenvalues")) {
    facts = "λ";
    for (const json& value : result.at("eigenvalues")) {
      facts += " " + numberText(value);
    }
  }
  if (result.is_object() && result.contains("weights")) {
    facts += (facts.empty() ? "" : ", ") + std::string("weights of ") +
             std::to_string(result.at("weights").size()) + " matrices";
  }
  return lineOf(spectrum, "spectrum", facts);
}

std::string projectionLines(const json& landscape) {
  std::string lines;
  for (const json& run : landscape.value("runs", json::array())) {
    lines += std::format(
        "      run/{} {}: {}\n", run.at("run").get<std::int64_t>(),
        run.at("name").get<std::string>(),
        motionText(run.at("explained_variance").get<double>(), landscape.at("shape").size()));
  }
  return lines;
}

std::string landscapeLine(const json& l) {
  std::string quantities;
  for (const json& quantity : l.at("quantities")) {
    quantities += (quantities.empty() ? "" : ", ") + quantity.get<std::string>();
  }
  return lineOf(l, "landscape",
                std::format("{} {} ({}), {} of {} tiles", l.at("status").get<std::string>(),
                            shapeText(l.at("shape")), quantities,
                            l.at("tiles_present").get<std::uint64_t>(),
                            l.at("tiles").get<std::uint64_t>())) +
         projectionLines(l);
}

std::string runLine(const json& r) {
  return lineOf(
      r, "run",
      std::format("{} {}: step {}, loss {}, {} snapshots", r.at("status").get<std::string>(),
                  r.at("name").get<std::string>(), numberText(r.at("last_step")),
                  numberText(r.at("last_loss")), r.at("snapshots").get<std::uint64_t>()));
}

std::string analysisLine(const json& a) {
  return lineOf(
      a, "analysis",
      std::format("of landscape/{}, {}, {}", a.at("landscape").get<std::int64_t>(),
                  a.at("quantity").get<std::string>(), a.at("connectivity").get<std::string>()));
}

void printProject(const json& project) {
  std::cout << project.at("path").get<std::string>() << ": a Tarn project\n";
  std::size_t results = 0;
  const auto lines = [&](const char* key, auto&& line) {
    results += project.at(key).size();
    for (const json& result : project.at(key)) {
      std::cout << line(result);
    }
  };
  lines("experiments", experimentLine);
  lines("directions", directionsLine);
  lines("spectra", spectrumLine);
  lines("landscapes", landscapeLine);
  lines("runs", runLine);
  lines("analyses", analysisLine);
  if (results == 0) {
    std::cout << "  nothing is stored in it yet; tarn sample, train and spectrum store what they "
                 "find in --out\n";
    return;
  }
  std::cout << "  (one in full, with its provenance: tarn info '"
            << project.at("path").get<std::string>() << "#KIND/ID')\n";
}

json describeGrid(const std::string& file, const ScalarGrid& grid) {
  double lowest = std::numeric_limits<double>::quiet_NaN();
  double highest = lowest;
  for (const double value : grid.values()) {
    if (std::isfinite(value)) {
      lowest = std::fmin(lowest, value);
      highest = std::fmax(highest, value);
    }
  }
  json axes = json::array();
  for (const Axis& axis : grid.axes()) {
    axes.push_back({{"label", axis.label},
                    {"unit", axis.unit},
                    {"points", axis.coordinates.size()},
                    {"from", axis.coordinates.front()},
                    {"to", axis.coordinates.back()}});
  }
  return {{"kind", "grid"},
          {"path", file},
          {"shape", grid.shape()},
          {"axes", axes},
          {"masked", grid.maskedCount()},
          {"minimum", lowest},
          {"maximum", highest}};
}

void printGrid(const json& grid) {
  std::cout << grid.at("path").get<std::string>() << ": a grid of " << shapeText(grid.at("shape"))
            << " values from " << numberText(grid.at("minimum")) << " to "
            << numberText(grid.at("maximum")) << ", " << grid.at("masked").get<std::size_t>()
            << " masked\n";
  for (const json& axis : grid.at("axes")) {
    std::cout << "  axis of " << axis.at("points").get<std::size_t>() << " points from "
              << numberText(axis.at("from")) << " to " << numberText(axis.at("to")) << '\n';
  }
}

bool isArchiveWithoutGrid(const std::string& file) {
  if (std::filesystem::path(file).extension() != ".npz") {
    return false;
  }
  const NpzReader reader(file);
  return !reader.contains("values") && !reader.contains("loss");
}

json describeArchive(const std::string& file) {
  const NpzReader reader(file);
  json arrays = json::array();
  for (const std::string& name : reader.names()) {
    const NpyHeader header = reader.header(name);
    arrays.push_back({{"name", name}, {"dtype", toString(header.dtype)}, {"shape", header.shape}});
  }
  return {{"kind", "arrays"}, {"path", file}, {"arrays", arrays}};
}

void printArchive(const json& archive) {
  std::cout << archive.at("path").get<std::string>() << ": arrays\n";
  for (const json& array : archive.at("arrays")) {
    std::cout << "  " << array.at("name").get<std::string>() << "  "
              << array.at("dtype").get<std::string>() << "  " << array.at("shape").dump() << '\n';
  }
}

/// What reading a project's snapshots once for every landscape may cost, in bytes; where it is
/// more, only `tarn info NAME.tarn#landscape/ID` tells how much of the runs its plane shows.
constexpr double kMostRead = 256e6;

double bytesOfRuns(const Project& project) {
  double bytes = 0;
  for (const StoredRun& run : project.runs()) {
    const json& described = project.experiment(run.experiment).described;
    const json parameters = described.is_object() ? described.value("parameters", json()) : json();
    bytes += static_cast<double>(project.snapshots(run.id).size()) * sizeof(float) *
             (parameters.is_number() ? parameters.get<double>() : 0.0);
  }
  return bytes;
}

/// Adds to a landscape's map how much of each run lies in its plane.
void addProjections(json& map, const Project& project, const StoredLandscape& landscape) {
  if (!landscape.directions) {
    return;
  }
  const StoredDirections plane = project.directions(*landscape.directions);
  if (!plane.center) {
    return;
  }
  map["runs"] = json::array();
  for (const StoredRun& run : runsInSpaceOf(project, plane.experiment)) {
    map["runs"].push_back(
        {{"run", run.id},
         {"name", run.name},
         {"explained_variance", projectRun(project, run.id, plane).explainedVariance}});
  }
}

json describeWhole(const Project& project) {
  json whole = describe(project);
  const auto landscapes = project.landscapes();
  if (bytesOfRuns(project) * static_cast<double>(landscapes.size()) <= kMostRead) {
    for (std::size_t i = 0; i < landscapes.size(); ++i) {
      addProjections(whole["landscapes"][i], project, landscapes[i]);
    }
  }
  return whole;
}

json describeOne(const Project& project, ResultKind kind, std::int64_t id) {
  json one = describe(project, kind, id);
  if (kind == ResultKind::landscape) {
    addProjections(one, project, project.landscape(id));
  }
  return one;
}

struct Description {
  json document;
  void (*print)(const json&);
};

void printWhole(const json& document) {
  printJson(document);
}

Description describeFile(const std::string& word) {
  if (isProject(word)) {
    const ResultAddress address = parseAddress(word);
    const auto project = Project::open(address.path, Access::read);
    // A bare path means the whole project here.
    if (address.path.string() == word) {
      return {describeWhole(*project), printProject};
    }
    return {describeOne(*project, address.kind, project->resolve(address.kind, address.id)),
            printWhole};
  }
  if (isArchiveWithoutGrid(word)) {
    return {describeArchive(word), printArchive};
  }
  return {describeGrid(word, readGridFile(parseGridAddress(word))), printGrid};
}

int info(const std::string& file, const Invocation& invocation) {
  const Description description = describeFile(file);
  if (invocation.global.json) {
    printJson(description.document);
  } else {
    description.print(description.document);
  }
  return 0;
}

}  // namespace

void addInfo(CLI::App& program, Run& run) {
  auto file = std::make_shared<std::string>();
  CLI::App* command =
      program.add_subcommand("info", "what is inside a file, with ids and provenance");
  command
      ->add_option("file", *file,
                   "NAME.tarn[#KIND/ID], or a grid file (npy, npz, h5, vti, csv, json)")
      ->required();
  command->callback([=, &run] { run = [=](const Invocation& i) { return info(*file, i); }; });
}

}  // namespace tarn::app
