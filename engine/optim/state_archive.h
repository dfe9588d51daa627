#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <ATen/core/Tensor.h>

namespace tarn::engine {

/// State as named entries in a fixed order, written to bytes or read back from them by one and the
/// same function, so that the two can't drift apart:
///
///     void exchangeState(StateArchive& archive) {
///       archive.integer("steps", steps_);
///       archive.tensor("momentum", momentum_);
///     }
///
/// Numbers and tensors come back bit for bit. The bytes are little-endian.
class StateArchive {
 public:
  virtual ~StateArchive() = default;
  virtual void integer(std::string_view name, std::int64_t& value) = 0;
  virtual void number(std::string_view name, double& value) = 0;
  virtual void text(std::string_view name, std::string& value) = 0;
  /// When read, the tensor must be of the same dtype and shape as the one it is read into, which is
  /// written in place and stays on its device.
  virtual void tensor(std::string_view name, at::Tensor& value) = 0;
};

class StateWriter : public StateArchive {
 public:
  void integer(std::string_view name, std::int64_t& value) override;
  void number(std::string_view name, double& value) override;
  void text(std::string_view name, std::string& value) override;
  void tensor(std::string_view name, at::Tensor& value) override;

  std::vector<std::byte> take() { return std::move(bytes_); }

 private:
  void entry(char kind, std::string_view name);
  void raw(const void* data, std::size_t size);
  template <typename T>
  void value(T v);

  std::vector<std::byte> bytes_;
};

/// Reads what StateWriter wrote. Every function throws Error(badInput), which names the entry, when
/// the bytes hold something else or end too early.
class StateReader : public StateArchive {
 public:
  explicit StateReader(std::span<const std::byte> bytes) : bytes_(bytes) {}

  void integer(std::string_view name, std::int64_t& value) override;
  void number(std::string_view name, double& value) override;
  void text(std::string_view name, std::string& value) override;
  void tensor(std::string_view name, at::Tensor& value) override;
  /// Throws Error(badInput) when bytes are left over.
  void finish() const;

 private:
  void entry(char kind, std::string_view name);
  std::span<const std::byte> raw(std::size_t size, std::string_view name);
  template <typename T>
  T value(std::string_view name);

  std::span<const std::byte> bytes_;
};

}  // namespace tarn::engine
