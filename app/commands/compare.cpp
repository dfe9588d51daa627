#include <algorithm>
#include <cmath>
#include <format>
#include <functional>
#include <iostream>
#include <iterator>
#include <map>

#include "app/commands/command.h"
#include "app/compare_runs.h"
#include "app/topology_options.h"
#include "app/wording.h"
#include "topology/base/error.h"
#include "topology/base/numbers.h"
#include "topology/base/text.h"
#include "topology/distances/diagram_distance.h"
#include "topology/distances/tree_distance.h"
#include "topology/smad/bootstrap.h"

namespace tarn::app {
namespace {

using nlohmann::json;

struct CompareOptions {
  std::vector<std::string> files;
  std::string runs;
  std::vector<std::int64_t> ids;
  TopologyOptions topology;
  std::vector<std::string> distances{"bottleneck"};
  double power = 2.0;
};

/// A landscape as the distances see it.
struct Compared {
  Analysis analysis;
  std::vector<DiagramPoint> points;  ///< of degree 0
  std::vector<Axis> axes;
  std::optional<std::string> unfinished;
};

std::vector<DiagramPoint> pointsOfTree(const Analysis& analysis, const ScalarGrid& grid) {
  std::vector<DiagramPoint> points;
  points.reserve(analysis.persistence.pairs.size() + analysis.persistence.essential.size());
  for (const PersistencePair& pair : analysis.persistence.pairs) {
    points.push_back({pair.birth, pair.death});
  }
  const bool sublevel = analysis.tree.levels == Levels::sublevel;
  for (const std::int64_t vertex : analysis.persistence.essential) {
    points.push_back({grid.value(vertex), sublevel ? kInfinity : -kInfinity});
  }
  return points;
}

using Distance = std::function<double(const Compared&, const Compared&)>;

std::map<std::string, Distance> distancesOf(const CompareOptions& options,
                                            const std::stop_token& stop) {
  return {{"bottleneck",
           [=](const Compared& a, const Compared& b) {
             return bottleneckDistance(a.points, b.points, stop);
           }},
          {"wasserstein",
           [=, power = options.power](const Compared& a, const Compared& b) {
             return wassersteinDistance(a.points, b.points, power, stop);
           }},
          {"tree-edit", [=](const Compared& a, const Compared& b) {
             return treeEditDistance(a.analysis.tree, b.analysis.tree, stop);
           }}};
}

json matrixOf(const std::vector<Compared>& all, const Distance& distance) {
  std::vector<std::vector<double>> rows(all.size(), std::vector<double>(all.size(), 0.0));
  for (std::size_t i = 0; i < all.size(); ++i) {
    for (std::size_t j = i + 1; j < all.size(); ++j) {
      rows[i][j] = rows[j][i] = distance(all[i], all[j]);
    }
  }
  return rows;
}

constexpr const char* kInterval = "95 % percentile bootstrap of the mean";
/// Of fewer values the quantiles of resampled means are little more than the lowest and the
/// highest.
constexpr std::size_t kFewGrids = 5;

/// Mean and 95 % interval of each score that all landscapes have.
json scoresOf(const json& analyses, std::uint64_t seed) {
  json scores = json::object();
  for (const char* key : {"smad", "smad_normalized", "smad_weighted", "smad_normalized_weighted",
                          "smad_contour_tree", "mean_persistence", "minima", "saddles"}) {
    std::vector<double> values;
    for (const json& analysis : analyses) {
      if (!analysis.at(key).is_null()) {
        values.push_back(analysis.at(key).get<double>());
      }
    }
    const MeanInterval interval = bootstrapMean(values, seed);
    scores[key] = {{"mean", interval.mean},
                   {"low", interval.low},
                   {"high", interval.high},
                   {"count", interval.count}};
  }
  return scores;
}

void printComparison(const CompareOptions& options, const json& result) {
  for (std::size_t i = 0; i < options.files.size(); ++i) {
    const json& analysis = result.at("files").at(i);
    std::cout << '[' << i + 1 << "] " << options.files[i] << ": "
              << counted(analysis.at("minima").get<std::size_t>(), "minimum", "minima") << ", SMAD "
              << numberText(analysis.at("smad")) << ", mean persistence "
              << numberText(analysis.at("mean_persistence")) << '\n';
  }
  const json& smad = result.at("scores").at("smad");
  std::cout << "SMAD over all: mean " << numberText(smad.at("mean")) << ", "
            << numberText(smad.at("low")) << " to " << numberText(smad.at("high")) << " ("
            << kInterval << " over n = " << smad.at("count").dump() << " grids)\n";
  for (const auto& [name, matrix] : result.at("distances").items()) {
    std::cout << name << " distance\n";
    for (std::size_t i = 0; i < matrix.size(); ++i) {
      std::cout << std::format("  {:>5}", "[" + std::to_string(i + 1) + "]");
      for (const json& value : matrix.at(i)) {
        std::cout << std::format("  {:>12}", numberText(value));
      }
      std::cout << '\n';
    }
  }
}

std::string rangesText(const Compared& one) {
  std::string text;
  for (const Axis& axis : one.axes) {
    text += std::format("{}{:.3g}..{:.3g}", text.empty() ? "" : " × ", axis.coordinates.front(),
                        axis.coordinates.back());
  }
  return text;
}

/// Whether axes of as many points go over the same coordinates, but for a hundredth of their
/// length. What differs in shape is another matter.
bool coverAlike(const std::vector<Compared>& all) {
  constexpr double kTolerance = .01;
  return std::ranges::all_of(all, [&](const Compared& one) {
    return std::ranges::equal(one.axes, all.front().axes, [](const Axis& a, const Axis& b) {
      const double slack = kTolerance * std::abs(b.coordinates.back() - b.coordinates.front());
      return a.coordinates.size() != b.coordinates.size() ||
             (std::abs(a.coordinates.front() - b.coordinates.front()) <= slack &&
              std::abs(a.coordinates.back() - b.coordinates.back()) <= slack);
    });
  });
}

/// Refuses grids that are no two looks at one thing; says what makes the others hard to compare.
std::vector<std::string> checkComparable(const CompareOptions& options,
                                         const std::vector<Compared>& all) {
  std::vector<std::string> warnings;
  const auto& first = all.front().analysis.shape;
  bool sameShape = true;
  std::string shapes;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto& shape = all[i].analysis.shape;
    if (shape.size() != first.size()) {
      throw Error(
          ErrorCode::usage,
          std::format("{} has {} and {} has {}: minima and persistence of grids of different "
                      "dimension cannot be compared.",
                      options.files[0], counted(first.size(), "axis", "axes"), options.files[i],
                      counted(shape.size(), "axis", "axes")),
          "Compare grids with the same number of axes.");
    }
    sameShape = sameShape && shape == first;
    shapes += (shapes.empty() ? "" : ", ") + shapeText(shape);
  }
  if (!sameShape) {
    warnings.push_back("The grids differ in shape (" + shapes +
                       "): a finer grid finds more minima, and SMAD depends on it too.");
  }
  if (!coverAlike(all)) {
    std::vector<std::string> ranges;
    std::ranges::transform(all, std::back_inserter(ranges), rangesText);
    warnings.push_back("The grids cover different ranges (" + joined(ranges) +
                       "): a wider look holds more minima and higher walls.");
  }
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (all[i].unfinished) {
      warnings.push_back(options.files[i] + ": " + *all[i].unfinished);
    }
  }
  if (all.size() < kFewGrids) {
    warnings.push_back(
        std::format("The intervals are rough: a bootstrap over {} grids hardly goes beyond the "
                    "lowest and the highest. Give {} or more.",
                    all.size(), kFewGrids));
  }
  return warnings;
}

int compareFiles(const CompareOptions& options, const Invocation& invocation) {
  std::vector<Compared> all;
  json analyses = json::array();
  for (const std::string& file : options.files) {
    const OpenedGrid opened = openGrid(file, options.topology, invocation.stop);
    Compared compared;
    compared.analysis =
        analyze(opened.grid, analysisOptions(options.topology, opened), invocation.stop);
    compared.points = pointsOfTree(compared.analysis, opened.grid);
    compared.axes = opened.grid.axes();
    compared.unfinished = opened.unfinished;
    json facts = toJson(compared.analysis, opened.grid);
    facts.erase("tree");
    facts.erase("pairs");
    facts.erase("pair_values");
    facts["file"] = file;
    facts["repaired"] = opened.undone.has_value();
    analyses.push_back(std::move(facts));
    all.push_back(std::move(compared));
  }
  const auto warnings = checkComparable(options, all);
  std::ranges::for_each(warnings, warn);
  json result{{"files", analyses},
              {"interval", kInterval},
              {"warnings", warnings},
              {"scores", scoresOf(analyses, invocation.global.seed)},
              {"distances", json::object()}};
  const auto known = distancesOf(options, invocation.stop);
  for (const std::string& name : options.distances) {
    result["distances"][name] = matrixOf(all, known.at(name));
  }
  invocation.global.json ? printJson(result) : printComparison(options, result);
  return 0;
}

int compare(const CompareOptions& options, const Invocation& invocation) {
  if (options.runs.empty() == options.files.empty() ||
      (options.runs.empty() && options.files.size() < 2) ||
      (options.runs.empty() && !options.ids.empty())) {
    throw Error(ErrorCode::usage, "The command compare needs two landscapes or more, or --runs.",
                "Write tarn compare A.tarn B.tarn, or tarn compare --runs NAME.tarn [--only 1,2].");
  }
  return options.runs.empty() ? compareFiles(options, invocation)
                              : compareRunsOf(options.runs, options.ids, invocation);
}

}  // namespace

void addCompare(CLI::App& program, Run& run) {
  auto options = std::make_shared<CompareOptions>();
  CLI::App* command = program.add_subcommand(
      "compare",
      "landscapes side by side: scores with their spread, distances of their topology; or the runs "
      "of a project");
  command->add_option("files", options->files, "two or more: " + std::string(kGridWords))
      ->expected(0, 1000);
  command->add_option("--runs", options->runs,
                      "instead of landscapes the runs of NAME.tarn, on the plane of its latest "
                      "landscape or of NAME.tarn#landscape/ID");
  command->add_option("--only", options->ids, "--runs: these alone: ID,ID")->delimiter(',');
  addTopologyOptions(*command, options->topology);
  command
      ->add_option("--distance", options->distances,
                   "bottleneck, wasserstein or tree-edit; several with commas")
      ->delimiter(',')
      ->check(CLI::IsMember({"bottleneck", "wasserstein", "tree-edit"}))
      ->capture_default_str();
  command->add_option("--power", options->power, "p of the Wasserstein distance")
      ->check(CLI::Range(1.0, 100.0))
      ->capture_default_str();
  command->callback([=, &run] { run = [=](const Invocation& i) { return compare(*options, i); }; });
}

}  // namespace tarn::app
