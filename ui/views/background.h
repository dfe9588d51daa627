#pragma once

#include <QCoreApplication>
#include <QObject>
#include <QPointer>
#include <QThreadPool>
#include <exception>
#include <functional>
#include <new>
#include <utility>

#include "topology/base/error.h"

namespace tarn::ui {

/// The exception that is being handled, as an Error. Only inside a catch block.
inline Error currentError() {
  try {
    throw;
  } catch (const Error& error) {
    return error;
  } catch (const std::bad_alloc&) {
    return {ErrorCode::memory, "There is not enough memory for this.",
            "Close other programs, or use a smaller grid."};
  } catch (const std::exception& error) {
    return {ErrorCode::internal,
            std::string("Something unexpected failed: ") + asSentence(error.what())};
  }
}

/// Runs work() on a pool thread and then, on the GUI thread, done(its value) or failed(Error);
/// neither when the owner is gone by then. work() must hold values only. It must not be started
/// after the application's end.
template <typename Work, typename Done>
void inBackground(QObject* owner, Work work, Done done,
                  std::function<void(const Error&)> failed = {}) {
  QThreadPool::globalInstance()->start([guard = QPointer<QObject>(owner), work = std::move(work),
                                        done = std::move(done),
                                        failed = std::move(failed)]() mutable {
    // The answer goes through the application, which outlives the pool's threads.
    const auto answer = [&](auto function) {
      QMetaObject::invokeMethod(
          qApp,
          [guard, function = std::move(function)]() mutable {
            if (guard) {
              function();
            }
          },
          Qt::QueuedConnection);
    };
    try {
      auto result = work();
      answer([done, result = std::move(result)]() mutable { done(std::move(result)); });
    } catch (...) {
      answer([failed, error = currentError()] {
        if (failed) {
          failed(error);
        }
      });
    }
  });
}

/// One computation at a time; of those asked for meanwhile only the last one is done.
template <typename Result>
class Latest {
 public:
  using Work = std::function<Result()>;
  using Done = std::function<void(Result)>;
  using Failed = std::function<void(const Error&)>;

  /// Only on the GUI thread; the owner owns this object too.
  void run(QObject* owner, Work work, Done done, Failed failed = {}) {
    if (busy_) {
      next_ = [this, owner, work, done, failed] { run(owner, work, done, failed); };
      return;
    }
    busy_ = true;
    inBackground(
        owner, std::move(work),
        [this, done = std::move(done)](Result result) {
          done(std::move(result));
          proceed();
        },
        [this, failed = std::move(failed)](const Error& error) {
          if (failed) {
            failed(error);
          }
          proceed();
        });
  }

  bool busy() const { return busy_; }

 private:
  void proceed() {
    busy_ = false;
    if (const auto next = std::exchange(next_, {})) {
      next();
    }
  }

  bool busy_ = false;
  std::function<void()> next_;
};

}  // namespace tarn::ui
