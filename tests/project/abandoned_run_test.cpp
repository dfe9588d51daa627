#include <catch2/catch_test_macros.hpp>

#include <fcntl.h>
#include <signal.h>

#include "project/support.h"

using namespace tarn;
using namespace tarn::test;

namespace {

std::int64_t addRunTo(Project& project, const std::string& status) {
  StoredExperiment experiment;
  experiment.experiment = {{"loss", "mse"}};
  StoredRun run;
  run.experiment = project.addExperiment(experiment);
  run.name = "sgd";
  run.status = status;
  return project.addRun(run);
}

/// A process that has begun a run in the project, and waits.
class Trainer {
 public:
  explicit Trainer(const std::filesystem::path& path) {
    int ends[2];
    REQUIRE(pipe(ends) == 0);
    pid_ = fork();
    if (pid_ == 0) {
      const auto project = Project::openOrCreate(path);
      const std::int64_t id = addRunTo(*project, "running");
      (void)!write(ends[1], &id, sizeof id);
      pause();
      _exit(0);
    }
    close(ends[1]);
    std::int64_t id = 0;
    REQUIRE(read(ends[0], &id, sizeof id) == sizeof id);
    close(ends[0]);
  }
  ~Trainer() { end(); }
  Trainer(const Trainer&) = delete;
  Trainer& operator=(const Trainer&) = delete;

  void end() {
    if (pid_ > 0) {
      kill(pid_, SIGKILL);
      waitpid(pid_, nullptr, 0);
      pid_ = -1;
    }
  }

 private:
  pid_t pid_ = -1;
};

}  // namespace

TEST_CASE("a run goes on for its readers while its process lives, and is stopped when it is gone") {
  const TemporaryFolder folder;
  const auto path = folder / "run.tarn";
  Trainer trainer(path);
  const auto reader = Project::open(path, Access::read);
  CHECK(reader->run(1).status == "running");
  CHECK(Project::open(path, Access::write, IfRefused::readOnly)->runs().front().status ==
        "running");
  trainer.end();
  // The file says what it said: nobody was there to change it.
  CHECK(reader->run(1).status == "stopped");
  CHECK(reader->runs().front().status == "stopped");
}

TEST_CASE("the next writer finds the run of one that was killed stopped, and only that one") {
  const TemporaryFolder folder;
  const auto path = folder / "run.tarn";
  {
    const auto project = Project::create(path);
    addRunTo(*project, "complete");
    addRunTo(*project, "failed");
  }
  Trainer(path).end();
  const auto project = Project::open(path, Access::write);
  const auto own = addRunTo(*project, "running");
  std::vector<std::string> statuses;
  for (const StoredRun& run : project->runs()) {
    statuses.push_back(run.status);
  }
  CHECK(statuses == std::vector<std::string>{"complete", "failed", "stopped", "running"});
  CHECK(Project::open(path, Access::read)->run(own).status == "running");
}

TEST_CASE("looking whether somebody writes never keeps a writer out") {
  const TemporaryFolder folder;
  const auto path = folder / "run.tarn";
  Project::create(path)->close();
  const pid_t onlooker = fork();
  if (onlooker == 0) {
    while (true) {
      Project::open(path, Access::read)->runs();
    }
  }
  for (int i = 0; i < 200; ++i) {
    CHECK_NOTHROW(Project::open(path, Access::write)->close());
  }
  kill(onlooker, SIGKILL);
  waitpid(onlooker, nullptr, 0);
}
