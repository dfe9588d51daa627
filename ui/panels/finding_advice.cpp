#include "ui/panels/finding_advice.h"

#include <QCoreApplication>
#include <algorithm>
#include <array>
#include <string_view>

namespace tarn::ui {
namespace {

struct KnownFinding {
  std::string_view code;
  Severity severity;
  const char* remedy;
};

constexpr const char* kContext = "tarn::ui::Finding";

constexpr std::array kKnownFindings{
    KnownFinding{"masked", Severity::caution,
                 QT_TRANSLATE_NOOP("tarn::ui::Finding",
                                   "Sample a smaller range, where the loss is still finite, or "
                                   "find out why it is not.")},
    KnownFinding{"constant", Severity::problem,
                 QT_TRANSLATE_NOOP("tarn::ui::Finding",
                                   "Look whether model, data and directions are those that were "
                                   "meant.")},
    KnownFinding{"plateau", Severity::caution,
                 QT_TRANSLATE_NOOP("tarn::ui::Finding",
                                   "Do not count minima on flat parts: raise the threshold of "
                                   "persistence, or write the values with all their digits.")},
    KnownFinding{"saturated", Severity::caution,
                 QT_TRANSLATE_NOOP("tarn::ui::Finding",
                                   "Write the values without clipping them, or sample a smaller "
                                   "range; clip only what is drawn.")},
    KnownFinding{"boundary-minimum", Severity::caution,
                 QT_TRANSLATE_NOOP("tarn::ui::Finding",
                                   "Sample a larger range, or leave minima on the boundary out of "
                                   "account.")},
    KnownFinding{"noise", Severity::note,
                 QT_TRANSLATE_NOOP("tarn::ui::Finding",
                                   "Leave them out: Auto in the Persistence view sets the "
                                   "threshold to twice the rounding.")},
    KnownFinding{"coarse", Severity::caution,
                 QT_TRANSLATE_NOOP("tarn::ui::Finding",
                                   "Sample more steps or a smaller range; if nothing changes, it "
                                   "is noise.")},
    KnownFinding{"off-centre", Severity::problem,
                 QT_TRANSLATE_NOOP("tarn::ui::Finding",
                                   "Compare data, subset, loss and BatchNorm policy of both.")},
    KnownFinding{"serpentine", Severity::problem,
                 QT_TRANSLATE_NOOP("tarn::ui::Finding",
                                   "Undo the shift to see the landscape as it is meant, and mend "
                                   "the program that wrote the grid.")},
};

}  // namespace

FindingAdvice adviceOn(const HealthFinding& finding) {
  const auto* known = std::ranges::find(kKnownFindings, finding.code, &KnownFinding::code);
  if (known == kKnownFindings.end()) {
    return {};
  }
  return {known->severity, QCoreApplication::translate(kContext, known->remedy)};
}

QString severityText(Severity severity) {
  constexpr std::array words{QT_TRANSLATE_NOOP("tarn::ui::Finding", "Note"),
                             QT_TRANSLATE_NOOP("tarn::ui::Finding", "Caution"),
                             QT_TRANSLATE_NOOP("tarn::ui::Finding", "Problem")};
  return QCoreApplication::translate(kContext, words[static_cast<std::size_t>(severity)]);
}

}  // namespace tarn::ui
