#include "engine/model/torch_error.h"

#include <sstream>
#include <vector>

namespace tarn::engine {
namespace {

constexpr std::size_t longest = 300;

std::vector<std::string> lines(const std::string& text) {
  std::vector<std::string> result;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) {
    if (line.find_first_not_of(" \t\r") != std::string::npos) {
      result.push_back(line);
    }
  }
  return result;
}

/// TorchScript puts the cause last, after "RuntimeError: "; other errors put it first.
std::string causeOf(const std::vector<std::string>& all) {
  for (auto line = all.rbegin(); line != all.rend(); ++line) {
    if (const auto found = line->find("Error: "); found != std::string::npos) {
      return line->substr(found + 7);
    }
  }
  return all.empty() ? "no reason given" : all.front();
}

}  // namespace

std::string summary(const std::exception& failure) {
  auto cause = causeOf(lines(failure.what()));
  if (const auto raised = cause.find(" Exception raised from "); raised != std::string::npos) {
    cause.resize(raised);
  }
  if (cause.size() > longest) {
    cause = cause.substr(0, longest) + "…";
  }
  return asSentence(cause);
}

Error forwardError(const Inputs& inputs, const std::exception& failure) {
  const auto cause = summary(failure);
  if (dynamic_cast<const std::bad_alloc*>(&failure) != nullptr ||
      cause.find("not enough memory") != std::string::npos) {
    return {
        ErrorCode::memory,
        "Memory ran out in the model's forward pass on inputs of shape " + shapeText(inputs) + ".",
        "Choose a smaller subset, or allow more memory."};
  }
  return {ErrorCode::badInput,
          "The model failed on inputs of shape " + shapeText(inputs) + ": " + cause,
          "Check the data's shape and the transform's layout against what the model expects."};
}

std::string shapeText(const Inputs& inputs) {
  std::string text;
  for (const auto& tensor : inputs) {
    text += (text.empty() ? "" : ", ") + shapeText(tensor.sizes());
  }
  return text;
}

std::string shapeText(at::IntArrayRef shape) {
  if (shape.empty()) {
    return "a single number";
  }
  std::string text;
  for (const auto extent : shape) {
    text += (text.empty() ? "" : "×") + std::to_string(extent);
  }
  return text;
}

}  // namespace tarn::engine
