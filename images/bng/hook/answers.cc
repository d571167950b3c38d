#include "answers.h"

#include <fcntl.h>
#include <unistd.h>

namespace {

// More than a lab's customers have under way; beyond, what comes is lost, as in a busy server.
constexpr std::size_t most = 4096;

}  // namespace

Answers::~Answers() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    ending_ = true;
  }
  changed_.notify_one();
  if (thread_.joinable()) thread_.join();
}

void Answers::send(int socket, const Way& way, const std::string& message, std::chrono::milliseconds delay) {
  if (delay.count() <= 0) return port_.send(socket, way, message);
  const std::lock_guard<std::mutex> lock(mutex_);
  if (waiting_.size() >= most) return;
  const int own = ::fcntl(socket, F_DUPFD_CLOEXEC, 0);
  if (own < 0) return;
  waiting_.insert({Clock::now() + delay, own, way, message});
  if (!thread_.joinable()) thread_ = std::thread([this] { run(); });
  changed_.notify_one();
}

void Answers::run() {
  std::unique_lock<std::mutex> lock(mutex_);
  for (;;) {
    if (waiting_.empty()) {
      if (ending_) return;
      changed_.wait(lock);
    } else if (!ending_ && waiting_.begin()->due > Clock::now()) {
      changed_.wait_until(lock, Clock::time_point(waiting_.begin()->due));
    } else {
      const Waiting next = *waiting_.begin();
      waiting_.erase(waiting_.begin());
      port_.send(next.socket, next.way, next.message);
      ::close(next.socket);
    }
  }
}
