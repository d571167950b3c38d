#include "job.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define STEP 65536
/* More is no answer to any question that is asked here. */
#define MOST_OUTPUT (64u << 20)

extern char **environ;

int64_t now_ms(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * INT64_C(1000) + now.tv_nsec / 1000000;
}

static void shut(int *end) {
  if (*end >= 0) close(*end);
  *end = -1;
}

/* Returns 0 or an errno. */
static int open_pipe(int ends[2], int ours) {
  if (pipe2(ends, O_CLOEXEC) < 0) return errno;
  fcntl(ends[ours], F_SETFL, O_NONBLOCK);
  return 0;
}

static int spawn(struct job *job, char *const argv[], const int theirs[3]) {
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  sigset_t none, defaults;
  sigemptyset(&none);
  sigemptyset(&defaults);
  sigaddset(&defaults, SIGPIPE);
  posix_spawn_file_actions_init(&actions);
  posix_spawnattr_init(&attributes);
  for (int end = 0; end < 3; end++) posix_spawn_file_actions_adddup2(&actions, theirs[end], end);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &defaults);
  posix_spawnattr_setpgroup(&attributes, 0);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
  const int failure = posix_spawnp(&job->pid, argv[0], &actions, &attributes, argv, environ);
  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&attributes);
  return failure;
}

void start_job(struct job *job, char *const argv[], struct text input, int64_t timeout_ms) {
  int in[2] = {-1, -1}, out[2] = {-1, -1}, err[2] = {-1, -1};
  job->input = input;
  job->deadline = now_ms() + timeout_ms;
  int failure = open_pipe(in, 1);
  if (failure == 0) failure = open_pipe(out, 0);
  if (failure == 0) failure = open_pipe(err, 0);
  if (failure == 0) failure = spawn(job, argv, (const int[3]){in[0], out[1], err[1]});
  shut(&in[0]);
  shut(&out[1]);
  shut(&err[1]);
  job->in = in[1];
  job->out = out[0];
  job->err = err[0];
  if (failure != 0 || input.taken == input.length) shut(&job->in);
  if (failure == 0) return;
  shut(&job->out);
  shut(&job->err);
  job->exited = true;
  job->status = -failure;
}

void polls_of_job(const struct job *job, struct pollfd polls[]) {
  polls[0] = (struct pollfd){.fd = job->in, .events = POLLOUT};
  polls[1] = (struct pollfd){.fd = job->out, .events = POLLIN};
  polls[2] = (struct pollfd){.fd = job->err, .events = POLLIN};
}

static void feed(struct job *job) {
  struct text *input = &job->input;
  const ssize_t written = write(job->in, input->bytes + input->taken, input->length - input->taken);
  if (written < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (written > 0) input->taken += (size_t)written;
  /* Who reads no further has said why on its standard error. */
  if (written <= 0 || input->taken == input->length) shut(&job->in);
}

static void end_all(const struct job *job) { kill(-job->pid, SIGKILL); }

static void drain(const struct job *job, int *end, struct text *text) {
  char *grown = text->length > MOST_OUTPUT ? NULL : realloc(text->bytes, text->length + STEP);
  if (grown == NULL) {
    end_all(job);
    return shut(end);
  }
  text->bytes = grown;
  const ssize_t count = read(*end, text->bytes + text->length, STEP);
  if (count < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (count > 0)
    text->length += (size_t)count;
  else
    shut(end);
}

void move_job(struct job *job, const struct pollfd polls[]) {
  if (polls[0].revents != 0) feed(job);
  if (polls[1].revents != 0) drain(job, &job->out, &job->output);
  if (polls[2].revents != 0) drain(job, &job->err, &job->complaint);
}

void look_after_job(struct job *job) {
  if (now_ms() >= job->deadline && !is_done(job)) {
    end_all(job);
    job->deadline = INT64_MAX;
  }
  int status;
  if (job->exited || waitpid(job->pid, &status, WNOHANG) != job->pid) return;
  job->exited = true;
  job->status = WIFEXITED(status) ? WEXITSTATUS(status) : 256 + WTERMSIG(status);
}

bool is_done(const struct job *job) { return job->exited && job->out < 0 && job->err < 0; }

void free_job(struct job *job) {
  shut(&job->in);
  if (job->input.bytes != NULL) explicit_bzero(job->input.bytes, job->input.length);
  free(job->input.bytes);
  free(job->output.bytes);
  free(job->complaint.bytes);
}
