#pragma once

#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <nlohmann/json.hpp>
#include <string>

#include "engine/protocol/array_bytes.h"
#include "engine/protocol/sha256.h"

namespace tarn::engine {

/// The arrays that clients put, by the SHA-256 of their bytes. Holds at most `limit` bytes,
/// unfinished ones included: the arrays used least recently leave first (whoever still works with
/// one keeps it alive). Any thread may call.
class ArrayStore {
 public:
  explicit ArrayStore(std::uint64_t limit) : limit_(limit) {}

  /// Takes one `put` request. Returns true when the array is stored now (or was before). Throws
  /// Error(usage) for a piece that does not fit what came before, Error(badInput) when the hash
  /// does not agree, Error(memory) when the array is larger than the limit.
  bool put(const nlohmann::json& request);

  /// Throws Error(notFound).
  std::shared_ptr<const ArrayBytes> get(const std::string& hash);

 private:
  struct Entry {
    std::string hash;
    std::shared_ptr<ArrayBytes> array;
    std::uint64_t total = 0;  ///< bytes when complete
    bool complete = false;
    Sha256 digest;
  };

  std::list<Entry>::iterator find(const std::string& hash);
  void makeRoom(std::uint64_t bytes);

  std::uint64_t limit_;
  std::uint64_t used_ = 0;
  std::mutex mutex_;
  std::list<Entry> entries_;  ///< most recently used first
};

}  // namespace tarn::engine
