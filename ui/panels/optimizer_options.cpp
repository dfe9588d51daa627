#include "ui/panels/optimizer_options.h"

#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <cmath>
#include <limits>

#include "ui/actions/action.h"
#include "ui/panels/field.h"

namespace tarn::ui {
namespace {

using nlohmann::json;

QString textOf(const json& value) {
  return value.is_string() ? QString::fromStdString(value.get<std::string>())
                           : QString::fromStdString(value.dump());
}

double boundOf(const json& option, const char* key, double otherwise) {
  const auto found = option.find(key);
  return found != option.end() && found->is_number() ? found->get<double>() : otherwise;
}

QString rangeOf(const json& option) {
  const double low = boundOf(option, "minimum", -INFINITY);
  const double high = boundOf(option, "maximum", INFINITY);
  QString text = option.value("type", "") == "integer" ? QObject::tr("a whole number")
                                                       : QObject::tr("a number");
  if (std::isfinite(low)) {
    text += QObject::tr(" from %1").arg(low);
  }
  if (std::isfinite(high)) {
    text += option.value("maximum_excluded", false) ? QObject::tr(" to below %1").arg(high)
                                                    : QObject::tr(" to %1").arg(high);
  }
  return text;
}

/// The number that a text is within the option's range; null when it is none.
json numberOf(const json& option, const QString& text) {
  bool isNumber = false;
  json number;
  double value = 0;
  if (option.value("type", "") == "integer") {
    const qlonglong whole = text.toLongLong(&isNumber);
    number = static_cast<std::int64_t>(whole);
    value = static_cast<double>(whole);
  } else {
    value = text.toDouble(&isNumber);
    number = value;
  }
  const double high = boundOf(option, "maximum", INFINITY);
  const bool below = option.value("maximum_excluded", false) ? value < high : value <= high;
  return isNumber && std::isfinite(value) && value >= boundOf(option, "minimum", -INFINITY) && below
             ? number
             : json();
}

}  // namespace

OptimizerOptions::OptimizerOptions(QWidget* parent) : QWidget(parent), form_(makeForm()) {
  setObjectName("optimizerOptions");
  form_->setContentsMargins(0, 0, 0, 0);
  setLayout(form_);
}

void OptimizerOptions::clear() {
  name_.clear();
  inputs_.clear();
  while (form_->rowCount() > 0) {
    form_->removeRow(0);
  }
}

void OptimizerOptions::showOptions(const json& described, const OptimizerSpec& spec) {
  clear();
  name_ = spec.name;
  for (const json& option : described.value("options", json::array())) {
    const std::string name = option.value("name", "");
    const auto given = spec.options.find(name);
    QWidget* input = addInput(option, given == spec.options.end() ? json() : *given);
    const QString label = QString::fromStdString(name);
    form_->addRow(label, input);
  }
}

QWidget* OptimizerOptions::addInput(const json& option, const json& given) {
  const std::string name = option.value("name", "");
  const std::string type = option.value("type", "");
  const json initial = option.value("default", json());
  const QString objectName = "option_" + QString::fromStdString(name);
  const QString help = QString::fromStdString(option.value("help", ""));
  const json shown = given.is_null() ? initial : given;
  const auto unlessDefault = [initial](json value) { return value == initial ? json() : value; };
  if (type == "boolean") {
    auto* box = new QCheckBox;
    describe(box, objectName, QString::fromStdString(name), help);
    box->setChecked(shown == true);
    connect(box, &QCheckBox::toggled, this, &OptimizerOptions::changed);
    inputs_.push_back({name, [=] { return unlessDefault(box->isChecked()); }});
    return box;
  }
  if (type == "word") {
    auto* list = new QComboBox;
    describe(list, objectName, QString::fromStdString(name), help);
    for (const json& word : option.value("words", json::array())) {
      list->addItem(textOf(word));
    }
    list->setCurrentText(textOf(shown));
    connect(list, &QComboBox::currentTextChanged, this, &OptimizerOptions::changed);
    inputs_.push_back({name, [=] { return unlessDefault(list->currentText().toStdString()); }});
    return list;
  }
  auto* line = new QLineEdit(given.is_null() ? QString() : textOf(given));
  describe(line, objectName, QString::fromStdString(name),
           help + (help.isEmpty() ? "" : ": ") + rangeOf(option));
  line->setPlaceholderText(textOf(initial));
  auto* field = new Field(line);
  connect(line, &QLineEdit::textChanged, this, [=, this] {
    const bool right =
        line->text().trimmed().isEmpty() || !numberOf(option, line->text().trimmed()).is_null();
    field->setProblem(right ? QString() : tr("It must be %1.").arg(rangeOf(option)));
    Q_EMIT changed();
  });
  // What is no such number is kept as it is written: the engine's own check then names it.
  inputs_.push_back({name, [=]() -> json {
                       const QString text = line->text().trimmed();
                       if (text.isEmpty()) {
                         return {};
                       }
                       const json number = numberOf(option, text);
                       return number.is_null() ? json(text.toStdString()) : unlessDefault(number);
                     }});
  return field;
}

OptimizerSpec OptimizerOptions::spec() const {
  OptimizerSpec spec;
  spec.name = name_;
  for (const Input& input : inputs_) {
    if (json value = input.value(); !value.is_null()) {
      spec.options[input.name] = std::move(value);
    }
  }
  return spec;
}

}  // namespace tarn::ui
