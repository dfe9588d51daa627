#include <format>
#include <iostream>

#include "app/commands/command.h"
#include "app/commands/tool_replay.h"
#include "app/experiment_options.h"
#include "engine/tasks/weights_task.h"
#include "topology/base/error.h"
#include "topology/io/safetensors.h"

namespace tarn::app {
namespace {

struct WeightsOptions {
  std::string model;
  std::string at;
  std::string out;
};

int weights(const WeightsOptions& options, const Invocation& invocation) {
  nlohmann::json model{{"spec", absoluteModel(options.model)}};
  std::shared_ptr<Project> project;
  if (!options.at.empty()) {
    const ResultAddress address = parseAddress(options.at);
    if (address.kind != ResultKind::run) {
      throw Error(ErrorCode::usage, "--at " + options.at + " does not name a run.",
                  "Write --at NAME.tarn#run/ID.");
    }
    project = Project::open(address.path, Access::read);
    const std::int64_t run = project->resolve(ResultKind::run, address.id);
    model["from"] = {{"run", run}, {"step", lastSnapshot(*project, run).step}};
  }
  const auto client = startEngine(invocation);
  const auto tensors = modelWeights(*client, project.get(), model, trustQuestion(invocation.global),
                                    invocation.stop);
  writeSafetensors(options.out, tensors);
  std::size_t numbers = 0;
  for (const auto& [name, tensor] : tensors) {
    numbers += tensor.size();
  }
  if (invocation.global.json) {
    printJson({{"out", options.out}, {"tensors", tensors.size()}, {"numbers", numbers}});
  } else {
    std::cout << std::format("{}: {} tensors, {} numbers\n", options.out, tensors.size(), numbers);
  }
  return 0;
}

}  // namespace

void addTool(CLI::App& program, Run& run) {
  CLI::App* tool = program.add_subcommand("tool", "small conversions and checks");
  tool->require_subcommand(1);
  addToolReplay(*tool, run);
  auto options = std::make_shared<WeightsOptions>();
  CLI::App* command = tool->add_subcommand(
      "weights", "a model's parameters and buffers as .safetensors, for built-ins and PyTorch");
  command->fallthrough();
  command->add_option("--model", options->model, "as for spectrum and sample")->required();
  command->add_option("--at", options->at, "as they are at the end of a run: NAME.tarn#run/ID");
  command->add_option("--out", options->out, "the .safetensors file")->required();
  command->callback([=, &run] { run = [=](const Invocation& i) { return weights(*options, i); }; });
}

}  // namespace tarn::app
