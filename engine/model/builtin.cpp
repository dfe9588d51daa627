#include "engine/model/builtin.h"

#include <array>
#include <span>

#include "engine/model/builtin_convnet.h"
#include "engine/model/builtin_deep_linear.h"
#include "engine/model/builtin_mlp.h"
#include "engine/model/builtin_pinn.h"
#include "engine/model/builtin_resnet.h"
#include "engine/model/builtin_spec.h"
#include "engine/model/builtin_transformer.h"
#include "engine/model/weights_file.h"
#include "engine/protocol/sha256.h"
#include "topology/base/error.h"

namespace tarn::engine {
namespace {

struct BuiltinKind {
  std::string_view name;
  const std::string& (*grammar)();
  std::unique_ptr<Model> (*make)(BuiltinSpec spec, const std::string& sha256);
};

constexpr std::array<BuiltinKind, 8> kinds = {{
    {"mlp", mlpGrammar, makeMlp},
    {"convnet", convnetGrammar, makeConvnet},
    {"resnet20", resnetGrammar, makeResnet},
    {"resnet32", resnetGrammar, makeResnet},
    {"resnet56", resnetGrammar, makeResnet},
    {"deep-linear", deepLinearGrammar, makeDeepLinear},
    {"char-transformer", transformerGrammar, makeTransformer},
    {"pinn-convection", pinnGrammar, makePinn},
}};

/// The name is all that stands before the first ':' or '@'.
const BuiltinKind* findKind(std::string_view spec) {
  const std::string_view name = spec.substr(0, spec.find_first_of(":@"));
  for (const BuiltinKind& kind : kinds) {
    if (kind.name == name) {
      return &kind;
    }
  }
  return nullptr;
}

}  // namespace

bool isBuiltin(const std::string& spec) {
  return findKind(spec) != nullptr;
}

std::unique_ptr<Model> makeBuiltin(const std::string& spec) {
  const BuiltinKind* kind = findKind(spec);
  if (kind == nullptr) {
    std::string names;
    for (const BuiltinKind& known : kinds) {
      names += (names.empty() ? "" : ", ") + std::string(known.name);
    }
    throw Error(ErrorCode::usage, "'" + spec.substr(0, 80) + "' is not a built-in network.",
                "Name a TorchScript file, or one of " + names + ".");
  }
  auto parsed = parseBuiltinSpec(spec, kind->grammar());
  const auto file = parsed.weightsFile;
  // A network with weights from a file is what the file holds, wherever the file is.
  const auto identity =
      file.empty() ? spec : spec.substr(0, spec.find('@') + 1) + sha256OfFile(file);
  auto model = kind->make(std::move(parsed), sha256(std::as_bytes(std::span(identity))));
  if (!file.empty()) {
    loadWeights(*model, file);
  }
  return model;
}

}  // namespace tarn::engine
