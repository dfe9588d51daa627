#pragma once

#include <CLI/CLI.hpp>
#include <optional>
#include <string>
#include <vector>

namespace tarn::app {

/// The group of the options that belong to every command.
inline constexpr const char* kGlobalGroup = "Options of every command";

/// Help that shows with a command's own options those of every command.
class HelpFormatter : public CLI::Formatter {
 public:
  std::string make_footer(const CLI::App* command) const override;
};

/// The word most like another, when one is: it begins with it, or differs in few letters (inserted,
/// left out, changed, or two exchanged).
std::optional<std::string> nearestWord(const std::string& word,
                                       const std::vector<std::string>& known);

/// What is wrong with a command line of which something was not understood, in a sentence, with the
/// nearest right word: an unknown command (which was taken for `file`, the window's), an option or
/// a word too much. Nothing when all words were understood.
std::optional<std::string> misunderstood(const CLI::App& program, const std::string& file);

}  // namespace tarn::app
