#include <cstdlib>
#include <format>
#include <iostream>
#include <thread>

#include <unistd.h>

#include "app/commands/command.h"
#include "app/experiment_options.h"
#include "topology/base/error.h"
#include "ui/figures/graphics_check.h"

namespace tarn::app {
namespace {

using nlohmann::json;

// A finding: `ok`, what was found, and how to mend it when something is wrong.
json finding(const std::string& name, bool ok, const std::string& found,
             const std::string& remedy = {}) {
  return {{"check", name}, {"ok", ok}, {"found", found}, {"remedy", ok ? "" : remedy}};
}

double memoryGib() {
  return static_cast<double>(sysconf(_SC_PHYS_PAGES)) * static_cast<double>(sysconf(_SC_PAGESIZE)) /
         (1 << 30);
}

json checkMachine() {
  return finding(
      "machine", true,
      std::format("{} cores, {:.1f} GiB memory", std::thread::hardware_concurrency(), memoryGib()));
}

json checkDisplay() {
  const char* x11 = std::getenv("DISPLAY");
  const char* wayland = std::getenv("WAYLAND_DISPLAY");
  const bool any = (x11 != nullptr && *x11 != '\0') || (wayland != nullptr && *wayland != '\0');
  return finding("display", any, any ? "a display for the window" : "no display",
                 "The window needs one (set DISPLAY or WAYLAND_DISPLAY); the commands do not.");
}

json checkGraphics() {
  try {
    const std::string renderer = ui::describeOffscreenGraphics();
    return finding("OpenGL", true, renderer);
  } catch (const Error& error) {
    return finding("OpenGL", false, error.what(), error.remedy());
  }
}

// The engine's own word, got by starting one.
json checkEngine(const Invocation& invocation) {
  json findings = json::array();
  try {
    const auto client = startEngine(invocation);
    client->call({{"type", "ping"}}, {}, invocation.stop);
    const json& hello = client->hello();
    findings.push_back(
        finding("engine", true,
                std::format("{} {} started and answers", findEngine().filename().string(),
                            hello.value("version", "?"))));
    findings.push_back(finding(
        "LibTorch", true,
        std::format("{}, {} threads", hello.value("libtorch", "?"), hello.value("threads", 0))));
    const json devices = hello.value("devices", json::array());
    findings.push_back(finding("devices", true, devices.dump()));
    const std::string blas = hello.value("blas", "unknown");
    const bool fast = blas.find("reference") == std::string::npos;
    findings.push_back(finding("BLAS", fast, blas,
                               "Install libopenblas0-openmp: the reference BLAS is many times "
                               "slower."));
    const json confinement = hello.value("confinement", json::object());
    const bool confined =
        confinement.value("landlock", 0) > 0 && confinement.value("seccomp", false);
    findings.push_back(
        finding("confinement of models", confined, confinement.dump(),
                "This kernel lacks Landlock or seccomp: run only models you trust."));
  } catch (const Error& error) {
    findings.push_back(finding("engine", false, error.what(), error.remedy()));
  }
  return findings;
}

int doctor(const Invocation& invocation) {
  json findings = json::array({finding("Tarn", true, TARN_VERSION), checkMachine()});
  for (const json& entry : checkEngine(invocation)) {
    findings.push_back(entry);
  }
  findings.push_back(checkGraphics());
  findings.push_back(checkDisplay());

  // Without a display everything but the window works, so that is no failure.
  bool healthy = true;
  for (const json& entry : findings) {
    healthy = healthy && (entry.at("ok").get<bool>() || entry.at("check") == "display");
  }
  if (invocation.global.json) {
    printJson({{"healthy", healthy}, {"findings", findings}});
  } else {
    for (const json& entry : findings) {
      std::cout << std::format("{} {:<22} {}\n", entry.at("ok").get<bool>() ? "ok  " : "!!  ",
                               entry.at("check").get<std::string>(),
                               entry.at("found").get<std::string>());
      if (!entry.at("remedy").get<std::string>().empty()) {
        std::cout << "       " << entry.at("remedy").get<std::string>() << '\n';
      }
    }
  }
  return healthy ? 0 : 1;
}

}  // namespace

void addDoctor(CLI::App& program, Run& run) {
  CLI::App* command =
      program.add_subcommand("doctor", "what works on this machine, and how to mend what does not");
  command->callback([&run] { run = [](const Invocation& i) { return doctor(i); }; });
}

}  // namespace tarn::app
