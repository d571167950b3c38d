/* UDP: messages from one port that come back, or do not. */
#include "flow.h"
#include "probe.h"

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>

#define TIMEOUT_NS (2 * SECOND)
/* More than are sent in that time: a power of two. */
#define ROOM 512
/* An ICMPv6 error about one message makes the next call fail. */
#define TRIES 3

struct message {
  uint32_t seq;
  uint32_t reserved;
  int64_t sent_ns;
};

static struct {
  int64_t sent_ns;
  bool pending;
} sent[ROOM];
static uint32_t next, oldest;

static bool refused(int error) {
  tell_plain("refused", now_ns(), -1, name_of(error));
  return false;
}

static bool begin(struct flow *flow) {
  flow->socket = socket(AF_INET6, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_UDP);
  if (flow->socket < 0) return refused(errno);
  if (bind(flow->socket, (struct sockaddr *)&flow->source, sizeof flow->source) < 0) return refused(errno);
  const struct sockaddr_in6 to = {
      .sin6_family = AF_INET6, .sin6_addr = address_of(flow->target), .sin6_port = htons(flow->port)};
  if (connect(flow->socket, (const struct sockaddr *)&to, sizeof to) < 0) return refused(errno);
  flow->awaits = POLLIN;
  struct sockaddr_in6 here;
  socklen_t size = sizeof here;
  getsockname(flow->socket, (struct sockaddr *)&here, &size);
  tell("connected", now_ns(), -1);
  say_address(&here.sin6_addr);
  say("]\n");
  return true;
}

/* Tells of those that have waited for too long. */
static bool give_up(struct flow *flow) {
  const int64_t now = now_ns();
  for (; oldest != next; oldest++) {
    const int index = oldest % ROOM;
    if (sent[index].pending && now - sent[index].sent_ns <= TIMEOUT_NS) break;
    if (sent[index].pending) tell_plain("lost", sent[index].sent_ns, -1, NULL);
    sent[index].pending = false;
  }
  flow->over_at = oldest == next ? INT64_MAX : steady_ns() + TIMEOUT_NS - (now - sent[oldest % ROOM].sent_ns) + 1;
  return true;
}

static bool speak(struct flow *flow) {
  struct message message = {.seq = next};
  int error = 0;
  for (int tries = 0; tries < TRIES; tries++) {
    message.sent_ns = now_ns();
    error = send(flow->socket, &message, sizeof message, 0) < 0 ? errno : 0;
    if (error == 0) break;
  }
  if (error == 0) {
    sent[next % ROOM].sent_ns = message.sent_ns;
    sent[next % ROOM].pending = true;
    next++;
  } else tell_plain("lost", message.sent_ns, -1, name_of(error));
  return give_up(flow);
}

/* An ICMPv6 error came, most likely about the last message. */
static void lose_last(int error) {
  for (uint32_t seq = next; seq != oldest; seq--) {
    const int index = (seq - 1) % ROOM;
    if (!sent[index].pending) continue;
    sent[index].pending = false;
    return tell_plain("lost", sent[index].sent_ns, -1, name_of(error));
  }
}

static bool hear(struct flow *flow) {
  struct message message;
  for (;;) {
    const ssize_t length = recv(flow->socket, &message, sizeof message, 0);
    if (length < 0 && (errno == EAGAIN || errno == EINTR)) return true;
    if (length < 0) lose_last(errno);
    if (length != sizeof message || message.seq - oldest >= next - oldest) continue;
    const int index = message.seq % ROOM;
    if (!sent[index].pending || sent[index].sent_ns != message.sent_ns) continue;
    sent[index].pending = false;
    const int64_t now = now_ns();
    tell_plain("answered", now, now - message.sent_ns, NULL);
  }
}

const struct flow_kind udp_flow = {.name = "udp", .begin = begin, .speak = speak, .hear = hear, .give_up = give_up};
