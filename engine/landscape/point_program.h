#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "engine/landscape/graph_rewrite.h"
#include "engine/model/model.h"

namespace tarn::engine {

/// How a forward pass is prepared beside what is always done.
struct ProgramWays {
  bool firstLayers = false;  ///< linear layers of the data are taken out
  bool winograd = false;     ///< convolutions by Winograd's filtering where that fits
};

/// A network's forward pass, prepared for being run at many points: its graph with BatchNorm folded
/// into convolutions and activations in place. It reads the network's tensors, or others in their
/// stead, and gives the network's outputs but for rounding. For batches of one size.
class PointProgram {
 public:
  /// None when the network's forward pass is no graph, or the graph does not repeat the network's
  /// own output for `example`.
  static std::unique_ptr<PointProgram> make(Model& model, const Inputs& example,
                                            const ProgramWays& ways);

  /// The network's parameters and buffers that the graph reads.
  const std::vector<at::Tensor>& tensors() const { return forward_.tensors; }
  const std::vector<FirstLayer>& firstLayers() const { return firstLayers_; }
  bool folds() const { return !folds_.empty(); }
  /// How many convolutions are done by Winograd's filtering.
  std::size_t winograds() const { return winograds_.size(); }

  /// What the graph takes after the data: the tensors, of which some may be batched, and what is
  /// made of them, channels last in memory or not.
  std::vector<at::Tensor> arguments(const std::vector<at::Tensor>& tensors,
                                    bool channelsLast) const;
  /// The network's output. firstOutputs: one for each of firstLayers().
  at::Tensor run(const Inputs& inputs, const std::vector<at::Tensor>& arguments,
                 const std::vector<at::Tensor>& firstOutputs) const;
  /// What a first layer is applied to.
  at::Tensor firstInput(const FirstLayer& layer, const Inputs& inputs) const;

 private:
  struct Code;

  explicit PointProgram(ForwardGraph forward);
  static std::unique_ptr<PointProgram> built(Model& model, const Inputs& example,
                                             const ProgramWays& ways, bool sums);

  ForwardGraph forward_;
  std::vector<NormFold> folds_;
  std::vector<std::size_t> winograds_;  ///< useWinograd()
  std::vector<FirstLayer> firstLayers_;
  std::shared_ptr<const Code> code_;
};

}  // namespace tarn::engine
