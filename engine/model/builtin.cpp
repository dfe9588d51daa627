#include "engine/model/builtin.h"

#include <array>
#include <span>

#include "engine/model/builtin_convnet.h"
#include "engine/model/builtin_mlp.h"
#include "engine/model/builtin_spec.h"
#include "engine/protocol/sha256.h"
#include "topology/base/error.h"

namespace tarn::engine {
namespace {

struct BuiltinKind {
  std::string_view name;
  const std::string& (*grammar)();
  std::unique_ptr<Model> (*make)(BuiltinSpec spec, const std::string& sha256);
};

constexpr std::array<BuiltinKind, 2> kinds = {{
    {"mlp", mlpGrammar, makeMlp},
    {"convnet", convnetGrammar, makeConvnet},
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
    throw Error(ErrorCode::usage, "'" + spec.substr(0, 80) + "' is not a built-in network.",
                mlpGrammar() + " " + convnetGrammar());
  }
  return kind->make(parseBuiltinSpec(spec, kind->grammar()),
                    sha256(std::as_bytes(std::span(spec))));
}

}  // namespace tarn::engine
