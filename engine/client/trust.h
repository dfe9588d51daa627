#pragma once

#include <filesystem>
#include <mutex>
#include <optional>
#include <string>

namespace tarn {

/// $XDG_CONFIG_HOME/tarn, else ~/.config/tarn.
std::filesystem::path configFolder();

/// The user's word on model files: may this file, by the SHA-256 of its bytes, be run? A model is a
/// program, so it is asked once a file and kept in `trusted.json` of the configuration folder.
/// Several programs may use the file at once. Any thread may call.
class TrustStore {
 public:
  explicit TrustStore(std::filesystem::path file = configFolder() / "trusted.json");

  /// yes, no, or nothing when the user was never asked. A file that cannot be understood says
  /// nothing about anything.
  std::optional<bool> answer(const std::string& sha256) const;
  /// Keeps an answer; `name` (the model's path) is for the user who looks into the file. The file
  /// is replaced whole or not at all. Throws Error(io), Error(usage) for what is no SHA-256.
  void remember(const std::string& sha256, bool trusted, const std::string& name);

  const std::filesystem::path& file() const { return file_; }

 private:
  std::filesystem::path file_;
  mutable std::mutex mutex_;
};

}  // namespace tarn
