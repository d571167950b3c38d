// The subscriber port as Kea hears and answers on it, in the place of Kea's UDP sockets: each message comes with the MAC that
// sent it, and its answer goes to that MAC. No answer waits for a neighbour to be resolved, so no customer can stall the others.
#pragma once

#include <config.h>

#include <dhcp/pkt6.h>
#include <dhcp/pkt_filter6.h>
#include <dhcp/socket_info.h>

#include <atomic>
#include <cstdint>
#include <optional>
#include <string>

#include "datagrams.h"

// Where an answer goes.
struct Way {
  int interface;
  Mac mac;
  Endpoints ends;
};

class Port : public isc::dhcp::PktFilter6 {
 public:
  // Makes Kea use a port, once in its life; later loads of the hook find the same one.
  static Port& install();

  isc::dhcp::SocketInfo openSocket(const isc::dhcp::Iface& interface, const isc::asiolink::IOAddress& address,
                                   const std::uint16_t number, const bool is_multicast) override;
  isc::dhcp::Pkt6Ptr receive(const isc::dhcp::SocketInfo& socket) override;
  int send(const isc::dhcp::Iface& interface, std::uint16_t socket, const isc::dhcp::Pkt6Ptr& answer) override;

  // The way of an answer whose MAC is known.
  std::optional<Way> way_of(const isc::dhcp::Pkt6& answer) const;
  void send(int socket, const Way& way, const std::string& message);

  // Answers that were dropped because the link did not take them, since the last call.
  std::size_t take_unsent() { return unsent_.exchange(0); }

 private:
  in6_addr own_{};
  std::atomic<std::size_t> unsent_{0};
  std::atomic<std::uint32_t> identification_{1};
};
