/* DNS: a question for an AAAA record each interval, to the resolvers of this machine as they are then. */
#include "flow.h"
#include "probe.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#define RESOLVERS "/etc/resolv.conf"
/* As many as resolv.conf(5) takes. */
#define MOST_SERVERS 3
#define PATIENCE_NS SECOND
#define ROOM 1232
#define HEAD 12
#define TYPE_AAAA 28
#define CLASS_IN 1

static struct in6_addr servers[MOST_SERVERS];
static int server_count, server;
static bool asking;
static int64_t asked_ns;
static int last_error;
static uint8_t question[HEAD + 256 + 4];
static size_t question_length;

static void read_servers(void) {
  char line[256], text[64];
  server_count = 0;
  FILE *file = fopen(RESOLVERS, "re");
  if (file == NULL) return;
  while (server_count < MOST_SERVERS && fgets(line, sizeof line, file) != NULL)
    if (sscanf(line, "nameserver %63s", text) == 1 && inet_pton(AF_INET6, text, &servers[server_count]) == 1)
      server_count++;
  fclose(file);
}

static void make_question(const char *name) {
  memset(question, 0, sizeof question);
  question[2] = 1; /* recursion desired */
  question[5] = 1;
  size_t at = HEAD;
  while (*name != '\0') {
    const size_t label = strcspn(name, ".");
    if (label == 0 || label > 63 || at + label + 6 > sizeof question) refuse("this is no name for DNS");
    question[at++] = label;
    memcpy(question + at, name, label);
    at += label;
    name += label;
    if (*name == '.') name++;
  }
  at++;
  question[at + 1] = TYPE_AAAA;
  question[at + 3] = CLASS_IN;
  question_length = at + 4;
}

static bool begin(struct flow *flow) {
  make_question(flow->target);
  flow->socket = -1;
  flow->awaits = POLLIN;
  return true;
}

static void rest(struct flow *flow) {
  if (flow->socket >= 0) close(flow->socket);
  flow->socket = -1;
  flow->over_at = INT64_MAX;
}

/* Asks this server, or the next that can be asked; tells when there is none left. */
static bool ask(struct flow *flow) {
  for (; server < server_count; server++) {
    rest(flow);
    if (getrandom(question, 2, 0) != 2) refuse("no random numbers");
    const struct sockaddr_in6 to = {
        .sin6_family = AF_INET6, .sin6_addr = servers[server], .sin6_port = htons(flow->port)};
    flow->socket = socket(AF_INET6, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_UDP);
    if (flow->socket < 0) fail("socket", errno);
    flow->over_at = steady_ns() + PATIENCE_NS;
    if (bind(flow->socket, (struct sockaddr *)&flow->source, sizeof flow->source) == 0 &&
        connect(flow->socket, (const struct sockaddr *)&to, sizeof to) == 0 &&
        send(flow->socket, question, question_length, 0) >= 0)
      return true;
    last_error = errno;
  }
  rest(flow);
  asking = false;
  tell_plain("lost", asked_ns, -1, server_count == 0 ? "no resolver" : last_error == 0 ? NULL : name_of(last_error));
  return true;
}

static bool speak(struct flow *flow) {
  if (asking) return true;
  read_servers();
  asking = true;
  server = 0;
  last_error = 0;
  asked_ns = now_ns();
  return ask(flow);
}

static bool give_up(struct flow *flow) {
  server++;
  return ask(flow);
}

/* After a name in the message; 0 when it ends before that. */
static size_t after_name(const uint8_t *data, size_t length, size_t at) {
  while (at < length) {
    if (data[at] >= 0xc0) return at + 2 <= length ? at + 2 : 0;
    if (data[at] == 0) return at + 1;
    at += 1 + data[at];
  }
  return 0;
}

/* The first address of an answer. */
static bool first_address(const uint8_t *data, size_t length, struct in6_addr *address) {
  const int count = data[6] << 8 | data[7];
  size_t at = question_length;
  for (int index = 0; index < count && at < length; index++) {
    at = after_name(data, length, at);
    if (at == 0 || at + 10 > length) return false;
    const int type = data[at] << 8 | data[at + 1];
    const size_t size = data[at + 8] << 8 | data[at + 9];
    at += 10;
    if (at + size > length) return false;
    if (type == TYPE_AAAA && size == sizeof *address) {
      memcpy(address, data + at, size);
      return true;
    }
    at += size;
  }
  return false;
}

static bool hear(struct flow *flow) {
  static const char *const CODES[] = {"no address", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED"};
  uint8_t data[ROOM];
  const ssize_t size = recv(flow->socket, data, sizeof data, 0);
  if (size < 0 && (errno == EAGAIN || errno == EINTR)) return true;
  if (size < 0) {
    last_error = errno;
    return give_up(flow);
  }
  const size_t length = size;
  /* Not the answer to this question. */
  if (length < question_length || memcmp(data, question, 2) != 0 || (data[2] & 0x80) == 0) return true;
  if (memcmp(data + HEAD, question + HEAD, question_length - HEAD) != 0) return true;
  const int64_t now = now_ns();
  struct in6_addr address;
  char text[INET6_ADDRSTRLEN], by[INET6_ADDRSTRLEN];
  const unsigned code = data[3] & 0xf;
  inet_ntop(AF_INET6, &servers[server], by, sizeof by);
  tell("answered", now, now - asked_ns);
  if (code == 0 && first_address(data, length, &address)) inet_ntop(AF_INET6, &address, text, sizeof text);
  else snprintf(text, sizeof text, "%s", code < sizeof CODES / sizeof *CODES ? CODES[code] : "error");
  say("\"%s from %s\"]\n", text, by);
  rest(flow);
  asking = false;
  return true;
}

const struct flow_kind dns_flow = {.name = "dns", .begin = begin, .speak = speak, .hear = hear, .give_up = give_up};
