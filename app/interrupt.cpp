#include "app/interrupt.h"

#include <pthread.h>
#include <signal.h>
#include <unistd.h>

namespace tarn::app {
namespace {

constexpr int kLeave = SIGUSR1;

sigset_t watchedSignals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, kLeave);
  return set;
}

}  // namespace

Interrupt::Interrupt() {
  const sigset_t set = watchedSignals();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  waiter_ = std::jthread([this, set] {
    for (;;) {
      int signal = 0;
      if (sigwait(&set, &signal) != 0 || signal == kLeave) {
        return;
      }
      if (source_.stop_requested()) {
        _exit(130);
      }
      source_.request_stop();
    }
  });
}

Interrupt::~Interrupt() {
  pthread_kill(waiter_.native_handle(), kLeave);
}

}  // namespace tarn::app
