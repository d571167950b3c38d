// The MAC that each DHCPv6 message came from. Kea reads from UDP sockets and never sees it; here it is read beside them, from
// the frames themselves.
#pragma once

#include <sys/types.h>

#include <array>
#include <cstdint>
#include <deque>
#include <string>
#include <unordered_map>

class Senders {
 public:
  Senders() = default;
  Senders(const Senders&) = delete;
  Senders& operator=(const Senders&) = delete;
  ~Senders();

  // Begins to read what an interface hears; false when that is not possible. It goes on until another one is named.
  bool listen(int interface);

  // MAC of who sent a message with this source address (16 bytes), type and transaction; empty when it was not seen.
  std::string of(int interface, const std::string& source, std::uint8_t type, std::uint32_t transaction);

 private:
  void close();
  void read();
  std::string take(const std::string& message);

  int socket_ = -1;
  int interface_ = 0;
  std::unordered_map<std::string, std::deque<std::string>> macs_;
  // Messages in the order in which they came: those that Kea never read are forgotten.
  std::deque<std::string> order_;
};
