#pragma once

#include <QDialog>

#include "ui/actions/export_view.h"

class QComboBox;
class QDoubleSpinBox;
class QLabel;
class QLineEdit;
class QSpinBox;

namespace tarn::ui {

/// Asks where and how a view is exported. Shown with open(), never exec(): it does not block the
/// window's work.
class ExportDialog : public QDialog {
  Q_OBJECT

 public:
  /// `order` is what the dialog begins with.
  ExportDialog(ExportOrder order, LandscapeStyle style, QWidget* parent);
  ExportOrder order() const;

 Q_SIGNALS:
  void exportRequested(const tarn::ui::ExportOrder& order);

 private:
  void viewChanged();
  void formatChanged();
  void showCommand();
  void browse();
  ViewKind view() const;

  ExportOrder first_;
  LandscapeStyle style_;
  QComboBox* view_;
  QComboBox* format_;
  QLineEdit* file_;
  QSpinBox* width_;
  QSpinBox* height_;
  QDoubleSpinBox* scale_;
  QLabel* pixels_;
  QLineEdit* command_;
};

}  // namespace tarn::ui
