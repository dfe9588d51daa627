#include "engine/server/array_store.h"

#include <algorithm>

#include "engine/protocol/fields.h"
#include "topology/base/error.h"

namespace tarn::engine {
namespace {

constexpr std::size_t kMostArrays = 4096;

bool isSha256(const std::string& text) {
  return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string::npos;
}

}  // namespace

std::list<ArrayStore::Entry>::iterator ArrayStore::find(const std::string& hash) {
  const auto found = std::find_if(entries_.begin(), entries_.end(),
                                  [&](const Entry& entry) { return entry.hash == hash; });
  if (found != entries_.end()) {
    entries_.splice(entries_.begin(), entries_, found);
  }
  return found;
}

void ArrayStore::makeRoom(std::uint64_t bytes) {
  if (bytes > limit_) {
    throw Error(ErrorCode::memory,
                "An array of " + std::to_string(bytes) + " bytes is more than the " +
                    std::to_string(limit_) + " bytes the engine keeps.",
                "Use fewer parameters, or an engine with more memory.");
  }
  while (used_ + bytes > limit_ || entries_.size() >= kMostArrays) {
    used_ -= entries_.back().total;
    entries_.pop_back();
  }
}

bool ArrayStore::put(const nlohmann::json& request) {
  const auto hash = textField(request, "hash");
  const auto dtype = textField(request, "dtype");
  const auto shape = shapeField(request, "shape");
  const auto offset = countField(request, "offset");
  const auto data = bytesField(request, "data");
  const auto total = byteSize(dtype, shape);
  if (!isSha256(hash)) {
    throw Error(ErrorCode::usage, "The key 'hash' must be 64 lower-case hexadecimal digits.");
  }

  const std::scoped_lock lock(mutex_);
  auto entry = find(hash);
  // The first piece starts over, so that a client that gave up half-way can begin again.
  if (entry != entries_.end() && !entry->complete && offset == 0) {
    used_ -= entry->total;
    entries_.erase(entry);
    entry = entries_.end();
  }
  if (entry == entries_.end()) {
    if (offset != 0) {
      throw Error(ErrorCode::usage, "The first piece of an array must have offset 0.");
    }
    makeRoom(total);
    entries_.push_front(
        {hash, std::make_shared<ArrayBytes>(ArrayBytes{dtype, shape, {}}), total, false, Sha256()});
    used_ += total;
    entry = entries_.begin();
  }
  auto& array = *entry->array;
  if (array.dtype != dtype || array.shape != shape) {
    throw Error(ErrorCode::usage, "The array " + hash + " has another dtype or shape.");
  }
  if (entry->complete) {
    return true;
  }
  if (offset != array.bytes.size() || data.size() > total - offset) {
    throw Error(ErrorCode::usage, "A piece of the array " + hash + " is out of place.");
  }
  array.bytes.insert(array.bytes.end(), data.begin(), data.end());
  entry->digest.update(data);
  if (array.bytes.size() < total) {
    return false;
  }
  if (entry->digest.hex() != hash) {
    used_ -= total;
    entries_.erase(entry);
    throw Error(ErrorCode::badInput, "The bytes of an array do not have the hash " + hash + ".",
                "Send the array again.");
  }
  entry->complete = true;
  return true;
}

std::shared_ptr<const ArrayBytes> ArrayStore::get(const std::string& hash) {
  const std::scoped_lock lock(mutex_);
  const auto entry = find(hash);
  if (entry == entries_.end() || !entry->complete) {
    throw Error(ErrorCode::notFound, "The engine has no array with the hash " + hash + ".",
                "Put it first: it was never sent, or had to leave for newer ones.");
  }
  return entry->array;
}

}  // namespace tarn::engine
