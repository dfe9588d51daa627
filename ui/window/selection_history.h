#pragma once

#include <cstdint>
#include <optional>
#include <vector>

namespace tarn::ui {

/// The vertices that were selected one after the other, for undo and redo.
class SelectionHistory {
 public:
  using Selection = std::optional<std::int64_t>;

  void clear() {
    entries_.assign(1, std::nullopt);
    now_ = 0;
  }
  /// A new selection; what was undone is forgotten.
  void push(Selection selection) {
    if (selection == entries_[now_]) {
      return;
    }
    entries_.resize(now_ + 1);
    entries_.push_back(selection);
    ++now_;
  }
  bool canUndo() const { return now_ > 0; }
  bool canRedo() const { return now_ + 1 < entries_.size(); }
  /// Only when canUndo().
  Selection undo() { return entries_[--now_]; }
  /// Only when canRedo().
  Selection redo() { return entries_[++now_]; }

 private:
  std::vector<Selection> entries_{std::nullopt};
  std::size_t now_ = 0;
};

}  // namespace tarn::ui
