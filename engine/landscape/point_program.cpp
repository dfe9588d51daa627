#include "engine/landscape/point_program.h"

#include <torch/csrc/jit/ir/ir.h>
#include <torch/csrc/jit/runtime/interpreter.h>
#include <torch/torch.h>

#include "engine/landscape/winograd.h"
#include "engine/landscape/winograd_rewrite.h"
#include "engine/model/torch_error.h"

namespace tarn::engine {
namespace {

constexpr double agreement = 1e-4;  // of outputs, relative to their largest

at::Tensor alongChannels(const at::Tensor& factor, std::int64_t dimensions) {
  std::vector<std::int64_t> shape(static_cast<std::size_t>(dimensions), 1);
  shape[0] = -1;
  return factor.reshape(shape);
}

at::Tensor runCode(const torch::jit::Code& code, torch::jit::Stack stack, const Inputs& inputs) {
  try {
    torch::jit::InterpreterState(code).run(stack);
  } catch (const std::exception& failure) {
    throw forwardError(inputs, failure);
  }
  return stack.back().toTensor();
}

bool agree(const at::Tensor& a, const at::Tensor& b) {
  if (a.sizes() != b.sizes()) {
    return false;
  }
  const auto scale = b.abs().max().item<double>();
  return at::allclose(a, b, /*rtol=*/0, agreement * scale, /*equal_nan=*/true);
}

}  // namespace

struct PointProgram::Code {
  torch::jit::Code code;
};

PointProgram::PointProgram(ForwardGraph forward) : forward_(std::move(forward)) {}

std::unique_ptr<PointProgram> PointProgram::built(Model& model, const Inputs& example,
                                                  const ProgramWays& ways, bool sums) {
  auto forward = model.forwardGraph(example);
  if (!forward) {
    return nullptr;
  }
  std::unique_ptr<PointProgram> program(new PointProgram(std::move(*forward)));
  auto& graph = program->forward_;
  program->folds_ = foldBatchNorms(graph, example.size());
  if (ways.winograd) {
    program->winograds_ = useWinograd(graph, program->folds_, example.size(), sums);
  }
  if (ways.firstLayers) {
    program->firstLayers_ = takeFirstLayers(graph, example.size());
  }
  workInPlace(graph, sums);
  program->code_ = std::make_shared<Code>(Code{torch::jit::Code(graph.graph, "forward")});
  return program;
}

std::unique_ptr<PointProgram> PointProgram::make(Model& model, const Inputs& example,
                                                 const ProgramWays& ways) {
  const at::NoGradGuard noGrad;
  const auto expected = model.forward(example);
  // A sum may be larger than its first term, and then there is no place for it.
  for (const bool sums : {true, false}) {
    try {
      auto program = built(model, example, ways, sums);
      if (!program) {
        return nullptr;
      }
      std::vector<at::Tensor> firstOutputs;
      for (const auto& layer : program->firstLayers_) {
        const auto& tensors = program->tensors();
        firstOutputs.push_back(at::linear(program->firstInput(layer, example),
                                          tensors[layer.weight],
                                          layer.bias ? tensors[*layer.bias] : at::Tensor()));
      }
      const auto arguments = program->arguments(program->tensors(), false);
      if (agree(program->run(example, arguments, firstOutputs), expected)) {
        return program;
      }
    } catch (const std::exception&) {
      continue;
    }
  }
  return nullptr;
}

std::vector<at::Tensor> PointProgram::arguments(const std::vector<at::Tensor>& tensors,
                                                bool channelsLast) const {
  auto result = tensors;
  for (const auto& fold : folds_) {
    const auto& weight = tensors[fold.weight];
    auto factor = (tensors[fold.variance] + fold.eps).rsqrt();
    if (fold.gamma) {
      factor = factor * tensors[*fold.gamma];
    }
    auto folded = weight * alongChannels(factor, weight.dim());
    if (channelsLast && weight.dim() == 4) {
      folded = folded.contiguous(at::MemoryFormat::ChannelsLast);
    }
    auto shift = fold.bias ? tensors[*fold.bias] - tensors[fold.mean] : -tensors[fold.mean];
    shift = shift * factor;
    if (fold.beta) {
      shift = shift + tensors[*fold.beta];
    }
    result.push_back(std::move(folded));
    result.push_back(std::move(shift));
  }
  for (const auto weight : winograds_) {
    result.push_back(winogradFilters(result[weight]));
  }
  return result;
}

at::Tensor PointProgram::run(const Inputs& inputs, const std::vector<at::Tensor>& arguments,
                             const std::vector<at::Tensor>& firstOutputs) const {
  torch::jit::Stack stack(inputs.begin(), inputs.end());
  stack.insert(stack.end(), arguments.begin(), arguments.end());
  stack.insert(stack.end(), firstOutputs.begin(), firstOutputs.end());
  return runCode(code_->code, std::move(stack), inputs);
}

at::Tensor PointProgram::firstInput(const FirstLayer& layer, const Inputs& inputs) const {
  torch::jit::Stack stack(inputs.begin(), inputs.end());
  // Its graph was made of the graph before others had been taken out: it reads none of the rest.
  while (stack.size() < layer.input->inputs().size()) {
    const auto place = stack.size() - inputs.size();
    stack.emplace_back(place < tensors().size() ? tensors()[place] : at::Tensor());
  }
  return runCode(torch::jit::Code(layer.input, "first"), std::move(stack), inputs);
}

}  // namespace tarn::engine
