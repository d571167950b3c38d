// Lines for the agent, by a FIFO that it made: a write is whole or does not happen, and nobody waits for a reader.
#pragma once

#include <string>

class Notices {
 public:
  explicit Notices(std::string path) : path_(std::move(path)) {}
  Notices(const Notices&) = delete;
  Notices& operator=(const Notices&) = delete;
  ~Notices();

  // Sends a line; what cannot be sent now is lost, and the agent is told as soon as it reads again.
  void send(const std::string& line);

 private:
  bool write(const std::string& line);

  std::string path_;
  int fifo_ = -1;
  // At first there is everything to be read.
  bool lost_ = true;
};
