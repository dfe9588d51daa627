#include "engine/tasks/training_group.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <thread>
#include <utility>

#include "engine/tasks/group_progress.h"
#include "engine/tasks/smad_watch.h"

namespace tarn {
namespace {

using nlohmann::json;

/// An engine with the group's experiment open in it.
struct Seat {
  std::unique_ptr<EngineClient> client;
  OpenedExperiment opened;
};

class Group {
 public:
  Group(const TrainingGroup& group, Project& project, const TrustQuestion& ask,
        TaskObserver& observer, std::stop_token stop)
      : group_(group),
        project_(project),
        ask_(ask),
        observer_(observer),
        stop_(std::move(stop)),
        outcomes_(group.members.size()) {}

  std::vector<GroupOutcome> go() {
    Seat first = takeSeat(observer_, ask_);
    std::vector<std::string> names;
    std::vector<std::uint64_t> steps;
    for (const GroupMember& member : group_.members) {
      names.push_back(nameOf(member));
      steps.push_back(member.resume == 0 ? stepsOf(first, member) : 0);
    }
    progress_ = std::make_unique<GroupProgress>(observer_, names, steps);
    if (std::ranges::any_of(group_.members,
                            [&](const GroupMember& member) { return wantsSmad(member); })) {
      watchSmad();
    }
    {
      std::vector<std::jthread> workers;
      const std::size_t jobs = std::clamp<std::size_t>(group_.jobs, 1, group_.members.size());
      for (std::size_t i = 1; i < jobs; ++i) {
        workers.emplace_back([this] { work(Seat()); });
      }
      work(std::move(first));
    }
    if (stop_.stop_requested()) {
      throw Error(ErrorCode::cancelled, "The training was stopped.",
                  "What was recorded is kept; tarn train --resume goes on with it.");
    }
    finishSmad();
    return std::move(outcomes_);
  }

 private:
  std::string nameOf(const GroupMember& member) const {
    if (member.resume != 0) {
      return project_.run(member.resume).name;
    }
    return member.request.name.empty() ? member.request.optimizer.name : member.request.name;
  }

  bool wantsSmad(const GroupMember& member) const {
    return smadOf(member.resume != 0 ? project_.run(member.resume).settings
                                     : member.request.settings)
        .has_value();
  }

  void watchSmad() {
    smad_ = std::make_unique<SmadWatch>(
        SmadWatch::Surroundings{
            project_, group_.startEngine, askAlone(),
            [this](const std::string& sentence) {
              progress_->alone([&](TaskObserver& observer) { observer.onRemark(sentence); });
            },
            [this](std::int64_t run, const StoredMetric& metric) {
              progress_->alone([&](TaskObserver& observer) { observer.onMetric(run, metric); });
            },
            [this](const Progress& progress) {
              progress_->alone([&](TaskObserver& observer) { observer.onProgress(progress); });
            }},
        stop_);
  }

  void finishSmad() {
    if (smad_ == nullptr) {
      return;
    }
    smad_->finish();
    if (stop_.stop_requested()) {
      throw Error(ErrorCode::cancelled, "Measuring the SMAD of snapshots was stopped.",
                  "The runs are trained and kept, with what was measured.");
    }
    for (GroupOutcome& outcome : outcomes_) {
      if (!outcome.run) {
        continue;
      }
      outcome.smadProblem = smad_->problemOf(outcome.run->id);
      if (const auto average = averageOf(project_, outcome.run->id);
          average && !outcome.smadProblem) {
        outcome.smadProblem = smad_->problemOf(*average);
      }
    }
  }

  void look(std::int64_t run, bool ended) {
    if (smad_ != nullptr) {
      smad_->look(run, ended);
    }
  }

  bool hasNew() const {
    return std::ranges::any_of(group_.members,
                               [](const GroupMember& member) { return member.resume == 0; });
  }

  Seat takeSeat(TaskObserver& observer, const TrustQuestion& ask) {
    Seat seat;
    seat.client = group_.startEngine(stop_);
    if (hasNew()) {
      seat.opened =
          openExperiment(*seat.client, &project_, group_.experiment, ask, observer, stop_);
    }
    return seat;
  }

  std::uint64_t stepsOf(const Seat& seat, const GroupMember& member) {
    try {
      return checkTraining(*seat.client, seat.opened, member.request, stop_)
          .value("steps", std::uint64_t{0});
    } catch (const Error& error) {
      if (group_.members.size() == 1) {
        throw;
      }
      throw Error(error.code(), nameOf(member) + ": " + error.what(), error.remedy());
    }
  }

  /// Takes members until there are no more.
  void work(Seat seat) {
    for (std::size_t i = next_++; i < group_.members.size() && !stop_.stop_requested();
         i = next_++) {
      try {
        // An engine that died with a run is replaced for the next.
        if (seat.client == nullptr || !seat.client->alive()) {
          const auto observer = progress_->member(i);
          seat = takeSeat(*observer, askAlone());
        }
        outcomes_[i].run = train(seat, i);
      } catch (const Error& error) {
        outcomes_[i].error = error;
      } catch (const std::exception& error) {
        outcomes_[i].error = Error(ErrorCode::internal, error.what());
      }
      if (const std::int64_t run = progress_->runOf(i); run != 0 && !outcomes_[i].run) {
        outcomes_[i].run = project_.run(run);
      }
      progress_->ended(i);
    }
  }

  StoredRun train(Seat& seat, std::size_t index) {
    const GroupMember& member = group_.members[index];
    const auto observer =
        progress_->member(index, [this](std::int64_t kept) { look(kept, false); });
    if (member.resume != 0) {
      look(member.resume, false);
    } else {
      progress_->awaitTurn(index, stop_);
    }
    StoredRun run =
        member.resume != 0
            ? resumeRun(*seat.client, project_, member.resume, askAlone(), *observer, stop_)
            : trainRun(*seat.client, project_, seat.opened, member.request, *observer, stop_);
    look(run.id, true);
    if (const auto average = averageOf(project_, run.id)) {
      look(*average, true);
    }
    return run;
  }

  TrustQuestion askAlone() {
    return [this](const std::string& path, const std::string& sha256) {
      return progress_->alone([&](TaskObserver&) { return ask_(path, sha256); });
    };
  }

  const TrainingGroup& group_;
  Project& project_;
  const TrustQuestion& ask_;
  TaskObserver& observer_;
  std::stop_token stop_;
  std::vector<GroupOutcome> outcomes_;
  std::unique_ptr<GroupProgress> progress_;
  std::unique_ptr<SmadWatch> smad_;
  std::atomic<std::size_t> next_ = 0;
};

std::size_t cores() {
  return std::max(1U, std::thread::hardware_concurrency());
}

}  // namespace

std::size_t usualJobs(std::size_t members) {
  return std::clamp<std::size_t>(members, 1, cores());
}

int threadsEach(std::size_t jobs) {
  return static_cast<int>(std::max<std::size_t>(cores() / std::max<std::size_t>(jobs, 1), 1));
}

std::vector<GroupOutcome> trainGroup(const TrainingGroup& group, Project& project,
                                     const TrustQuestion& ask, TaskObserver& observer,
                                     const std::stop_token& stop) {
  if (group.members.empty()) {
    return {};
  }
  return Group(group, project, ask, observer, stop).go();
}

}  // namespace tarn
