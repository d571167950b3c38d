/* Sends from every address to every target, evenly spread, and tells what came of each probe. */
#include "addresses.h"
#include "channel.h"
#include "pairs.h"
#include "probe.h"

#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

static struct target targets[MOST_TARGETS];
static int target_count;
static int64_t every_ns;
static uint16_t session;
/* Rounds that were left out because this program did not run in time. */
static int64_t skipped;
/* Before the first answer of the kernel is complete, nothing is sent. */
static bool begun;

static void take_words(int count, char **words) {
  if (count < 2 || count > 1 + MOST_TARGETS)
    refuse("usage: probe send MILLISECONDS stamp=ADDRESS|icmp=ADDRESS… (at most %d)", MOST_TARGETS);
  every_ns = number_of(words[0], 10, 60000, "an interval in milliseconds") * MILLISECOND;
  for (int index = 1; index < count; index++) {
    const bool stamp = strncmp(words[index], "stamp=", 6) == 0;
    if (!stamp && strncmp(words[index], "icmp=", 5) != 0) refuse("a target is stamp=ADDRESS or icmp=ADDRESS");
    targets[target_count++] =
        (struct target){.address = address_of(words[index] + (stamp ? 6 : 5)), .reflects = stamp};
  }
}

static void follow(const struct in6_addr *source, bool usable) {
  for (int index = 0; index < target_count; index++) {
    struct pair *pair = find_pair(source, &targets[index]);
    if (pair == NULL && usable) pair = add_pair(source, &targets[index]);
    if (pair == NULL) {
      if (usable) say("{\"event\":\"limit\",\"pairs\":%d}\n", MOST_PAIRS);
      continue;
    }
    pair->live = usable;
    /* It sends at once; what begins together is a little apart. */
    pair->due = steady_ns() + index * MILLISECOND;
  }
}

/* Those that are there at the beginning share the interval evenly. */
static void spread(void) {
  const int64_t now = steady_ns();
  for (int index = 0; index < pair_count; index++) pairs[index].due = now + index * every_ns / pair_count;
}

/* Sends what is due; when the next is. */
static int64_t send_due(void) {
  int64_t next = INT64_MAX;
  for (int index = 0; index < pair_count; index++) {
    struct pair *pair = &pairs[index];
    if (!pair->live) continue;
    const int64_t now = steady_ns();
    if (pair->due <= now) {
      send_probe(pair, session);
      pair->due += every_ns;
      if (pair->due <= now) {
        const int64_t missed = 1 + (now - pair->due) / every_ns;
        skipped += missed;
        pair->due += missed * every_ns;
      }
    }
    if (pair->due < next) next = pair->due;
  }
  return next;
}

static bool expire_all(bool all) {
  bool waiting = false;
  for (int index = 0; index < pair_count; index++) {
    struct pair *pair = &pairs[index];
    expire(pair, all);
    if (is_waiting(pair)) waiting = true;
    else if (!pair->live) close_channel(pair);
  }
  return waiting;
}

int run_sender(int count, char **words) {
  take_words(count, words);
  begin_pairs(every_ns);
  if (getrandom(&session, sizeof session, 0) != sizeof session) refuse("no random numbers");
  const int signals = open_signals();
  const int netlink = open_addresses();
  struct pollfd fds[] = {
      {.fd = signals, .events = POLLIN},
      {.fd = netlink, .events = POLLIN},
      {.fd = open_channels(), .events = POLLIN},
  };
  say("{\"event\":\"began\",\"session\":%u,\"everyMs\":%d}\n", session, (int)(every_ns / MILLISECOND));
  int64_t look_at = 0;
  int64_t end_at = INT64_MAX;
  for (;;) {
    const bool complete = read_addresses(netlink, follow);
    if (complete && !begun) {
      begun = true;
      spread();
    }
    const bool sending = begun && end_at == INT64_MAX;
    int64_t next = sending ? send_due() : INT64_MAX;
    read_channels(session);
    const int64_t now = steady_ns();
    if (now >= look_at) {
      const bool waiting = expire_all(now >= end_at);
      look_at = now + FLUSH_NS;
      if (end_at != INT64_MAX && !waiting) break;
    }
    if (now >= flush_due()) flush();
    const int64_t due = flush_due();
    if (due < next) next = due;
    if (look_at < next) next = look_at;
    await(fds, sizeof fds / sizeof *fds, next - steady_ns());
    const int signal = read_signal(signals);
    /* It ends when each probe has its answer, or has waited for it. */
    if ((signal == SIGTERM || signal == SIGINT) && end_at == INT64_MAX) {
      end_at = steady_ns() + TIMEOUT_NS;
      look_at = 0;
    }
  }
  uint32_t dropped = 0;
  for (int index = 0; index < pair_count; index++) dropped += pairs[index].dropped;
  say("{\"event\":\"ended\",\"skipped\":%d,\"dropped\":%u}\n", (int)skipped, dropped);
  flush_all();
  return 0;
}
