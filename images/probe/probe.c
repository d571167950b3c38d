/* Probes of an experiment. `probe send …` sends from every address of the machine, `probe reflect …` answers that at the far
 * side, `probe flow …` keeps one connection alive. Each prints JSON lines until SIGTERM; docs/protocol.md has their form. */
#include "probe.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/errqueue.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

/* Some seconds of many probes. Who does not read for so long is told that he was cut off, by the exit code. */
#define MOST_WAITING (4 << 20)
#define EXIT_CUT 75

static char *waiting;
static size_t length;
static int64_t waiting_since = INT64_MAX;

static int64_t clock_ns(clockid_t clock) {
  struct timespec time;
  clock_gettime(clock, &time);
  return time.tv_sec * SECOND + time.tv_nsec;
}

int64_t now_ns(void) {
  return clock_ns(CLOCK_REALTIME);
}

int64_t steady_ns(void) {
  return clock_ns(CLOCK_MONOTONIC);
}

void fail(const char *what, int error) {
  flush_all();
  fprintf(stderr, "%s: %s\n", what, strerror(error));
  exit(1);
}

void refuse(const char *format, ...) {
  va_list values;
  va_start(values, format);
  vfprintf(stderr, format, values);
  va_end(values);
  fputc('\n', stderr);
  exit(2);
}

int number_of(const char *text, int least, int most, const char *what) {
  char *end;
  errno = 0;
  const long number = strtol(text, &end, 10);
  if (errno != 0 || *text == '\0' || *end != '\0' || number < least || number > most)
    refuse("%s is a number from %d to %d", what, least, most);
  return (int)number;
}

struct in6_addr address_of(const char *text) {
  struct in6_addr address;
  if (inet_pton(AF_INET6, text, &address) != 1) refuse("an IPv6 address is expected");
  return address;
}

static void take_no_notice(int number) {
  (void)number;
}

int open_signals(void) {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGUSR1);
  sigprocmask(SIG_BLOCK, &set, NULL);
  /* The agent sends what is handled only; it looks in /proc, which does not show what a signalfd takes. */
  signal(SIGUSR1, take_no_notice);
  signal(SIGPIPE, SIG_IGN);
  const int signals = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
  if (signals < 0) fail("signalfd", errno);
  waiting = malloc(MOST_WAITING);
  if (waiting == NULL) fail("malloc", ENOMEM);
  fcntl(STDOUT_FILENO, F_SETFL, fcntl(STDOUT_FILENO, F_GETFL) | O_NONBLOCK);
  return signals;
}

int read_signal(int signals) {
  struct signalfd_siginfo info;
  return read(signals, &info, sizeof info) == sizeof info ? (int)info.ssi_signo : 0;
}

void await(struct pollfd *fds, int count, int64_t ns) {
  if (ns < 0) ns = 0;
  const struct timespec timeout = {.tv_sec = ns / SECOND, .tv_nsec = ns % SECOND};
  if (ppoll(fds, count, &timeout, NULL) < 0 && errno != EINTR) fail("poll", errno);
}

void say(const char *format, ...) {
  if (length > MOST_WAITING - 512) {
    fputs("nobody reads what is said\n", stderr);
    exit(EXIT_CUT);
  }
  va_list values;
  va_start(values, format);
  const int added = vsnprintf(waiting + length, 512, format, values);
  va_end(values);
  if (added > 0) length += added < 512 ? added : 511;
  if (waiting_since == INT64_MAX) waiting_since = steady_ns();
}

void say_word(const char *word) {
  if (word == NULL || *word == '\0') say("null");
  else say("\"%s\"", word);
}

void say_address(const struct in6_addr *address) {
  char text[INET6_ADDRSTRLEN];
  inet_ntop(AF_INET6, address, text, sizeof text);
  say("\"%s\"", text);
}

void flush(void) {
  size_t written = 0;
  while (written < length) {
    const ssize_t taken = write(STDOUT_FILENO, waiting + written, length - written);
    if (taken > 0) written += taken;
    else if (errno == EPIPE) exit(0);
    else if (errno != EINTR) break;
  }
  memmove(waiting, waiting + written, length - written);
  length -= written;
  waiting_since = length == 0 ? INT64_MAX : steady_ns();
}

void flush_all(void) {
  while (length > 0) {
    struct pollfd out = {.fd = STDOUT_FILENO, .events = POLLOUT};
    await(&out, 1, SECOND);
    const size_t before = length;
    flush();
    if (length == before) exit(EXIT_CUT);
  }
}

int64_t flush_due(void) {
  return waiting_since == INT64_MAX ? INT64_MAX : waiting_since + FLUSH_NS;
}

const void *control(struct msghdr *message, int level, int type) {
  for (struct cmsghdr *one = CMSG_FIRSTHDR(message); one != NULL; one = CMSG_NXTHDR(message, one))
    if (one->cmsg_level == level && one->cmsg_type == type) return CMSG_DATA(one);
  return NULL;
}

int64_t stamped(struct msghdr *message, int64_t otherwise) {
  struct scm_timestamping stamps;
  const void *data = control(message, SOL_SOCKET, SCM_TIMESTAMPING);
  if (data == NULL) return otherwise;
  memcpy(&stamps, data, sizeof stamps);
  const int64_t ns = stamps.ts[0].tv_sec * SECOND + stamps.ts[0].tv_nsec;
  return ns == 0 ? otherwise : ns;
}

void set_option(int socket, int level, int option, int value) {
  if (setsockopt(socket, level, option, &value, sizeof value) < 0) fail("setsockopt", errno);
}

const char *name_of(int error) {
  const char *name = strerrorname_np(error);
  return name == NULL ? "EUNKNOWN" : name;
}

int main(int count, char **words) {
  const char *role = count < 2 ? "" : words[1];
  if (strcmp(role, "send") == 0) return run_sender(count - 2, words + 2);
  if (strcmp(role, "reflect") == 0) return run_reflector(count - 2, words + 2);
  if (strcmp(role, "flow") == 0) return run_flow(count - 2, words + 2);
  refuse("usage: probe send|reflect|flow …");
}
