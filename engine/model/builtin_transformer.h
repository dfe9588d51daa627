#pragma once

#include <memory>
#include <string>

#include "engine/model/builtin_spec.h"
#include "engine/model/model.h"

namespace tarn::engine {

/// The grammar of `char-transformer:…`, as a remedy.
const std::string& transformerGrammar();

/// A decoder-only transformer over tokens: learned positions, pre-norm blocks of causal
/// self-attention and a two-layer perceptron of 4·width with GELU (its tanh form), a last LayerNorm
/// and a linear head without bias; tied=on takes the token table as the head. The start is that of
/// GPT-2 (Radford et al. 2019): weights N(0, 0.02²), biases 0, and the two layers of a block that
/// write into the residual stream divided by √(2·depth).
///
/// Inputs: int64 N×T, T ≤ context; optionally a bool mask N×T, false where a token is padding that
/// nobody attends to. Output: N×T×vocab. Attention is written out, so that it can be differentiated
/// twice. Groups: `tokens`, `positions`, `block1.norm1`, `block1.qkv`, `block1.projection`,
/// `block1.norm2`, `block1.mlp1`, `block1.mlp2`, …, `norm`, `head`. Throws Error(usage).
std::unique_ptr<Model> makeTransformer(BuiltinSpec spec, const std::string& sha256);

}  // namespace tarn::engine
