// Sends messages of the hook's own by the port, at once or late; Kea serves others meanwhile.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <set>
#include <string>
#include <thread>

#include "port.h"

class Answers {
 public:
  explicit Answers(Port& port) : port_(port) {}
  Answers(const Answers&) = delete;
  Answers& operator=(const Answers&) = delete;
  // Sends at once what waits.
  ~Answers();

  void send(int socket, const Way& way, const std::string& message, std::chrono::milliseconds delay);

 private:
  using Clock = std::chrono::steady_clock;
  struct Waiting {
    Clock::time_point due;
    // The hook's own number of Kea's socket.
    int socket;
    Way way;
    std::string message;

    bool operator<(const Waiting& other) const { return due < other.due; }
  };

  void run();

  Port& port_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::multiset<Waiting> waiting_;
  bool ending_ = false;
  std::thread thread_;
};
