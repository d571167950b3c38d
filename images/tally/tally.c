/*
 * Without it, an open page costs the containers of ten providers 0.061 core, with it 0.051 (docs/benchmarks.md).
 *
 * Prints what rules of nftables counted and remember, and neighbours, as `nft -j` and `ip -j` do, of which each question starts one
 * that loads its libraries and all else that the kernel has of the kind first:
 *
 *   tally [counters <table>] [set <table> <set>] [neighbours <interface>] …
 *
 *   {"nftables":[{"counter":{"name":…,"packets":…}},{"set":{"name":…,"elem":[…]}}]}
 *   {"neighbours":[{"dst":…,"lladdr":…}]}
 *
 * Tables are of the family netdev. Exit codes: 0, 1 when the kernel refuses (a table that is not there), 2 for other words than these.
 */
#include "tally.h"

#include <arpa/inet.h>
#include <errno.h>
#include <libmnl/libmnl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A dump that is interrupted again and again is of something that never rests. */
#define MOST_TRIES 50

struct listener {
  on_message *take;
  void *into;
};

static bool needs_comma;

void fail(const char *what, int error) {
  fprintf(stderr, "%s: %s\n", what, strerror(error));
  exit(1);
}

void print(const char *format, ...) {
  va_list values;
  if (needs_comma) putchar(',');
  needs_comma = true;
  va_start(values, format);
  vprintf(format, values);
  va_end(values);
}

void open_list(const char *name) {
  if (needs_comma) putchar(',');
  printf("\"%s\":[", name);
  needs_comma = false;
}

void close_list(void) {
  putchar(']');
  needs_comma = true;
}

const char *mac_text(const uint8_t *bytes, char text[MAC_TEXT]) {
  snprintf(text, MAC_TEXT, "%02x:%02x:%02x:%02x:%02x:%02x", bytes[0], bytes[1], bytes[2], bytes[3], bytes[4], bytes[5]);
  return text;
}

const char *address_text(const void *bytes, char text[INET6_ADDRSTRLEN]) {
  if (inet_ntop(AF_INET6, bytes, text, INET6_ADDRSTRLEN) == NULL) fail("inet_ntop", errno);
  return text;
}

static int hear(const struct nlmsghdr *message, void *data) {
  const struct listener *listener = data;
  return listener->take(message, listener->into) ? MNL_CB_OK : MNL_CB_ERROR;
}

/* Returns false when it is to be asked again. */
static bool ask_once(struct mnl_socket *socket, struct nlmsghdr *question, struct listener *listener) {
  static char buffer[1 << 16];
  question->nlmsg_seq++;
  if (mnl_socket_sendto(socket, question, question->nlmsg_len) < 0) fail("netlink", errno);
  for (;;) {
    const ssize_t length = mnl_socket_recvfrom(socket, buffer, sizeof buffer);
    if (length < 0 && errno == EINTR) continue;
    if (length < 0) fail("netlink", errno);
    const int result =
        mnl_cb_run(buffer, (size_t)length, question->nlmsg_seq, mnl_socket_get_portid(socket), hear, listener);
    if (result == MNL_CB_STOP) return true;
    if (result != MNL_CB_ERROR) continue;
    if (errno != EINTR) fail("netlink", errno);
    /* The rest of it is still to come; a new socket does without. */
    return false;
  }
}

void ask(int family, struct nlmsghdr *question, on_message *take, void (*forget)(void *into), void *into) {
  struct listener listener = {.take = take, .into = into};
  for (int attempt = 0; attempt < MOST_TRIES; attempt++) {
    forget(into);
    struct mnl_socket *socket = mnl_socket_open2(family, SOCK_CLOEXEC);
    if (socket == NULL || mnl_socket_bind(socket, 0, MNL_SOCKET_AUTOPID) < 0) fail("netlink", errno);
    const bool is_whole = ask_once(socket, question, &listener);
    mnl_socket_close(socket);
    if (is_whole) return;
  }
  fail("netlink", EINTR);
}

__attribute__((noreturn)) static void usage(void) {
  fprintf(stderr, "usage: tally [counters <table>] [set <table> <set>] [neighbours <interface>] ...\n");
  exit(2);
}

/* How many words the question that begins with this one has. */
static int words_of(const char *word) {
  if (strcmp(word, "counters") == 0 || strcmp(word, "neighbours") == 0) return 2;
  if (strcmp(word, "set") == 0) return 3;
  usage();
}

int main(int count, char **words) {
  for (int at = 1; at < count; at += words_of(words[at]))
    if (at + words_of(words[at]) > count) usage();
  putchar('{');
  open_list("nftables");
  for (int at = 1; at < count; at += words_of(words[at])) {
    if (strcmp(words[at], "counters") == 0) print_counters(words[at + 1]);
    if (strcmp(words[at], "set") == 0) print_set(words[at + 1], words[at + 2]);
  }
  close_list();
  fputs("}\n{", stdout);
  needs_comma = false;
  open_list("neighbours");
  for (int at = 1; at < count; at += words_of(words[at]))
    if (strcmp(words[at], "neighbours") == 0) print_neighbours(words[at + 1]);
  close_list();
  puts("}");
  if (fflush(stdout) != 0) fail("standard output", errno);
  return 0;
}
