#include "channel.h"

#include "probe.h"

#include <errno.h>
#include <linux/errqueue.h>
#include <linux/net_tstamp.h>
#include <netinet/icmp6.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#define ECHO_HEAD sizeof(struct icmp6_hdr)
#define ROOM 2048
#define MOST_READY 64
/* An ICMPv6 error about one probe makes the next call on the socket fail, whatever that is about. */
#define TRIES 4

static int ready;

int open_channels(void) {
  ready = epoll_create1(EPOLL_CLOEXEC);
  if (ready < 0) fail("epoll", errno);
  return ready;
}

static bool open_channel(struct pair *pair) {
  if (pair->socket >= 0) return true;
  const int protocol = pair->target->reflects ? IPPROTO_UDP : IPPROTO_ICMPV6;
  const int one = socket(AF_INET6, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, protocol);
  if (one < 0) fail("socket", errno);
  set_option(one, SOL_SOCKET, SO_TIMESTAMPING,
             SOF_TIMESTAMPING_SOFTWARE | SOF_TIMESTAMPING_RX_SOFTWARE | SOF_TIMESTAMPING_TX_SOFTWARE);
  set_option(one, SOL_SOCKET, SO_SNDBUF, 1 << 20);
  set_option(one, SOL_SOCKET, SO_RXQ_OVFL, 1);
  set_option(one, IPPROTO_IPV6, IPV6_RECVPKTINFO, 1);
  set_option(one, IPPROTO_IPV6, IPV6_RECVERR, 1);
  /* A socket of ICMPv6 has one source; STAMP's gets it with each packet, so that the kernel looks whether it has the address. */
  const struct sockaddr_in6 source = {.sin6_family = AF_INET6, .sin6_addr = pair->source};
  if (!pair->target->reflects && bind(one, (const struct sockaddr *)&source, sizeof source) < 0) {
    close(one);
    return false;
  }
  struct epoll_event event = {.events = EPOLLIN, .data.ptr = pair};
  if (epoll_ctl(ready, EPOLL_CTL_ADD, one, &event) < 0) fail("epoll", errno);
  pair->socket = one;
  return true;
}

void close_channel(struct pair *pair) {
  if (pair->socket >= 0) close(pair->socket);
  pair->socket = -1;
}

/* What goes before a packet of STAMP. */
static size_t head_of(const struct pair *pair) {
  return pair->target->reflects ? 0 : ECHO_HEAD;
}

void send_probe(struct pair *pair, uint16_t session) {
  const int64_t due_ns = now_ns() - (steady_ns() - pair->due);
  if (!open_channel(pair)) return tell_not_sent(pair, now_ns(), due_ns, EADDRNOTAVAIL);
  uint8_t packet[ECHO_HEAD + STAMP_LENGTH];
  const size_t head = head_of(pair);
  const struct icmp6_hdr echo = {.icmp6_type = ICMP6_ECHO_REQUEST, .icmp6_seq = htons(pair->seq & 0xffff)};
  memcpy(packet, &echo, head);
  struct sockaddr_in6 to = {.sin6_family = AF_INET6, .sin6_addr = pair->target->address};
  if (pair->target->reflects) to.sin6_port = htons(STAMP_PORT);
  struct iovec part = {.iov_base = packet, .iov_len = head + STAMP_LENGTH};
  _Alignas(struct cmsghdr) char room[CMSG_SPACE(sizeof(struct in6_pktinfo))] = {0};
  const struct msghdr message = {
      .msg_name = &to,
      .msg_namelen = sizeof to,
      .msg_iov = &part,
      .msg_iovlen = 1,
      .msg_control = room,
      .msg_controllen = sizeof room,
  };
  struct cmsghdr *first = CMSG_FIRSTHDR(&message);
  *first = (struct cmsghdr){
      .cmsg_level = IPPROTO_IPV6, .cmsg_type = IPV6_PKTINFO, .cmsg_len = CMSG_LEN(sizeof(struct in6_pktinfo))};
  const struct in6_pktinfo source = {.ipi6_addr = pair->source};
  memcpy(CMSG_DATA(first), &source, sizeof source);
  int64_t at = 0;
  for (int tries = 0; tries < TRIES; tries++) {
    at = now_ns();
    make_probe(packet + head, (struct probe_id){.seq = pair->seq, .session = session}, at);
    if (sendmsg(pair->socket, &message, 0) >= 0) return note_sent(pair, at, due_ns);
    /* These are no words about an earlier probe. */
    if (errno == EAGAIN || errno == ENOBUFS) break;
  }
  tell_not_sent(pair, at, due_ns, errno);
}

/* Which probe of this session the packet is, which may have other heads before it. */
static bool is_ours(const uint8_t *packet, size_t length, uint16_t session, struct probe_id *id) {
  return read_probe(packet, length, id) && id->session == session;
}

/* False when there is none. */
static bool read_error(struct pair *pair, uint16_t session) {
  uint8_t data[ROOM];
  _Alignas(struct cmsghdr) char room[512];
  struct iovec part = {.iov_base = data, .iov_len = sizeof data};
  struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = room, .msg_controllen = sizeof room};
  const ssize_t size = recvmsg(pair->socket, &message, MSG_ERRQUEUE);
  if (size < 0) return false;
  const size_t length = size;
  const void *told = control(&message, IPPROTO_IPV6, IPV6_RECVERR);
  struct sock_extended_err error;
  struct probe_id id;
  if (told == NULL) return true;
  memcpy(&error, told, sizeof error);
  if (error.ee_origin == SO_EE_ORIGIN_TIMESTAMPING) {
    /* The packet that was sent is handed back with all its heads. */
    const int64_t at = stamped(&message, 0);
    if (at != 0 && length >= STAMP_LENGTH && is_ours(data + length - STAMP_LENGTH, STAMP_LENGTH, session, &id))
      note_left(pair, id.seq, at);
    return true;
  }
  const size_t head = head_of(pair);
  if (error.ee_origin == SO_EE_ORIGIN_ICMP6 && length > head && is_ours(data + head, length - head, session, &id))
    tell_error(pair, id.seq, error.ee_type, error.ee_code);
  return true;
}

/* False when there is none. */
static bool read_answer(struct pair *pair, uint16_t session) {
  uint8_t data[ROOM];
  _Alignas(struct cmsghdr) char room[512];
  struct sockaddr_in6 peer = {0};
  struct iovec part = {.iov_base = data, .iov_len = sizeof data};
  struct msghdr message = {
      .msg_name = &peer,
      .msg_namelen = sizeof peer,
      .msg_iov = &part,
      .msg_iovlen = 1,
      .msg_control = room,
      .msg_controllen = sizeof room,
  };
  const ssize_t size = recvmsg(pair->socket, &message, 0);
  /* Another error than that there is nothing is about a probe; the other queue has it. */
  if (size < 0) return errno != EAGAIN && errno != EWOULDBLOCK;
  const size_t length = size, head = head_of(pair);
  const void *dropped = control(&message, SOL_SOCKET, SO_RXQ_OVFL);
  if (dropped != NULL) memcpy(&pair->dropped, dropped, sizeof pair->dropped);
  struct in6_pktinfo here;
  const void *info = control(&message, IPPROTO_IPV6, IPV6_PKTINFO);
  if (info == NULL || length < head) return true;
  memcpy(&here, info, sizeof here);
  if (!IN6_ARE_ADDR_EQUAL(&here.ipi6_addr, &pair->source)) return true;
  if (!IN6_ARE_ADDR_EQUAL(&peer.sin6_addr, &pair->target->address)) return true;
  struct probe_id id;
  struct reflection reflection;
  const bool stamp = pair->target->reflects;
  const bool known = stamp
                         ? peer.sin6_port == htons(STAMP_PORT) && read_reflection(data, length, &id, &reflection)
                         : read_probe(data + head, length - head, &id);
  if (known && id.session == session)
    tell_answer(pair, id.seq, stamped(&message, now_ns()), stamp ? &reflection : NULL);
  return true;
}

void read_channels(uint16_t session) {
  struct epoll_event events[MOST_READY];
  int count;
  do {
    count = epoll_wait(ready, events, MOST_READY, 0);
    for (int index = 0; index < count; index++) {
      struct pair *pair = events[index].data.ptr;
      /* Times of sending before answers: they are part of the same line. */
      while (read_error(pair, session)) {}
      while (read_answer(pair, session)) {}
    }
  } while (count == MOST_READY);
}
