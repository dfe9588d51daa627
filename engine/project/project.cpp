#include "engine/project/project.h"

#include <cerrno>
#include <system_error>

#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

#include "engine/project/schema.h"
#include "engine/project/state.h"
#include "topology/base/error.h"

namespace tarn {

namespace {

namespace fs = std::filesystem;

std::string systemMessage(int number) {
  return std::generic_category().message(number);
}

std::uintmax_t sizeOr0(const fs::path& path) {
  std::error_code error;
  const auto size = fs::file_size(path, error);
  return error ? 0 : size;
}

fs::path existingFile(const fs::path& path) {
  std::error_code error;
  const auto status = fs::status(path, error);
  if (!fs::exists(status)) {
    if (error && error != std::errc::no_such_file_or_directory) {
      throw Error(ErrorCode::io, "Cannot open " + path.string() + ": " + error.message() + ".");
    }
    throw Error(ErrorCode::notFound, "There is no file " + path.string() + ".");
  }
  if (!fs::is_regular_file(status)) {
    throw Error(ErrorCode::badInput, path.string() + " is not a file.");
  }
  return fs::canonical(path);
}

/// Why a file cannot be written, or nothing.
std::string whyNotWritable(const fs::path& path) {
  if (access(path.c_str(), W_OK) != 0) {
    return "the file cannot be written (" + systemMessage(errno) + ")";
  }
  if (access(path.parent_path().c_str(), W_OK | X_OK) != 0) {
    return "its folder cannot be written (" + systemMessage(errno) + ")";
  }
  return {};
}

db::Database openForReading(const fs::path& path) {
  db::Database database(path, db::Mode::read);
  const int code = database.probe() & 0xff;
  const bool inaccessible = code == SQLITE_CANTOPEN || code == SQLITE_READONLY ||
                            code == SQLITE_IOERR || code == SQLITE_PERM;
  if (!inaccessible) {
    return database;
  }
  // Read-only media: no place for locks or for the log's index.
  if (sizeOr0(path.string() + "-wal") > 0) {
    throw Error(ErrorCode::io,
                path.string() + " was not closed, and its log cannot be read where it lies.",
                "Copy it together with " + path.filename().string() +
                    "-wal to a folder that you may write to, and open the copy.");
  }
  return {path, db::Mode::immutable};
}

db::Database openForWriting(const fs::path& path) {
  db::Database database(path, db::Mode::write);
  if (database.probe() != SQLITE_OK) {
    database.fail();
  }
  database.execute("PRAGMA synchronous = FULL");
  return database;
}

void enterWalMode(db::Database& database) {
  // Where shared memory does not work (some network file systems) SQLite stays in its old mode:
  // slower, equally safe.
  db::Statement(database, "PRAGMA journal_mode = WAL").next();
  database.execute("PRAGMA journal_size_limit = 67108864");
}

[[noreturn]] void refuse(const fs::path& path, const std::string& reason) {
  throw Error(ErrorCode::io, "Cannot write the project " + path.string() + ": " + reason + ".",
              "Close the other program or choose another file; reading it is possible.");
}

/// A path whose folder exists, without symbolic links in the folder's part.
fs::path newFile(const fs::path& path) {
  std::error_code error;
  const fs::path folder = fs::canonical(fs::absolute(path).parent_path(), error);
  if (error) {
    throw Error(ErrorCode::io, "Cannot make " + path.string() + ": " + error.message() + ".",
                "Choose a folder that exists and may be written to.");
  }
  return folder / path.filename();
}

void syncFolder(const fs::path& folder) {
  const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor >= 0) {
    ::fsync(descriptor);
    ::close(descriptor);
  }
}

/// Makes a whole, empty project beside its place and moves it there: a file under the project's
/// name is never half of one. To be called with the writer's lock.
void makeProjectFile(const fs::path& file) {
  const fs::path unfinished = file.string() + "-new";
  std::error_code ignored;
  fs::remove(unfinished, ignored);
  fs::remove(unfinished.string() + "-journal", ignored);
  const int descriptor = ::open(unfinished.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (descriptor < 0) {
    throw Error(ErrorCode::io,
                "Cannot make the project " + file.string() + ": " + systemMessage(errno) + ".",
                "Choose a folder that may be written to.");
  }
  ::close(descriptor);
  try {
    db::Database database = openForWriting(unfinished);
    db::createSchema(database, db::schemaMigrations());
  } catch (...) {
    fs::remove(unfinished, ignored);
    throw;
  }
  if (::rename(unfinished.c_str(), file.c_str()) != 0) {
    const int number = errno;
    fs::remove(unfinished, ignored);
    throw Error(ErrorCode::io,
                "Cannot make the project " + file.string() + ": " + systemMessage(number) + ".");
  }
  syncFolder(file.parent_path());
}

}  // namespace

std::shared_ptr<Project> Project::create(const fs::path& path) {
  const fs::path file = newFile(path);
  std::string holder;
  auto lock = db::WriterLock::acquire(file, holder);
  if (!lock) {
    refuse(path, "it is being written by " + holder);
  }
  std::error_code ignored;
  const auto status = fs::status(file, ignored);
  // An empty file may be replaced: `mktemp` and file dialogs make them.
  if (fs::exists(status) && (!fs::is_regular_file(status) || sizeOr0(file) > 0)) {
    throw Error(ErrorCode::io,
                "Cannot make the project " + path.string() + ": it is there already.",
                "Open it instead, or choose another name.");
  }
  makeProjectFile(file);
  return openLocked(file, std::move(*lock));
}

std::shared_ptr<Project> Project::openLocked(const fs::path& file, db::WriterLock lock) {
  db::Database database = openForWriting(file);
  db::openSchema(database, db::schemaMigrations(), true);
  enterWalMode(database);
  endAbandonedRuns(database);
  return std::shared_ptr<Project>(new Project(
      std::make_unique<State>(file, std::move(database), std::move(lock), std::string())));
}

std::shared_ptr<Project> Project::open(const fs::path& path, Access access, IfRefused ifRefused) {
  const fs::path file = existingFile(path);
  std::string reason;
  if (access == Access::write) {
    reason = whyNotWritable(file);
    std::optional<db::WriterLock> lock;
    if (reason.empty()) {
      std::string holder;
      lock = db::WriterLock::acquire(file, holder);
      reason = lock ? "" : "it is being written by " + holder;
    }
    if (lock) {
      return openLocked(file, std::move(*lock));
    }
    if (ifRefused == IfRefused::fail) {
      refuse(path, reason);
    }
  }
  db::Database database = openForReading(file);
  db::openSchema(database, db::schemaMigrations(), false);
  return std::shared_ptr<Project>(
      new Project(std::make_unique<State>(file, std::move(database), std::nullopt, reason)));
}

std::shared_ptr<Project> Project::openOrCreate(const fs::path& path) {
  std::error_code ignored;
  const bool something = fs::is_regular_file(path, ignored) && sizeOr0(path) > 0;
  return something || fs::is_directory(path, ignored) ? open(path, Access::write) : create(path);
}

Project::Project(std::unique_ptr<State> state) : state_(std::move(state)) {}

Project::~Project() {
  try {
    state_->close();
  } catch (const Error&) {
    // close() is there for those who want to know.
  }
}

void Project::close() {
  state_->close();
}
void Project::closeAndRemove() {
  state_->closeAndRemove();
}
void Project::saveCopy(const fs::path& target) const {
  state_->saveCopy(target);
}
const fs::path& Project::path() const {
  return state_->path;
}
bool Project::writable() const {
  return state_->writable();
}
const std::string& Project::readOnlyReason() const {
  return state_->readOnlyReason;
}

}  // namespace tarn
