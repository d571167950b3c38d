#include "port.h"

#include <linux/filter.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <netinet/ip6.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>


#include <dhcp/dhcp6.h>
#include <dhcp/iface_mgr.h>

using isc::asiolink::IOAddress;
using isc::dhcp::Iface;
using isc::dhcp::SocketInfo;

namespace {

constexpr int buffer_bytes = 1 << 20;
constexpr std::size_t longest_frame = 65'536;
constexpr std::size_t least_mtu = 1280;

[[noreturn]] void fail(const std::string& what) {
  isc_throw(isc::dhcp::SocketConfigError, what << ": " << ::strerror(errno));
}


in6_addr address_of(const IOAddress& address) {
  in6_addr bits;
  std::memcpy(&bits, address.toBytes().data(), sizeof bits);
  return bits;
}

// A socket that is closed when a later step fails.
class Opened {
 public:
  Opened(int number, const char* what) : number_(number) {
    if (number_ < 0) fail(what);
  }
  Opened(const Opened&) = delete;
  Opened& operator=(const Opened&) = delete;
  ~Opened() {
    if (number_ >= 0) ::close(number_);
  }
  int number() const { return number_; }
  int release() {
    const int number = number_;
    number_ = -1;
    return number;
  }

 private:
  int number_;
};

void filter(int socket, std::vector<sock_filter> words) {
  sock_fprog program{static_cast<unsigned short>(words.size()), words.data()};
  if (::setsockopt(socket, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program) != 0)
    fail("cannot filter DHCPv6");
}

// Clients' messages to an address and a port. An extension header or a fragment header before UDP is none of theirs, nor is what
// a relay sends: there is none on an access link (RFC 8415 19).
std::vector<sock_filter> to_server(const in6_addr& address, std::uint16_t port) {
  std::vector<sock_filter> words;
  const auto unless = [&words](std::uint16_t load, std::uint32_t at, std::uint16_t jump, std::uint32_t value,
                               bool taken) {
    words.push_back(BPF_STMT(static_cast<std::uint16_t>(BPF_LD | load | BPF_ABS), at));
    const std::uint8_t skip = 1;
    words.push_back(BPF_JUMP(static_cast<std::uint16_t>(BPF_JMP | jump | BPF_K), value,
                             static_cast<std::uint8_t>(taken ? skip : 0),
                             static_cast<std::uint8_t>(taken ? 0 : skip)));
    words.push_back(BPF_STMT(BPF_RET | BPF_K, 0));
  };
  const std::uint32_t kind = static_cast<std::uint32_t>(SKF_AD_OFF + SKF_AD_PKTTYPE);
  unless(BPF_B, kind, BPF_JGT, PACKET_MULTICAST, false);
  unless(BPF_B, offsetof(ip6_hdr, ip6_nxt), BPF_JEQ, IPPROTO_UDP, true);
  for (std::uint32_t word = 0; word < 4; word++)
    unless(BPF_W, offsetof(ip6_hdr, ip6_dst) + 4 * word, BPF_JEQ, ntohl(address.s6_addr32[word]), true);
  unless(BPF_H, sizeof(ip6_hdr) + 2, BPF_JEQ, port, true);
  for (const std::uint32_t relayed : {DHCPV6_RELAY_FORW, DHCPV6_RELAY_REPL})
    unless(BPF_B, sizeof(ip6_hdr) + 8, BPF_JEQ, relayed, false);
  words.push_back(BPF_STMT(BPF_RET | BPF_K, longest_frame));
  return words;
}

// Takes the UDP port, so that the kernel tells nobody that it is closed, and hears nothing by it.
int take_port(const Iface& interface, const in6_addr& address, std::uint16_t port, bool is_multicast) {
  Opened socket(::socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, IPPROTO_UDP), "cannot open a UDP socket");
  filter(socket.number(), {BPF_STMT(BPF_RET | BPF_K, 0)});
  const int on = 1;
  ::setsockopt(socket.number(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in6 place{};
  place.sin6_family = AF_INET6;
  place.sin6_port = htons(port);
  place.sin6_addr = address;
  place.sin6_scope_id = static_cast<std::uint32_t>(interface.getIndex());
  if (::bind(socket.number(), reinterpret_cast<sockaddr*>(&place), sizeof place) != 0)
    fail("cannot bind to the UDP port");
  if (is_multicast &&
      !isc::dhcp::PktFilter6::joinMulticast(socket.number(), interface.getName(), ALL_DHCP_RELAY_AGENTS_AND_SERVERS))
    fail("cannot join the servers' multicast group");
  return socket.release();
}

// Whether the kernel has checked a packet, or has not written its checksum yet because it never left this machine.
bool is_vouched_for(msghdr& message) {
  for (cmsghdr* part = CMSG_FIRSTHDR(&message); part != nullptr; part = CMSG_NXTHDR(&message, part)) {
    if (part->cmsg_level != SOL_PACKET || part->cmsg_type != PACKET_AUXDATA) continue;
    tpacket_auxdata data;
    std::memcpy(&data, CMSG_DATA(part), sizeof data);
    return (data.tp_status & (TP_STATUS_CSUMNOTREADY | TP_STATUS_CSUM_VALID)) != 0;
  }
  return false;
}

std::size_t mtu_of(int socket, int interface) {
  ifreq request{};
  if (::if_indextoname(static_cast<unsigned>(interface), request.ifr_name) == nullptr ||
      ::ioctl(socket, SIOCGIFMTU, &request) != 0)
    return least_mtu;
  return std::max(least_mtu, static_cast<std::size_t>(request.ifr_mtu));
}

}  // namespace

Port& Port::install() {
  static Port* const port = [] {
    const auto made = boost::make_shared<Port>();
    isc::dhcp::IfaceMgr::instance().setPacketFilter(made);
    return made.get();
  }();
  return *port;
}

SocketInfo Port::openSocket(const Iface& interface, const IOAddress& address, const std::uint16_t number,
                            const bool is_multicast) {
  const in6_addr bits = address_of(address);
  Opened fallback(take_port(interface, bits, number, is_multicast), "cannot take the UDP port");
  // Protocol 0: nothing is received before the filter is there.
  Opened socket(::socket(AF_PACKET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), "cannot open a packet socket");
  filter(socket.number(), to_server(bits, number));
  const int on = 1;
  ::setsockopt(socket.number(), SOL_PACKET, PACKET_AUXDATA, &on, sizeof on);
  ::setsockopt(socket.number(), SOL_SOCKET, SO_RCVBUF, &buffer_bytes, sizeof buffer_bytes);
  ::setsockopt(socket.number(), SOL_SOCKET, SO_SNDBUF, &buffer_bytes, sizeof buffer_bytes);
  sockaddr_ll place{};
  place.sll_family = AF_PACKET;
  place.sll_protocol = htons(ETH_P_IPV6);
  place.sll_ifindex = static_cast<int>(interface.getIndex());
  if (::bind(socket.number(), reinterpret_cast<sockaddr*>(&place), sizeof place) != 0)
    fail("cannot bind to the interface");
  if (!address.isV6Multicast()) own_ = bits;
  return SocketInfo(address, number, socket.release(), fallback.release());
}

isc::dhcp::Pkt6Ptr Port::receive(const SocketInfo& socket) {
  static std::string frame(longest_frame, '\0');
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof(tpacket_auxdata))];
  iovec part{frame.data(), frame.size()};
  sockaddr_ll from{};
  msghdr message{};
  message.msg_name = &from;
  message.msg_namelen = sizeof from;
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = control;
  message.msg_controllen = sizeof control;
  const ssize_t size = ::recvmsg(socket.sockfd_, &message, 0);
  // A port that was down, or whose message another look has taken.
  if (size < 0) return {};
  const auto datagram = read_datagram(frame.substr(0, static_cast<std::size_t>(size)), is_vouched_for(message));
  const auto interface = isc::dhcp::IfaceMgr::instance().getIface(from.sll_ifindex);
  if (!datagram || !interface || datagram->message.empty() || from.sll_halen != ETH_ALEN) return {};
  const auto& [ends, text] = *datagram;
  const auto query = boost::make_shared<isc::dhcp::Pkt6>(reinterpret_cast<const std::uint8_t*>(text.data()),
                                                         static_cast<std::uint32_t>(text.size()));
  query->updateTimestamp();
  query->setIndex(from.sll_ifindex);
  query->setIface(interface->getName());
  query->setRemoteAddr(IOAddress::fromBytes(AF_INET6, ends.source.s6_addr));
  query->setLocalAddr(IOAddress::fromBytes(AF_INET6, ends.destination.s6_addr));
  query->setRemotePort(ends.source_port);
  query->setLocalPort(ends.destination_port);
  query->setRemoteHWAddr(isc::dhcp::HTYPE_ETHER, ETH_ALEN,
                         std::vector<std::uint8_t>(from.sll_addr, from.sll_addr + ETH_ALEN));
  return query;
}

int Port::send(const Iface&, std::uint16_t socket, const isc::dhcp::Pkt6Ptr& answer) {
  const auto way = way_of(*answer);
  const auto& buffer = answer->getBuffer();
  if (way)
    send(socket, *way,
         std::string(static_cast<const char*>(static_cast<const void*>(buffer.getData())), buffer.getLength()));
  return 0;
}

std::optional<Way> Port::way_of(const isc::dhcp::Pkt6& answer) const {
  const auto to = answer.getRemoteHWAddr();
  if (!to || to->hwaddr_.size() != ETH_ALEN) return {};
  Way way{static_cast<int>(answer.getIndex()),
          {},
          {own_, address_of(answer.getRemoteAddr()), answer.getLocalPort(), answer.getRemotePort()}};
  std::copy(to->hwaddr_.begin(), to->hwaddr_.end(), way.mac.begin());
  return way;
}

void Port::send(int socket, const Way& way, const std::string& message) {
  const auto packets = packets_of(way.ends, message, mtu_of(socket, way.interface), identification_++);
  if (!send_packets(socket, way.interface, way.mac, packets)) ++unsent_;
}
