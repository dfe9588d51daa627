#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "engine/project/address.h"
#include "engine/project/records.h"

namespace tarn {

namespace db {
class WriterLock;
}

enum class Access { read, write };
/// What to do when a project cannot be written, because another program writes it or because the
/// file or its folder is not writable.
enum class IfRefused { fail, readOnly };

/// A project file, `NAME.tarn`: an SQLite database with the schema of docs/project-file.md.
///
/// One object may be used from several threads. It may be read by other programs while it is
/// written; there is one writer at a time. What a function has written when it returns is on disk:
/// it survives kill -9 and power loss. While a project is written, NAME.tarn-wal, -shm and -lock
/// lie beside it; they go when it is closed.
///
/// Files are treated as hostile: unknown tables, triggers or views, and blobs whose length is not
/// dtype × shape are refused. Errors of every function: badInput (not a project, or damaged),
/// notFound (no such file or result), unsupported (made by a newer Tarn), io (permissions, a full
/// disk, the file was removed), memory (a result too large to load), usage (a record that
/// contradicts itself, or writing a project that is open for reading).
class Project {
 public:
  /// Makes a new project, whole or not at all. Error(io) when a file that is not empty is there.
  static std::shared_ptr<Project> create(const std::filesystem::path& path);
  /// Opens a project. An older one is migrated in one transaction when it is opened for writing.
  static std::shared_ptr<Project> open(const std::filesystem::path& path, Access access,
                                       IfRefused ifRefused = IfRefused::fail);
  /// For writing: opens what is there, or makes it.
  static std::shared_ptr<Project> openOrCreate(const std::filesystem::path& path);

  /// Closes quietly; close() says what went wrong.
  ~Project();
  Project(const Project&) = delete;
  Project& operator=(const Project&) = delete;

  /// Everything goes to the one file: checkpoints, leaves WAL mode. Nothing else may be called
  /// afterwards (Error(usage)).
  void close();
  /// Closes a project that is open for writing and removes its file before anybody else can write
  /// to it. Throws as close().
  void closeAndRemove();

  /// All of it as a new file, compacted; also when the file itself was removed meanwhile.
  /// Error(io) when `target` exists or cannot be written.
  void saveCopy(const std::filesystem::path& target) const;

  const std::filesystem::path& path() const;
  bool writable() const;
  /// Why a project that was asked to be written is open for reading only; empty otherwise.
  const std::string& readOnlyReason() const;

  // Experiments. Adding one that is already there (same map, same hashes) gives its id.
  std::int64_t addExperiment(const StoredExperiment& experiment);
  StoredExperiment experiment(std::int64_t id) const;
  std::vector<StoredExperiment> experiments() const;

  // Directions and spectra. The lists come without arrays (`values`, `center`, `eigenvectors`).
  std::int64_t addDirections(const StoredDirections& directions);
  /// The axes' curvature and defect, which may be found later than the rest.
  void setDirectionCurvatures(const StoredDirections& directions);
  StoredDirections directions(std::int64_t id) const;
  std::vector<StoredDirections> directionSets() const;
  std::int64_t addSpectrum(const StoredSpectrum& spectrum);
  StoredSpectrum spectrum(std::int64_t id) const;
  std::vector<StoredSpectrum> spectra() const;

  // Landscapes. A landscape is added before its first tile; each call of commitTiles is one
  // transaction. A tile that is already there is replaced.
  std::int64_t addLandscape(const StoredLandscape& landscape);
  /// The engine's plan, and what the provenance then says. Resuming uses the plan again.
  void setLandscapePlan(std::int64_t id, const nlohmann::json& plan);
  StoredLandscape landscape(std::int64_t id) const;
  std::vector<StoredLandscape> landscapes() const;
  void commitTiles(std::int64_t landscape, std::span<const StoredTile> tiles);
  /// Indices of the tiles that are there, ascending.
  std::vector<std::uint64_t> presentTiles(std::int64_t landscape) const;
  /// The same as ranges [first, last], ends included: the `have` of a `sample` request.
  std::vector<std::pair<std::uint64_t, std::uint64_t>> presentTileRanges(
      std::int64_t landscape) const;
  StoredTile tile(std::int64_t landscape, std::uint64_t index) const;
  LandscapeValues landscapeGrid(std::int64_t landscape, const std::string& quantity) const;

  // Runs. Rows and snapshots of a step that is already there are replaced, so that a run that
  // continues from its checkpoint may replay what came after it.
  std::int64_t addRun(const StoredRun& run);
  void setRunFacts(std::int64_t id, const nlohmann::json& facts);
  /// running, complete, stopped or failed.
  void setRunStatus(std::int64_t id, const std::string& status);
  StoredRun run(std::int64_t id) const;
  std::vector<StoredRun> runs() const;
  /// All of it in one transaction: each costs a wait for the disk.
  void addRunRecords(std::int64_t run, const RunRecords& records);
  void addMetrics(std::int64_t run, std::span<const StoredMetric> rows);
  /// Adds a metric's probes to those of its step, whose other numbers stay. Where the step has no
  /// row yet, the metric becomes it.
  void addProbes(std::int64_t run, const StoredMetric& metric);
  std::vector<StoredMetric> metrics(std::int64_t run) const;
  void addSnapshot(std::int64_t run, const StoredSnapshot& snapshot);
  std::vector<SnapshotInfo> snapshots(std::int64_t run) const;
  StoredSnapshot snapshot(std::int64_t run, std::int64_t step) const;
  /// Replaces the checkpoint before it in one transaction.
  void setCheckpoint(std::int64_t run, const StoredCheckpoint& checkpoint);
  std::optional<StoredCheckpoint> checkpoint(std::int64_t run) const;

  // Analyses, and what the views looked like.
  std::int64_t addAnalysis(const StoredAnalysis& analysis);
  StoredAnalysis analysis(std::int64_t id) const;
  std::vector<StoredAnalysis> analyses() const;
  void setViewState(const std::string& name, const nlohmann::json& state);
  std::optional<nlohmann::json> viewState(const std::string& name) const;
  std::vector<std::string> viewStateNames() const;

  /// The id an address means: its own, or the latest of its kind for 0. Error(notFound) when the
  /// project has no such result.
  std::int64_t resolve(ResultKind kind, std::int64_t id) const;

 private:
  struct State;
  explicit Project(std::unique_ptr<State> state);
  static std::shared_ptr<Project> openLocked(const std::filesystem::path& file,
                                             db::WriterLock lock);
  std::unique_ptr<State> state_;
};

}  // namespace tarn
