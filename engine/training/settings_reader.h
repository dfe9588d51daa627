#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace tarn::engine {

/// Reads the keys of one map of a request, each with a default and a range, and then complains
/// about keys that nobody read. All functions throw Error(usage) that names the key and its range.
class SettingsReader {
 public:
  /// `what` names the map in messages: "schedule". A null value counts as an empty map.
  SettingsReader(const nlohmann::json& value, std::string what);

  std::int64_t integer(const std::string& key, std::int64_t initial, std::int64_t minimum,
                       std::int64_t maximum);
  double number(const std::string& key, double initial, double minimum, double maximum);
  std::string word(const std::string& key, const std::vector<std::string>& words);
  /// Throws for keys other than those that were asked for.
  void finish() const;

 private:
  const nlohmann::json* find(const std::string& key);
  [[noreturn]] void refuse(const std::string& key, const std::string& expected) const;

  nlohmann::json value_;
  std::string what_;
  std::vector<std::string> asked_;
};

}  // namespace tarn::engine
