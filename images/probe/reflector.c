/* Reflects STAMP (RFC 8762) at the far side, and tells when and by which interface each probe came in. */
#include "echo.h"
#include "probe.h"
#include "stamp.h"

#include <errno.h>
#include <inttypes.h>
#include <linux/net_tstamp.h>
#include <net/if.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ROOM 2048
/* A mark is said once all is said that came in before it. */
#define IDLE_LOOK_NS (60 * SECOND)

static int stamps;
/* Packets are answered that come in by interfaces whose names begin so: tunnels, which let in only what is the lab's. */
static const char *beginning;
static uint32_t dropped;
static uint32_t refused;

static int open_stamps(const struct in6_addr *here) {
  const int one = socket(AF_INET6, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_UDP);
  if (one < 0) fail("socket", errno);
  set_option(one, SOL_SOCKET, SO_TIMESTAMPING, SOF_TIMESTAMPING_SOFTWARE | SOF_TIMESTAMPING_RX_SOFTWARE);
  set_option(one, SOL_SOCKET, SO_RCVBUF, 1 << 20);
  set_option(one, SOL_SOCKET, SO_RXQ_OVFL, 1);
  set_option(one, IPPROTO_IPV6, IPV6_RECVPKTINFO, 1);
  set_option(one, IPPROTO_IPV6, IPV6_RECVHOPLIMIT, 1);
  const struct sockaddr_in6 address = {
      .sin6_family = AF_INET6, .sin6_addr = *here, .sin6_port = htons(STAMP_PORT)};
  if (bind(one, (const struct sockaddr *)&address, sizeof address) < 0) fail("bind", errno);
  return one;
}

static void tell(const struct sockaddr_in6 *peer, struct probe_id id, const struct reflection *reflection) {
  say("[\"arrived\",");
  say_address(&peer->sin6_addr);
  say(",%u,%" PRIu32 ",\"%" PRId64 "\",", id.session, id.seq, reflection->arrived_ns);
  say_word(reflection->interface);
  say("]\n");
}

static bool reflect_one(void) {
  uint8_t packet[ROOM];
  _Alignas(struct cmsghdr) char room[256];
  struct sockaddr_in6 peer = {0};
  struct iovec part = {.iov_base = packet, .iov_len = sizeof packet};
  struct msghdr message = {
      .msg_name = &peer,
      .msg_namelen = sizeof peer,
      .msg_iov = &part,
      .msg_iovlen = 1,
      .msg_control = room,
      .msg_controllen = sizeof room,
  };
  const ssize_t length = recvmsg(stamps, &message, 0);
  if (length < 0) return false;
  const uint32_t *lost = control(&message, SOL_SOCKET, SO_RXQ_OVFL);
  if (lost != NULL) memcpy(&dropped, lost, sizeof dropped);
  const struct in6_pktinfo *here = control(&message, IPPROTO_IPV6, IPV6_PKTINFO);
  const int *hop_limit = control(&message, IPPROTO_IPV6, IPV6_HOPLIMIT);
  struct reflection reflection = {.arrived_ns = stamped(&message, now_ns())};
  struct probe_id id;
  if (here == NULL || if_indextoname(here->ipi6_ifindex, reflection.interface) == NULL) return true;
  if (strncmp(reflection.interface, beginning, strlen(beginning)) != 0) return true;
  if (!read_probe(packet, length, &id)) return true;
  if (!may_send(&peer.sin6_addr)) {
    refused++;
    return true;
  }
  tell(&peer, id, &reflection);
  reflect_probe(packet, length, &reflection, hop_limit == NULL ? 255 : *hop_limit);
  sendto(stamps, packet, length, 0, (struct sockaddr *)&peer, sizeof peer);
  return true;
}

int run_reflector(int count, char **words) {
  if (count != 2) refuse("usage: probe reflect ADDRESS INTERFACES");
  const struct in6_addr here = address_of(words[0]);
  beginning = words[1];
  const int signals = open_signals();
  stamps = open_stamps(&here);
  open_echo(&here);
  say("{\"event\":\"reflecting\"}\n");
  flush();
  for (;;) {
    struct pollfd fds[4 + MOST_OPEN] = {{.fd = signals, .events = POLLIN}, {.fd = stamps, .events = POLLIN}};
    const int echoes = await_echo(fds + 2);
    const int64_t due = flush_due();
    await(fds, 2 + echoes, due == INT64_MAX ? IDLE_LOOK_NS : due - steady_ns());
    while (reflect_one()) {}
    serve_echo(fds + 2, echoes);
    const int signal = read_signal(signals);
    if (signal == SIGUSR1)
      say("{\"event\":\"mark\",\"atNs\":\"%" PRId64 "\",\"dropped\":%u,\"refused\":%u}\n", now_ns(), dropped, refused);
    if (signal == SIGUSR1 || steady_ns() >= flush_due()) flush();
    if (signal == SIGTERM || signal == SIGINT) break;
  }
  flush_all();
  return 0;
}
