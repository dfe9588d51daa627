#include "ui/scene/landscape_data.h"

#include <cmath>

#include "engine/tasks/projection.h"
#include "ui/scene/height_map.h"

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

}  // namespace tarn::ui
