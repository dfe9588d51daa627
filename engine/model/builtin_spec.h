#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <ATen/core/Tensor.h>

namespace tarn::engine {

/// A built-in network's specification taken apart: `NAME[:ARGUMENT,…][@init:SEED | @FILE]`, where
/// the first argument may be a list of numbers and the rest are `key=value`.
struct BuiltinSpec {
  std::string name;                            ///< "mlp"
  std::string shape;                           ///< "64-32-32-10"; empty when absent
  std::map<std::string, std::string> options;  ///< {"act": "tanh"}
  std::uint64_t seed = 0;
  std::string weightsFile;  ///< empty: made from the seed
};

/// Throws Error(usage) that names the piece which can't be read and gives `grammar` as the
/// remedy.
BuiltinSpec parseBuiltinSpec(std::string_view text, const std::string& grammar);

/// Takes a word out of the options: one of `words`, the first when absent. Throws Error(usage).
std::string takeWord(BuiltinSpec& spec, const std::string& key,
                     const std::vector<std::string>& words, const std::string& grammar);
/// Takes `dtype`: f32 (when absent) or f64. Throws Error(usage).
at::ScalarType takeDtype(BuiltinSpec& spec, const std::string& grammar);
/// Takes a whole number from `least` to `most`. Throws Error(usage).
std::int64_t takeCount(BuiltinSpec& spec, const std::string& key, std::int64_t fallback,
                       std::int64_t least, std::int64_t most, const std::string& grammar);
/// Takes any finite number. Throws Error(usage).
double takeNumber(BuiltinSpec& spec, const std::string& key, double fallback,
                  const std::string& grammar);
/// Throws Error(usage) when an option is left that nobody took.
void expectNoOptions(const BuiltinSpec& spec, const std::string& grammar);

/// "64-32-10" → {64, 32, 10}, each from 1 to 10⁶. Throws Error(usage).
std::vector<std::int64_t> parseExtents(std::string_view text, char separator,
                                       const std::string& grammar);

/// Throws Error(usage) when a network would have more than 2³⁰ parameters.
void expectAffordable(const std::vector<std::vector<std::int64_t>>& shapes,
                      const std::string& grammar);

}  // namespace tarn::engine
