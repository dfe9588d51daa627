#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace tarn {

/// The kinds of results that have an address. `directions` is a set, one direction an axis.
enum class ResultKind { experiment, directions, spectrum, landscape, run, analysis };

/// "experiment", "directions", "spectrum", "landscape", "run", "analysis".
std::string_view toString(ResultKind kind);
/// Error(usage) for a name that is none of these.
ResultKind resultKindFromString(std::string_view name);

/// Where a result is: `NAME.tarn#landscape/3`. An id of 0 means the latest of its kind.
struct ResultAddress {
  std::filesystem::path path;
  ResultKind kind = ResultKind::landscape;
  std::int64_t id = 0;

  bool operator==(const ResultAddress&) const = default;
};

/// `PATH#KIND/ID`, `PATH#KIND` (the latest of that kind) or a bare path (the latest landscape).
/// A '#' in a path is no address unless KIND or KIND/ID follows the last one; `#WORD/3` with a
/// word that is no kind is Error(usage), so is an id that is no positive number.
ResultAddress parseAddress(std::string_view text);
std::string formatAddress(const ResultAddress& address);

}  // namespace tarn
