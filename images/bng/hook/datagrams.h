// UDP over IPv6 as it is on the link (RFC 8200, RFC 768), so that an answer needs no neighbour entry. Knows nothing of Kea.
#pragma once

#include <netinet/in.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

using Mac = std::array<std::uint8_t, 6>;

struct Endpoints {
  in6_addr source;
  in6_addr destination;
  std::uint16_t source_port;
  std::uint16_t destination_port;
};

struct Datagram {
  Endpoints ends;
  std::string message;
};

// Reads an IPv6 packet whose first header is UDP; nothing when its lengths are wrong, or its checksum, unless the kernel
// vouches for that.
std::optional<Datagram> read_datagram(const std::string& packet, bool is_checked);

// Returns the packets that carry a message: several fragments when one would exceed the MTU, nothing when it is too long for UDP.
std::vector<std::string> packets_of(const Endpoints& ends, const std::string& message, std::size_t mtu,
                                    std::uint32_t identification);

// Queues packets for a MAC on an interface and never waits; false when the socket's buffer is full.
bool send_packets(int socket, int interface, const Mac& mac, const std::vector<std::string>& packets);
