#ifndef FLOW_H
#define FLOW_H

#include <netinet/in.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>

#ifndef IPPROTO_MPTCP
#define IPPROTO_MPTCP 262
#endif

struct flow {
  const struct flow_kind *kind;
  int64_t every_ns;
  /* The unspecified address: the kernel chooses. */
  struct sockaddr_in6 source;
  /* An address; of DNS a name. */
  const char *target;
  int port;
  int socket;
  /* Events of poll(2). */
  short awaits;
  /* When waiting for something is over, by the steady clock; INT64_MAX: nothing is waited for so. */
  int64_t over_at;
  bool open;
};

/* Each returns whether the flow is still open. */
struct flow_kind {
  const char *name;
  bool (*begin)(struct flow *flow);
  /* At each interval. */
  bool (*speak)(struct flow *flow);
  /* When its socket is ready. */
  bool (*hear)(struct flow *flow);
  /* When waiting is over; NULL of a kind that never waits so. */
  bool (*give_up)(struct flow *flow);
};

extern const struct flow_kind tcp_flow, mptcp_flow, udp_flow, dns_flow;

/* The beginning of a line: what happened when, with how long an answer took, or less than 0. A detail and "]\n" follow. */
void tell(const char *event, int64_t at_ns, int64_t rtt_ns);
void tell_plain(const char *event, int64_t at_ns, int64_t rtt_ns, const char *detail);

#endif
