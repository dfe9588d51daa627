#include "engine/optim/run_facts.h"

#include <limits>

#include "topology/base/error.h"

namespace tarn::engine {
namespace {

std::string inMebibytes(std::uint64_t bytes) {
  return std::to_string((bytes + (std::uint64_t{1} << 20U) - 1) >> 20U) + " MiB";
}

}  // namespace

void requireSampleLosses(const std::string& who, const RunFacts& facts) {
  if (facts.loss.kind == Loss::model) {
    throw Error(ErrorCode::unsupported,
                who +
                    " needs the loss of every sample, but under the loss model there is one "
                    "number for a whole batch.",
                "Export a model that returns outputs and choose the loss here, or another "
                "optimizer.");
  }
  if (facts.batchNormLayers > 0) {
    throw Error(ErrorCode::unsupported,
                who + " needs the loss of every sample by itself, but the model's " +
                    std::to_string(facts.batchNormLayers) +
                    " BatchNorm layers make it depend on the rest of the batch in training.",
                "Use a model without BatchNorm, or another optimizer.");
  }
}

void requireOutputs(const std::string& who, const RunFacts& facts) {
  if (facts.loss.kind == Loss::model) {
    throw Error(ErrorCode::unsupported,
                who + " needs the model's outputs, but under the loss model it returns its loss.",
                "Export a model that returns outputs and choose the loss here.");
  }
}

void requireWholeBatch(const std::string& who, const RunFacts& facts) {
  if (facts.batchSize < facts.samples) {
    const auto samples = std::to_string(facts.samples);
    throw Error(ErrorCode::usage,
                who + " needs the same loss at every step, but batches of " +
                    std::to_string(facts.batchSize) + " out of " + samples + " samples change it.",
                "Set the batch size to " + samples + " (--batch-size " + samples +
                    "), or take fewer samples (--subset).");
  }
}

void requireVectors(const std::string& who, std::int64_t vectors, const RunFacts& facts,
                    const std::string& smaller) {
  const auto count = static_cast<std::uint64_t>(vectors);
  const auto each = static_cast<std::uint64_t>(facts.parameters) * facts.numberBytes;
  if (facts.memoryBytes == 0 || each == 0 || count <= facts.memoryBytes / each) {
    return;
  }
  const bool counts = count <= std::numeric_limits<std::uint64_t>::max() / each;
  throw Error(ErrorCode::memory,
              who + " would hold " + std::to_string(vectors) + " vectors of " +
                  std::to_string(facts.parameters) + " parameters, " +
                  (counts ? inMebibytes(count * each) : std::string("more than can be counted")) +
                  ", more than the " + inMebibytes(facts.memoryBytes) + " there are for it.",
              smaller + ", or allow more memory.");
}

}  // namespace tarn::engine
