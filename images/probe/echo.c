#include "echo.h"

#include "probe.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

/* Messages of a flow are short. */
#define ROOM 2048
/* A flow that is cut off for some minutes goes on after that. */
#define IDLE_NS (900 * SECOND)
/* UDP services echo for ever when one is the sender of another (CERT CA-1996-01). */
#define FIRST_CLIENT_PORT 1024
#define HOMES 1024
#define MOST_A_SECOND 8000

static struct open {
  int socket;
  uint64_t home;
  int64_t heard;
  size_t length;
  uint8_t data[ROOM];
} open_ones[MOST_OPEN];
static int open_count;
static int listener, datagrams;

/* The first 56 bits. */
static uint64_t home_of(const struct in6_addr *address) {
  uint64_t home = 0;
  for (int index = 0; index < 7; index++) home = home << 8 | address->s6_addr[index];
  return home;
}

bool may_send(const struct in6_addr *source) {
  static struct {
    int64_t second;
    int count;
  } homes[HOMES];
  const uint64_t home = home_of(source) * UINT64_C(0x9e3779b97f4a7c15);
  const int64_t second = steady_ns() / SECOND;
  const int index = (int)(home >> 54);
  if (homes[index].second != second) {
    homes[index].second = second;
    homes[index].count = 0;
  }
  return homes[index].count++ < MOST_A_SECOND;
}

static int bound(int type, int protocol, const struct in6_addr *here) {
  const int one = socket(AF_INET6, type | SOCK_NONBLOCK | SOCK_CLOEXEC, protocol);
  if (one < 0) return -1;
  set_option(one, SOL_SOCKET, SO_REUSEADDR, 1);
  const struct sockaddr_in6 address = {
      .sin6_family = AF_INET6, .sin6_addr = *here, .sin6_port = htons(ECHO_PORT)};
  if (bind(one, (const struct sockaddr *)&address, sizeof address) < 0) fail("bind", errno);
  return one;
}

void open_echo(const struct in6_addr *here) {
  /* It takes TCP as well. A kernel without it has TCP alone. */
  listener = bound(SOCK_STREAM, IPPROTO_MPTCP, here);
  if (listener < 0) listener = bound(SOCK_STREAM, IPPROTO_TCP, here);
  datagrams = bound(SOCK_DGRAM, IPPROTO_UDP, here);
  if (listener < 0 || datagrams < 0 || listen(listener, 64) < 0) fail("echo", errno);
}

static void close_one(int index) {
  close(open_ones[index].socket);
  open_ones[index] = open_ones[--open_count];
}

static void take_connection(void) {
  struct sockaddr_in6 peer;
  socklen_t size = sizeof peer;
  const int one = accept4(listener, (struct sockaddr *)&peer, &size, SOCK_NONBLOCK | SOCK_CLOEXEC);
  if (one < 0) return;
  const uint64_t home = home_of(&peer.sin6_addr);
  int of_one = 0;
  for (int index = 0; index < open_count; index++) of_one += open_ones[index].home == home;
  if (open_count == MOST_OPEN || of_one == MOST_OF_ONE) {
    close(one);
    return;
  }
  struct open *open = &open_ones[open_count++];
  open->socket = one;
  open->home = home;
  open->heard = steady_ns();
  open->length = 0;
}

static void answer_datagram(void) {
  uint8_t data[ROOM];
  struct sockaddr_in6 peer;
  socklen_t size = sizeof peer;
  const ssize_t length = recvfrom(datagrams, data, sizeof data, 0, (struct sockaddr *)&peer, &size);
  if (length < 0 || ntohs(peer.sin6_port) < FIRST_CLIENT_PORT || !may_send(&peer.sin6_addr)) return;
  sendto(datagrams, data, length, 0, (struct sockaddr *)&peer, size);
}

/* False when the connection is over. */
static bool answer_stream(struct open *open) {
  if (open->length == 0) {
    const ssize_t length = recv(open->socket, open->data, ROOM, 0);
    if (length <= 0) return length < 0 && (errno == EAGAIN || errno == EINTR);
    open->heard = steady_ns();
    open->length = length;
  }
  const ssize_t sent = send(open->socket, open->data, open->length, MSG_NOSIGNAL);
  if (sent < 0) return errno == EAGAIN || errno == EINTR;
  open->length -= sent;
  memmove(open->data, open->data + sent, open->length);
  return true;
}

int await_echo(struct pollfd *fds) {
  fds[0] = (struct pollfd){.fd = listener, .events = POLLIN};
  fds[1] = (struct pollfd){.fd = datagrams, .events = POLLIN};
  for (int index = 0; index < open_count; index++)
    fds[2 + index] =
        (struct pollfd){.fd = open_ones[index].socket, .events = open_ones[index].length == 0 ? POLLIN : POLLOUT};
  return 2 + open_count;
}

void serve_echo(const struct pollfd *fds, int count) {
  const int64_t now = steady_ns();
  for (int index = count - 3; index >= 0; index--) {
    struct open *open = &open_ones[index];
    if (fds[2 + index].revents == 0 ? now - open->heard > IDLE_NS : !answer_stream(open)) close_one(index);
  }
  if (fds[0].revents != 0) take_connection();
  if (fds[1].revents != 0) answer_datagram();
}
