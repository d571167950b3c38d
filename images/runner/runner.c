/*
 * Without it, the containers of ten providers use 4.3 s of CPU until all are ready, with it 3.7 s (docs/benchmarks.md).
 *
 * Starts programs for the agent: Node forks with all of its memory, and copies each page that it writes to afterwards. Requests come
 * by standard input, replies go to standard output; all numbers are of 32 bits in the order of the machine.
 *
 *   request: length of what follows, id, what (below), a measure, number of words, each word with a zero, input
 *     run        milliseconds
 *     keep       1 when more input may come, else 0
 *     signal     the signal
 *     feed       1 when it is the last input, else 0; no words
 *   reply:   length of what follows, id, what (below), and
 *     ended      status (see job.h), length of the output, output, complaint
 *     started    number of its process
 *     output, complaint   what a kept program printed
 */
#include "job.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Of those that are run to their end. */
#define MOST_RUNNING 64
#define MOST_WORDS 256
#define MOST_REQUEST (64u << 20)
#define WORD sizeof(uint32_t)
#define HEAD (4 * WORD)

/* A program is run to its end within a time, or kept; a signal, and more input, are for one that is kept. */
enum request { RUN, KEEP, SIGNAL, FEED };
enum reply { ENDED, STARTED, OUTPUT, COMPLAINT };

static struct job *jobs;
static struct pollfd *polls;
static int count, room, running;
static volatile sig_atomic_t child_ended;

static void on_child(int signal) {
  (void)signal;
  child_ended = true;
}

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

static void tell(const struct job *job, enum reply what, const void *bytes, size_t length) {
  const uint32_t head[] = {(uint32_t)(2 * WORD + length), job->id, what};
  give(head, sizeof head);
  give(bytes, length);
}

static struct job *add_job(uint32_t id, bool kept) {
  if (count == room) {
    room = room == 0 ? MOST_RUNNING : 2 * room;
    jobs = realloc(jobs, (size_t)room * sizeof *jobs);
    polls = realloc(polls, (size_t)(1 + room * POLLS_OF_JOB) * sizeof *polls);
    if (jobs == NULL || polls == NULL) stop("out of memory");
  }
  struct job *job = &jobs[count++];
  *job = (struct job){.id = id, .kept = kept, .in = -1, .out = -1, .err = -1};
  if (!kept) running++;
  return job;
}

/* NULL when it is gone. */
static struct job *find_job(uint32_t id) {
  for (int index = 0; index < count; index++)
    if (jobs[index].id == id) return &jobs[index];
  return NULL;
}

static void begin(void) {
  uint32_t length;
  if (!take(&length, WORD)) exit(0);
  if (length < HEAD || length > MOST_REQUEST) stop("a request of a length that cannot be");
  char *request = malloc(length);
  if (request == NULL) stop("out of memory");
  if (!take(request, length)) exit(0);
  const uint32_t id = number(request), what = number(request + WORD), measure = number(request + 2 * WORD);
  const uint32_t words = number(request + 3 * WORD);
  if (what == SIGNAL || what == FEED) {
    struct job *const job = find_job(id);
    if (job != NULL && what == SIGNAL) signal_job(job, (int)measure);
    if (job != NULL && what == FEED) feed_job(job, request + HEAD, length - HEAD, measure == 1);
    return free(request);
  }
  if (what > FEED) stop("a request for something that cannot be done");
  if (words == 0 || words >= MOST_WORDS) stop("a request of so many words");
  char *argv[MOST_WORDS];
  char *at = request + HEAD, *const end = request + length;
  for (uint32_t word = 0; word < words; word++) {
    char *const zero = memchr(at, 0, (size_t)(end - at));
    if (zero == NULL) stop("a request whose words do not end");
    argv[word] = at;
    at = zero + 1;
  }
  argv[words] = NULL;
  struct job *job = add_job(id, what == KEEP);
  job->fed = what == KEEP && measure == 1;
  /* The input is the end of the request, and goes with it. */
  const struct text input = {.bytes = request, .length = length, .taken = (size_t)(at - request)};
  start_job(job, argv, input, job->kept ? FOREVER : (int64_t)measure);
  if (job->kept && job->pid > 0) tell(job, STARTED, &(uint32_t){(uint32_t)job->pid}, WORD);
}

static void pass_on(const struct job *job, enum reply what, struct text *text) {
  if (text->length > 0) tell(job, what, text->bytes, text->length);
  text->length = 0;
}

static void finish(const struct job *job) {
  const uint32_t head[] = {
      (uint32_t)(4 * WORD + job->output.length + job->complaint.length),
      job->id,
      ENDED,
      (uint32_t)job->status,
      (uint32_t)job->output.length,
  };
  give(head, sizeof head);
  give(job->output.bytes, job->output.length);
  give(job->complaint.bytes, job->complaint.length);
}

static void wait_for_something(void) {
  int64_t first = INT64_MAX;
  for (int index = 0; index < count; index++) {
    polls_of_job(&jobs[index], polls + 1 + index * POLLS_OF_JOB);
    const int64_t next = is_done(&jobs[index]) ? 0 : jobs[index].deadline;
    if (next < first) first = next;
  }
  const int64_t left = first - now_ms();
  const struct timespec patience = {.tv_sec = left > 0 ? left / 1000 : 0, .tv_nsec = left > 0 ? left % 1000 * 1000000 : 0};
  polls[0] = (struct pollfd){.fd = running < MOST_RUNNING ? STDIN_FILENO : -1, .events = POLLIN};
  sigset_t none;
  sigemptyset(&none);
  const int many = 1 + count * POLLS_OF_JOB;
  /* The end of a program is heard only here, so that none ends unheard before. */
  if (ppoll(polls, (nfds_t)many, first == INT64_MAX ? NULL : &patience, &none) >= 0) return;
  for (int index = 0; index < many; index++) polls[index].revents = 0;
}

/* Moves what a program printed, and notes its end; false when there is nothing more of it. */
static bool go_on(struct job *job, const struct pollfd ready[], bool may_have_ended) {
  move_job(job, ready);
  look_after_job(job, may_have_ended);
  if (job->kept && job->pid > 0) {
    pass_on(job, OUTPUT, &job->output);
    pass_on(job, COMPLAINT, &job->complaint);
  }
  if (!is_done(job)) return true;
  finish(job);
  if (!job->kept) running--;
  free_job(job);
  return false;
}

int main(void) {
  sigset_t children;
  sigemptyset(&children);
  sigaddset(&children, SIGCHLD);
  sigprocmask(SIG_BLOCK, &children, NULL);
  sigaction(SIGCHLD, &(struct sigaction){.sa_handler = on_child}, NULL);
  signal(SIGPIPE, SIG_IGN);
  polls = malloc(sizeof *polls);
  if (polls == NULL) stop("out of memory");
  for (;;) {
    wait_for_something();
    const bool may_have_ended = child_ended;
    child_ended = false;
    const bool asked = polls[0].revents != 0;
    for (int index = count - 1; index >= 0; index--)
      if (!go_on(&jobs[index], polls + 1 + index * POLLS_OF_JOB, may_have_ended)) jobs[index] = jobs[--count];
    if (asked) begin();
  }
}
