#include "app/usage.h"

#include <algorithm>
#include <filesystem>
#include <numeric>
#include <utility>

namespace tarn::app {
namespace {

using Words = std::vector<std::string>;

/// Insertions, deletions, changes and exchanges of neighbours that turn one word into the other
/// (the optimal string alignment distance).
std::size_t lettersBetween(const std::string& a, const std::string& b) {
  std::vector<std::size_t> before;
  std::vector<std::size_t> last(b.size() + 1);
  std::iota(last.begin(), last.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::vector<std::size_t> row(b.size() + 1, i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      row[j] =
          std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        row[j] = std::min(row[j], before[j - 2] + 1);
      }
    }
    before = std::exchange(last, std::move(row));
  }
  return last.back();
}

Words commandsOf(const CLI::App& program) {
  Words names;
  for (const CLI::App* command : program.get_subcommands([](const CLI::App*) { return true; })) {
    names.push_back(command->get_name());
  }
  return names;
}

Words optionsOf(const CLI::App& program, const CLI::App* command) {
  Words names;
  for (const CLI::App* app : {&program, command}) {
    if (app != nullptr) {
      for (const CLI::Option* option : app->get_options()) {
        names.insert(names.end(), option->get_lnames().begin(), option->get_lnames().end());
      }
    }
  }
  return names;
}

bool isThere(const std::string& file) {
  std::error_code ignored;
  return std::filesystem::exists(file.substr(0, file.find('#')), ignored);
}

std::string suggestion(const std::optional<std::string>& word, const std::string& before,
                       const std::string& otherwise) {
  return word ? " Did you mean " + before + *word + "?" : otherwise;
}

}  // namespace

std::string HelpFormatter::make_footer(const CLI::App* command) const {
  const CLI::App* program = command->get_parent();
  if (program == nullptr) {
    return Formatter::make_footer(command);
  }
  const auto global = program->get_options(
      [](const CLI::Option* option) { return option->get_group() == kGlobalGroup; });
  return make_group(kGlobalGroup, false, global) + Formatter::make_footer(command);
}

std::optional<std::string> nearestWord(const std::string& word, const Words& known) {
  std::optional<std::string> nearest;
  std::size_t least = std::max<std::size_t>(1, word.size() / 3) + 1;
  for (const std::string& one : known) {
    const bool begins = word.size() >= 2 && one.starts_with(word);
    const std::size_t letters = begins ? 1 : lettersBetween(word, one);
    if (letters < least) {
      least = letters;
      nearest = one;
    }
  }
  return nearest;
}

std::optional<std::string> misunderstood(const CLI::App& program, const std::string& file) {
  const auto chosen = program.get_subcommands();
  if (chosen.empty() && !file.empty() && file.find_first_of("./#") == std::string::npos &&
      !isThere(file)) {
    return "There is no command " + file + ", and no such file." +
           suggestion(nearestWord(file, commandsOf(program)), "",
                      " `tarn --help` lists the commands.");
  }
  const CLI::App* command = chosen.empty() ? nullptr : chosen.front();
  const std::string whose = command == nullptr ? "tarn" : "the command " + command->get_name();
  const Words left = program.remaining(true);
  const auto option =
      std::ranges::find_if(left, [](const std::string& word) { return word.starts_with("--"); });
  if (option != left.end() && *option != "--") {
    const std::string name = option->substr(2, option->find('=') - 2);
    return "There is no option --" + name + " of " + whose + "." +
           suggestion(nearestWord(name, optionsOf(program, command)), "--",
                      command == nullptr
                          ? " `tarn --help` lists the options."
                          : " `tarn " + command->get_name() + " --help` lists its options.");
  }
  // What a command does not take falls through to the window's file.
  const std::string more = !left.empty() ? left.front() : command != nullptr ? file : "";
  if (!more.empty()) {
    return "There is a word too much: '" + more + "' says nothing to " + whose + ".";
  }
  return std::nullopt;
}

}  // namespace tarn::app
