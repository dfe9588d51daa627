#pragma once

#include <QWidget>

#include "engine/tasks/experiment.h"

class QComboBox;
class QFormLayout;
class QLineEdit;
class QSpinBox;

namespace tarn::ui {

class Field;

/// What is computed on: model, data, loss and how they are read.
class ExperimentPanel : public QWidget {
  Q_OBJECT

 public:
  explicit ExperimentPanel(QWidget* parent = nullptr);

  ExperimentText text() const;
  void setText(const ExperimentText& text);
  void setModel(const QString& path);
  void setData(const QString& path);
  void setSeed(int seed);
  /// Looks at every field and says what is wrong beside it; true when nothing is.
  bool check();

 Q_SIGNALS:
  void changed();

 private:
  Field* addPath(QFormLayout* form, QLineEdit* edit, const QString& label, const QString& filter);
  void browse(QLineEdit* edit, const QString& title, const QString& filter);

  QLineEdit* model_;
  QLineEdit* data_;
  QComboBox* loss_;
  QLineEdit* parameters_;
  QComboBox* mode_;
  QComboBox* batchnorm_;
  QLineEdit* subset_;
  QLineEdit* transform_;
  QSpinBox* threads_;
  QSpinBox* seed_;
  Field* modelField_;
  Field* dataField_;
  Field* lossField_;
  Field* parametersField_;
  Field* subsetField_;
  Field* transformField_;
  ExperimentText kept_;  ///< what has no field of its own
};

}  // namespace tarn::ui
