/* One flow that lives through an experiment: it says something each interval and tells what becomes of that. */
#include "flow.h"

#include "probe.h"

#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

static const struct flow_kind *const KINDS[] = {&tcp_flow, &mptcp_flow, &udp_flow, &dns_flow};
#define KIND_COUNT ((int)(sizeof KINDS / sizeof *KINDS))

void tell(const char *event, int64_t at_ns, int64_t rtt_ns) {
  say("[\"%s\",\"%" PRId64 "\",", event, at_ns);
  if (rtt_ns < 0) say("null,");
  else say("%" PRId64 ",", rtt_ns);
}

void tell_plain(const char *event, int64_t at_ns, int64_t rtt_ns, const char *detail) {
  tell(event, at_ns, rtt_ns);
  say_word(detail);
  say("]\n");
}

static struct flow flow_of(char **words) {
  struct flow flow = {.every_ns = number_of(words[1], 10, 60000, "an interval in milliseconds") * MILLISECOND, .over_at = INT64_MAX};
  for (int index = 0; index < KIND_COUNT; index++)
    if (strcmp(words[0], KINDS[index]->name) == 0) flow.kind = KINDS[index];
  if (flow.kind == NULL) refuse("a flow is tcp, mptcp, udp or dns");
  if (strcmp(words[2], "any") != 0) flow.source.sin6_addr = address_of(words[2]);
  flow.source.sin6_family = AF_INET6;
  flow.target = words[3];
  flow.port = number_of(words[4], 1, 65535, "a port");
  return flow;
}

int run_flow(int count, char **words) {
  if (count != 5) refuse("usage: probe flow KIND MILLISECONDS SOURCE|any TARGET PORT");
  struct flow flow = flow_of(words);
  const int signals = open_signals();
  say("{\"event\":\"began\"}\n");
  flow.open = flow.kind->begin(&flow);
  int64_t due = steady_ns();
  while (flow.open) {
    const int64_t now = steady_ns();
    if (now >= due) {
      flow.open = flow.kind->speak(&flow);
      due += flow.every_ns;
      if (due <= now) due = now + flow.every_ns;
    }
    if (flow.open && now >= flow.over_at) flow.open = flow.kind->give_up(&flow);
    if (now >= flush_due()) flush();
    int64_t next = flush_due() < due ? flush_due() : due;
    if (flow.over_at < next) next = flow.over_at;
    struct pollfd fds[] = {{.fd = signals, .events = POLLIN}, {.fd = flow.socket, .events = flow.awaits}};
    await(fds, 2, next - steady_ns());
    if (flow.open && fds[1].revents != 0) flow.open = flow.kind->hear(&flow);
    const int signal = read_signal(signals);
    if (signal != SIGTERM && signal != SIGINT) continue;
    tell_plain("closed", now_ns(), -1, NULL);
    break;
  }
  flush_all();
  return 0;
}
