#pragma once

#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

namespace tarn {

// The words of --directions:
//
//   hessian:2  hessian:-1  random:2  gradient  file:PATH[#NAME]     the engine's own
//   between:B              from the model to the checkpoint B
//   between:A;B[;C]        from A, which becomes the centre, to B (and C)
//   pca:2[@RUN]            the main ways of a run of the project: of its snapshots about their mean
//   update[@RUN]           the last of its steps from snapshot to snapshot
//
// Words of one kind (and run) count on: hessian:1,random:1,hessian:1 are the first two eigenvectors
// with a random axis between them. A checkpoint is a .safetensors file with the network's tensors,
// a TorchScript file, a built-in with its weights, or a snapshot of a run of the project: run/ID
// (its end) or run/ID@STEP.

/// One word of --directions.
struct DirectionWord {
  std::string kind;        ///< hessian, random, gradient, file, between, pca or update
  std::int64_t count = 1;  ///< of hessian, random, pca; below 0: smallest eigenvalues
  std::optional<std::int64_t> run = {};       ///< of pca and update
  std::vector<std::string> checkpoints = {};  ///< of between, one to three
  std::string path = {};                      ///< of file, with its #NAME

  std::size_t axes() const;
  /// The checkpoints of a between that are the ends of axes.
  std::vector<std::string> ends() const;
};

/// Throws Error(usage) with the grammar.
DirectionWord parseDirection(const std::string& word);
/// The word that parseDirection would read as this.
std::string toString(const DirectionWord& word);

/// {run, step} of run/ID or run/ID@STEP, {spec} of anything else; a step of null is the last one.
/// Throws Error(usage).
nlohmann::json checkpointFromText(const std::string& text);

}  // namespace tarn
