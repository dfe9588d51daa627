#include "ui/panels/fact_list.h"

#include <QLabel>
#include <algorithm>

namespace tarn::ui {
namespace {

constexpr int kGap = 8;      // between a name and its value
constexpr int kSpacing = 2;  // between rows
constexpr int kLeast = 120;

/// The name of an optimizer, 'sgd:lr=0.1,momentum=0.9', is one long word: it may break after its
/// signs.
QString breakable(QString name) {
  constexpr QChar mayBreak(0x200b);
  for (const QChar sign : {u':', u',', u'='}) {
    name.replace(sign, QString(sign) + mayBreak);
  }
  return name;
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
    rows_.back().value->setTextInteractionFlags(Qt::TextSelectableByMouse);
  }
  for (std::size_t i = 0; i < facts.size(); ++i) {
    rows_[i].name->setText(breakable(facts[i].first));
    rows_[i].value->setText(facts[i].second);
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
