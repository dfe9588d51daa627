#include "engine/optim/state_archive.h"

#include <bit>
#include <cstring>

#include <ATen/ATen.h>

#include "topology/base/error.h"

static_assert(std::endian::native == std::endian::little, "state is kept little-endian");

namespace tarn::engine {
namespace {

Error foreign(std::string_view name, const std::string& why) {
  return {ErrorCode::badInput,
          "The saved state can't be read at '" + std::string(name) + "': " + why + ".",
          "Start the run again, or resume it with the settings it was started with."};
}

std::string shapeText(at::IntArrayRef shape) {
  std::string text;
  for (const std::int64_t extent : shape) {
    text += (text.empty() ? "" : "x") + std::to_string(extent);
  }
  return "[" + text + "]";
}

}  // namespace

void StateWriter::raw(const void* data, std::size_t size) {
  const auto* first = static_cast<const std::byte*>(data);
  bytes_.insert(bytes_.end(), first, first + size);
}

template <typename T>
void StateWriter::value(T v) {
  raw(&v, sizeof v);
}

void StateWriter::entry(char kind, std::string_view name) {
  value(kind);
  value(static_cast<std::uint32_t>(name.size()));
  raw(name.data(), name.size());
}

void StateWriter::integer(std::string_view name, std::int64_t& v) {
  entry('i', name);
  value(v);
}

void StateWriter::number(std::string_view name, double& v) {
  entry('d', name);
  value(v);
}

void StateWriter::text(std::string_view name, std::string& v) {
  entry('s', name);
  value(static_cast<std::uint64_t>(v.size()));
  raw(v.data(), v.size());
}

void StateWriter::tensor(std::string_view name, at::Tensor& v) {
  const at::Tensor held = v.detach().cpu().contiguous();
  entry('t', name);
  value(static_cast<std::uint8_t>(held.scalar_type()));
  value(static_cast<std::uint32_t>(held.dim()));
  for (const std::int64_t extent : held.sizes()) {
    value(extent);
  }
  raw(held.const_data_ptr(), held.nbytes());
}

std::span<const std::byte> StateReader::raw(std::size_t size, std::string_view name) {
  if (size > bytes_.size()) {
    throw foreign(name, "it ends " + std::to_string(size - bytes_.size()) + " bytes too early");
  }
  const auto part = bytes_.first(size);
  bytes_ = bytes_.subspan(size);
  return part;
}

template <typename T>
T StateReader::value(std::string_view name) {
  T v;
  std::memcpy(&v, raw(sizeof v, name).data(), sizeof v);
  return v;
}

void StateReader::entry(char kind, std::string_view name) {
  const char found = value<char>(name);
  const auto length = value<std::uint32_t>(name);
  const auto letters = raw(length, name);
  const std::string_view foundName(reinterpret_cast<const char*>(letters.data()), letters.size());
  if (found != kind || foundName != name) {
    throw foreign(name, "it holds '" + std::string(foundName.substr(0, 40)) + "' there");
  }
}

void StateReader::integer(std::string_view name, std::int64_t& v) {
  entry('i', name);
  v = value<std::int64_t>(name);
}

void StateReader::number(std::string_view name, double& v) {
  entry('d', name);
  v = value<double>(name);
}

void StateReader::text(std::string_view name, std::string& v) {
  entry('s', name);
  const auto length = value<std::uint64_t>(name);
  const auto letters = raw(length, name);
  v.assign(reinterpret_cast<const char*>(letters.data()), letters.size());
}

void StateReader::tensor(std::string_view name, at::Tensor& v) {
  entry('t', name);
  const auto dtype = static_cast<at::ScalarType>(value<std::uint8_t>(name));
  if (dtype != v.scalar_type()) {
    throw foreign(name,
                  "its numbers are not of the type " + std::string(toString(v.scalar_type())));
  }
  const auto dimensions = value<std::uint32_t>(name);
  if (dimensions != static_cast<std::uint32_t>(v.dim())) {
    throw foreign(name,
                  "it has " + std::to_string(dimensions) + " axes, not " + std::to_string(v.dim()));
  }
  std::vector<std::int64_t> shape;
  for (std::uint32_t axis = 0; axis < dimensions; ++axis) {
    shape.push_back(value<std::int64_t>(name));
  }
  if (v.sizes() != at::IntArrayRef(shape)) {
    throw foreign(name, "its shape is " + shapeText(shape) + ", not " + shapeText(v.sizes()));
  }
  const auto data = raw(v.nbytes(), name);
  at::Tensor read = at::empty(v.sizes(), v.options().device(at::kCPU));
  std::memcpy(read.mutable_data_ptr(), data.data(), data.size());
  const at::NoGradGuard noGrad;
  v.copy_(read);
}

void StateReader::finish() const {
  if (!bytes_.empty()) {
    throw foreign("the end", std::to_string(bytes_.size()) + " bytes are left over");
  }
}

}  // namespace tarn::engine
