#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace tarn::engine {

/// Where an axis of a landscape comes from.
struct DirectionSpec {
  enum class Kind {
    hessianTop,
    hessianBottom,
    random,
    gradient,  ///< of the loss at θ
    file,      ///< a vector in a file
    between,   ///< from θ to the parameters of a checkpoint
    given,     ///< an array that the client put
  };
  Kind kind = Kind::random;
  std::int64_t rank = 0;  ///< 0: the largest (or smallest) eigenvalue's vector, or the first draw
  std::string label;      ///< of file, between and given: what the axis is called
  std::string word;       ///< of given: what kind of direction the client says it is ("pca")
  nlohmann::json source;  ///< of file: the path; of between: the checkpoint; of given: the hash
  bool keepsLength = false;  ///< its length means something: it is not normalized

  /// "hessian:1", "hessian:-1", "random:1" (rank counted from 1), "gradient", or the label.
  std::string name() const;
  /// "hessian", "random", "gradient", "file", "between" or what the client said.
  std::string kindWord() const;
};

/// The axes of a list like ["hessian:2", "random:1", "gradient", "file:d.npy#name",
/// "between:b.safetensors"], in order; a count k makes k axes, a negative one for hessian means the
/// smallest eigenvalues. Entries of one kind go on where the last one ended. An entry may also be a
/// map {kind: between, name, checkpoint: {spec, sha256} or {array, buffers}} or {kind, name, array:
/// hash of a vector that was put, keep_length (false)}.
/// Throws Error(usage) with the grammar, also for none or more than 16 axes.
std::vector<DirectionSpec> directionSpecs(const nlohmann::json& list);

}  // namespace tarn::engine
