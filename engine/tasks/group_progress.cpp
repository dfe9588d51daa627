#include "engine/tasks/group_progress.h"

#include <algorithm>
#include <format>
#include <span>
#include <utility>

namespace tarn {
namespace {

/// Passes on what one member tells.
class MemberObserver : public TaskObserver {
 public:
  MemberObserver(GroupProgress& group, std::size_t index, std::function<void(std::int64_t)> kept)
      : group_(group), index_(index), kept_(std::move(kept)) {}

  void onProgress(const Progress& progress) override { group_.report(index_, progress); }
  void onRemark(const std::string& remark) override {
    group_.alone([&](TaskObserver& observer) { observer.onRemark(remark); });
  }
  void onRun(const StoredRun& run) override { group_.begun(index_, run); }
  void onRouting(std::int64_t run, const nlohmann::json& routing) override {
    group_.alone([&](TaskObserver& observer) { observer.onRouting(run, routing); });
  }
  void onMetric(std::int64_t run, const StoredMetric& metric) override {
    group_.alone([&](TaskObserver& observer) { observer.onMetric(run, metric); });
  }
  void onSnapshot(std::int64_t run, const StoredSnapshot& snapshot) override {
    group_.alone([&](TaskObserver& observer) { observer.onSnapshot(run, snapshot); });
    if (kept_) {
      kept_(run);
    }
  }

 private:
  GroupProgress& group_;
  std::size_t index_;
  std::function<void(std::int64_t)> kept_;
};

}  // namespace

GroupProgress::GroupProgress(TaskObserver& observer, std::vector<std::string> names,
                             const std::vector<std::uint64_t>& steps)
    : observer_(observer) {
  for (std::size_t i = 0; i < names.size(); ++i) {
    members_.push_back({std::move(names[i]), 0, steps[i], 0, State::waiting});
  }
}

std::unique_ptr<TaskObserver> GroupProgress::member(std::size_t index,
                                                    std::function<void(std::int64_t)> kept) {
  return std::make_unique<MemberObserver>(*this, index, std::move(kept));
}

void GroupProgress::report(std::size_t index, const Progress& progress) {
  const std::lock_guard lock(mutex_);
  // An engine tells of its other stages too: opening the model, say.
  if (progress.stage != "training") {
    return;
  }
  Member& member = members_[index];
  member.state = State::running;
  member.done = progress.done;
  member.total = progress.total;
  observer_.onProgress(joined());
}

void GroupProgress::ended(std::size_t index) {
  const std::lock_guard lock(mutex_);
  Member& member = members_[index];
  member.state = State::ended;
  // What a run that ended early did not do is not left to do.
  member.total = member.done;
  changed_.notify_all();
  observer_.onProgress(joined());
}

void GroupProgress::begun(std::size_t index, const StoredRun& run) {
  const std::lock_guard lock(mutex_);
  if (members_[index].run == 0) {  // a running average comes as a second one
    members_[index].run = run.id;
    changed_.notify_all();
  }
  observer_.onRun(run);
}

void GroupProgress::awaitTurn(std::size_t index, const std::stop_token& stop) {
  const auto before = std::span(members_).first(index);
  std::unique_lock lock(mutex_);
  changed_.wait(lock, stop, [&] {
    return std::ranges::all_of(before, [](const Member& member) {
      return member.run != 0 || member.state == State::ended;
    });
  });
}

std::int64_t GroupProgress::runOf(std::size_t index) {
  const std::lock_guard lock(mutex_);
  return members_[index].run;
}

Progress GroupProgress::joined() const {
  Progress all;
  all.stage = "training";
  std::size_t ended = 0;
  for (const Member& member : members_) {
    all.done += member.done;
    all.total += member.total;
    if (member.state == State::ended) {
      ++ended;
    } else if (member.state == State::running && members_.size() > 1) {
      const double share =
          member.total > 0 ? static_cast<double>(member.done) / static_cast<double>(member.total)
                           : 0;
      all.note +=
          std::format("{}{} {:.0f} %", all.note.empty() ? "" : ", ", member.name, 100 * share);
    }
  }
  if (members_.size() > 1) {
    all.note = std::format("{} of {} runs done{}{}", ended, members_.size(),
                           all.note.empty() ? "" : "; ", all.note);
  }
  return all;
}

}  // namespace tarn
