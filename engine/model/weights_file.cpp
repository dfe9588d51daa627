#include "engine/model/weights_file.h"

#include <set>

#include <torch/torch.h>

#include "engine/model/torch_error.h"
#include "topology/base/error.h"
#include "topology/io/safetensors.h"

namespace tarn::engine {
namespace {

/// What is wrong with a file's tensors, collected so that one message says it all.
class Misfits {
 public:
  void add(const std::string& problem) {
    constexpr std::size_t most = 5;
    if (count_++ < most) {
      text_ += (text_.empty() ? "" : "; ") + problem;
    }
  }
  void raise(const std::filesystem::path& path) const {
    if (count_ > 0) {
      throw Error(ErrorCode::badInput,
                  "The weights in '" + path.string() + "' do not fit the network: " + text_ +
                      (count_ > 5 ? "; and " + std::to_string(count_ - 5) + " more" : "") + ".",
                  "Name the network that the weights were saved from.");
    }
  }

 private:
  std::string text_;
  std::size_t count_ = 0;
};

std::vector<std::int64_t> storedShape(const SafetensorsEntry& entry) {
  return {entry.shape.begin(), entry.shape.end()};
}

at::Tensor tensorOf(const NdArray& array) {
  const std::vector<std::int64_t> shape(array.shape.begin(), array.shape.end());
  return at::tensor(array.toDoubles(), at::kDouble).view(shape);
}

}  // namespace

void loadWeights(Model& model, const std::filesystem::path& path) {
  SafetensorsReader file(path);
  auto& space = model.parameters();
  std::vector<NamedTensor> wanted;
  for (const auto& group : space.groups()) {
    wanted.emplace_back(group.name, space.view(space.flat(), group));
  }
  wanted.insert(wanted.end(), model.namedBuffers().begin(), model.namedBuffers().end());

  Misfits misfits;
  std::set<std::string> known;
  for (const auto& [name, tensor] : wanted) {
    known.insert(name);
    if (!file.contains(name)) {
      misfits.add("there is no '" + name + "'");
    } else if (const auto shape = storedShape(file.entry(name)); shape != tensor.sizes()) {
      misfits.add("'" + name + "' is " + shapeText(shape) + " instead of " +
                  shapeText(tensor.sizes()));
    }
  }
  for (const auto& name : file.names()) {
    if (!known.contains(name)) {
      misfits.add("the network has no '" + name + "'");
    }
  }
  misfits.raise(path);
  const at::NoGradGuard noGrad;
  for (auto& [name, tensor] : wanted) {
    tensor.copy_(tensorOf(file.read(name)));
  }
}

}  // namespace tarn::engine
