#include "ui/panels/inspector_panel.h"

#include <QApplication>
#include <QGroupBox>
#include <QLabel>
#include <QRegularExpression>
#include <algorithm>
#include <catch2/catch_test_macros.hpp>

using namespace tarn::ui;

namespace {

/// How wide the widest part of a label is that cannot be broken.
int widestPiece(const QLabel& label) {
  static const QRegularExpression breaks("[ \\x{200b}\n]");
  int widest = 0;
  for (const QString& piece : label.text().split(breaks)) {
    widest = std::max(widest, label.fontMetrics().horizontalAdvance(piece));
  }
  return widest;
}

}  // namespace

TEST_CASE("nothing that the inspector says is cut off, however narrow it is") {
  InspectorPanel panel;
  panel.resize(230, 700);
  panel.show();
  panel.showLandscape("a landscape whose name is as long as they can be in practice",
                      {{"Points", "41 × 41"},
                       {"x", "hessian:2 (λ = 0.7257), -8.6273 to 8.6273"},
                       {"adamw:lr=0.01 (run 4)",
                        "0.038 % of its motion lies in this plane, which shows little "
                        "of its way"},
                       {"a run of a name that is longer than a line is", "is being trained"}},
                      "Preliminary: 36 of 1681 points are computed, the others are interpolated.");
  for (const int width : {200, 230, 260, 400, 210}) {
    panel.resize(width, 700);
    // Its layouts are laid out again by events, which ask for more of them.
    for (int i = 0; i < 10; ++i) {
      QApplication::processEvents();
    }
    for (const QLabel* label : panel.findChildren<QLabel*>()) {
      if (label->isVisible()) {
        CAPTURE(width, label->text().toStdString(), label->width());
        CHECK(label->height() >= label->heightForWidth(label->width()));
        CHECK(label->width() >= widestPiece(*label));
        CHECK(label->parentWidget()->rect().contains(label->geometry()));
      }
    }
    for (const QGroupBox* group : panel.findChildren<QGroupBox*>()) {
      CAPTURE(width, group->title().toStdString());
      CHECK((group->isHidden() || group->width() <= width));
    }
  }
}
