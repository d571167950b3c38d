/*
 * Starts programs for the agent: Node forks with all of its memory, and copies each page that it writes to afterwards. Requests come
 * by standard input, replies go to standard output; all numbers are of 32 bits in the order of the machine.
 *
 *   request: length of what follows, id, milliseconds until it is killed, number of words, each word with a zero, input
 *   reply:   length of what follows, id, status (see job.h), length of the output, output, complaint
 */
#include "job.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MOST_JOBS 64
#define MOST_WORDS 256
#define MOST_REQUEST (64u << 20)
#define WORD sizeof(uint32_t)

static struct job jobs[MOST_JOBS];
static int count;

static void on_child(int signal) { (void)signal; }

static void stop(const char *why) {
  fprintf(stderr, "runner: %s\n", why);
  exit(1);
}

/* Returns false at the end of the input. */
static bool take(void *into, size_t length) {
  for (size_t taken = 0; taken < length;) {
    const ssize_t got = read(STDIN_FILENO, (char *)into + taken, length - taken);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    taken += (size_t)got;
  }
  return true;
}

static void give(const void *from, size_t length) {
  for (size_t given = 0; given < length;) {
    const ssize_t put = write(STDOUT_FILENO, (const char *)from + given, length - given);
    if (put < 0 && errno == EINTR) continue;
    if (put <= 0) exit(0);
    given += (size_t)put;
  }
}

static uint32_t number(const char *at) {
  uint32_t value;
  memcpy(&value, at, WORD);
  return value;
}

static void begin(void) {
  uint32_t length;
  if (!take(&length, WORD)) exit(0);
  if (length < 3 * WORD || length > MOST_REQUEST) stop("a request of a length that cannot be");
  char *request = malloc(length);
  if (request == NULL) stop("out of memory");
  if (!take(request, length)) exit(0);
  const uint32_t words = number(request + 2 * WORD);
  if (words == 0 || words >= MOST_WORDS) stop("a request of so many words");
  char *argv[MOST_WORDS];
  char *at = request + 3 * WORD, *const end = request + length;
  for (uint32_t word = 0; word < words; word++) {
    char *const zero = memchr(at, 0, (size_t)(end - at));
    if (zero == NULL) stop("a request whose words do not end");
    argv[word] = at;
    at = zero + 1;
  }
  argv[words] = NULL;
  struct job *job = &jobs[count++];
  *job = (struct job){.id = number(request), .in = -1, .out = -1, .err = -1};
  /* The input is the end of the request, and goes with it. */
  const struct text input = {.bytes = request, .length = length, .taken = (size_t)(at - request)};
  start_job(job, argv, input, number(request + WORD));
}

static void finish(const struct job *job) {
  const uint32_t head[] = {
      (uint32_t)(3 * WORD + job->output.length + job->complaint.length),
      job->id,
      (uint32_t)job->status,
      (uint32_t)job->output.length,
  };
  give(head, sizeof head);
  give(job->output.bytes, job->output.length);
  give(job->complaint.bytes, job->complaint.length);
}

static void wait_for_something(struct pollfd polls[]) {
  int64_t first = INT64_MAX;
  for (int index = 0; index < count; index++) {
    polls_of_job(&jobs[index], polls + 1 + index * POLLS_OF_JOB);
    const int64_t next = is_done(&jobs[index]) ? 0 : jobs[index].deadline;
    if (next < first) first = next;
  }
  const int64_t left = first - now_ms();
  const struct timespec patience = {.tv_sec = left > 0 ? left / 1000 : 0, .tv_nsec = left > 0 ? left % 1000 * 1000000 : 0};
  polls[0] = (struct pollfd){.fd = count < MOST_JOBS ? STDIN_FILENO : -1, .events = POLLIN};
  sigset_t none;
  sigemptyset(&none);
  const int many = 1 + count * POLLS_OF_JOB;
  /* The end of a program is heard only here, so that none ends unheard before. */
  if (ppoll(polls, (nfds_t)many, first == INT64_MAX ? NULL : &patience, &none) >= 0) return;
  for (int index = 0; index < many; index++) polls[index].revents = 0;
}

int main(void) {
  static struct pollfd polls[1 + MOST_JOBS * POLLS_OF_JOB];
  sigset_t children;
  sigemptyset(&children);
  sigaddset(&children, SIGCHLD);
  sigprocmask(SIG_BLOCK, &children, NULL);
  sigaction(SIGCHLD, &(struct sigaction){.sa_handler = on_child}, NULL);
  signal(SIGPIPE, SIG_IGN);
  for (;;) {
    wait_for_something(polls);
    for (int index = count - 1; index >= 0; index--) {
      struct job *job = &jobs[index];
      move_job(job, polls + 1 + index * POLLS_OF_JOB);
      look_after_job(job);
      if (!is_done(job)) continue;
      finish(job);
      free_job(job);
      *job = jobs[--count];
    }
    if (polls[0].revents != 0) begin();
  }
}
