#include "notices.h"

#include <fcntl.h>
#include <limits.h>
#include <unistd.h>

#include <cerrno>

namespace {
constexpr int pipe_bytes = 1 << 20;
}

Notices::~Notices() {
  if (fifo_ >= 0) ::close(fifo_);
}

void Notices::send(const std::string& line) {
  if (lost_ && !write("lost")) return;
  lost_ = !write(line);
}

bool Notices::write(const std::string& line) {
  // Longer ones would not be written as a whole (pipe(7)).
  if (line.size() + 1 > PIPE_BUF) return false;
  if (fifo_ < 0) {
    fifo_ = ::open(path_.c_str(), O_WRONLY | O_NONBLOCK | O_CLOEXEC);
    if (fifo_ < 0) return false;
    ::fcntl(fifo_, F_SETPIPE_SZ, pipe_bytes);
  }
  const std::string text = line + "\n";
  if (::write(fifo_, text.data(), text.size()) == static_cast<ssize_t>(text.size())) return true;
  // A full pipe will be read; one without a reader is opened again.
  if (errno != EAGAIN) {
    ::close(fifo_);
    fifo_ = -1;
  }
  return false;
}
