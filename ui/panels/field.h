#pragma once

#include <QFormLayout>
#include <QLabel>
#include <QString>
#include <QWidget>

#include "topology/base/error.h"

namespace tarn::ui {

/// What is wrong and what to do about it.
QString sentencesOf(const Error& error);

/// An input of a form with room for what is wrong with it, right below.
class Field : public QWidget {
  Q_OBJECT

 public:
  /// The row keeps the input and, when given, a widget beside it (a browse button).
  Field(QWidget* input, QWidget* beside = nullptr);

  /// Shows the message below the input; an empty one clears it.
  void setProblem(const QString& message);
  void setProblem(const Error& error);
  QString problem() const;

 private:
  QLabel* problem_;
};

/// What may be longer than its dock: it scrolls, and the dock is never narrower than it needs.
QWidget* scrolling(QWidget* content, const QString& objectName);

/// Lays out a panel whose form may be longer than its dock: it scrolls, what is below is always
/// seen.
void layOutPanel(QWidget* panel, QFormLayout* form, QLayout* below);

/// A form for a narrow dock: labels above or beside the fields, whatever fits.
QFormLayout* makeForm();

}  // namespace tarn::ui
