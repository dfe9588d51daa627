#include "ui/panels/fact_list.h"

#include <QLabel>
#include <algorithm>

namespace tarn::ui {
namespace {

constexpr int kGap = 8;      // between a name and its value
constexpr int kSpacing = 2;  // between rows
constexpr int kLeast = 120;

/// Names of optimizers and files are long words, 'sgd:lr=0.1,momentum=0.9': these may break after
/// their signs.
QString breakable(const QString& text) {
  constexpr QChar mayBreak(0x200b);
  constexpr qsizetype longWord = 12;
  const QString signs = QStringLiteral(":,=/_.;-");
  QStringList words = text.split(u' ');
  for (QString& word : words) {
    for (qsizetype i = word.size() > longWord ? word.size() - 1 : 0; i-- > 1;) {
      if (signs.contains(word[i])) {
        word.insert(i + 1, mayBreak);
      }
    }
  }
  return words.join(u' ');
}

QLabel* addLabel(QWidget* parent) {
  auto* label = new QLabel(parent);
  label->setTextFormat(Qt::PlainText);
  label->setWordWrap(true);
  label->setAlignment(Qt::AlignLeft | Qt::AlignTop);
  label->show();
  return label;
}

}  // namespace

FactList::FactList(QWidget* parent) : QWidget(parent) {
  QSizePolicy policy(QSizePolicy::Preferred, QSizePolicy::Minimum);
  policy.setHeightForWidth(true);
  setSizePolicy(policy);
}

void FactList::setFacts(const std::vector<Fact>& facts) {
  while (rows_.size() > facts.size()) {
    delete rows_.back().name;
    delete rows_.back().value;
    rows_.pop_back();
  }
  while (rows_.size() < facts.size()) {
    rows_.push_back({addLabel(this), addLabel(this)});
  }
  for (std::size_t i = 0; i < facts.size(); ++i) {
    rows_[i].name->setText(breakable(facts[i].first));
    const QString value = breakable(facts[i].second);
    rows_[i].value->setText(value);
    // Copied, a word would have signs that nobody sees.
    rows_[i].value->setTextInteractionFlags(value == facts[i].second ? Qt::TextSelectableByMouse
                                                                     : Qt::NoTextInteraction);
    rows_[i].value->setAccessibleName(facts[i].first);
  }
  updateGeometry();
  resizeEvent(nullptr);
}

int FactList::nameWidth(int width) const {
  const auto widest = [this](QLabel* Row::* part) {
    int result = 0;
    for (const Row& row : rows_) {
      const QLabel& label = *(row.*part);
      result = std::max(result, label.fontMetrics().horizontalAdvance(label.text()) + 2);
    }
    return result;
  };
  const int room = width - kGap;
  return std::min(widest(&Row::name), std::max(room * 45 / 100, room - widest(&Row::value)));
}

template <typename Place>
int FactList::layOut(int width, const Place& place) const {
  const int names = nameWidth(width);
  int top = 0;
  for (const Row& row : rows_) {
    const int height =
        std::max(row.name->heightForWidth(names), row.value->heightForWidth(width - names - kGap));
    place(row, top, names, height);
    top += height + kSpacing;
  }
  return std::max(0, top - kSpacing);
}

int FactList::heightForWidth(int width) const {
  return layOut(width, [](const Row&, int, int, int) {});
}

QSize FactList::sizeHint() const {
  constexpr int usual = 2 * kLeast;
  return {usual, heightForWidth(usual)};
}

QSize FactList::minimumSizeHint() const {
  return {kLeast, 0};
}

void FactList::resizeEvent(QResizeEvent* /*event*/) {
  layOut(width(), [this](const Row& row, int top, int names, int height) {
    row.name->setGeometry(0, top, names, height);
    row.value->setGeometry(names + kGap, top, width() - names - kGap, height);
  });
}

}  // namespace tarn::ui
