#include "engine/protocol/loss.h"

#include <array>
#include <charconv>
#include <cmath>
#include <format>
#include <optional>
#include <set>

#include "topology/base/error.h"

namespace tarn {
namespace {

struct LossWord {
  std::string_view word;
  Loss::Kind kind;
};

constexpr std::array<LossWord, 7> lossWords{{{"cross-entropy", Loss::crossEntropy},
                                             {"mse", Loss::mse},
                                             {"bce-logits", Loss::bceLogits},
                                             {"l1", Loss::l1},
                                             {"huber", Loss::huber},
                                             {"nll", Loss::nll},
                                             {"model", Loss::model}}};

constexpr const char* lossGrammar =
    "Write cross-entropy[:smoothing=S], mse, bce-logits, l1, huber[:delta=D], nll or model; each "
    "may have decay=W for W/2·‖θ‖², for example cross-entropy:smoothing=0.1,decay=5e-4.";

Error wrongLoss(const std::string& sentence) {
  return {ErrorCode::usage, sentence, lossGrammar};
}

std::string quotedPart(std::string_view text) {
  return "'" + std::string(text.substr(0, 80)) + "'";
}

double optionValue(std::string_view piece, std::string_view value) {
  double number = 0;
  const char* end = value.data() + value.size();
  const auto read = std::from_chars(value.data(), end, number);
  if (value.empty() || read.ec != std::errc{} || read.ptr != end || !std::isfinite(number)) {
    throw wrongLoss("The loss's option " + quotedPart(piece) + " is no number.");
  }
  return number;
}

void setOption(Loss& loss, std::string_view piece) {
  const auto equals = piece.find('=');
  if (equals == std::string_view::npos) {
    throw wrongLoss("The loss's option " + quotedPart(piece) + " has no value.");
  }
  const auto key = piece.substr(0, equals);
  const double value = optionValue(piece, piece.substr(equals + 1));
  if (key == "smoothing" && loss.kind == Loss::crossEntropy && value >= 0 && value < 1) {
    loss.smoothing = value;
  } else if (key == "delta" && loss.kind == Loss::huber && value > 0) {
    loss.delta = value;
  } else if (key == "decay" && value >= 0) {
    loss.decay = value;
  } else {
    throw wrongLoss("The loss " + toString(Loss(loss.kind)) + " can't have " + quotedPart(piece) +
                    ".");
  }
}

}  // namespace

Loss parseLoss(std::string_view text) {
  const auto colon = text.find(':');
  std::optional<Loss> loss;
  for (const auto& [word, kind] : lossWords) {
    if (word == text.substr(0, colon)) {
      loss = kind;
    }
  }
  if (!loss) {
    throw Error(ErrorCode::usage, "There is no loss " + quotedPart(text) + ".", lossGrammar);
  }
  std::set<std::string_view> seen;
  while (text.find_first_of(":,") != std::string_view::npos) {
    text.remove_prefix(text.find_first_of(":,") + 1);
    const auto piece = text.substr(0, text.find(','));
    if (!seen.insert(piece.substr(0, piece.find('='))).second) {
      throw wrongLoss("The loss's option " + quotedPart(piece) + " is given twice.");
    }
    setOption(*loss, piece);
  }
  return *loss;
}

std::string toString(const Loss& loss) {
  std::string text;
  for (const auto& [word, kind] : lossWords) {
    if (kind == loss.kind) {
      text = word;
    }
  }
  char separator = ':';
  const auto add = [&](std::string_view key, double value) {
    text += std::format("{}{}={}", separator, key, value);
    separator = ',';
  };
  if (loss.smoothing != 0) {
    add("smoothing", loss.smoothing);
  }
  if (loss.delta != 1) {
    add("delta", loss.delta);
  }
  if (loss.decay != 0) {
    add("decay", loss.decay);
  }
  return text;
}

}  // namespace tarn
