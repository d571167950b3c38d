#include "pairs.h"

#include "probe.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

struct pair pairs[MOST_PAIRS];
int pair_count;
/* Of those that may wait at once in one pair: a power of two. */
static uint32_t room = 16;

void begin_pairs(int64_t every_ns) {
  /* Whoever has waited for too long is looked for at each flush only. */
  while (room < (TIMEOUT_NS + 4 * FLUSH_NS) / every_ns + 2) room *= 2;
}

struct pair *find_pair(const struct in6_addr *source, const struct target *target) {
  for (int index = 0; index < pair_count; index++) {
    struct pair *pair = &pairs[index];
    if (pair->target == target && IN6_ARE_ADDR_EQUAL(&pair->source, source)) return pair;
  }
  return NULL;
}

struct pair *add_pair(const struct in6_addr *source, const struct target *target) {
  if (pair_count == MOST_PAIRS) return NULL;
  struct pair *pair = &pairs[pair_count++];
  *pair = (struct pair){
      .source = *source, .target = target, .socket = -1, .probes = calloc(room, sizeof *pair->probes)};
  if (pair->probes == NULL) fail("calloc", ENOMEM);
  return pair;
}

static struct probe *probe_of(const struct pair *pair, uint32_t seq) {
  return &pair->probes[seq & (room - 1)];
}

/* The beginning of each line: what came of which probe. */
static void begin(const char *outcome, const struct pair *pair, uint32_t seq) {
  const struct probe *probe = probe_of(pair, seq);
  const int64_t waited_ns = probe->sent_ns > probe->due_ns ? probe->sent_ns - probe->due_ns : 0;
  say("[\"%s\",", outcome);
  say_address(&pair->source);
  say(",");
  say_address(&pair->target->address);
  say(",%" PRIu32 ",\"%" PRId64 "\",%" PRId64, seq, probe->sent_ns, waited_ns);
}

static void tell_no_answer(struct pair *pair, uint32_t seq, const char *reason) {
  struct probe *probe = probe_of(pair, seq);
  probe->pending = false;
  begin("no-answer", pair, seq);
  say(",");
  say_word(reason);
  say("]\n");
}

static bool is_pending(const struct pair *pair, uint32_t seq) {
  return seq - pair->oldest < pair->seq - pair->oldest && probe_of(pair, seq)->pending;
}

void note_sent(struct pair *pair, int64_t sent_ns, int64_t due_ns) {
  if (pair->seq - pair->oldest == room) {
    if (probe_of(pair, pair->oldest)->pending) tell_no_answer(pair, pair->oldest, NULL);
    pair->oldest++;
  }
  *probe_of(pair, pair->seq) = (struct probe){.sent_ns = sent_ns, .due_ns = due_ns, .pending = true};
  pair->seq++;
}

void note_left(struct pair *pair, uint32_t seq, int64_t sent_ns) {
  if (is_pending(pair, seq)) probe_of(pair, seq)->sent_ns = sent_ns;
}

void tell_not_sent(struct pair *pair, int64_t at_ns, int64_t due_ns, int error) {
  note_sent(pair, at_ns, due_ns);
  const uint32_t seq = pair->seq - 1;
  probe_of(pair, seq)->pending = false;
  begin("not-sent", pair, seq);
  say(",");
  say_word(name_of(error));
  say("]\n");
}

void tell_answer(struct pair *pair, uint32_t seq, int64_t received_ns, const struct reflection *reflection) {
  if (!is_pending(pair, seq)) return;
  struct probe *probe = probe_of(pair, seq);
  if (received_ns - probe->sent_ns > TIMEOUT_NS) return tell_no_answer(pair, seq, NULL);
  probe->pending = false;
  begin("answered", pair, seq);
  say(",\"%" PRId64 "\"", received_ns);
  if (reflection != NULL) {
    say(",\"%" PRId64 "\",", reflection->arrived_ns);
    say_word(reflection->interface);
  }
  say("]\n");
}

void tell_error(struct pair *pair, uint32_t seq, int type, int code) {
  if (!is_pending(pair, seq)) return;
  char reason[16];
  snprintf(reason, sizeof reason, "%d/%d", type, code);
  tell_no_answer(pair, seq, reason);
}

void expire(struct pair *pair, bool all) {
  const int64_t now = now_ns();
  for (; pair->oldest != pair->seq; pair->oldest++) {
    const struct probe *probe = probe_of(pair, pair->oldest);
    if (!probe->pending) continue;
    if (!all && now - probe->sent_ns <= TIMEOUT_NS) return;
    tell_no_answer(pair, pair->oldest, pair->live ? NULL : "address-gone");
  }
}

bool is_waiting(const struct pair *pair) {
  for (uint32_t seq = pair->oldest; seq != pair->seq; seq++)
    if (probe_of(pair, seq)->pending) return true;
  return false;
}
