/* What is sent from one source to one target, and which of it has no answer yet. */
#ifndef PAIRS_H
#define PAIRS_H

#include "stamp.h"

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>

/* An answer that is later does not count. */
#define TIMEOUT_NS (2 * SECOND)
#define MOST_TARGETS 16
#define MOST_PAIRS 1024

struct target {
  struct in6_addr address;
  /* By STAMP, or else by ICMPv6 echo. */
  bool reflects;
};

struct probe {
  /* When it left; until the kernel says so, when the socket took it. */
  int64_t sent_ns;
  /* When it was due: the two differ when this program ran late, or the packet waited in the kernel. */
  int64_t due_ns;
  bool pending;
};

struct pair {
  struct in6_addr source;
  const struct target *target;
  /* Whether its source is an address of this machine now. */
  bool live;
  /* Its own: packets that wait for one neighbour would fill the buffer of all. Less than 0 while there is none. */
  int socket;
  /* Answers that the kernel had no room for. */
  uint32_t dropped;
  /* By the steady clock. */
  int64_t due;
  /* Of the next one; the sequence numbers of a session have no gaps. */
  uint32_t seq;
  /* Of the oldest that may still be answered. */
  uint32_t oldest;
  struct probe *probes;
};

extern struct pair pairs[MOST_PAIRS];
extern int pair_count;

/* For probes that are so many nanoseconds apart. */
void begin_pairs(int64_t every_ns);
/* The pair of a source and a target; NULL when there is none. */
struct pair *find_pair(const struct in6_addr *source, const struct target *target);
/* A new pair; NULL when there are too many. */
struct pair *add_pair(const struct in6_addr *source, const struct target *target);

/* Notes that the pair's next probe is sent. */
void note_sent(struct pair *pair, int64_t sent_ns, int64_t due_ns);
/* The kernel's own time of that. */
void note_left(struct pair *pair, uint32_t seq, int64_t sent_ns);
/* Tells that it could not be sent. */
void tell_not_sent(struct pair *pair, int64_t at_ns, int64_t due_ns, int error);
/* Tells the answer, if one is waited for and this is not too late. */
void tell_answer(struct pair *pair, uint32_t seq, int64_t received_ns, const struct reflection *reflection);
/* Tells that there is none, and which ICMPv6 error came. */
void tell_error(struct pair *pair, uint32_t seq, int type, int code);
/* Tells of all that have waited for too long; with `all` of every one. */
void expire(struct pair *pair, bool all);
/* Whether an answer is still waited for. */
bool is_waiting(const struct pair *pair);

#endif
