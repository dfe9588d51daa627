#include "ui/scene/landscape_data.h"

#include <cmath>

#include "engine/tasks/projection.h"

namespace tarn::ui {

std::string AxisCaption::text() const {
  std::string text = name;
  std::string facts;
  if (eigenvalue) {
    facts = "λ = " + formatNumber(*eigenvalue);
  }
  if (!unit.empty()) {
    facts += (facts.empty() ? "" : ", ") + unit;
  }
  if (share && std::isfinite(*share)) {
    facts += (facts.empty() ? "" : ", ") + percentText(*share) + " of the motion";
  }
  if (!facts.empty()) {
    text += text.empty() ? facts : " (" + facts + ")";
  }
  return text;
}

void Trajectory::add(const std::vector<double>& at, double trueLoss) {
  if (at.size() == 2) {
    points.push_back({at[1], at[0]});
  } else {
    coordinates.push_back(at);
  }
  loss.push_back(trueLoss);
}

HeightMap heightsOf(const LandscapeData& data, const LandscapeStyle& style) {
  return {(data.whole ? *data.whole : *data.grid).values(), style.height, style.clip};
}

}  // namespace tarn::ui
