#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <format>
#include <fstream>
#include <iostream>

#include <unistd.h>

#include "app/commands/command.h"
#include "app/demo_experiment.h"
#include "app/experiment_options.h"
#include "app/output_project.h"
#include "app/progress_printer.h"
#include "app/resources.h"
#include "topology/base/error.h"
#include "ui/figures/figure.h"
#include "ui/figures/project_figure.h"

namespace tarn::app {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr const char* kProject = "demo.tarn";

struct DemoOptions {
  std::string out;
  bool window = true;
};

// The folder asked for, or the first of tarn-demo, tarn-demo-2, … without a demo in it: an earlier
// demo is never overwritten.
fs::path chooseFolder(const std::string& wanted) {
  fs::path folder = wanted.empty() ? "tarn-demo" : wanted;
  if (!wanted.empty() && fs::exists(folder / kProject)) {
    throw Error(ErrorCode::usage, "There is a demo in " + wanted + " already.",
                "Name another folder with --out, or remove this one.");
  }
  for (int number = 2; fs::exists(folder / kProject); ++number) {
    folder = std::format("tarn-demo-{}", number);
  }
  std::error_code failure;
  fs::create_directories(folder, failure);
  if (failure) {
    throw Error(
        ErrorCode::io,
        "The folder " + folder.string() + " cannot be made: " + asSentence(failure.message()),
        "Name a folder that you may write to with --out.");
  }
  return fs::absolute(folder).lexically_normal();
}

std::vector<std::string> writeFigures(const fs::path& folder, const Project& project,
                                      const DemoResult& result) {
  const ui::FigureApplication application;
  const ui::LandscapeData near = ui::landscapeDataOf(project, result.near.id);
  const ui::LandscapeData wide = ui::landscapeDataOf(project, result.wide.id);
  ui::LandscapeStyle style;
  ui::FigureSpec spec;
  const auto remember = [&](const StoredLandscape& landscape, const char* view, const char* file) {
    spec.provenance =
        std::format("tarn render {}#landscape/{} --view {} --out {}{}", kProject, landscape.id,
                    view, file, style.height == ui::HeightScale::linear ? "" : " --log");
  };
  remember(result.wide, "surface", "surface.png");
  ui::writeSurfaceFigure(folder / "surface.png", wide, style, spec);
  spec.width = 960;
  spec.height = 760;
  style.height = ui::HeightScale::logarithmic;
  remember(result.near, "contour", "contour.svg");
  ui::writeContourFigure(folder / "contour.svg", near, style, spec);
  style.height = ui::HeightScale::linear;
  ui::TreeStyle treeStyle;
  treeStyle.smad = result.analysis.smad.plain;
  remember(result.wide, "tree", "tree.svg");
  ui::writeTreeFigure(folder / "tree.svg", wide.tree, treeStyle, spec);
  return {"surface.png", "contour.svg", "tree.svg"};
}

json eigenvalues(const DemoResult& result) {
  json values = json::array();
  for (const StoredDirection& axis : result.plane.axes) {
    values.push_back(axis.eigenvalue ? json(*axis.eigenvalue) : json());
  }
  return values;
}

json reportOf(const DemoResult& result, const std::vector<std::string>& figures, double seconds) {
  json runs = json::array();
  for (std::size_t i = 0; i < result.runs.size(); ++i) {
    const SnapshotInfo& end = result.ends[i];
    runs.push_back({{"optimizer", result.runs[i].name},
                    {"final_loss", end.loss},
                    {"accuracy", end.accuracy ? json(*end.accuracy) : json()},
                    {"explained_variance", result.projected[i].explainedVariance},
                    {"projection", motionText(result.projected[i].explainedVariance)}});
  }
  const SnapshotInfo& best = result.ends[result.better];
  return {{"accuracy", best.accuracy ? json(*best.accuracy) : json()},
          {"centre", result.runs[result.better].name},
          {"eigenvalues", eigenvalues(result)},
          {"smad", result.analysis.smad.plain},
          {"minima", result.analysis.minima},
          {"saddles", result.analysis.saddles},
          {"shape", result.analysis.shape},
          {"runs", runs},
          {"figures", figures},
          {"project", kProject},
          {"seconds", seconds}};
}

void writeReport(const fs::path& file, const json& report) {
  std::ofstream out(file);
  out << report.dump(1) << '\n';
  if (!out.flush()) {
    throw Error(ErrorCode::io, file.string() + " cannot be written.",
                "Look whether the disk is full and the folder may be written to.");
  }
}

void printFindings(const json& report, const fs::path& folder) {
  std::cout << "Two optimizers learnt 1,797 handwritten digits from the same start:";
  for (const json& run : report.at("runs")) {
    std::cout << std::format(
        " {} to loss {:.4f} ({:.1f} % right){}", run.at("optimizer").get<std::string>(),
        run.at("final_loss").get<double>(), 100 * run.at("accuracy").get<double>(),
        run == report.at("runs").back() ? ".\n" : ",");
  }
  std::cout << std::format(
      "At the end of {} the Hessian's largest eigenvalues are {:.4g} and {:.4g}.\n",
      report.at("centre").get<std::string>(), report.at("eigenvalues").at(0).get<double>(),
      report.at("eigenvalues").at(1).get<double>());
  std::cout << std::format(
      "On the plane of their eigenvectors ({}×{} points) the loss has {} "
      "minim{} and {} merge saddles; SMAD {:.4g}.\n",
      report.at("shape").at(1).get<int>(), report.at("shape").at(0).get<int>(),
      report.at("minima").get<int>(), report.at("minima").get<int>() == 1 ? "um" : "a",
      report.at("saddles").get<int>(), report.at("smad").get<double>());
  std::cout << "Of the motion of";
  bool little = false;
  for (const json& run : report.at("runs")) {
    const double part = run.at("explained_variance").get<double>();
    little = little || part < kLittleExplained;
    std::cout << std::format(" {} {}{}", run.at("optimizer").get<std::string>(), percentText(part),
                             run == report.at("runs").back() ? "" : ", of");
  }
  std::cout << " lies in that plane (variance explained)"
            << (little ? ": the projection shows little of the ways.\n" : ".\n");
  std::cout << std::format("{}: surface.png, contour.svg, tree.svg, report.json, {} ({:.0f} s)\n",
                           folder.string(), kProject, report.at("seconds").get<double>())
            << std::flush;
}

bool hasDisplay() {
  const auto set = [](const char* name) {
    const char* value = std::getenv(name);
    return value != nullptr && *value != '\0';
  };
  return set("DISPLAY") || set("WAYLAND_DISPLAY");
}

// The window takes the place of this process.
void becomeWindow(const fs::path& project) {
  const std::string program = programPath().string();
  std::string file = project.string();
  std::string name = "tarn";
  char* arguments[] = {name.data(), file.data(), nullptr};
  execv(program.c_str(), arguments);
}

int demo(const DemoOptions& options, const Invocation& invocation) {
  const auto start = std::chrono::steady_clock::now();
  const fs::path folder = chooseFolder(options.out);
  const fs::path data = folder / "digits.npz";
  fs::copy_file(findResource("digits/digits.npz"), data, fs::copy_options::overwrite_existing);

  ProgressPrinter progress(invocation.global.quiet);
  OutputProject project(folder / kProject);
  auto client = startEngine(invocation);
  const DemoResult result = runDemoExperiment(*client, *project, data, invocation.global.threads,
                                              progress, invocation.stop);
  client.reset();
  progress.finish();
  const auto figures = writeFigures(folder, *project, result);
  project.close();

  const double seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  const json report = reportOf(result, figures, seconds);
  writeReport(folder / "report.json", report);
  if (invocation.global.json) {
    printJson(report);
  } else {
    printFindings(report, folder);
  }
  if (options.window && hasDisplay() && !invocation.global.json) {
    becomeWindow(folder / kProject);
  }
  return 0;
}

}  // namespace

void addDemo(CLI::App& program, Run& run) {
  auto options = std::make_shared<DemoOptions>();
  CLI::App* command = program.add_subcommand(
      "demo",
      "the built-in experiment on real data, end to end: train, Hessian, sample, topology, "
      "figures");
  command->add_option("--out", options->out, "folder for the results (default: tarn-demo)");
  command->add_flag("!--no-window", options->window, "do not open the window at the end");
  command->callback([=, &run] { run = [=](const Invocation& i) { return demo(*options, i); }; });
}

}  // namespace tarn::app
