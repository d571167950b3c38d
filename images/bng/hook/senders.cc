#include "senders.h"

#include <arpa/inet.h>
#include <linux/filter.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdio>

namespace {

constexpr std::size_t remembered = 4096;
constexpr int buffer_bytes = 4 << 20;
// The kernel gives a frame to UDP first, and to this socket a moment later.
constexpr int moment_ms = 20;

constexpr std::size_t at_mac = 6;
constexpr std::size_t at_source = ETH_HLEN + 8;
constexpr std::size_t at_message = ETH_HLEN + 40 + 8;
constexpr std::size_t needed = at_message + 4;

// IPv6, UDP, destination port 547: its first bytes.
sock_filter to_server[] = {
    BPF_STMT(BPF_LD | BPF_H | BPF_ABS, 12),          BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ETH_P_IPV6, 0, 5),
    BPF_STMT(BPF_LD | BPF_B | BPF_ABS, 20),          BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, IPPROTO_UDP, 0, 3),
    BPF_STMT(BPF_LD | BPF_H | BPF_ABS, 56),          BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 547, 0, 1),
    BPF_STMT(BPF_RET | BPF_K, needed),               BPF_STMT(BPF_RET | BPF_K, 0),
};

std::string mac_text(const unsigned char* bytes) {
  char text[18];
  std::snprintf(text, sizeof text, "%02x:%02x:%02x:%02x:%02x:%02x", bytes[0], bytes[1], bytes[2], bytes[3],
                bytes[4], bytes[5]);
  return text;
}

}  // namespace

Senders::~Senders() { close(); }

std::string Senders::of(int interface, const std::string& source, std::uint8_t type,
                        std::uint32_t transaction) {
  if (!listen(interface)) return {};
  std::string message = source;
  message += static_cast<char>(type);
  for (int shift : {16, 8, 0}) message += static_cast<char>(transaction >> shift & 0xff);
  read();
  std::string mac = take(message);
  if (!mac.empty()) return mac;
  pollfd wait{socket_, POLLIN, 0};
  if (::poll(&wait, 1, moment_ms) > 0) read();
  return take(message);
}

bool Senders::listen(int interface) {
  if (socket_ >= 0 && interface_ == interface) return true;
  close();
  if (interface == 0) return false;
  // Protocol 0: nothing is received before the filter is there.
  socket_ = ::socket(AF_PACKET, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (socket_ < 0) return false;
  ::setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &buffer_bytes, sizeof buffer_bytes);
  ::setsockopt(socket_, SOL_SOCKET, SO_RCVBUFFORCE, &buffer_bytes, sizeof buffer_bytes);
  sock_fprog program{sizeof to_server / sizeof *to_server, to_server};
  sockaddr_ll place{};
  place.sll_family = AF_PACKET;
  place.sll_protocol = htons(ETH_P_IPV6);
  place.sll_ifindex = interface;
  if (::setsockopt(socket_, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program) != 0 ||
      ::bind(socket_, reinterpret_cast<sockaddr*>(&place), sizeof place) != 0) {
    close();
    return false;
  }
  interface_ = interface;
  return true;
}

void Senders::close() {
  if (socket_ >= 0) ::close(socket_);
  socket_ = -1;
  macs_.clear();
  order_.clear();
}

void Senders::read() {
  std::array<unsigned char, needed> frame;
  for (;;) {
    ssize_t size = ::recv(socket_, frame.data(), frame.size(), 0);
    if (size < 0) return;
    if (static_cast<std::size_t>(size) < needed) continue;
    const char* bytes = reinterpret_cast<const char*>(frame.data());
    std::string message(bytes + at_source, 16);
    message.append(bytes + at_message, 4);
    macs_[message].push_back(mac_text(frame.data() + at_mac));
    order_.push_back(message);
    if (order_.size() > remembered) {
      take(order_.front());
      order_.pop_front();
    }
  }
}

std::string Senders::take(const std::string& message) {
  auto found = macs_.find(message);
  if (found == macs_.end()) return {};
  std::string mac = found->second.front();
  found->second.pop_front();
  if (found->second.empty()) macs_.erase(found);
  return mac;
}
