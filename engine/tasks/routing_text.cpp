#include "engine/tasks/routing_text.h"

#include <algorithm>
#include <format>
#include <utility>
#include <vector>

namespace tarn {
namespace {

using nlohmann::json;

constexpr std::size_t kMostNamed = 4;

std::string shapeOf(const json& route) {
  std::string text;
  for (const json& extent : route.at("shape")) {
    text += (text.empty() ? "" : "x") + extent.dump();
  }
  return text.empty() ? "1" : text;
}

/// "conv1.weight 16x3x3x3 (16x27)".
std::string tensorText(const json& route) {
  std::string text = std::format("{} {}", route.at("name").get<std::string>(), shapeOf(route));
  if (route.at("shape").size() > 2 && !route.at("rows").is_null()) {
    text += std::format(" ({}x{})", route.at("rows").dump(), route.at("columns").dump());
  }
  return text;
}

/// Tensors that share a rule and a reason.
struct Lot {
  std::string rule;
  std::string reason;
  std::vector<std::string> tensors;
};

std::vector<Lot> lotsOf(const json& routing) {
  std::vector<Lot> lots;
  for (const json& route : routing) {
    const std::string rule = route.at("rule").get<std::string>();
    const std::string reason = route.at("reason").get<std::string>();
    auto lot = std::ranges::find_if(
        lots, [&](const Lot& one) { return one.rule == rule && one.reason == reason; });
    if (lot == lots.end()) {
      lot = lots.insert(lots.end(), {rule, reason, {}});
    }
    lot->tensors.push_back(tensorText(route));
  }
  std::ranges::stable_partition(lots, [](const Lot& lot) { return lot.rule != "adamw"; });
  return lots;
}

std::string lineOf(const Lot& lot) {
  std::string line = std::format("  {:<17} {:<25}", lot.rule, lot.reason);
  const std::size_t indent = line.size();
  std::size_t width = indent;
  const std::size_t named = std::min(kMostNamed, lot.tensors.size());
  for (std::size_t i = 0; i <= named; ++i) {
    std::string piece;
    if (i < named) {
      piece = lot.tensors[i] + (i + 1 < lot.tensors.size() ? "," : "");
    } else if (named < lot.tensors.size()) {
      piece = std::format("and {} more", lot.tensors.size() - named);
    }
    if (piece.empty()) {
      continue;
    }
    if (i > 0 && width + 1 + piece.size() > 100) {
      line += "\n" + std::string(indent, ' ');
      width = indent;
    }
    line += " " + piece;
    width += 1 + piece.size();
  }
  return line;
}

}  // namespace

std::string routingText(const json& routing) {
  std::string text;
  for (const Lot& lot : lotsOf(routing)) {
    text += (text.empty() ? "" : "\n") + lineOf(lot);
  }
  return text;
}

bool movesNoMatrix(const json& routing) {
  return !routing.empty() &&
         std::ranges::all_of(routing, [](const json& route) { return route.at("rows").is_null(); });
}

}  // namespace tarn
