#include "datagrams.h"

#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <netinet/ip6.h>
#include <netinet/udp.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstring>

namespace {

constexpr std::size_t ip_bytes = sizeof(ip6_hdr);
constexpr std::size_t udp_bytes = sizeof(udphdr);
constexpr std::size_t fragment_bytes = sizeof(ip6_frag);
constexpr std::uint8_t hops = 64;

std::uint32_t add_words(std::uint32_t sum, const void* begin, std::size_t size) {
  const auto* bytes = static_cast<const std::uint8_t*>(begin);
  for (std::size_t at = 0; at < size; at += 2)
    sum += static_cast<std::uint32_t>(bytes[at] << 8 | (at + 1 < size ? bytes[at + 1] : 0));
  return sum;
}

// Of the pseudo-header and the datagram (RFC 8200 8.1): 0 over one that carries the right checksum.
std::uint16_t checksum(const in6_addr& source, const in6_addr& destination, const std::string& datagram) {
  std::uint32_t sum = add_words(add_words(0, &source, sizeof source), &destination, sizeof destination);
  sum += static_cast<std::uint32_t>(datagram.size()) + IPPROTO_UDP;
  sum = add_words(sum, datagram.data(), datagram.size());
  while (sum >> 16 != 0) sum = (sum & 0xffff) + (sum >> 16);
  return static_cast<std::uint16_t>(~sum);
}

std::string ip_packet(const Endpoints& ends, std::uint8_t next, const std::string& payload) {
  ip6_hdr header{};
  header.ip6_flow = htonl(6u << 28);
  header.ip6_plen = htons(static_cast<std::uint16_t>(payload.size()));
  header.ip6_nxt = next;
  header.ip6_hlim = hops;
  header.ip6_src = ends.source;
  header.ip6_dst = ends.destination;
  return std::string(reinterpret_cast<const char*>(&header), sizeof header) + payload;
}

}  // namespace

std::optional<Datagram> read_datagram(const std::string& packet, bool is_checked) {
  ip6_hdr ip;
  udphdr udp;
  if (packet.size() < ip_bytes + udp_bytes) return {};
  std::memcpy(&ip, packet.data(), sizeof ip);
  std::memcpy(&udp, packet.data() + ip_bytes, sizeof udp);
  const std::size_t size = ntohs(udp.len);
  if (ip.ip6_nxt != IPPROTO_UDP || size < udp_bytes || size > ntohs(ip.ip6_plen) ||
      ip_bytes + size > packet.size())
    return {};
  const std::string datagram = packet.substr(ip_bytes, size);
  if (!is_checked && (udp.check == 0 || checksum(ip.ip6_src, ip.ip6_dst, datagram) != 0)) return {};
  return Datagram{{ip.ip6_src, ip.ip6_dst, ntohs(udp.source), ntohs(udp.dest)}, datagram.substr(udp_bytes)};
}

std::vector<std::string> packets_of(const Endpoints& ends, const std::string& message, std::size_t mtu,
                                    std::uint32_t identification) {
  udphdr udp{};
  const std::size_t size = udp_bytes + message.size();
  if (size > 0xffff) return {};
  udp.source = htons(ends.source_port);
  udp.dest = htons(ends.destination_port);
  udp.len = htons(static_cast<std::uint16_t>(size));
  std::string datagram = std::string(reinterpret_cast<const char*>(&udp), sizeof udp) + message;
  const std::uint16_t sum = checksum(ends.source, ends.destination, datagram);
  udp.check = sum == 0 ? 0xffff : htons(sum);
  datagram.replace(0, sizeof udp, reinterpret_cast<const char*>(&udp), sizeof udp);
  if (ip_bytes + size <= mtu) return {ip_packet(ends, IPPROTO_UDP, datagram)};

  std::vector<std::string> packets;
  const std::size_t most = (mtu - ip_bytes - fragment_bytes) & ~std::size_t{7};
  for (std::size_t at = 0; at < size; at += most) {
    ip6_frag fragment{};
    const bool is_last = at + most >= size;
    fragment.ip6f_nxt = IPPROTO_UDP;
    fragment.ip6f_offlg = htons(static_cast<std::uint16_t>(at | (is_last ? 0 : 1)));
    fragment.ip6f_ident = identification;
    packets.push_back(ip_packet(
        ends, IPPROTO_FRAGMENT,
        std::string(reinterpret_cast<const char*>(&fragment), sizeof fragment) + datagram.substr(at, most)));
  }
  return packets;
}

bool send_packets(int socket, int interface, const Mac& mac, const std::vector<std::string>& packets) {
  sockaddr_ll to{};
  to.sll_family = AF_PACKET;
  to.sll_protocol = htons(ETH_P_IPV6);
  to.sll_ifindex = interface;
  to.sll_halen = ETH_ALEN;
  std::copy(mac.begin(), mac.end(), to.sll_addr);
  for (const auto& packet : packets)
    if (::sendto(socket, packet.data(), packet.size(), MSG_DONTWAIT, reinterpret_cast<sockaddr*>(&to),
                 sizeof to) < 0)
      return false;
  return !packets.empty();
}
