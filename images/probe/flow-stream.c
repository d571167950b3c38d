/* TCP and MPTCP: messages that come back. One connection; when it breaks, that is the end. */
#include "flow.h"
#include "probe.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <string.h>
#include <unistd.h>

/* linux/mptcp.h */
#define OPTION_LEVEL_MPTCP 284
#define OPTION_MPTCP_INFO 1

struct message {
  int64_t sent_ns;
};

static int64_t begun;
static bool connected;
/* The message that is only partly sent, and the answer that has only partly come. */
static char unsent[sizeof(struct message)], unread[sizeof(struct message)];
static size_t unsent_length, unread_length;

static bool refused(const char *event, int error) {
  tell_plain(event, now_ns(), -1, name_of(error));
  return false;
}

static bool begin(struct flow *flow, int protocol) {
  begun = now_ns();
  flow->socket = socket(AF_INET6, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, protocol);
  if (flow->socket < 0) return refused("unsupported", errno);
  set_option(flow->socket, IPPROTO_TCP, TCP_NODELAY, 1);
  if (bind(flow->socket, (struct sockaddr *)&flow->source, sizeof flow->source) < 0) return refused("refused", errno);
  const struct sockaddr_in6 to = {
      .sin6_family = AF_INET6, .sin6_addr = address_of(flow->target), .sin6_port = htons(flow->port)};
  if (connect(flow->socket, (const struct sockaddr *)&to, sizeof to) < 0 && errno != EINPROGRESS)
    return refused("refused", errno);
  flow->awaits = POLLOUT;
  return true;
}

static bool begin_tcp(struct flow *flow) {
  return begin(flow, IPPROTO_TCP);
}

static bool begin_mptcp(struct flow *flow) {
  return begin(flow, IPPROTO_MPTCP);
}

static bool become_connected(struct flow *flow) {
  int error;
  socklen_t size = sizeof error;
  if (getsockopt(flow->socket, SOL_SOCKET, SO_ERROR, &error, &size) < 0) error = errno;
  if (error != 0) return refused("refused", error);
  char info[512];
  size = sizeof info;
  /* A connection that fell back to TCP has none (RFC 8684 3.7). */
  if (flow->kind == &mptcp_flow && getsockopt(flow->socket, OPTION_LEVEL_MPTCP, OPTION_MPTCP_INFO, info, &size) < 0) {
    tell_plain("unsupported", now_ns(), -1, "fell back to TCP");
    return false;
  }
  struct sockaddr_in6 here;
  size = sizeof here;
  getsockname(flow->socket, (struct sockaddr *)&here, &size);
  const int64_t now = now_ns();
  tell("connected", now, now - begun);
  say_address(&here.sin6_addr);
  say("]\n");
  connected = true;
  flow->awaits = POLLIN;
  return true;
}

static bool speak(struct flow *flow) {
  if (!connected) return true;
  if (unsent_length == 0) {
    const struct message message = {.sent_ns = now_ns()};
    memcpy(unsent, &message, sizeof message);
    unsent_length = sizeof message;
  }
  const ssize_t sent = send(flow->socket, unsent + sizeof unsent - unsent_length, unsent_length, MSG_NOSIGNAL);
  if (sent > 0) unsent_length -= sent;
  /* A full buffer keeps the message, with the time at which it was to be sent. */
  if (sent < 0 && errno != EAGAIN && errno != EINTR) return refused("broken", errno);
  return true;
}

static bool hear(struct flow *flow) {
  if (!connected) return become_connected(flow);
  for (;;) {
    const ssize_t length = recv(flow->socket, unread + unread_length, sizeof unread - unread_length, 0);
    if (length == 0) {
      tell_plain("broken", now_ns(), -1, "closed by the far side");
      return false;
    }
    if (length < 0) return errno == EAGAIN || errno == EINTR ? true : refused("broken", errno);
    unread_length += length;
    if (unread_length < sizeof unread) continue;
    unread_length = 0;
    struct message message;
    memcpy(&message, unread, sizeof message);
    const int64_t now = now_ns();
    /* Whoever answers otherwise is no echo service. */
    if (message.sent_ns < begun || message.sent_ns > now) return refused("broken", EPROTO);
    tell_plain("answered", now, now - message.sent_ns, NULL);
  }
}

const struct flow_kind tcp_flow = {.name = "tcp", .begin = begin_tcp, .speak = speak, .hear = hear};
const struct flow_kind mptcp_flow = {.name = "mptcp", .begin = begin_mptcp, .speak = speak, .hear = hear};
