#include "engine/training/settings_reader.h"

#include <algorithm>

#include "topology/base/error.h"
#include "topology/base/text.h"

namespace tarn::engine {
namespace {

std::string dumped(const nlohmann::json& value) {
  return value.dump(-1, ' ', true, nlohmann::json::error_handler_t::replace).substr(0, 80);
}

}  // namespace

SettingsReader::SettingsReader(const nlohmann::json& value, std::string what)
    : value_(value.is_null() ? nlohmann::json::object() : value), what_(std::move(what)) {
  if (!value_.is_object()) {
    throw Error(ErrorCode::usage, "The settings under '" + what_ + "' are not a map.");
  }
}

const nlohmann::json* SettingsReader::find(const std::string& key) {
  asked_.push_back(key);
  const auto found = value_.find(key);
  return found == value_.end() || found->is_null() ? nullptr : &*found;
}

void SettingsReader::refuse(const std::string& key, const std::string& expected) const {
  throw Error(ErrorCode::usage, "In the settings of the " + what_ + ", " + key + " must be " +
                                    expected + ", not " + dumped(value_[key]) + ".");
}

std::int64_t SettingsReader::integer(const std::string& key, std::int64_t initial,
                                     std::int64_t minimum, std::int64_t maximum) {
  const nlohmann::json* value = find(key);
  if (value == nullptr) {
    return initial;
  }
  const bool tooLarge = value->is_number_unsigned() &&
                        value->get<std::uint64_t>() > static_cast<std::uint64_t>(maximum);
  if (!value->is_number_integer() || tooLarge || value->get<std::int64_t>() < minimum ||
      value->get<std::int64_t>() > maximum) {
    refuse(key,
           "a whole number from " + std::to_string(minimum) + " to " + std::to_string(maximum));
  }
  return value->get<std::int64_t>();
}

double SettingsReader::number(const std::string& key, double initial, double minimum,
                              double maximum) {
  const nlohmann::json* value = find(key);
  if (value == nullptr) {
    return initial;
  }
  const double number = value->is_number() ? value->get<double>() : minimum - 1;
  if (!(number >= minimum && number <= maximum)) {
    refuse(key, "a number from " + nlohmann::json(minimum).dump() + " to " +
                    nlohmann::json(maximum).dump());
  }
  return number;
}

std::string SettingsReader::word(const std::string& key, const std::vector<std::string>& words) {
  const nlohmann::json* value = find(key);
  if (value == nullptr) {
    return words.front();
  }
  if (!value->is_string() || std::ranges::find(words, value->get<std::string>()) == words.end()) {
    refuse(key, "one of " + joined(words));
  }
  return value->get<std::string>();
}

void SettingsReader::finish() const {
  for (const auto& [key, value] : value_.items()) {
    if (std::ranges::find(asked_, key) == asked_.end()) {
      throw Error(ErrorCode::usage,
                  "The settings of the " + what_ + " have no '" + key.substr(0, 80) + "'.",
                  "There are: " + joined(asked_) + ".");
    }
  }
}

}  // namespace tarn::engine
