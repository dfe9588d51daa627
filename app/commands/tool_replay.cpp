#include "app/commands/tool_replay.h"

#include <format>
#include <iostream>

#include "app/experiment_options.h"
#include "app/wording.h"
#include "engine/tasks/events.h"
#include "topology/base/error.h"
#include "topology/io/input_file.h"

namespace tarn::app {
namespace {

using nlohmann::json;

constexpr std::uint64_t kMostBytes = std::uint64_t{16} << 20U;
constexpr std::size_t kMostNumbers = 1'000'000;  // what fits one message
constexpr int kDeepest = 8;

json parsedCourses(const std::string& file) {
  const auto notTooDeep = [&](int depth, json::parse_event_t event, json& /*value*/) {
    const bool opens =
        event == json::parse_event_t::array_start || event == json::parse_event_t::object_start;
    if (opens && depth > kDeepest) {
      throw Error(ErrorCode::badInput,
                  std::format("{} is nested more than {} deep.", file, kDeepest),
                  "Give a map from NAME/SHAPE to shape, options, w0 and grads.");
    }
    return true;
  };
  if (InputFile(file).size() > kMostBytes) {
    throw Error(ErrorCode::badInput, file + " is larger than the 16 MiB that are read.",
                "Record fewer steps of smaller matrices.");
  }
  json courses;
  try {
    courses = json::parse(readText(file, kMostBytes), notTooDeep);
  } catch (const json::exception& error) {
    throw Error(ErrorCode::badInput, file + " is not JSON: " + asSentence(error.what()));
  }
  if (!courses.is_object() || courses.empty()) {
    throw Error(ErrorCode::badInput, file + " holds no recorded courses.",
                "Give a map from NAME/SHAPE to shape, options, w0 and grads.");
  }
  return courses;
}

std::size_t numbersIn(const json& value) {
  if (!value.is_structured()) {
    return 1;
  }
  std::size_t count = 0;
  for (const json& part : value) {
    count += numbersIn(part);
  }
  return count;
}

json replayed(EngineClient& client, const std::string& entry, const json& course,
              const std::stop_token& stop) {
  if (numbersIn(course) > kMostNumbers) {
    throw Error(ErrorCode::badInput,
                std::format("{} holds more than {} numbers.", entry, kMostNumbers),
                "Record fewer steps of a smaller matrix.");
  }
  json result;
  EventSink sink;
  sink.event = [&](const json& event) {
    if (event.value("type", "") == "replayed") {
      result = event;
    }
  };
  client.call({{"type", "replay"}, {"name", entry.substr(0, entry.find('/'))}, {"course", course}},
              sink, stop);
  json shown = result.at("weights");
  shown["difference"] = result.at("difference");
  return shown;
}

/// Ends of the engine and of the user's patience are not the entry's fault.
bool isEntrysFault(const Error& error) {
  return error.code() != ErrorCode::cancelled && error.code() != ErrorCode::engine;
}

void print(const json& results) {
  std::cout << "largest difference from the recorded weights, relative to the largest of them:\n";
  for (const auto& [entry, result] : results.items()) {
    std::string line = std::format("{:<40}", entry);
    if (result.contains("error")) {
      line += " not replayed";
    } else if (result.at("difference").empty()) {
      line += " nothing recorded to compare with";
    }
    const json differences = result.value("difference", json::object());
    for (const char* step : {"w1", "w5", "w20"}) {
      if (differences.contains(step)) {
        line += std::format(" {:<4}{:<12}", step, numberText(differences.at(step)));
      }
    }
    std::cout << line.substr(0, line.find_last_not_of(' ') + 1) << '\n';
  }
}

int replayFile(const std::string& file, const Invocation& invocation) {
  const json courses = parsedCourses(file);
  const auto client = startEngine(invocation);
  json results = json::object();
  std::size_t failed = 0;
  for (const auto& [entry, course] : courses.items()) {
    try {
      results[entry] = replayed(*client, entry, course, invocation.stop);
    } catch (const Error& error) {
      if (!isEntrysFault(error)) {
        throw;
      }
      ++failed;
      results[entry]["error"] = {
          {"code", toString(error.code())}, {"message", error.what()}, {"remedy", error.remedy()}};
      warn(entry + ": " + error.what());
    }
  }
  invocation.global.json ? printJson(results) : print(results);
  return failed == courses.size() ? 1 : 0;
}

}  // namespace

void addToolReplay(CLI::App& tool, Run& run) {
  auto file = std::make_shared<std::string>();
  CLI::App* command = tool.add_subcommand(
      "replay", "drive optimizers with recorded gradients; exit code 1 when none could be");
  command->fallthrough();
  command->add_option("file", *file, "JSON: NAME/SHAPE to shape, options, w0, grads")->required();
  command->callback([=, &run] { run = [=](const Invocation& i) { return replayFile(*file, i); }; });
}

}  // namespace tarn::app
