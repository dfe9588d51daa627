#pragma once

#include <QStringList>
#include <QWidget>
#include <optional>

#include "engine/tasks/landscape_task.h"

class QCheckBox;
class QComboBox;
class QLabel;
class QLineEdit;

namespace tarn::ui {

class AxisEditor;
class Field;

/// How a landscape that is there is to grow: wider, finer, or by an axis.
class GrowthForm : public QWidget {
  Q_OBJECT

 public:
  explicit GrowthForm(QWidget* parent = nullptr);

  /// The landscape, and how many of its points are computed. Another one than before begins with a
  /// change that changes nothing.
  void setBase(const StoredLandscape& landscape, double computed);
  std::int64_t base() const { return base_.id; }
  /// Nothing when a field is wrong or nothing would change; it is then said beside the field.
  std::optional<LandscapeChange> change();
  /// Axes of the grown landscape.
  std::size_t axes() const;
  /// Points of the grown landscape, and those of them that are to be computed; 0 when a field is
  /// wrong.
  double points() const;
  double newPoints() const;
  void setRuns(const QStringList& runs);

 Q_SIGNALS:
  void changed();

 private:
  LandscapeChange wanted() const;
  QString axisProblem() const;
  void showFields();

  StoredLandscape base_;
  double computed_ = 0;
  QLabel* title_;
  QLineEdit* extend_;
  QLineEdit* refine_;
  QCheckBox* adds_;
  AxisEditor* axis_;
  QComboBox* normalize_;
  Field* extendField_;
  Field* refineField_;
  Field* addsField_;
};

}  // namespace tarn::ui
