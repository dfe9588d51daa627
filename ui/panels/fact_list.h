#pragma once

#include <QWidget>
#include <vector>

#include "ui/panels/vertex_facts.h"

class QLabel;

namespace tarn::ui {

/// Names and what belongs to them, one below the other. Both break into lines where there is no
/// room, so that nothing is cut off: the list is as tall as they need.
class FactList : public QWidget {
 public:
  explicit FactList(QWidget* parent = nullptr);

  /// Rows are reused, so that a landscape that refines does not make the list flicker.
  void setFacts(const std::vector<Fact>& facts);

  int heightForWidth(int width) const override;
  QSize sizeHint() const override;
  QSize minimumSizeHint() const override;

 protected:
  void resizeEvent(QResizeEvent* event) override;

 private:
  struct Row {
    QLabel* name;
    QLabel* value;
  };
  /// Goes through the rows as they lie in that width: place(row, its top, names' width, its
  /// height). How tall all are.
  template <typename Place>
  int layOut(int width, const Place& place) const;
  int nameWidth(int width) const;

  std::vector<Row> rows_;
};

}  // namespace tarn::ui
