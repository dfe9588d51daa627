#pragma once

#include <QString>

#include "topology/analysis/health.h"

namespace tarn::ui {

/// How much a finding on a grid matters.
enum class Severity {
  note,     ///< numbers are right, but mean less than they seem to
  caution,  ///< some numbers may mislead
  problem,  ///< numbers are of something else than the model's landscape
};

/// What a finding means for its reader.
struct FindingAdvice {
  Severity severity = Severity::caution;
  QString remedy;  ///< what to do; empty for a finding that is not known here
};

FindingAdvice adviceOn(const HealthFinding& finding);

/// "Note", "Caution" or "Problem".
QString severityText(Severity severity);

}  // namespace tarn::ui
